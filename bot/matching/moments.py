"""Points in time as people type them in `since:` and `before:`: ages, dates and ISO 8601 times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_AGE = re.compile(r"(\d{1,4})([hdw])", re.ASCII | re.IGNORECASE)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LOCAL_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.((?:19|20|21)\d\d)\.?", re.ASCII)
_ISO = re.compile(
    r"(?:19|20|21)\d\d-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)


def canonical(value: str) -> str | None:
    """`value` in its one spelling (`7d`, `2026-11-01`, `2026-11-01T08:00Z`), or None if it is no point in time.

    Ages are whole hours, days or weeks; `1.11.2026` is a date as most of Europe writes it; years are 1900 to 2199.
    """
    if _AGE.fullmatch(value):
        return value.lower()
    if match := _LOCAL_DATE.fullmatch(value):
        value = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    if not _ISO.fullmatch(value):
        return None
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return None
    return value.upper()


def moment(value: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The UTC time `value` means: an age before `now`, the first minute of a date, or a time, in `zone` or its own.

    ValueError for what `canonical` does not know.
    """
    known = canonical(value)
    if known is None:
        raise ValueError(f"{value!r} is not a date, a time or an age")
    if age := _AGE.fullmatch(known):
        return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
    at = datetime.fromisoformat(known)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
