"""What is told becomes a Message: an alert card, several alerts, a digest, the note on an assumed time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.following import Further
from bot.core.message import (
    Action,
    Actions,
    Block,
    Card,
    Code,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Spans,
    Strong,
    Text,
    When,
    filled,
    line,
    plain,
    spans,
)
from bot.core.model import Archived
from bot.core.times import clock, duration, language_name, listed, when
from bot.core.typed import loose
from bot.core.words import Words

LATE = timedelta(minutes=10)
"""A digest this long after its time says so."""

OVERDUE = timedelta(hours=1)
"""Alerts this long after their time say so: the platforms' paces hardly ever hold one as long."""

_OUTLETS, _REASONS, _TERMS, _PASSAGES, _OPENING = 3, 3, 5, 5, 90
_SOURCES = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a chat is told: a topic's title or a query's text, and the words as they stand in the article."""

    label: str
    terms: tuple[str, ...] = ()
    subscription_number: int | None = None
    is_topic: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One story as it is told: the article that stands for it, what to show of it, and why; `already` as an alert."""

    archived: Archived
    headline: Spans
    excerpt: Spans = ()
    reasons: tuple[Reason, ...] = ()
    outlets: tuple[str, ...] = ()
    already: bool = False
    grown: tuple[str, ...] = ()
    """Outlets that took it up since it was told."""
    further: Further | None = None
    """Why it is told again, where it is."""
    followed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A digest's stories for one topic or query, in their order; `total` counts those not handed over too.

    `earlier` of them stood on pages before this one.
    """

    label: str
    tolds: tuple[Told, ...]
    total: int
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told: in which words, in which zone, and when."""

    words: Words
    zone: ZoneInfo
    now: datetime


def alert_card(told: Told, to: Telling, actions: Sequence[Action] = ()) -> Message:
    """Headline, outlet and time and language, the passage with its matched words, and why it rang."""
    headline = plain(_headline(told, to.words))
    card = Card(headline, told.archived.article.url, _meta(told, to), told.excerpt, _why(told, to.words))
    below = [line(said, quiet=True) for said in _growth_and_again(told, to.words)]
    return _message((card, *below), actions)


def story_actions(story_id: int, words: Words, *, followed: bool = False) -> tuple[Action, ...]:
    """The buttons of a story's card, in a chat that follows the story or does not."""
    first = {"unfollow": "unfollow_it"} if followed else {"follow": "follow_it"}
    commands = {**first, "mute": "mute_story", "save": "save_it", "irrelevant": "not_relevant"}
    return tuple(Action(words.say(f"readers.{label}"), f"/{verb} {story_id}") for verb, label in commands.items())


def alerts(
    tolds: Sequence[Told],
    to: Telling,
    *,
    due_at: datetime | None = None,
    held_since: datetime | None = None,
    left: int = 0,
    more: str | None = None,
) -> Message:
    """One story as a card with its buttons, several as a list, in the order given; a long list without the passages.

    `left` are further ones, for which `more` is the command. `due_at` is when the first was due: much later, that is
    said. `held_since` is since when they were held for a chat that was away.
    """
    notes = why_late(len(tolds) + left, to, due_at, held_since)
    if len(tolds) == 1 and not left:
        buttons = story_actions(tolds[0].archived.story_id, to.words, followed=tolds[0].followed)
        card = alert_card(tolds[0], to, buttons)
        return replace(card, blocks=(*notes, *card.blocks))
    shown = [told if len(tolds) <= _PASSAGES else replace(told, excerpt=()) for told in tolds]
    heading = Heading(to.words.count("cards.new_stories", len(tolds) + left))
    items = [item(told, to, _why(told, to.words), [*_growth_and_again(told, to.words), _tag(told)]) for told in shown]
    return _message((heading, *notes, *items, *_rest(left, more, (), to.words)), _more(left, more, to.words))


def _more(left: int, more: str | None, words: Words) -> tuple[Action, ...]:
    return (Action(words.say("commands.more"), more),) if left and more else ()


