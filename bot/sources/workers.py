"""Parsing off the event loop: worker processes that are killed when a parse takes too long, and replaced."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

from bot.core.errors import SourceError, Unreadable
from bot.sources.worker import LENGTH, READY, frame

P = ParamSpec("P")
R = TypeVar("R")

_START_SECONDS = 60
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")
_LARGE = 262_144
"""Bytes of an answer from which on it is unpickled in a thread."""


@dataclass(slots=True)
class _Worker:
    process: Process
    calls: int = 0


class Workers(Generic[P, R]):
    """Calls a module-level function in `size` worker processes: `await workers(body, ...)`.

    Raises what the function raises of SourceError; Unreadable where it took longer than `limit_for`, died or failed.
    Workers start when they are needed, serve `recycle` calls and may use `memory` bytes each.
    """

    def __init__(
        self,
        function: Callable[P, R],
        *,
        size: int = 2,
        limit_for: timedelta = timedelta(seconds=5),
        recycle: int = 1_000,
        memory: int = 1_000_000_000,
    ) -> None:
        self._function = f"{function.__module__}:{function.__qualname__}"
        self._limit = limit_for.total_seconds()
        self._recycle, self._memory = recycle, memory
        self._free = asyncio.Semaphore(size)
        self._idle: list[_Worker] = []
        self._alive: list[_Worker] = []
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result; raises SourceError. A cancelled call ends its worker."""
        async with self._free:
            if self._closed:
                raise Unreadable("parsing has ended")
            worker = self._waiting() or await self._started()
            try:
                result = await asyncio.wait_for(_called(worker, (args, kwargs)), self._limit)
            except TimeoutError:
                raise Unreadable(f"took longer than {self._limit:g} s to parse") from None
            except (OSError, EOFError) as problem:
                raise Unreadable("broke the parser") from problem
            else:
                return self._result(worker, result)
            finally:
                if worker not in self._idle:
                    await self._end(worker)

    async def close(self) -> None:
        """Kills all workers, busy ones too, and waits until they are gone; later calls are refused."""
        self._closed = True
        self._idle.clear()
        for worker in tuple(self._alive):
            await self._end(worker)

    async def _end(self, worker: _Worker) -> None:
        """Kills the worker and waits until it is gone."""
        with suppress(ProcessLookupError):
            worker.process.kill()
        if worker.process.stdin is not None:
            worker.process.stdin.close()
        await asyncio.shield(_gone(worker))
        if worker in self._alive:
            self._alive.remove(worker)

    def _waiting(self) -> _Worker | None:
        """A worker that waits for a call; those that died meanwhile, say for want of memory, are forgotten."""
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
            self._alive.remove(worker)
        return None

    def _result(self, worker: _Worker, answer: tuple[bool, Any]) -> R:
        """What was answered; the worker goes back to the others unless its time has come."""
        if worker.calls < self._recycle and not self._closed:
            self._idle.append(worker)
        well, value = answer
        if well:
            result: R = value
            return result
        raise value if isinstance(value, SourceError) else Unreadable("cannot be parsed")

    async def _started(self) -> _Worker:
        """A new worker that has imported what it needs; it finds modules where we do and knows none of our secrets."""
        limits = (str(int(self._limit) + 5), str(self._memory))
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.sources.worker", self._function, *limits),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
        )
        worker = _Worker(process)
        self._alive.append(worker)
        try:
            await asyncio.wait_for(_exactly(worker, len(READY)), _START_SECONDS)
        except BaseException as problem:
            await self._end(worker)
            if isinstance(problem, OSError | EOFError | TimeoutError):
                raise Unreadable("the parser does not start") from problem
            raise
        return worker


async def _called(worker: _Worker, arguments: tuple[object, dict[str, object]]) -> tuple[bool, Any]:
    stdin = worker.process.stdin
    assert stdin is not None
    worker.calls += 1
    stdin.write(frame(arguments))
    await stdin.drain()
    size = LENGTH.unpack(await _exactly(worker, LENGTH.size))[0]
    data = await _exactly(worker, size)
    answer: tuple[bool, Any] = await asyncio.to_thread(pickle.loads, data) if size > _LARGE else pickle.loads(data)  # noqa: S301
    return answer


async def _gone(worker: _Worker) -> None:
    """Returns when the killed worker is gone.

    asyncio says so only once its answers have been read to their end, and stops reading by itself while nobody takes
    what a large one has brought: who was cut short in the middle of one would wait for ever.
    """
    assert worker.process.stdout is not None
    with suppress(RuntimeError, OSError):  # a call is reading, and ends by this end itself
        await worker.process.stdout.read()
    await worker.process.wait()


async def _exactly(worker: _Worker, size: int) -> bytes:
    """So many bytes of the worker's answer; EOFError where it died before."""
    assert worker.process.stdout is not None
    return await worker.process.stdout.readexactly(size)
