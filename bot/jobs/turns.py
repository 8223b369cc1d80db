"""Turns: what many sources bring at once is committed by one thread, and together what has come meanwhile.

A commit costs as much as recording a hundred sources that have not changed, and standing queries are asked of a batch
of articles in the time of ten: so whoever comes while one commit is under way shares the next, and while very many
come those without news wait a moment for each other. Where a whole turn waits, a second thread makes it ready
meanwhile, so that the store always has something to do; commits keep the order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Condition

from bot.jobs.intake import BATCH, Arrival, Taken

Commit = Callable[[Sequence[Arrival]], list[list[Taken]]]
Prepare = Callable[[Sequence[Arrival]], Sequence[Arrival]]

ROOM = 2 * BATCH
"""Articles a transaction at most, where so many wait: 0.3 s of write lock in an archive of a million."""

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
    """Commits arrivals, each whole or not at all; those of one failed transaction are tried again one by one.

    `prepare` does of a commit what needs no store.
    """

    def __init__(
        self, commit: Commit, prepare: Prepare = lambda arrivals: arrivals, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._commit = commit
        self._prepare = prepare
        self._clock = clock
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="intake")
        self._state = Condition()
        self._preparing = self._committing = False
        """Each is done for one turn at a time, and who has prepared commits before anybody else prepares."""
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
        with self._state:
            self._waiting.append(waiting)
            self._state.notify_all()
        if arrival.articles or not self.patient:
            self._call()
        elif self._called is None or self._calling is not loop:
            self._called, self._calling = loop.call_later(PAUSE_SECONDS, self._call), loop
        return await waiting.done

    async def run(self, work: Callable[[], object]) -> None:
        """Does something else that takes in, in its turn; who stops waiting does not stop it."""

        def alone() -> None:
            with self._alone():
                work()

        await asyncio.wrap_future(self._threads.submit(alone))

    async def settled(self) -> None:
        """Waits until nothing is being committed."""
        await asyncio.wrap_future(self._threads.submit(self._turns_to_the_end))

    def close(self) -> None:
        """Finishes what is waiting, and takes nothing more."""
        self._threads.submit(self._turns_to_the_end)
        self._threads.shutdown()

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
        self._threads.submit(self._turns)

    def _turns_to_the_end(self) -> None:
        """Returns when everything that waits now is committed, whichever thread does it."""
        self._turns()
        with self._alone():
            pass

    def _turns(self) -> None:
        """Commits everything that waits, a transaction at a time; a thread's side."""
        while self._waiting:
            self._turn()

    def _turn(self) -> None:
        """One transaction; what it needs is made ready while another is under way only where a whole turn waits."""
        with self._state:
            self._state.wait_for(lambda: not self._preparing and (not self._committing or self._is_whole()))
            self._preparing = True
            batch = self._next()
        arrivals = self._ready([waiting.arrival for waiting in batch])
        with self._state:
            self._state.wait_for(lambda: not self._committing)
            self._preparing, self._committing = False, True
            self._state.notify_all()
        try:
            self._commit_each(batch, arrivals)
        finally:
            with self._state:
                self._committing = False
                self._state.notify_all()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nothing is prepared or committed meanwhile."""
        with self._state:
            self._state.wait_for(lambda: not self._preparing and not self._committing)
            self._preparing = self._committing = True
        try:
            yield
        finally:
            with self._state:
                self._preparing = self._committing = False
                self._state.notify_all()

    def _is_whole(self) -> bool:
        return sum(len(waiting.arrival.articles) for waiting in self._waiting) >= ROOM

    def _next(self) -> list[_Waiting]:
        """Whose turn it is."""
        batch: list[_Waiting] = []
        room = ROOM
        while self._waiting and len(batch) < TOGETHER and (not batch or len(self._waiting[0].arrival.articles) <= room):
            waiting = self._waiting.popleft()
            if not waiting.done.cancelled():
                batch.append(waiting)
                room -= len(waiting.arrival.articles)
        return batch

    def _ready(self, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """The arrivals made ready, or as they are where that fails: whose fault it is shows when each is committed."""
        with suppress(Exception):
            return self._prepare(arrivals)
        return arrivals

    def _commit_each(self, batch: Sequence[_Waiting], arrivals: Sequence[Arrival]) -> None:
        """All of them together or, when that fails, each alone."""
        if len(batch) > 1:
            with suppress(Exception):
                _tell(batch, self._commit(arrivals))
                return
        for waiting, arrival in zip(batch, arrivals, strict=True):
            try:
                _tell([waiting], self._commit([arrival]))
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
