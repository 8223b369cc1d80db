"""What CPU time says of hostile input on a machine that may be busy: measured several times, beside something known."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

Clock = Callable[[], float]
"""CPU-seconds of this thread so far."""

ROUNDS = 5
"""Measurements of each size before anything is believed: what else runs makes one slow, and rarely all."""

TRIES = 12
"""Measurements that may all be too slow before that is believed."""

LEAST = 0.004
"""CPU-seconds from which a measurement says anything."""

ALLOWED = 3.0
"""Times the CPU that twice as much may take: 2 is linear, 4 is quadratic."""

LOOP = 200_000
"""Turns of the loop that costs are told in: about ten milliseconds."""


def spent(run: Callable[[T], object], what: T, clock: Clock = time.thread_time, runs: int = 1) -> float:
    """CPU-seconds of this thread that so many runs take, without the collector's."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        begun = clock()
        for _ in range(runs):
            run(what)
        return clock() - begun
    finally:
        if collecting:
            gc.enable()


def compared(run: Callable[[T], object], small: T, large: T, clock: Clock) -> tuple[float, float]:
    """CPU-seconds that both take, at the least of several tries; as few tries as it takes to believe them.

    The small one runs twice, as what takes longer is disturbed more often.
    """
    fast = slow = float("inf")
    for tried in range(TRIES):
        if tried >= ROUNDS and slow <= ALLOWED * fast:
            break
        fast, slow = min(fast, spent(run, small, clock, 2) / 2), min(slow, spent(run, large, clock))
    return fast, slow


def growth(make: Callable[[int], T], run: Callable[[T], object], size: int, most: int, clock: Clock) -> float:
    """Times the CPU that twice as much takes; 1 when twice `most` is too fast to tell.

    `make` makes what `run` reads, of about so many characters; from `size` on as many as it takes to be measured.
    """
    fast = slow = 0.0
    while fast < LEAST:
        while size < most and spent(run, make(size), clock) < LEAST:
            size *= 2
        fast, slow = compared(run, make(size), make(2 * size), clock)
        if size >= most:
            break
        size *= 2
    return slow / fast if slow >= LEAST else 1.0


def grows_in_step(
    make: Callable[[int], T],
    run: Callable[[T], object],
    size: int,
    most: int = 400_000,
    clock: Clock = time.thread_time,
) -> None:
    """Fails where twice as much takes more than three times as long."""
    times = growth(make, run, size, most, clock)
    assert times <= ALLOWED, f"twice as much takes {times:.1f} times as long"


def loop(turns: int) -> int:
    """What costs are told in."""
    return sum(number & 7 for number in range(turns))


def costs_at_most(
    loops: float,
    run: Callable[[T], object],
    what: T,
    clock: Clock = time.thread_time,
    known: Callable[[int], object] = loop,
) -> None:
    """Fails where the run takes more than so many loops measured beside it, at every one of several tries."""
    took = float("inf")
    for _ in range(TRIES):
        seconds = spent(run, what, clock)
        if seconds < LEAST:
            return
        took = min(took, seconds / spent(known, LOOP, clock))
        if took <= loops:
            return
    raise AssertionError(f"it takes {took:.0f} loops of {LOOP:,} turns, and {loops:g} are allowed")
