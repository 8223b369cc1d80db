"""Backup: a copy of the database a day, checked; the admins are told when there is none."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.core.errors import StoreError
from bot.core.model import Address
from bot.core.ports import Store
from bot.core.reports import Report
from bot.jobs.alarm import alarm, rest

log = logging.getLogger(__name__)

ABOUT = "backup"


class Backup:
    """Has today's copy made in `folder`, where there is one, whenever it is called; `most` is as in `Upkeep`.

    The copy is made in a thread that nobody has to wait for: of a large database it takes minutes, and one that is cut
    off does not count.
    """

    def __init__(
        self,
        store: Store,
        folder: Path | None,
        admins: Collection[Address],
        default_zone: str,
        most: int | None = None,
    ) -> None:
        self._store = store
        self._most = most
        self._folder = folder
        self._admins = admins
        self._default_zone = default_zone
        self._stopped = False
        self._copy: asyncio.Future[str | None] | None = None

    async def __call__(self, now: datetime) -> str | None:
        """The path of the copy, None when it was there already, could not be made or is not wanted."""
        if self._folder is None or self._stopped:
            return None
        folder = str(self._folder)
        self._copy = apart(lambda: self._store.backup_daily(folder, now, self._most))
        try:
            made = await self._copy
        except StoreError as error:
            log.warning("job=backup failed: %s", error)
            await asyncio.to_thread(self._alarm, Report(ABOUT, "backup_failed", {"reason": str(error)}), now)
            return None
        if made is not None:
            log.info("job=backup made=%s", made)
            await asyncio.to_thread(self._store.write, lambda session: rest(session, ABOUT))
        return made

    def stop(self) -> None:
        """Waits for no copy any more."""
        self._stopped = True
        if self._copy is not None and not self._copy.done():
            self._copy.set_result(None)

    def _alarm(self, report: Report, now: datetime) -> None:
        self._store.write(lambda session: alarm(session, self._admins, report, now, self._default_zone))


def apart(work: Callable[[], str | None]) -> asyncio.Future[str | None]:
    """What `work` returns or raises, done in a thread that ends with the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str | None] = loop.create_future()

    def settle(result: str | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except Exception as error:
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="newsbell-backup", daemon=True).start()
    return done
