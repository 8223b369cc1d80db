"""Turns: what many sources bring at once is committed by one thread, and together what has come meanwhile.

A commit costs as much as recording a hundred sources that have not changed, and standing queries are asked of a batch
of articles in the time of ten: so whoever comes while one commit is under way shares the next, and while very many
come those without news wait a moment for each other.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from bot.jobs.intake import BATCH, Arrival, Taken

Commit = Callable[[Sequence[Arrival]], list[list[Taken]]]

TOGETHER = 100
"""Arrivals a transaction at most: without articles 2 ms of write lock."""

PAUSE_SECONDS = 0.2
"""What arrivals without articles wait for each other, once more than this many turns followed each other sooner."""
_QUICK = 20


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An arrival, and who waits in which loop for what becomes of it."""

    arrival: Arrival
    done: asyncio.Future[list[Taken]]
    loop: asyncio.AbstractEventLoop


class Turns:
    """Commits arrivals, each whole or not at all; those of one failed transaction are tried again one by one."""

    def __init__(self, commit: Commit, clock: Callable[[], float] = time.monotonic) -> None:
        self._commit = commit
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._waiting: deque[_Waiting] = deque()
        self._turned_at = -PAUSE_SECONDS
        self._quick = 0
        self._called: asyncio.TimerHandle | None = None
        self._calling: asyncio.AbstractEventLoop | None = None
        """The loop that will have the turn taken: one that has ended meanwhile never will."""

    async def take(self, arrival: Arrival) -> list[Taken]:
        """What became of the arrival's articles, when it is committed; who stops waiting then does not stop it."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(arrival, loop.create_future(), loop)
        self._waiting.append(waiting)
        if arrival.articles or not self.patient:
            self._call()
        elif self._called is None or self._calling is not loop:
            self._called, self._calling = loop.call_later(PAUSE_SECONDS, self._call), loop
        return await waiting.done

    async def run(self, work: Callable[[], object]) -> None:
        """Does something else that takes in, in its turn; who stops waiting does not stop it."""
        await asyncio.wrap_future(self._thread.submit(work))

    async def settled(self) -> None:
        """Waits until nothing is being committed."""
        await asyncio.wrap_future(self._thread.submit(self._turns))

    def close(self) -> None:
        """Finishes what is waiting, and takes nothing more."""
        self._thread.submit(self._turns)
        self._thread.shutdown()

    @property
    def patient(self) -> bool:
        """Whether turns have followed each other so fast that it pays to wait for company."""
        return self._quick > _QUICK and self._clock() - self._turned_at < 2 * PAUSE_SECONDS

    def _call(self) -> None:
        """Has a turn taken by the thread; the loop's side."""
        if self._called is not None:
            self._called.cancel()
            self._called = None
        now = self._clock()
        self._quick = self._quick + 1 if now - self._turned_at < 2 * PAUSE_SECONDS else 0
        self._turned_at = now
        self._thread.submit(self._turns)

    def _turns(self) -> None:
        """Commits everything that waits, a transaction at a time; the thread's side."""
        while self._waiting:
            self._turn()

    def _turn(self) -> None:
        batch: list[_Waiting] = []
        room = BATCH
        while self._waiting and len(batch) < TOGETHER and (not batch or len(self._waiting[0].arrival.articles) <= room):
            waiting = self._waiting.popleft()
            if not waiting.done.cancelled():
                batch.append(waiting)
                room -= len(waiting.arrival.articles)
        if len(batch) > 1:
            with suppress(Exception):  # whose fault it is shows when each is tried alone
                results = self._commit([waiting.arrival for waiting in batch])
                _tell(batch, results)
                return
        for waiting in batch:
            try:
                _tell([waiting], self._commit([waiting.arrival]))
            except Exception as problem:
                _tell([waiting], [problem])


def _tell(batch: Sequence[_Waiting], results: Sequence[list[Taken] | Exception]) -> None:
    """Says in their loop what became of arrivals, as far as anybody still waits for it."""

    def tell() -> None:
        for waiting, result in zip(batch, results, strict=True):
            if waiting.done.done():
                continue
            if isinstance(result, Exception):
                waiting.done.set_exception(result)
            else:
                waiting.done.set_result(result)

    with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
        batch[0].loop.call_soon_threadsafe(tell)
