"""An event loop on whose clock nothing is ever waited for: it jumps to when the next thing happens."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """A selector that lets time pass instead of waiting."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        events = super().select(0)
        if not events:
            assert timeout is not None, "everybody waits, and nothing will happen"
            self.passed += max(0.0, timeout)
        return events


class SimulatedLoop(asyncio.SelectorEventLoop):
    """What it runs in threads runs at once, so that time stands still meanwhile."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except BaseException as error:
            future.set_exception(error)
        return future


def simulate(main: Coroutine[Any, Any, T]) -> T:
    """The result of `main`, however long it would have taken."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)