def _growth_and_again(told: Told, words: Words) -> list[str]:
    """How it grew since it was told, if it did, and why it is told again, if it is."""
    again = words.say(f"stories.again_{told.further.name.lower()}") if told.further else ""
    return [*filter(None, [_growth(told, words), again])]


def _tag(told: Told) -> str:
    """What commands call the story: `#12`."""
    return f"#{told.archived.story_id}"


def digest(
    groups: Sequence[Group],
    to: Telling,
    *,
    since: datetime | None = None,
    due_at: datetime | None = None,
    more: str | None = None,
    limit: int = 20,
    footer: Sequence[Line] = (),
    actions: Sequence[Action] = (),
) -> Message:
    """Stories by group, each under the first group that has it and naming the others, at most `limit` in all.

    `more` is the command for what did not fit.

    `since` is what it reaches back to, None where no digest was ever sent; `due_at` is when a scheduled one was due,
    None for one asked for.
    """
    labels, empty = _labels(groups), [group.label for group in groups if not group.total]
    groups = _once_each(groups)
    total = sum(group.total for group in groups)
    shown = _shares([len(group.tolds) for group in groups], limit)
    heading = to.words.count("cards.digest", total) if total else to.words.say("cards.digest_empty")
    blocks: list[Block] = [Heading(heading), *_reach(to, since, due_at)]
    for group, share in zip(groups, shown, strict=True):
        blocks += _group(group, share, labels, to, tagged=due_at is not None)
    blocks += _rest(total - sum(group.earlier for group in groups) - sum(shown), more, empty, to.words)
    if not total and due_at:
        blocks.append(line(Code("/settings empty off"), " ", to.words.say("cards.stop_empty"), quiet=True))
    return _message((*blocks, *footer), actions, silent=due_at is not None)


def item(told: Told, to: Telling, below: Spans = (), remarks: Sequence[str] = ()) -> Item:
    """A story as an entry: its headline, what and when and `remarks`, the passage where there is one, and `below`."""
    url = told.archived.article.url
    headline = _headline(told, to.words)
    entries = [Line(_meta(told, to, remarks), quiet=True)]
    entries += [Line(told.excerpt)] if told.excerpt else []
    entries += [Line(below, quiet=True)] if below else []
    return Item((Link(plain(headline), url),) if url else headline, tuple(entries))


def zone_notice(zone: ZoneInfo, now: datetime, words: Words, *, guessed: bool = False) -> Line:
    """Which time zone is assumed, what time it is there, and the command that changes it."""
    example = "Europe/London" if zone.key == "Europe/Belgrade" else "Europe/Belgrade"
    key = "times.zone_guessed" if guessed else "times.zone_assumed"
    notice = words.say(key, zone=zone.key, time=clock(now, zone))
    return line(notice, " ", Code(f"/settings timezone {example}"), " ", words.say("times.zone_change"), quiet=True)


def failing(names: Sequence[str], words: Words) -> list[Line]:
    """The footer of a digest: which sources fail and may have more, where any do."""
    if not names:
        return []
    rest = len(names) - _SOURCES
    shown = [*names[:_SOURCES], words.say("cards.more_reasons", n=rest)] if rest > 0 else list(names)
    said = filled(words.phrase("commands.failing"), names=(Strong(listed(shown, words)),), sources=(Code("/sources"),))
    return [Line(said, quiet=True)]


def _message(blocks: tuple[Block, ...], actions: Sequence[Action], *, silent: bool = False) -> Message:
    return Message((*blocks, Actions(tuple(actions))) if actions else blocks, silent)


def why_late(number: int, to: Telling, due_at: datetime | None, held_since: datetime | None) -> list[Line]:
    """That they were held while the chat was away or, if not that, that they come late."""
    if held_since is not None:
        held = to.words.count("cards.held", number, time=_moment(held_since, to).text)
        return [line(held, quiet=True)]
    if due_at is None or to.now - due_at <= OVERDUE:
        return []
    length = duration(to.now - due_at, to.words)
    late = to.words.count("cards.alerts_late", number, time=_moment(due_at, to).text, length=length)
    return [line(late, quiet=True)]


