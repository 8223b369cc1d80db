"""Python's collector of cyclic garbage, and when it had better rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


@contextmanager
def collector_resting() -> Iterator[None]:
    """A stretch that makes very much and keeps it all: the collector would look through it again and again for nothing.

    What nothing refers to any more is freed as ever; only what refers to itself waits for the end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def collector_sparing() -> Iterator[None]:
    """A stretch in which the collector looks through nothing that is there now: that stays, and would hold all up.

    A full collection takes a tenth of a second in a process that has imported all it needs and holds 10,000 sources.
    Where several stretches overlap, the last that ends ends it.
    """
    _stretches.begin()
    try:
        yield
    finally:
        _stretches.end()


class _Stretches:
    """How many stretches are under way: what is frozen is frozen for the whole process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._under_way = 0

    def begin(self) -> None:
        with self._lock:
            self._under_way += 1
            gc.freeze()

    def end(self) -> None:
        with self._lock:
            self._under_way -= 1
            if not self._under_way:
                gc.unfreeze()


_stretches = _Stretches()
