"""When an article says it was published: ISO 8601, RFC 2822, `7 Nov 2024 10:53`, seconds since 1970, sample offsets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

EARLIEST, LATEST = 1800, 2100
"""Years outside are absurd, so the article counts as undated."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = rf"(?P<month>{'|'.join(_NAMES)})[a-z]{{0,7}}\.?"
_CLOCK = r"(?:\D{1,6}(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
_WORDED = (
    re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH}\s+(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE),
    re.compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}", re.IGNORECASE),
)
_MAIL = re.compile(
    r"(?:\w{2,9},?\s+)?\d{1,2}\s+\w{3,9}\s+\d{2,4}\s+\d{1,2}:\d\d(?::\d\d)?(?:\s+(?:[+-]\d{4}|[A-Z]{1,5}))?(?:\s*\(.*\))?"
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_OFFSET = re.compile(r"-(\d{1,4})d(?:\s+(\d{1,2}):(\d{2}))?")
_LONGEST = 100


def moment(text: str) -> datetime | None:
    """The time meant, in UTC, which is assumed where no zone is given; None for no date, or an absurd one.

    A date alone is its first minute; a year or month alone is no date.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    for reading in (_epoch, _iso, _mail, _worded):
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


def _mail(text: str) -> datetime | None:
    return parsedate_to_datetime(text) if _MAIL.fullmatch(text) else None


def _worded(text: str) -> datetime | None:
    found = next((match for form in _WORDED if (match := form.search(text))), None)
    if found is None:
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    return datetime(int(found["year"]), _MONTHS[found["month"].lower()], int(found["day"]), hour, minute, second)  # noqa: DTZ001
