"""When an article says it was published: ISO 8601, RFC 2822, `7. novembra 2024 10:53`, seconds since 1970, offsets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from bot.sources.months import month, zone_minutes

EARLIEST, LATEST = 1800, 2100
"""Years outside are absurd, so the article counts as undated."""

_WORD = r"(?P<month>[^\W\d_]{3,15})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = (
    r"(?:\s?(?:UTC|GMT|Z)?\s?(?P<sign>[+\-−])(?P<zone_hour>\d{1,2})(?::?(?P<zone_minute>\d{2}))?(?!\d)"
    r"|\s?(?P<zone>[a-z]{1,5})\b)?"
)
_TIME = rf"(?:\D{{1,6}}{_CLOCK}{_ZONE})?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\b{_DAY}[ -](?:de |of )?{_WORD}[ -](?:de )?{_YEAR}{_TIME}",
        rf"\b{_DAY}[ -]{_WORD}[ -](?P<year>\d{{2,3}}) {_CLOCK}{_ZONE}",
        rf"\b{_WORD} {_DAY},? {_YEAR}{_TIME}",
        rf"\b{_WORD} {_DAY} {_CLOCK}{_ZONE} {_YEAR}",
        rf"(?<!\d){_YEAR}\.? {_WORD} {_DAY}{_TIME}",
        rf"(?<![\d-]){_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_TIME}",
        rf"(?<![\d-])(?P<day>\d{{1,2}})(?P<mark>[./-]) ?(?P<month>\d{{1,2}})(?P=mark) ?{_YEAR}{_TIME}",
    )
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_OFFSET = re.compile(r"-(\d{1,4})d(?:\s+(\d{1,2}):(\d{2}))?")
_LONGEST = 100


def moment(text: str, language: str | None = None) -> datetime | None:
    """The time meant, in UTC, which is assumed where no zone is given; None for no date, or an absurd one.

    A date alone is its first minute; a year or month alone is no date; days go before months (24/11/2026) where both
    readings are possible. `language` (ISO 639-1) tells apart month names that mean two months.
    """
    text = " ".join(text.split()) if len(text) <= 10 * _LONGEST else ""
    if not text or len(text) > _LONGEST:
        return None
    for reading in (_epoch, _iso, lambda text: _formed(text, language)):
        try:
            at = reading(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if at is not None:
            return _sane(at)
    return None


def planted(text: str, planted_at: datetime | None) -> datetime | None:
    """The time of a sample: `-2d 14:20` is 14:20 UTC two days before the UTC day of planting; None if not so worded."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None or planted_at is None:
        return None
    days, hour, minute = (int(part or 0) for part in found.groups())
    if hour > 23 or minute > 59:
        return None
    day = planted_at.astimezone(UTC).date() - timedelta(days=days)
    return datetime.combine(day, time(hour, minute), UTC)


def _sane(at: datetime) -> datetime | None:
    if not EARLIEST <= at.year <= LATEST:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e12 else seconds, UTC)


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(text)


def _formed(text: str, language: str | None) -> datetime | None:
    """The date of the first form the text has; its parts may be absurd, which raises ValueError."""
    for form in _FORMS:
        found = form.search(text)
        parts = found.groupdict() if found else {}
        number = _month_number(parts.get("month") or "", language)
        if number is not None:
            return _dated(parts, number)
    return None


def _month_number(word: str, language: str | None) -> int | None:
    return int(word) if word.isdecimal() else month(word, language)


def _dated(parts: dict[str, str | None], number: int) -> datetime:
    day, year = int(parts["day"] or 0), int(parts["year"] or 0)
    if number > 12 >= day and parts.get("mark") == "/":
        day, number = number, day
    if year < 1000 and len(parts["year"] or "") < 4:
        year += 2000 if year < 50 else 1900  # RFC 2822 4.3
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no such time of day")
    start = datetime(year, number, day, tzinfo=UTC)
    return start + timedelta(hours=hour, minutes=minute - _east(parts), seconds=second)


def _east(parts: dict[str, str | None]) -> int:
    """Minutes east of UTC of the zone that was given; an unknown name says nothing."""
    if sign := parts.get("sign"):
        minutes = 60 * int(parts["zone_hour"] or 0) + int(parts["zone_minute"] or 0)
        return minutes if sign == "+" else -minutes
    return zone_minutes(parts.get("zone") or "") or 0
