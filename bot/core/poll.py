"""What is remembered of a polled source: frozen values, as JSON text for the store, and back however damaged it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, Self

_STATE_LIMIT = 1_000_000
_SPAN_LIMIT_FOR = timedelta(days=365 * 200)


class Standing(StrEnum):
    """How a source does: answering, without success for a day, or given up but for a weekly try."""

    OK = "ok"
    DEGRADED = "degraded"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Poll:
    """What is remembered of a polled source from look to look; as text, JSON for the store."""

    standing: Standing = Standing.OK
    since_at: datetime | None = None
    """When it came to stand so; None for always."""
    reason: str = ""
    """The latest failure in one line, empty after a success."""
    next_at: datetime | None = None
    """When it is asked next; None before the first time."""
    succeeded_at: datetime | None = None
    failures: int = 0
    """In a row."""
    failing_since_at: datetime | None = None
    """The first of them."""
    missing_since_at: datetime | None = None
    gap_for: timedelta | None = None
    """The median gap between its latest items."""
    usual_for: timedelta | None = None
    """The longest gap that is usual: nine in ten are shorter."""
    window_for: timedelta | None = None
    """How long an item stays among those shown."""
    newest_at: datetime | None = None
    ttl_for: timedelta | None = None
    url: str = ""
    """Where `etag` and `last_modified` hold."""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    """Of the body seen last."""
    moved_to: str = field(default="", repr=False)
    moves: int = 0
    memory: str = ""
    """What the fetcher of its kind keeps for itself."""

    @classmethod
    def parse(cls, state: str) -> Self:
        """The memory written as `state`; whatever in it cannot be read is as if it had never been written."""
        try:
            kept = json.loads(state) if len(state) <= _STATE_LIMIT else None
        except (ValueError, RecursionError):
            kept = None
        if not isinstance(kept, dict):
            return cls()
        read: dict[str, Any] = {name: _FIELDS[name](value) for name, value in kept.items() if name in _FIELDS}
        return cls(**{name: value for name, value in read.items() if value is not None})

    def __str__(self) -> str:
        values = zip(_FIELDS, _VALUES(self), _UNSET, strict=True)
        return _JSON({name: _written(value) for name, value, unset in values if value != unset})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a successful look showed; `items_at` None when nothing changed (304, or the same bytes).

    `items_at` are the publication times of the items shown that have one, in any order; `shown` counts all of them and
    `new` those never seen, which counts where there are no dates. `fresh_for` is what HTTP says, `ttl_for` what the
    feed says. `moved_to` is where permanent redirects led. `url`, `etag`, `last_modified`, `digest` and `memory` are
    kept for the next look; None keeps the memory there is.
    """

    items_at: tuple[datetime, ...] | None = None
    shown: int = 0
    new: int = 0
    fresh_for: timedelta | None = None
    ttl_for: timedelta | None = None
    moved_to: str | None = None
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    memory: str | None = None


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at and at.tzinfo and 1970 < at.year < 9000 else None
    except (ValueError, OverflowError):
        return None


def _span(value: object) -> timedelta | None:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= _SPAN_LIMIT_FOR.total_seconds()
    ):
        return None
    return timedelta(seconds=value)


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < 1_000_000_000 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _name(value: object) -> Standing | None:
    return next((standing for standing in Standing if standing == value), None)


_READERS: dict[str, Callable[[object], object]] = {
    "Standing": _name,
    "datetime | None": _moment,
    "timedelta | None": _span,
    "int": _count,
    "str": _text,
}
_FIELDS = {entry.name: _READERS[str(entry.type)] for entry in fields(Poll)}
_VALUES = attrgetter(*_FIELDS)
_UNSET = _VALUES(Poll())
_JSON = json.JSONEncoder(separators=(",", ":")).encode
