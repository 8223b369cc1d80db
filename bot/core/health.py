"""How a source does, in one word: for whoever looks, and for the admins, who are told of what lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from bot.core.model import Source
from bot.core.poll import Standing


class Health(StrEnum):
    """From the worst to the best; the last is only listed."""

    DISABLED = "disabled"
    """Gone, or not there for two weeks: asked weekly."""
    DEGRADED = "degraded"
    """Without success for a day."""
    FAILING = "failing"
    """The latest look failed."""
    SILENT = "silent"
    """Answers, and has brought nothing for three times as long as usual."""
    OK = "ok"
    OFF = "off"
    """Listed, and not asked."""


TOLD = frozenset((Health.DISABLED, Health.DEGRADED, Health.SILENT))
"""What the admins are told of, once."""

TROUBLED = TOLD | {Health.FAILING}


def health_of(source: Source) -> Health:
    """How the source does, by what was recorded of it: time alone makes nothing worse while nobody asks."""
    if not source.enabled:
        return Health.OFF
    if source.standing is not Standing.OK:
        return Health(source.standing)
    if source.problem is not None:
        return Health.FAILING
    if source.silent_at is not None and source.fetched_at is not None and source.fetched_at >= source.silent_at:
        return Health.SILENT
    return Health.OK


def tally(sources: Iterable[Source]) -> dict[Health, int]:
    """How many sources do how, those that do well first, then from the worst; none of what there is none of."""
    counted = Counter(map(health_of, sources))
    return {health: counted[health] for health in (Health.OK, *Health) if counted[health]}


def rank(source: Source) -> int:
    """For sorting: those in trouble first, the worst before all, those that are only listed last."""
    return list(Health).index(health_of(source))
