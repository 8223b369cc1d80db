"""Space: what the database takes of its disk, what it may take, how fast it grows, and what follows from that.

Copies of the database stand on its disk, too, but the older ones give way (`store.backups`): only the newest counts
against a limit. Bytes throughout; free pages inside the database are no part of what it takes, as it uses them again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MEASURED = "space"
"""How the fact is called that holds what was measured, a day at a time."""

TIGHT, SLACK = 0.8, 0.78
"""The share of what it may take from which on the admins are told, and below which they may be told anew."""

LOW = 16 * 1024 * 1024
"""Bytes free on the disk below which it counts as full: what is under way needs some."""

EASED = 0.98
"""The share of a limit below which one that was reached is well again: it must not go to and fro."""

REMEMBERED_FOR = timedelta(days=8)
DAY = timedelta(days=1)
"""How far back it is known how large the database was, and how long between two such measurements."""

Past = tuple[tuple[datetime, int], ...]
"""When it was measured, and what the database took: oldest first."""


class Cause(StrEnum):
    """Why nothing more may come in."""

    DISK = "disk"
    """The disk has next to nothing left."""
    LIMIT = "limit"
    """The database takes as much as it may."""
    REFUSED = "refused"
    """A write was refused for want of room, though there seems to be some: a quota, say."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the store found on the database's disk."""

    database: int
    log: int
    free: int
    copies: Sequence[int] = ()
    """Daily copies, the newest first."""
    kept: int = 0
    """Copies that were made for another reason, which nobody drops but the admin."""
    ballast: int = 0
    """Set aside, and not yet given up."""

    @property
    def staying(self) -> int:
        """What the database takes when its older copies have given way."""
        return self.database + self.log + self.kept + sum(self.copies[:1])

    @property
    def all_copies(self) -> int:
        """What all copies take."""
        return self.kept + sum(self.copies)


@dataclass(frozen=True, slots=True)
class Space:
    """What there is, what of it may be taken (None: all), what was before, and whether something is known to be wrong.

    `held` is why nothing comes in since an earlier look; it lasts until the space `is_eased`, also for what of a
    ballast was `given_up`.
    """

    room: Room
    most: int | None = None
    past: Past = ()
    held: Cause | None = None
    given_up: int = 0

    @property
    def cause(self) -> Cause | None:
        """Why nothing more may come in, None when something may."""
        if self.room.free < LOW:
            return Cause.DISK
        if self.most is not None and self.room.staying >= self.most:
            return Cause.LIMIT
        return self.held

    @property
    def needed(self) -> int:
        """Bytes free on the disk from which on there is plenty again: what was given up is no room for more."""
        return 2 * LOW + self.given_up

    @property
    def is_eased(self) -> bool:
        """Whether there is plenty again."""
        return self.room.free >= self.needed and (self.most is None or self.room.staying <= self.most * EASED)

    def has_room_for(self, ballast: int) -> bool:
        """Whether so much may be set aside."""
        return self.room.free >= 2 * LOW + ballast - self.room.ballast

    @property
    def is_limited(self) -> bool:
        """Whether the limit is what will be reached first, and not the end of the disk."""
        return self.most is not None and self.most <= self.room.staying + self.room.free

    @property
    def limit(self) -> int:
        """Bytes it may take at all."""
        there = self.room.staying + self.room.free
        return there if self.most is None else min(self.most, there)

    @property
    def share(self) -> float:
        """How much of that it takes; 1 is all."""
        return self.room.staying / self.limit if self.limit else 1.0

    @property
    def growth(self) -> int | None:
        """Bytes a day by which the database grows (its copies grow with it), None when nobody knows yet."""
        if len(self.past) < 2:
            return None
        (first_at, first), (last_at, last) = self.past[0], self.past[-1]
        return round((last - first) / ((last_at - first_at) / DAY))

    @property
    def days_left(self) -> int | None:
        """Days until it is full at this growth, None when it does not grow or nobody knows yet."""
        if self.growth is None or self.growth <= 0:
            return None
        copies = min(1, len(self.room.copies)) if self.is_limited else len(self.room.copies)
        return max(0, self.limit - self.room.staying) // (self.growth * (1 + copies))


def remembered(past: Past, database: int, now: datetime) -> Past:
    """The past with today's measurement in it, once a day; what is old, or said to come, is dropped."""
    kept = tuple((at, taken) for at, taken in past if now - REMEMBERED_FOR < at <= now)
    return kept if kept and now - kept[-1][0] < DAY else (*kept, (now, database))


def past_to_text(past: Past) -> str:
    """The past as JSON."""
    return json.dumps([[at.isoformat(), taken] for at, taken in past])


def past_of(text: str | None) -> Past:
    """The past that `past_to_text` wrote; empty for none, or for what nobody can read."""
    try:
        return tuple((datetime.fromisoformat(at), int(taken)) for at, taken in json.loads(text or "[]"))
    except (ValueError, TypeError):
        return ()


def in_bytes(number: int) -> str:
    """`12.3 GB`, `345 MB`, `0.4 MB`."""
    if abs(number) >= 10**9:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:,.0f} MB" if abs(number) >= 10**7 else f"{number / 1e6:,.1f} MB"