def _growth(told: Told, words: Words) -> str:
    """`+4 sources: One, Two, Three and 1 more`, nothing where no outlet took it up since."""
    if not told.grown:
        return ""
    names = list(told.grown[:_OUTLETS])
    rest = len(told.grown) - len(names)
    listing = listed([*names, words.say("cards.more_reasons", n=rest)] if rest else names, words)
    return words.count("cards.grown", len(told.grown), names=listing)


def _headline(told: Told, words: Words) -> Spans:
    """The headline; without one, how the text begins."""
    if plain(told.headline):
        return told.headline
    article = told.archived.article
    opening = " ".join(article.text[: 2 * _OPENING].split())
    shown = opening if len(opening) <= _OPENING else opening[:_OPENING].rsplit(" ", 1)[0] + "…"
    return spans(article.title or shown or words.say("cards.untitled"))


def _meta(told: Told, to: Telling, remarks: Sequence[str] = ()) -> Spans:
    """`Outlet, Another +2 · today 14:05 · English`; an undated article says when it was seen."""
    archived, words = told.archived, to.words
    moment: Spans = (when(archived.published_at, to.now, to.zone, words),)
    if archived.article.published_at is None:  # only the time itself is one that a platform may word anew
        moment = filled(words.phrase("cards.seen"), time=moment)
    language = language_name(archived.language, words) if archived.language else ""
    sample = words.say("cards.sample") if archived.article.sample else ""
    parts = (spans(_outlets(told)), moment, spans(language), spans(sample), *map(spans, remarks))
    return _joined([part for part in parts if plain(part)], " · ")


def _outlets(told: Told) -> str:
    known = (name for name in told.outlets if name not in told.grown)
    names = [name for name in dict.fromkeys((told.archived.article.source, *known)) if name]
    rest = len(names) - _OUTLETS
    return ", ".join(names[:_OUTLETS]) + (f" +{rest}" if rest > 0 else "")


def _why(told: Told, words: Words) -> Spans:
    """`Matched Migration (migrants, smuggling) and "border force" · subscriptions 2 and 5`, nothing without reasons."""
    if not told.reasons:
        return ()
    reasons = [_reason(reason) for reason in told.reasons[:_REASONS]]
    if len(told.reasons) > _REASONS:
        reasons.append(spans(words.say("cards.more_reasons", n=len(told.reasons) - _REASONS)))
    matched = filled(words.phrase("cards.matched"), reasons=_listed(reasons, words))
    numbers = sorted({reason.subscription_number for reason in told.reasons if reason.subscription_number is not None})
    if not numbers:
        return matched
    said = words.count("cards.subscriptions", len(numbers), numbers=listed([str(number) for number in numbers], words))
    return (*matched, Text(f" · {said}"))


def _reason(reason: Reason) -> Spans:
    """A topic or query and, in brackets, the words that met it where its label does not hold them already."""
    label = Strong(reason.label) if reason.is_topic else Code(reason.label)
    known = loose(reason.label)
    terms = list({loose(term): term for term in reversed(reason.terms) if loose(term) not in known}.values())[::-1]
    if not terms:
        return (label,)
    marks: list[Spans] = [(Mark(term),) for term in terms[:_TERMS]]
    return (label, Text(" ("), *_joined(marks, ", "), Text(", …)" if len(terms) > _TERMS else ")"))


def _labels(groups: Sequence[Group]) -> dict[int, list[str]]:
    """Story id -> labels of the groups that have it, in their order."""
    labels: dict[int, list[str]] = {}
    for group in groups:
        for story_id in {told.archived.story_id for told in group.tolds}:
            labels.setdefault(story_id, []).append(group.label)
    return labels


def _once_each(groups: Sequence[Group]) -> list[Group]:
    """The groups without the stories that an earlier one has."""
    left: list[Group] = []
    known: set[int] = set()
    for group in groups:
        new = tuple(told for told in group.tolds if told.archived.story_id not in known)
        known |= {told.archived.story_id for told in new}
        left.append(replace(group, tolds=new, total=group.total - len(group.tolds) + len(new)))
    return left


