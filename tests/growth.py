"""What CPU time says of hostile input on a machine that may be busy: measured several times, beside something known."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from math import sqrt
from statistics import median
from typing import TypeVar

R = TypeVar("R")
T = TypeVar("T")

Clock = Callable[[], float]
"""CPU-seconds of this thread so far."""

ROUNDS = 5
"""Pairs of measurements before it is believed that something grows in step."""

TRIES = 15
"""The same before it is believed that it does not, or that it costs too much."""

LEAST = 0.003
"""CPU-seconds from which a measurement says anything."""

CLEARLY = 2.3
"""Times the CPU that two pairs are enough to believe."""

ALLOWED = 3.0
"""Times the CPU that twice as much may take: 2 is linear, 4 is quadratic."""

LOOP = 200_000
"""Turns of the loop that costs are told in: about ten milliseconds."""


def repeated(piece: str) -> Callable[[int], str]:
    """Makes texts of a piece over and over, of about so many characters."""
    return lambda size: piece * (size // len(piece))


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
    """CPU-seconds of the small one, at its least, and times as many that twice as much takes, by four times as much.

    That is the median of pairs, one right after the other, as a machine that is shared is faster now and slower then;
    the small one runs four times, so that both take as long.
    """
    fast, times = float("inf"), list[float]()
    while len(times) < TRIES and not (len(times) == ROUNDS and median(times) <= ALLOWED):
        seconds = max(spent(run, small, clock, 4) / 4, 1e-9)
        times.append(sqrt(spent(run, large, clock) / seconds))
        fast = min(fast, seconds)
        if len(times) == 2 and max(times) <= CLEARLY:
            break
    return fast, median(times)


def growth(make: Callable[[int], T], run: Callable[[T], object], size: int, most: int, clock: Clock) -> float:
    """Times the CPU that twice as much takes; 1 when four times `most` is too fast to tell.

    `make` makes what `run` reads, of about so many characters; from `size` on as many as it takes to be measured.
    """
    while True:
        while size < most and spent(run, make(size), clock) < LEAST:
            size *= 2
        fast, times = compared(run, make(size), make(4 * size), clock)
        if fast >= LEAST or size >= most:
            return times if fast * times**2 >= LEAST else 1.0
        size *= 2


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
    run: Callable[[T], R],
    what: T,
    clock: Clock = time.thread_time,
    known: Callable[[int], object] = loop,
) -> R:
    """What the run returns; fails where that takes more than so many loops measured beside it.

    A quarter of them is believed at once.
    """
    times, results = list[float](), list[R]()
    while len(times) < TRIES and not (len(times) == ROUNDS and median(times) <= loops):
        seconds = spent(lambda what: results.append(run(what)), what, clock)
        times.append(seconds / spent(known, LOOP, clock))
        if seconds < LEAST or 4 * times[0] <= loops:
            return results[0]
    took = median(times)
    assert took <= loops, f"it takes {took:.0f} loops of {LOOP:,} turns, and {loops:g} are allowed"
    return results[0]
