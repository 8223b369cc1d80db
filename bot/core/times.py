"""Moments, spans and cadences in a person's words and local time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.cadence import Cadence, Rhythm
from bot.core.message import When
from bot.core.words import Words


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Local time of day, `14:05`."""
    return f"{at.astimezone(zone):%H:%M}"


def local_date(at: datetime, now: datetime, zone: ZoneInfo, words: Words) -> str:
    """`today`, `yesterday`, `tomorrow`, `Mon 3 Mar`, or with the year when it is not this one."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    near = {0: "times.today", -1: "times.yesterday", 1: "times.tomorrow"}.get((day - today).days)
    if near:
        return words.say(near)
    return _date(day, words, "times.date" if day.year == today.year else "times.date_year")


def _date(day: date, words: Words, form: str) -> str:
    return words.say(
        form,
        day=words.say("times.days").split()[day.weekday()],
        date=day.day,
        month=words.say("times.months").split()[day.month - 1],
        year=day.year,
    )


def local_time(at: datetime, now: datetime, zone: ZoneInfo, words: Words) -> str:
    """`today 14:05`, `yesterday 09:00`, `Mon 3 Mar 08:00`, `Mon 3 Mar 2025 08:00`."""
    return words.say("times.moment", date=local_date(at, now, zone, words), time=clock(at, zone))


def when(at: datetime, now: datetime, zone: ZoneInfo, words: Words) -> When:
    """The moment as a span, worded as `local_time`."""
    return When(at, zone.key, local_time(at, now, zone, words))


def duration(span: timedelta, words: Words) -> str:
    """A length in its largest fitting unit, rounded down, at least a minute: `5 minutes`, `3 hours`, `2 days`."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return words.count("times.minutes", minutes)
    return (
        words.count("times.hours", minutes // 60)
        if minutes < 48 * 60
        else words.count("times.days_long", minutes // 1440)
    )


def listed(items: Sequence[str], words: Words) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return words.say("times.and", first=", ".join(items[:-1]), last=items[-1])


def say_cadence(cadence: Cadence, words: Words, digest_at: time | None = None) -> str:
    """`as it happens`, `every day at 08:00`, `Mondays at 08:00 and 18:00`.

    `digest_at` is the chat's digest time, named where the cadence has no time of its own.
    """
    if cadence.rhythm is Rhythm.INSTANT:
        return words.say("times.instant")
    times = listed([f"{at:%H:%M}" for at in cadence.times], words) or _digest_time(digest_at, words)
    day = words.say("times.weekly_days").split()[cadence.weekday or 0]
    return words.say(f"times.{cadence.rhythm}", times=times, day=day)


def _digest_time(at: time | None, words: Words) -> str:
    return words.say("times.digest_time_at", time=f"{at:%H:%M}") if at else words.say("times.digest_time")


def language_name(code: str, words: Words) -> str:
    """The language's name, `Serbian`, or its code where the catalogue has none."""
    try:
        return words.say(f"languages.{code}")
    except KeyError:
        return code