def _shares(counts: Sequence[int], limit: int) -> list[int]:
    """How many of each group's stories fit into `limit`, the room handed out one at a time, in turn."""
    shares = [0] * len(counts)
    room = min(limit, sum(counts))
    while room:
        for index in [index for index, count in enumerate(counts) if shares[index] < count][:room]:
            shares[index] += 1
            room -= 1
    return shares


def _reach(to: Telling, since: datetime | None, due_at: datetime | None) -> list[Line]:
    """What the digest reaches back to and, when it comes late, since when it was due."""
    words = to.words
    reach = line(words.say("cards.first" if due_at else "cards.newest"), quiet=True)
    if since:
        reach = line(*filled(words.phrase("cards.since"), time=(_moment(since, to),)), quiet=True)
    if due_at is None or to.now - due_at < LATE:
        return [reach]
    late = words.say("cards.late", time=_moment(due_at, to).text, length=duration(to.now - due_at, words))
    return [reach, line(late, quiet=True)]


def _moment(at: datetime, to: Telling) -> When:
    return when(at, to.now, to.zone, to.words)


def left_out(groups: Sequence[Group], limit: int) -> list[Told]:
    """What `digest` leaves out of these groups, group by group."""
    groups = _once_each(groups)
    shares = _shares([len(group.tolds) for group in groups], limit)
    return [told for group, share in zip(groups, shares, strict=True) for told in group.tolds[share:]]


def rank(told: Told) -> tuple[float, ...]:
    """Sorts stories best first: by outlets that carry it, then by how well it matches, then the newest."""
    relevance = sum(len(reason.terms) for reason in told.reasons)
    in_headline = any(isinstance(span, Mark) for span in told.headline)
    return -len(set(told.outlets)), -in_headline, -relevance, -told.archived.published_at.timestamp()


def _group(group: Group, share: int, labels: Mapping[int, Sequence[str]], to: Telling, *, tagged: bool) -> list[Block]:
    """A group's label and count, then its first `share` stories."""
    if not share:
        return []
    words, last = to.words, group.earlier + share
    shown = f"{group.earlier + 1}-{last}" if group.earlier and share > 1 else str(last if group.earlier else share)
    count = words.say("cards.share", shown=shown, total=group.total) if share < group.total else str(group.total)
    head = line(Strong(group.label), f" · {count}")
    items = [
        item(told, to, remarks=[*_remarks(told, group.label, labels[told.archived.story_id], words), *tags])
        for told in group.tolds[:share]
        for tags in [[_tag(told)] if tagged else []]
    ]
    return [head, *items]


def _remarks(told: Told, label: str, labels: Sequence[str], words: Words) -> list[str]:
    """What else it matched, and whether it was alerted before."""
    others = dict.fromkeys((*labels, *(reason.label for reason in told.reasons)))
    others.pop(label, None)
    also = [words.say("cards.also", labels=listed(list(others), words))] if others else []
    return [*also, words.say("cards.already")] if told.already else also


def _rest(left: int, more: str | None, empty: Sequence[str], words: Words) -> list[Line]:
    """How many stories were left out and how to see them, and which groups brought nothing."""
    lines = []
    if left > 0:
        command: Spans = (Text(" "), Code(more)) if more else ()
        lines.append(line(words.count("cards.more", left) + (":" if more else ""), *command))
    if empty:
        lines.append(line(words.say("cards.nothing_new", labels=listed(empty, words)), quiet=True))
    return lines


def _joined(parts: Sequence[Spans], between: str) -> Spans:
    """The parts in a row with plain text between them."""
    return tuple(span for index, part in enumerate(parts) for span in ((Text(between), *part) if index else part))


def _listed(parts: Sequence[Spans], words: Words) -> Spans:
    """`a`, `a and b`, `a, b and c`."""
    if len(parts) < 2:
        return _joined(parts, "")
    return filled(words.phrase("times.and"), first=_joined(parts[:-1], ", "), last=parts[-1])
