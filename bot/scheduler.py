"""The scheduler: hands the timetable to APScheduler, and is the only reader of the wall clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.core.errors import StoreFull
from bot.core.vitals import Runs
from bot.timetable import Entry

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


def wall_clock() -> datetime:
    """The time it is, aware, UTC."""
    return datetime.now(UTC)


class Scheduler:
    """Runs a timetable on the current event loop until it is stopped."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler: AsyncIOScheduler | None = None
        self.runs: dict[str, Runs] = {}

    def start(self) -> None:
        """Starts every entry now and then at its interval.

        A late run is never skipped (APScheduler's default grace of 1 s drops it silently); several late runs are one.
        """
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self.runs = {entry.name: Runs(asyncio.get_running_loop().time()) for entry in self._entries}
        for entry in self._entries:
            self._scheduler.add_job(
                self._run,
                "interval",
                args=[entry],
                seconds=entry.every.total_seconds(),
                next_run_time=wall_clock(),
                id=entry.name,
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Starts nothing more and waits for what is in flight to finish."""
        if self._scheduler is not None:
            self._scheduler.pause()
            await asyncio.gather(*self._running, return_exceptions=True)
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _run(self, entry: Entry) -> None:
        """One run of one entry; what it raises is logged and its next run comes all the same."""
        task = asyncio.ensure_future(self._guarded(entry))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def _guarded(self, entry: Entry) -> None:
        loop, well = asyncio.get_running_loop(), False
        begun_at = loop.time()
        try:
            await entry.job(wall_clock())
            well = True
        except StoreFull as full:
            log.warning("job=%s refused: %s", entry.name, full)
        except Exception:
            log.exception("job=%s failed", entry.name)
        finally:
            self.runs[entry.name].ended(begun_at, loop.time(), well=well)
