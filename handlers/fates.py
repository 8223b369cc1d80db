"""What became of a story in a chat, from what was recorded: when, what held it back, and why it was not sent at all."""

from __future__ import annotations

from datetime import datetime

from bot.core.message import Code, Line, Strong, line
from bot.core.model import POLLED, Archived, Delivery, Kind, SourceKind, State, Subscription
from bot.core.plan import FRESH_FOR
from bot.core.reasons import (
    CEILING,
    FOLDED,
    MUTED,
    PAUSE,
    PAUSED,
    QUIET,
    STALE,
    TOLD_MEANWHILE,
    TOO_LATE,
    UNFOLLOWED,
    UNSUBSCRIBED,
    Hold,
    Matched,
)
from bot.core.times import duration, language_name, listed
from handlers.call import Call
from handlers.commands.subscribe import SHOWN_REASON
from handlers.meant import named
from handlers.schedule import moment

Fate = tuple[Delivery, State, datetime | None, str | None]
"""A delivery, how it stands, when it was sent, and why it ended as it did."""


def timeline(call: Call, archived: Archived, fates: list[Fate], matched: list[Matched]) -> Line:
    """When it was published, found, matched, due and sent: as far as it came, of its first delivery."""
    moments: list[tuple[str, datetime | None]] = [
        ("published", archived.article.published_at),
        ("found", archived.first_seen_at),
    ]
    own = [entry for entry in matched if entry.article_id == archived.id] or matched
    moments += [("matched", own[0].raised_at)] if own else []
    for delivery, state, sent_at, reason in fates[:1]:
        if reason != SHOWN_REASON and state is not State.CANCELLED:
            moments += [("due", delivery.owed.due_at)]
        moments += [("sent", sent_at)] if sent_at else []
    parts: list[object] = []
    for name, at in moments:
        said = call.line(f"looking.at_{name}", at=moment(call, at)) if at else call.line("looking.undated")
        parts += [" · ", *said.spans] if parts else said.spans
    return line(*parts, quiet=True)  # type: ignore[arg-type]


def fate(call: Call, entry: Fate, holds: list[Hold]) -> list[Line]:
    """What became of one delivery, and what held it back on the way."""
    told = [hold for hold in holds if hold.why in _HELD and not (hold.why == PAUSE and call.chat.paused_at)]
    return [_ended(call, *entry), *(_held_by(call, hold) for hold in told)]


def _ended(call: Call, delivery: Delivery, state: State, sent_at: datetime | None, reason: str | None) -> Line:
    further = delivery.owed.further
    alert = f"stories.as_{further.name.lower()}" if further else "commands.as_alert"
    kind = call.say(alert if delivery.owed.kind is Kind.ALERT else "commands.as_digest")
    if state is State.SENT and sent_at is not None:
        key = "commands.fate_shown" if reason == SHOWN_REASON else "commands.fate_sent"
        return call.line(key, kind=kind, at=moment(call, sent_at))
    if state is State.CANCELLED:
        return _cancelled(call, kind, delivery, reason or "")
    if state is State.DEAD:
        return call.line("commands.fate_dead", kind=kind, reason=reason or "?")
    key = "commands.fate_paused" if call.chat.paused_at else "commands.fate_waiting"
    return call.line(key, kind=kind, at=moment(call, delivery.owed.due_at))


def _cancelled(call: Call, kind: str, delivery: Delivery, reason: str) -> Line:
    if reason.startswith(MUTED):
        return _muted(call, kind, int(reason.removeprefix(MUTED)))
    if reason in (PAUSED, TOLD_MEANWHILE):
        return _paused(call, kind, delivery)
    return call.line(_ENDED.get(reason, "commands.fate_cancelled"), kind=kind)


def _paused(call: Call, kind: str, delivery: Delivery) -> Line:
    """That its subscription is paused, or was while something else told the story."""
    entry = call.session.subscriptions.get(delivery.owed.subscription_id)
    if entry is None or entry.paused_at is None:
        return call.line("pauses.told_meanwhile", kind=kind)
    return call.line("pauses.fate", kind=kind, number=entry.number, resume=Code(f"/resume {entry.number}"))


