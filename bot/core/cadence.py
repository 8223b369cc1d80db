"""When a subscription is due: instant, daily, weekdays or weekly in the chat's zone, and quiet hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.errors import UserError
from bot.core.typed import loose
from bot.core.zones import has_day, instant

DIGEST_AT = time(8)
"""When digests come in a chat that chose no time."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Rhythm(StrEnum):
    """How often a subscription speaks."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm with its local times, ascending (none: the chat's digest time) and, for weekly, its day (Monday 0).

    `str(cadence)` is its canonical text: `instant`, `daily`, `daily 08:00,18:00`, `weekdays 08:00`, `weekly mon 08:00`.
    """

    rhythm: Rhythm
    times: tuple[time, ...] = ()
    weekday: int | None = None

    def __str__(self) -> str:
        day = DAYS[self.weekday] if self.weekday is not None else ""
        times = ",".join(f"{at:%H:%M}" for at in self.times)
        return " ".join(part for part in (self.rhythm.value, day, times) if part)

    def speaks_on(self, day: date) -> bool:
        """Whether a digest of this cadence belongs to that local day."""
        if self.rhythm is Rhythm.WEEKLY:
            return day.weekday() == self.weekday
        return self.rhythm is Rhythm.DAILY or (self.rhythm is Rhythm.WEEKDAYS and day.weekday() < 5)


INSTANT = Cadence(Rhythm.INSTANT)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours by local time, from `start` up to, not including, `end`; may wrap midnight; as text `22:00-07:00`."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def next_due(cadence: Cadence, after: datetime, zone: ZoneInfo, digest_at: time) -> datetime:
    """The first moment (UTC) strictly after `after` at which the cadence is due; ValueError for instant.

    Each local day it speaks on has each listed time once: a time the clocks skip becomes the first minute after the
    gap (times that meet there are one), a time they repeat is its first pass.
    """
    today = after.astimezone(zone).date()
    for offset in range(-1, 16):
        day = today + timedelta(days=offset)
        if cadence.speaks_on(day) and has_day(day, zone):
            moments = sorted(instant(day, at, zone) for at in cadence.times or (digest_at,))
            due = next((moment for moment in moments if moment > after), None)
            if due is not None:
                return due
    raise ValueError(f"{cadence} is never due")


