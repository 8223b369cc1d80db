"""How settings are read that are neither files nor a platform's; ValueError says what is wrong."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.core.access import Access
from bot.core.model import Address


def access(text: str) -> Access | None:
    """Who may use the bot, None where that is left open; ValueError."""
    if text and text not in list(Access):
        raise ValueError(f"{text!r} is none of: {', '.join(Access)}")
    return Access(text) if text else None


def quota(text: str) -> int:
    """A whole number from 1 to 100,000; ValueError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:7]) <= 100_000:
        raise ValueError(f"{text!r} is not a whole number from 1 to 100000")
    return int(text)


def switch(text: str) -> bool:
    """Yes or no; ValueError."""
    if text not in ("0", "1", ""):
        raise ValueError(f"{text!r} is neither 1 (yes) nor 0 (no)")
    return text == "1"


def seconds(text: str) -> timedelta:
    """So many seconds, a day at most; ValueError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:7]) <= 86_400:
        raise ValueError(f"{text!r} is not a whole number of seconds from 1 to 86400")
    return timedelta(seconds=int(text))


def zone(text: str) -> str:
    """The name of an IANA time zone; ValueError."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{text!r} is no IANA time zone; write one like Europe/Belgrade") from None


def addresses(text: str) -> frozenset[Address]:
    """Chats, separated by commas; ValueError."""
    return frozenset(Address.parse(part) for part in text.split(",") if part.strip())


_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def span(text: str) -> timedelta:
    """So many hours, days or weeks, such as 36h, 7d or 2w; ValueError."""
    number, unit = text[:-1], text[-1:].lower()
    if unit not in _UNITS or not number.isascii() or not number.isdigit() or not 1 <= int(number[:5]) <= 9_999:
        raise ValueError(f"{text!r} is not a span such as 36h, 7d or 2w")
    return int(number[:5]) * _UNITS[unit]


def kept(text: str) -> timedelta:
    """A span of 30 days at least; ValueError."""
    found = span(text)
    if found < timedelta(days=30):
        raise ValueError(f"{text!r} is less than 30d, for which digests refer to articles")
    return found


_SIZES = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


def size(text: str) -> int:
    """So many bytes, such as 500MB, 1.5GB or 2TB, 0 for nothing; ValueError."""
    number, unit = text[:-2].strip(), text[-2:].upper()
    if text in ("", "0"):
        return 0
    if unit not in _SIZES or not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", number) or not float(number):
        raise ValueError(f"{text!r} is not a size such as 500MB, 20GB or 1.5TB")
    return int(float(number) * _SIZES[unit])


def size_or_none(text: str) -> int | None:
    """The same, None for nothing; ValueError."""
    return size(text) or None
