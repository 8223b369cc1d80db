"""The fields every kind of feed has, made safe: addresses resolved, dates read, texts plain, problems counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from bot.sources import plain
from bot.sources.dates import moment
from bot.sources.feeds.values import PROBLEMS_LIMIT, Enclosure
from bot.sources.fields import one_line, web_address

GUID_LIMIT = 2_000
"""Characters of a guid."""
_NAME_LIMIT = 200
_CATEGORIES_LIMIT = 50
_ENCLOSURES_LIMIT = 20
_SHOWN = 60


@dataclass(slots=True)
class Problems:
    """Problems in the order they were met; equal ones are told once, and only so many."""

    told: dict[str, int] = field(default_factory=dict)

    def add(self, problem: str) -> None:
        """Notes a problem, one line."""
        if problem in self.told or len(self.told) < PROBLEMS_LIMIT:
            self.told[problem] = self.told.get(problem, 0) + 1

    def lines(self) -> tuple[str, ...]:
        """The problems, with how often each was met."""
        return tuple(line if times == 1 else f"{line} ({times:,} times)" for line, times in self.told.items())

    def date(self, said: object, language: str | None) -> datetime | None:
        """The time that was said; a problem when something was said that is no time."""
        text = str(said) if isinstance(said, str | int | float) and not isinstance(said, bool) else ""
        if not text.strip():
            return None
        at = moment(text, language)
        if at is None:
            self.add(f"unreadable date: {one_line(text[:200], _SHOWN)}")
        return at


def text_of(value: object) -> str:
    """The value where it is text, else nothing: hostile feeds put anything anywhere."""
    return value if isinstance(value, str) else ""


def address(value: object, base: str | None) -> str | None:
    """The absolute http(s) address meant (RFC 3986 5), None for anything else."""
    said = text_of(value).strip()
    if not said:
        return None
    try:
        return web_address(urljoin(base, said) if base else said)
    except ValueError:
        return None


def guid_of(value: object) -> str | None:
    """The guid as it was said, on one line, None where nothing was."""
    return one_line(text_of(value), GUID_LIMIT) or None


def names(values: Iterable[object]) -> tuple[str, ...]:
    """Categories in order, each once."""
    found = (plain.title(text_of(value)[:1_000])[:_NAME_LIMIT] for value in values)
    return tuple(dict.fromkeys(filter(None, found)))[:_CATEGORIES_LIMIT]


def author(values: Iterable[object]) -> str | None:
    """Who wrote it, several joined by commas, None where nobody is named."""
    return one_line(", ".join(names(values)), _NAME_LIMIT) or None


def enclosures(files: Iterable[tuple[object, object, object]], base: str | None) -> tuple[Enclosure, ...]:
    """Files of (address, media type, bytes), each address once."""
    found: dict[str, Enclosure] = {}
    for url, kind, length in files:
        at = address(url, base)
        if at and at not in found and len(found) < _ENCLOSURES_LIMIT:
            said = str(length or "").strip()
            size = int(said) if said.isdecimal() and len(said) <= 15 else None
            found[at] = Enclosure(at, one_line(text_of(kind), 100).lower() or None, size or None)
    return tuple(found.values())
