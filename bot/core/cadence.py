"""When a subscription is due: instant, daily, weekdays or weekly in the chat's zone, and quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Rhythm(StrEnum):
    """How often a subscription speaks."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm with its local times, ascending (none: the chat's digest time) and, for weekly, its day (Monday 0).

    `str(cadence)` is its canonical text: `instant`, `daily`, `daily 08:00,18:00`, `weekdays 08:00`, `weekly mon 08:00`.
    """

    rhythm: Rhythm
    times: tuple[time, ...] = ()
    weekday: int | None = None


INSTANT = Cadence(Rhythm.INSTANT)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours by local time, from `start` up to but not including `end`; may wrap midnight."""

    start: time
    end: time
