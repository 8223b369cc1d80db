"""How CPU time grows with what is read, told from measurements on a machine that may be busy with other things."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 6
"""Measurements that may all be too slow before it is believed: what else runs makes one slow, and rarely all."""

LEAST = 0.004
"""CPU-seconds from which a measurement says anything."""

ALLOWED = 3.0
"""Times the CPU that twice as much may take: 2 is linear, 4 is quadratic."""


def spent(run: Callable[[T], object], what: T) -> float:
    """CPU-seconds of this thread that one run takes, without the collector's."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        begun = time.thread_time()
        run(what)
        return time.thread_time() - begun
    finally:
        if collecting:
            gc.enable()


def growth(make: Callable[[int], T], run: Callable[[T], object], size: int, most: int) -> float:
    """Times the CPU that twice as much takes, at the least of several tries; 1 when `most` is too fast to tell.

    `make` makes what `run` reads, of about so many characters; from `size` on as many as it takes to be measured.
    """
    while size < most and min(spent(run, make(size)) for _ in range(2)) < LEAST:
        size *= 2
    small, large = make(size), make(2 * size)
    fast, slow = spent(run, small), spent(run, large)
    for _ in range(TRIES - 1):
        if slow <= ALLOWED * fast:
            break
        fast, slow = min(fast, spent(run, small)), min(slow, spent(run, large))
    return slow / fast if slow >= LEAST else 1.0


def grows_in_step(make: Callable[[int], T], run: Callable[[T], object], size: int, most: int = 400_000) -> None:
    """Fails where twice as much takes more than three times as long."""
    times = growth(make, run, size, most)
    assert times <= ALLOWED, f"twice as much takes {times:.1f} times as long"
