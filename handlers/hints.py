"""What to try instead of a query that brings too much, or nothing: always something that was tried and finds some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.errors import QuerySyntaxError
from bot.core.message import Action, Code, Line
from bot.core.tally import stories_in
from bot.core.times import local_date
from bot.matching.mending import respelled, wider, words_of
from bot.matching.query import parse
from bot.matching.syntax import Node
from bot.matching.yields import Read, narrower
from handlers.call import Call
from handlers.meant import named
from handlers.reading import sendable

WIDE = 70
"""Stories in a week from which on a query is called wide: ten a day."""

NARROWER, TRIED = 2, 4
"""Narrower queries that are offered, and tried for that."""

SECONDS = 0.06
"""What trying one may take: what takes longer is not offered."""

WORDS = 4
"""Words of a query that finds nothing which are looked at for slips."""


@dataclass(frozen=True, slots=True)
class Hints:
    """Lines that say what to try, and the buttons that do."""

    lines: tuple[Line, ...] = ()
    actions: tuple[Action, ...] = ()


def too_wide(call: Call, query: Node, reads: Sequence[Read], week: int) -> Hints:
    """Queries that bring less than half of it and something, found in what it brought."""
    if week < WIDE:
        return Hints()
    lines = [call.line("looking.wide", a_day=f"{round(week / 7):,}")]
    actions: list[Action] = []
    for node in narrower(query, reads)[:TRIED]:
        number, written = _in_week(call, node), _typed(node)
        if 0 < number <= week // 2 and written and len(actions) < NARROWER:
            brings = call.count("commands.alerts", number, more="")
            lines.append(call.line("looking.narrower", query=Code(written), brings=brings))
            actions.append(_preview(call, written))
    return Hints(tuple(lines), tuple(actions))


def nothing(call: Call, query: Node, span: timedelta) -> Hints:
    """What was meant instead, or asks for less, and finds something in that time; else the last there ever was."""
    for key, nodes in (("looking.meant", _respelled(call, query)), ("looking.less", wider(query))):
        for node in nodes:
            number, written = _in(call, node, span), _typed(node)
            if number and written:
                found = call.count("commands.stories", number)
                return Hints(
                    (call.line(key, query=Code(written), found=found, days=span.days),), (_preview(call, written),)
                )
    last = call.session.search.newest(query, call.now, limit=1, languages=call.chat.reads).hits
    on = (local_date(entry.published_at, call.now, call.zone, call.words) for entry in last)
    return Hints(tuple(call.line("looking.last", on=day, story=named(last[0])) for day in on))


def _respelled(call: Call, query: Node) -> Iterator[Node]:
    """The query with words that the archive has in the place of those it has not, all of them and then one by one."""
    found = {word: likely[0] for word in _few(words_of(query)) if (likely := call.session.search.resembling(word))}
    whole = query
    for old, new in found.items():
        whole = respelled(whole, old, new)
    if found:
        yield whole
    for old in found if len(found) > 1 else ():
        yield respelled(query, old, found[old])


def _few(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))[:WORDS]


def _in_week(call: Call, node: Node) -> int:
    return _in(call, node, timedelta(days=7))


def _in(call: Call, node: Node, span: timedelta) -> int:
    """Stories it has brought in so much time."""
    since, reads = call.now - span, call.chat.reads
    found = call.session.search.sightings(node, call.now, since=since, languages=reads, seconds=SECONDS)
    return sum(stories_in(found, (since, call.now + timedelta(microseconds=1)))) if found.whole else 0


def _typed(node: Node) -> str:
    """The query as it can be typed, "" where its words would be read as something else."""
    written = str(node)
    try:
        return written if parse(written) == node else ""
    except QuerySyntaxError:
        return ""


def _preview(call: Call, written: str) -> Action:
    return Action(call.say("looking.preview_it", query=written), f"/preview {written}")


def subscribing(call: Call, canonical: str) -> tuple[Action, ...]:
    """The buttons that make a subscription of a query."""
    command = f"/subscribe {sendable(canonical)}"
    daily = Action(call.say("commands.daily_instead"), f"{command} daily")
    return Action(call.say("commands.ring_me"), command), daily