@lru_cache(maxsize=1024)
def quiet_until(quiet: Quiet | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that hold `now` end (UTC), or None when it is not quiet."""
    if quiet is None:
        return None
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day + timedelta(days=quiet.end <= quiet.start)
        if instant(day, quiet.start, zone) <= now < (end := instant(last, quiet.end, zone)):
            return end
    return None


@dataclass(frozen=True, slots=True)
class Wish:
    """What follows `subscribe`, taken apart; `cadence` None where none was said."""

    query: str
    cadence: Cadence | None = None
    urgent: bool = False
    every: bool = False


_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?h?(?: ?(am|pm))?")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_TIME_LIKE = re.compile(r"([0-9]{1,2})[:.h]?([0-9]{0,2})h?(am|pm)?")
_BETWEEN_TIMES = re.compile(r" ?[,&] ?| and | i ")
_BETWEEN_ENDS = re.compile(r" ?[-\u2010-\u2015\u2212] ?| to | until | do ")
_NEVER_QUIET = ("off", "none", "no", "never", "ne", "nikad")
_HEADS = tuple(
    (re.compile(rf"(?:{pattern})(?![^ ])"), rhythm)
    for pattern, rhythm in (
        ("instant|instantly|odmah", Rhythm.INSTANT),
        ("daily|dnevno|every day|svaki dan|svakog dana", Rhythm.DAILY),
        ("weekdays|every weekday|radnim danima|radnim danom", Rhythm.WEEKDAYS),
        (
            "weekly|nedeljno|nedjeljno|sedmicno|tjedno|every(?= (?:mon|tues|wednes|thurs|fri|satur|sun)day)",
            Rhythm.WEEKLY,
        ),
    )
)
_DAY_NAMES = (
    "mon monday pon ponedeljak ponedjeljak ponedeljkom ponedjeljkom",
    "tue tues tuesday uto utorak utorkom",
    "wed weds wednesday sre sri sreda srijeda sredom srijedom",
    "thu thur thurs thursday cet cetvrtak cetvrtkom",
    "fri friday pet petak petkom",
    "sat saturday sub subota subotom",
    "sun sunday ned nedelja nedjelja nedeljom nedjeljom",
)
_DAY = {name: day for day, names in enumerate(_DAY_NAMES) for name in names.split()}
_FLAGS = {"urgent": "urgent", "hitno": "urgent", "every": "every"}
_LONGEST_FORM = 12
"""Words at the end of a text that can be a cadence."""
_LONGEST_WISH = 5_000
"""Characters of a text that is looked at for flags: what is longer is too long for a query anyway."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"'))
_UNFINISHED = re.compile(r"(?:^|[\s(])(?:AND|OR|NOT|NEAR(?:/[0-9]*)?|[a-z]+:)$")


def parse_time(text: str) -> time:
    """The local time written as `8`, `8:00`, `08.00`, `20h`, `8h30` or `8 pm`; UserError `times.bad_time`."""
    typed = loose(text)
    at = _time(typed)
    if at is None:
        raise UserError(
            "times.bad_time", text=text.strip()[:40], suggestion=f"{_nearest_time(typed) or DIGEST_AT:%H:%M}"
        )
    return at


def parse_weekday(text: str) -> int | None:
    """The day of the week (Monday 0) that `text` names in a language of the catalogue, None when it names none."""
    return _DAY.get(loose(text))


def parse_quiet(text: str) -> Quiet | None:
    """The quiet hours written as `22:00-07:00`, `22-7` or `22h to 7h`, None for `off`; UserError `times.bad_quiet`."""
    typed = loose(text)
    if typed in _NEVER_QUIET:
        return None
    ends = [_time(end) for end in _BETWEEN_ENDS.split(typed.removeprefix("from ").removeprefix("od "))]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] == ends[1]:
        raise UserError("times.bad_quiet", text=text.strip()[:40], suggestion="22:00-07:00")
    return Quiet(ends[0], ends[1])


def parse_cadence(text: str) -> Cadence | None:
    """The cadence that `text` as a whole spells (`str(cadence)` and what people type), None when it is not one."""
    return _form(loose(text)) if len(text) < 100 else None


def split_cadence(text: str) -> Wish:
    """Takes a trailing, complete, unquoted cadence and the flags `urgent` and `every` off a query that keeps a word.

    UserError `times.incomplete` where a cadence was likely meant (`balkans daily 25:00`, `balkans weekly`), with the
    nearest whole text as the suggestion; `times.no_query` where there is nothing but a cadence of several words.
    """
    query, cadence, flags = text.strip(), None, set[str]()
    while True:
        without_flag = _peel_flag(query) if len(query) <= _LONGEST_WISH else None
        if without_flag is not None:
            query, flag = without_flag
            flags.add(flag)
        elif cadence is None and (without_form := _peel_form(query, flags)) is not None:
            query, cadence = without_form
        else:
            return Wish(query, cadence, urgent="urgent" in flags, every="every" in flags)


def _peel_flag(text: str) -> tuple[str, str] | None:
    """(text before, flag) when the last of several words is a flag."""
    before, last = _last_word_off(text)
    flag = _FLAGS.get(loose(last)) if len(last) < 20 else None
    return (before, flag) if before and flag and not _is_open(before) else None


def _peel_form(text: str, flags: set[str]) -> tuple[str, Cadence] | None:
    """(text before, cadence) when the last words are one."""
    for before, form in _endings(text):
        typed = loose(form)
        cadence = _form(typed)
        nearest = cadence or _repaired(typed)
        if nearest is None:
            continue
        if not before and " " in typed:
            raise UserError("times.no_query", form=form)
        if not before or _is_open(before):
            return None
        if cadence is None:
            suggestion = " ".join((before, str(nearest), *sorted(flags, reverse=True)))
            raise UserError("times.incomplete", form=form, suggestion=suggestion)
        return before, cadence
    return None


