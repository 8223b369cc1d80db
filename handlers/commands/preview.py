"""`/preview`: what a subscription would have brought, before subscribing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.compose import item
from bot.core.errors import UserError
from bot.core.message import Actions, Block, Code, Line, Message, Strong
from bot.core.model import Archived
from bot.core.tally import STORY_FOR, Sighting, Sightings, bars, firsts, stories_in
from bot.matching.document import Document
from bot.matching.syntax import Node
from bot.matching.telling import Interest, told
from bot.matching.text import document_of
from bot.matching.yields import Read, yields
from bot.matching.yields import read as read_all
from handlers.call import Call
from handlers.hints import Hints, nothing, subscribing, too_wide
from handlers.reading import read, remarks
from handlers.registry import Group, command
from handlers.sighted import bounds, coverage

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)

EXAMPLES = 3

LOOKED_AT = 30
"""Stories that are read for the words that brought them: some milliseconds each."""

FORMS = 6
"""Words told at most."""


@command(
    "preview",
    Group.READ,
    usage=("/preview QUERY",),
    examples=("/preview frontex", '/preview "border fund*" NEAR/8 serbia'),
    sentence=True,
)
def preview(call: Call) -> Message:
    """How many alerts the last week and month would have brought, when, by which words, and what to try instead."""
    if not call.args:
        raise UserError("commands.preview_what", suggestion="/preview frontex")
    reading = read(call, call.args)
    node, reads = reading.node, call.chat.reads
    found = call.session.search.sightings(node, call.now, since=call.now - MONTH - STORY_FOR, languages=reads)
    days = stories_in(found, _edges(call.now))
    recent = [entry for entry in firsts(found) if entry.published_at >= call.now - MONTH]
    sample = _sample(call, node, recent)
    blocks: list[Block] = [_would_have_brought(call, found, days)]
    if recent:
        blocks.append(call.line("looking.by_day", bars=Code(bars(days)), most=f"{max(days):,}"))
        blocks += _words(call, node, sample)
    blocks += [*bounds(call, found), *coverage(call, MONTH)]
    blocks += _examples(call, node, recent)
    hints = too_wide(call, node, sample, sum(days[-7:])) if recent else nothing(call, node, MONTH)
    return Message(
        (*blocks, *hints.lines, *remarks(call, reading, "preview"), *_buttons(call, reading.canonical, hints))
    )


def _edges(now: datetime) -> list[datetime]:
    """The last thirty spans of 24 hours; what is published now is in the last of them."""
    last = now + timedelta(microseconds=1)
    return [last - DAY * days for days in range(30, -1, -1)]


def _would_have_brought(call: Call, found: Sightings, days: Sequence[int]) -> Line:
    """The counts; `about` them where the stories were estimated, and more than them where some were not found."""
    week, month = sum(days[-7:]), sum(days)
    in_month, more = "looking.about" if found.further else "", "" if found.whole else "+"
    reached, known = found.reached_at, found.entries[-1].published_at if found.entries else call.now
    in_week = in_month if known > call.now - WEEK else ""
    more_in_week = more if reached is not None and reached > call.now - WEEK else ""
    return call.line(
        "commands.would_have_brought",
        query=Code(call.args),
        week=Strong(_alerts(call, week, more_in_week, in_week)),
        month=Strong(_alerts(call, month, more, in_month)),
    )


def _alerts(call: Call, number: int, more: str, about: str) -> str:
    said = call.count("commands.alerts", number, more=more)
    return call.say(about, number=said) if about else said


def _sample(call: Call, node: Node, recent: Sequence[Sighting]) -> list[Read]:
    """Some of the stories, spread evenly over the month, read."""
    step = max(1, -(-len(recent) // LOOKED_AT))
    chosen = call.session.articles.many([entry.article_id for entry in recent[::step]])
    pairs: Iterator[tuple[Archived, Document]] = ((archived, document_of(archived)) for archived in chosen)
    return read_all(node, pairs, call.services.topics.definitions)


def _words(call: Call, node: Node, sample: Sequence[Read]) -> list[Line]:
    """Which forms of its words brought it, where these tell more than the query does."""
    found = yields(sample)[:FORMS]
    if not found or [entry.form.casefold() for entry in found] == [str(node).strip('"').casefold()]:
        return []
    words = ", ".join(f"{entry.form} {entry.articles}" for entry in found)
    of = call.count("commands.stories", len(sample))
    return [call.line("looking.words", words=words, of=of)]


def _examples(call: Call, node: Node, recent: Sequence[Sighting]) -> list[Block]:
    interests = [Interest.of(node, call.services.topics)]
    shown: list[Block] = []
    for archived in call.session.articles.many([entry.article_id for entry in recent[:EXAMPLES]]):
        outlets = call.session.articles.outlets(archived.story_id)
        shown.append(item(told(archived, interests, call.services.topics, outlets=outlets), call.telling))
    return shown


def _buttons(call: Call, canonical: str, hints: Hints) -> list[Block]:
    return [Actions((*hints.actions, *subscribing(call, canonical)))]
