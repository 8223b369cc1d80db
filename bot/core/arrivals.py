"""How many new articles a source usually brings, and when it brings so many at once that they must not ring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TIMES = 10
"""A burst is more than so many times what is usual."""
LEAST = 20
"""So many new articles are never a burst."""
LEARNT = 8
"""Looks that brought something, before anything is known to be usual."""
WEIGHT = 0.2
"""Of the latest look in the averages."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is usual of a source: averages in which recent looks count most.

    `looks` counts those that brought something new; `new` is how many articles such a look brings; `every_for` is the
    time between two looks that were answered.
    """

    looks: int = 0
    new: float = 0.0
    every_for: timedelta | None = None

    def limit(self, waited_for: timedelta) -> float | None:
        """The most new articles that are usual after so long without a look; None while too little is known.

        After a longer wait than usual more is expected: coming back from a pause is no burst.
        """
        if self.looks < LEARNT or self.every_for is None:
            return None
        waits = max(1.0, waited_for / self.every_for) if self.every_for else 1.0
        return max(float(LEAST), TIMES * self.new * waits)

    def after(self, new: int, waited_for: timedelta) -> Arrivals:
        """The averages once another look is counted; a burst counts as far as it would have been usual.

        So one burst makes no habit, and a source that has changed its habits is believed after a few.
        """
        waited_for = max(waited_for, timedelta(0))  # a clock may be set back
        every_for = waited_for if self.every_for is None else _average(self.every_for, waited_for)
        if not new:
            return Arrivals(self.looks, self.new, every_for)
        limit = self.limit(waited_for)
        counted = float(new) if limit is None else min(float(new), limit)
        average = counted if not self.looks else self.new + WEIGHT * (counted - self.new)
        return Arrivals(self.looks + 1, average, every_for)


NOTHING = Arrivals()
"""Before anything was brought."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A look that brought so many `new` articles where `usual` are usual that none of them rang."""

    at: datetime
    new: int
    usual: int


def burst(arrivals: Arrivals, new: int, fetched_at: datetime | None, now: datetime) -> Burst | None:
    """What a look that brought so many new articles is told as, None when it is as usual (a first look always is)."""
    if fetched_at is None:
        return None
    limit = arrivals.limit(now - fetched_at)
    return Burst(now, new, max(1, round(arrivals.new))) if limit is not None and new > limit else None


def _average(usual: timedelta, latest: timedelta) -> timedelta:
    return usual * (1 - WEIGHT) + latest * WEIGHT
