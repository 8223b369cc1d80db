"""Rounds: the running bot's looks at polled sources, begun as they fall due and never waited for."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.errors import StoreFull
from bot.core.model import Source
from bot.core.poll import Poll
from bot.core.polling import due_at, spread_for
from bot.jobs.scan import Scan, Scanned

log = logging.getLogger(__name__)

SUMMARY_FOR = timedelta(minutes=1)
HOLD_FOR = timedelta(minutes=5)
"""How long a source is left alone that the store could not record: its server must not pay for our full disk."""


@dataclass
class Rounds:
    """Begins a fetch of each source that is due; `least_for` passes at least between two looks at one source.

    What is overdue when it first runs is spread, so that a start is no stampede.
    """

    scan: Scan
    least_for: timedelta = timedelta(0)
    woken_at: datetime | None = None
    _spread_for: timedelta = timedelta(0)
    _in_flight: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _held: dict[int, datetime] = field(default_factory=dict)
    _scanned: Scanned = field(default_factory=Scanned)
    """Since the last summary."""
    _summed_at: datetime | None = None

    async def __call__(self, now: datetime) -> None:
        """Begins what is due and returns; of what has ended since the last summary, one line is logged."""
        sources = await self.scan.sources(now)
        if self.woken_at is None:
            self.woken_at, self._spread_for = now, spread_for(len(sources))
        for source in sources:
            if source.id not in self._in_flight and self._is_due(source, now):
                task = asyncio.get_running_loop().create_task(self._one(source, now))
                self._in_flight[source.id] = task
        if not self._in_flight or self._summed_at is None or now - self._summed_at >= SUMMARY_FOR:
            self._summarise(now)

    async def finish(self, now: datetime) -> None:
        """Waits until everything in flight has ended."""
        while self._in_flight:
            await asyncio.wait(list(self._in_flight.values()))
        self._summarise(now)

    async def stop(self, now: datetime) -> None:
        """Gives up what is still being fetched, and waits for the commit that is under way."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.scan.settled()
        self._summarise(now)

    def _is_due(self, source: Source, now: datetime) -> bool:
        if self._held.get(source.id, now) > now:
            return False
        if source.fetched_at is not None and source.fetched_at <= now < source.fetched_at + self.least_for:
            return False
        poll = Poll(next_at=source.next_at)
        return due_at(poll, source.location, now, woken_at=self.woken_at, spread_for=self._spread_for) <= now

    async def _one(self, source: Source, now: datetime) -> None:
        scanned = Scanned()
        try:
            await self.scan.one(source, now, scanned)
            self._scanned.add(scanned)
            self._held.pop(source.id, None)
        except StoreFull as full:  # as all that are in flight just now
            self._held[source.id] = now + HOLD_FOR
            log.warning("source=%s could not be recorded: %s", source.name, full)
        except Exception:
            self._held[source.id] = now + HOLD_FOR
            log.exception("source=%s could not be recorded", source.name)
        finally:
            del self._in_flight[source.id]

    def _summarise(self, now: datetime) -> None:
        self._summed_at = now
        if self._scanned.fetched or self._scanned.failed:
            log.info("scan %s", self._scanned)
        self._scanned = Scanned()
