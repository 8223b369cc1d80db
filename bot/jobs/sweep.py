"""Sweep: what is older than it is to be kept leaves, in steps that hold nobody up, and the room is given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.ports import Session, Store
from bot.matching.stories import WINDOW

ARTICLES, ALERTS, PAGES = 25, 1_000, 256
"""What a step takes at most: some 60 ms each of the writer's time."""

RESERVE = 1_024
"""Free pages that stay in the file: they are used again at once."""

ALERTS_FOR = timedelta(days=90)
"""How long `/why` tells which queries a story matched."""

TOLD_FOR = 10 * WINDOW
"""How long after it was told no article of a story leaves: somebody may publish it again, which must not ring."""

REACHED = "swept_to"
"""How the fact is called of which article the sweep has reached."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One step a call; articles leave that were first seen longer ago than `keep_for`."""

    store: Store
    keep_for: timedelta

    def __call__(self, now: datetime) -> bool:
        """Whether there may be more to do at once."""
        left, more = self.store.write(lambda session: self._step(session, now))
        given = self.store.give_back(RESERVE, PAGES)
        return bool(left) or more or given == PAGES

    def _step(self, session: Session, now: datetime) -> tuple[int, bool]:
        reached = int(session.meta.get(REACHED) or 0)
        left, reached_now = session.articles.prune(reached, ARTICLES, now - self.keep_for, now - TOLD_FOR)
        if (reached_now or 0) != reached:
            session.meta.set(REACHED, str(reached_now or 0))
        alerts = session.outbox.prune_alerts(now - min(ALERTS_FOR, self.keep_for), ALERTS)
        return left, reached_now is not None or alerts == ALERTS
