"""`/trends`: stories a day of a topic or any query, as a line of bars and, where there are pictures, as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.core.chart import Chart
from bot.core.errors import UserError
from bot.core.message import Actions, Block, Code, Message, Picture, Strong, line
from bot.core.tally import STORY_FOR, bars, stories_in
from bot.core.times import local_date
from bot.core.words import Words
from bot.core.zones import instant
from bot.matching.telling import Interest
from handlers.call import Call
from handlers.hints import nothing, subscribing
from handlers.reading import read, remarks
from handlers.registry import Group, command
from handlers.sighted import bounds, coverage
from handlers.task import Answer, Draw

DAYS, FEWEST, MOST = 30, 2, 365
"""Days that are shown unless others are asked for, and between which that may be."""

DAILY = 60
"""Days up to which a bar of the line is one; beyond, it is a week."""

TICKS = 7
"""Days that are named below the picture, at most."""

_SPAN = re.compile(r"(?:^|\s)(\d{1,9})\s?d(?:ays?)?$", re.IGNORECASE)


@command(
    "trends",
    Group.READ,
    usage=("/trends TOPIC", "/trends QUERY", "/trends TOPIC 90d"),
    examples=("/trends migration", "/trends frontex 90d"),
    sentence=True,
)
def trends(call: Call) -> Message | Answer:
    """How many stories a day had, and the picture of it where the platform shows pictures."""
    typed, days = _span(call.args)
    if not typed:
        raise UserError("looking.trends_what", suggestion="/trends migration")
    reading = read(call, typed)
    dates, edges = _days(call, days)
    search, reads = call.session.search, call.chat.reads
    found = search.sightings(reading.node, call.now, since=edges[0] - STORY_FOR, languages=reads)
    counts = stories_in(found, edges)
    notes = [*bounds(call, found), *coverage(call, timedelta(days=days)), *remarks(call, reading, "trends")]
    if not any(counts):
        said = call.line("looking.trend_none", query=Code(typed), days=days)
        hints = nothing(call, reading.node, timedelta(days=days))
        actions = Actions((*hints.actions, *subscribing(call, reading.canonical)))
        return Message((said, *hints.lines, *notes, actions))
    label = Interest.of(reading.node, call.services.topics).label
    blocks: list[Block] = [*_told(call, typed, dates, counts), *notes]
    message = Message((*blocks, Actions(subscribing(call, reading.canonical))))
    return Answer(message, Draw(_chart(call, label, dates, counts))) if call.request.pictures else message


def _span(args: str) -> tuple[str, int]:
    """The query, and how many days; UserError for too few or too many."""
    found = _SPAN.search(args)
    if found is None:
        return args.strip(), DAYS
    days = int(found[1])
    if not FEWEST <= days <= MOST:
        query = args[: found.start()].strip()
        raise UserError("looking.trend_span", fewest=FEWEST, most=MOST, suggestion=f"/trends {query} {DAYS}d")
    return args[: found.start()].strip(), days


def _days(call: Call, days: int) -> tuple[list[date], list[datetime]]:
    """The last days in the chat's zone, today the last, and the moments between which they lie."""
    today = call.now.astimezone(call.zone).date()
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    edges = [instant(day, time(0), call.zone) for day in (*dates, today + timedelta(days=1))]
    return dates, edges


def _told(call: Call, typed: str, dates: Sequence[date], counts: Sequence[int]) -> list[Block]:
    """The sum, the busiest day, and the bars."""
    stories = call.count("commands.stories", sum(counts))
    most, on = _busiest(call, dates, counts)
    said = call.line(
        "looking.trend", query=Code(typed), stories=Strong(stories), days=len(counts), most=f"{most:,}", on=on
    )
    width = 1 if len(counts) <= DAILY else 7
    first = len(counts) % width
    grouped = [sum(counts[at : at + width]) for at in range(first, len(counts), width)]
    shown = [sum(counts[:first]), *grouped] if first else grouped
    key = "looking.trend_days" if width == 1 else "looking.trend_weeks"
    return [said, call.line(key, bars=Code(bars(shown)), first=_day(call, dates[0]), last=_day(call, dates[-1]))]


def _busiest(call: Call, dates: Sequence[date], counts: Sequence[int]) -> tuple[int, str]:
    most = max(counts)
    return most, _day(call, dates[max(n for n, count in enumerate(counts) if count == most)])


def _day(call: Call, day: date) -> str:
    return local_date(instant(day, time(12), call.zone), call.now, call.zone, call.words)


def _chart(call: Call, label: str, dates: Sequence[date], counts: Sequence[int]) -> Chart:
    """The picture, and in words what it shows: the ends, the sum, the busiest day, and this week beside the last."""
    most, on = _busiest(call, dates, counts)
    text = call.say(
        "looking.trend_text",
        label=label,
        first=_day(call, dates[0]),
        last=_day(call, dates[-1]),
        stories=call.count("commands.stories", sum(counts)),
        most=f"{most:,}",
        on=on,
        week=f"{sum(counts[-7:]):,}",
        before=f"{sum(counts[-14:-7]):,}",
    )
    return Chart(label, call.say("looking.trend_label"), text, tuple(counts), _ticks(call, dates))


def _ticks(call: Call, dates: Sequence[date]) -> tuple[tuple[int, str], ...]:
    """Some days by their dates, evenly apart, the last among them."""
    months = call.say("times.months").split()
    step = -(-len(dates) // TICKS)
    places = range(len(dates) - 1, -1, -step)
    named = ((n, call.say("looking.trend_day", day=dates[n].day, month=months[dates[n].month - 1])) for n in places)
    return tuple(reversed(list(named)))


def picture(chart: Chart, png: bytes | None, words: Words) -> Message:
    """The second answer: the picture with what it shows in words or, where it could not be drawn, the words alone."""
    if png is None:
        return Message((line(words.say("looking.no_picture")), line(chart.text)))
    return Message((Picture("newsbell-trend.png", png, "image/png", chart.text),))
