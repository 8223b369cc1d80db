"""What a running bot counts of itself: plain numbers, in seconds of a clock that never goes back and is passed in."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

QUICK = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Bounds for what takes as long as an answer."""
LONG = (0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3_600)
"""Bounds for what may take as long as a backlog."""


class Histogram:
    """How often something took how long: a count for each bound that it did not exceed, and the sum."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """It took so long once more."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds

    def cumulative(self) -> list[int]:
        """How many took at most each bound, and last how many there were."""
        return [sum(self.counts[: place + 1]) for place in range(len(self.counts))]


@dataclass(slots=True)
class Runs:
    """What one entry of the timetable has done: when its runs last ended, and ended well, and how many did not."""

    since: float
    """When it was first to run."""
    well_at: float | None = None
    ended_at: float | None = None
    failed: int = 0
    took: Histogram = field(default_factory=lambda: Histogram(LONG))

    def ended(self, begun_at: float, at: float, *, well: bool) -> None:
        """A run ends."""
        self.took.observe(at - begun_at)
        self.ended_at = at
        if well:
            self.well_at = at
        else:
            self.failed += 1

    def silent_for(self, at: float) -> float:
        """Seconds since it last ended well or, where it never did, since it was to run."""
        return at - (self.since if self.well_at is None else self.well_at)

    def hanging_for(self, at: float) -> float:
        """Seconds since it last ended, well or not, or since it was to run."""
        return at - (self.since if self.ended_at is None else self.ended_at)


@dataclass(slots=True)
class Calls:
    """What the calls of one platform's token were like; `accepted_at` is when the platform last took something."""

    waited: Histogram = field(default_factory=lambda: Histogram(LONG))
    """For their turn: the platform's rates, and everything that was before them."""
    took: dict[tuple[str, str], Histogram] = field(default_factory=dict)
    """By (lane, outcome): `ok`, or the name of the error."""
    accepted_at: float | None = None

    def ended(self, lane: str, begun_at: float, at: float, outcome: str = "ok") -> None:
        """A call has its answer."""
        self.took.setdefault((lane, outcome), Histogram(QUICK)).observe(at - begun_at)
        if outcome == "ok":
            self.accepted_at = at