def _muted(call: Call, kind: str, mute_id: int) -> Line:
    """That a mute held it back, and until when that lasts."""
    mute = call.session.mutes.get(mute_id)
    if mute is None:
        return call.line("commands.fate_cancelled", kind=kind)
    what = Strong(mute.label)
    if mute.until_at is None:
        return call.line("readers.fate_muted", kind=kind, what=what)
    return call.line("readers.fate_muted_until", kind=kind, what=what, until=moment(call, mute.until_at))


_ENDED = {
    TOO_LATE: "readers.fate_too_late",
    UNSUBSCRIBED: "commands.fate_ended",
    UNFOLLOWED: "stories.fate_unfollowed",
    FOLDED: "looking.fate_folded",
}
_HELD = {
    QUIET: "looking.held_quiet",
    CEILING: "looking.held_ceiling",
    STALE: "looking.held_stale",
    PAUSE: "looking.held_pause",
}


def _held_by(call: Call, hold: Hold) -> Line:
    until = moment(call, hold.until_at) if hold.until_at else ""
    return call.line(_HELD[hold.why], at=moment(call, hold.at), until=until)


def one_story(call: Call, archived: Archived, fates: list[Fate]) -> list[Line]:
    """That another article of its story was told for it, where one was."""
    told = [delivery.owed.article_id for delivery, state, _, _ in fates if state is not State.CANCELLED]
    if not told or archived.id in told:
        return []
    other = call.session.articles.get(told[0])
    return [] if other is None else [
        call.line("looking.same_story", story=named(other), outlet=other.article.source)
    ]  # fmt: skip


def not_owed(call: Call, archived: Archived, met: list[Subscription], matched: list[Matched]) -> list[Line]:
    """Why a story that subscriptions match was owed nothing: for which, and why."""
    recorded = {entry.subscription_number: entry for entry in matched}
    held = [(_held(call, archived, entry, recorded.get(entry.number)), entry.number) for entry in met]
    return [
        line(call.say("commands.not_sent_for", numbers=listed([str(n) for why, n in held if why == each], call.words)),
             " ", each)
        for each in dict.fromkeys(why for why, _ in held)
    ]  # fmt: skip


def _held(call: Call, archived: Archived, entry: Subscription, match: Matched | None) -> str:
    """Why an article that a subscription matches was owed nothing for it."""
    if match is not None:
        return _withheld(call, archived, match)
    if archived.first_seen_at <= entry.created_at:
        return call.say("commands.held_before", at=moment(call, archived.first_seen_at).text)
    if archived.article.sample:
        return call.say("commands.held_sample")
    if burst := call.session.bursts.of_article(archived.id):
        return call.say("commands.held_burst", new=f"{burst.new:,}", usual=f"{burst.usual:,}")
    if source := _first_look(call, archived):
        return call.say("looking.held_first", source=source)
    return call.say("commands.held_unknown")


def _withheld(call: Call, archived: Archived, match: Matched) -> str:
    """Why a match that was recorded brought nothing."""
    language = archived.language
    reads = call.session.reasons.read_then(call.chat.id, match.alert_id)
    if reads and language is not None and language not in reads:
        key = "commands.held_language" if reads == call.chat.reads else "looking.held_language_then"
        return call.say(key, language=language_name(language, call.words))
    age = archived.first_seen_at - archived.published_at
    if not match.fresh and (burst := call.session.bursts.of_article(archived.id)):
        return call.say("commands.held_burst", new=f"{burst.new:,}", usual=f"{burst.usual:,}")
    if not match.fresh and age > FRESH_FOR:
        return call.say("commands.held_old", age=duration(age, call.words))
    return call.say("looking.held_soon")


def _first_look(call: Call, archived: Archived) -> str | None:
    """The source that brought it when it was first looked at, if it did so then."""
    source = call.session.sources.of_article(archived.id)
    if source is None or source.kind not in (*POLLED, SourceKind.SEEDS):
        return None
    return source.name if call.session.sources.first_brought_at(source.id) == archived.first_seen_at else None