def _endings(text: str) -> list[tuple[str, str]]:
    """(text before, last words) for up to `_LONGEST_FORM` last words, the longest ending first."""
    endings: list[tuple[str, str]] = []
    before = text
    while before and len(endings) < _LONGEST_FORM:
        before = _last_word_off(before)[0]
        endings.append((before, text[len(before) :].strip()))
    return [ending for ending in reversed(endings) if len(ending[1]) < 100]


def _last_word_off(text: str) -> tuple[str, str]:
    words = text.rsplit(None, 1)
    return (words[0], words[1]) if len(words) == 2 else ("", text)


def _is_open(query: str) -> bool:
    """Whether what follows still belongs to the query: an open quote or bracket, or an operator without its operand."""
    outside = re.sub(r'"[^"]*"', "", query.translate(_QUOTES))
    return '"' in outside or outside.count("(") > outside.count(")") or bool(_UNFINISHED.search(outside))


def _head(typed: str) -> tuple[Rhythm | None, str]:
    """The rhythm a form begins with, and what follows it."""
    for pattern, rhythm in _HEADS:
        if found := pattern.match(typed):
            return rhythm, typed[found.end() :].lstrip()
    return None, typed


def _form(typed: str) -> Cadence | None:
    """The cadence of a complete form."""
    rhythm, rest = _head(typed)
    day = None
    if rhythm is None:
        return _timed(Rhythm.DAILY, rest) if all(map(_CLOCK.fullmatch, _BETWEEN_TIMES.split(rest))) else None
    if rhythm is Rhythm.INSTANT:
        return None if rest else INSTANT
    if rhythm is Rhythm.WEEKLY:
        name, _, rest = rest.removeprefix("on ").removeprefix("u ").partition(" ")
        day = _DAY.get(name)
        if day is None:
            return None
    return _timed(rhythm, rest.removeprefix("at ").removeprefix("u "), day)


def _timed(rhythm: Rhythm, typed: str, day: int | None = None) -> Cadence | None:
    times = [_time(part) for part in _BETWEEN_TIMES.split(typed)] if typed else []
    valid = {at for at in times if at is not None}
    return Cadence(rhythm, tuple(sorted(valid)), day) if None not in times else None


def _time(typed: str) -> time | None:
    found = _TIME.fullmatch(typed)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _nearest_time(typed: str) -> time | None:
    """The time meant by something that looks like one (`25:00`, `0800`, `24:00`)."""
    found = _TIME_LIKE.fullmatch(typed)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    hour += 12 * (found[3] == "pm" and hour < 12)
    return time(0 if hour == 24 else min(hour, 23), min(minute, 59))


def _repaired(typed: str) -> Cadence | None:
    """The cadence most likely meant by an incomplete form, None when it is no attempt at one."""
    rhythm, rest = _head(typed)
    parts = re.split(r"[ ,&]+", re.sub(r" (?=[ap]m\b)", "", rest)) if rest else []
    if rhythm is None and not all(map(_CLOCK.fullmatch, parts)):
        return None
    times = {at for part in parts if (at := _nearest_time(part))}
    days = [_DAY[part] for part in parts if part in _DAY]
    words = [part for part in parts if part not in (*_DAY, "at", "on", "u", "and", "i") and not _nearest_time(part)]
    if words or rhythm is Rhythm.INSTANT or not (times or rhythm is Rhythm.WEEKLY):
        return None
    if days or rhythm is Rhythm.WEEKLY:
        return Cadence(Rhythm.WEEKLY, tuple(sorted(times)), days[0] if days else 0)
    return Cadence(rhythm or Rhythm.DAILY, tuple(sorted(times)))
