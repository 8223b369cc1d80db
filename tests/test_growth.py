"""The measure itself, by a clock that tells what it is told: what is linear passes, what is quadratic does not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.growth import LEAST, costs_at_most, grows_in_step, loop

disturbed = pytest.mark.parametrize("seed", range(30))
"""Machines that do other things, too: half as fast for a while, and one run of fifty up to nine times slower."""


class Machine:
    """A clock and what moves it on."""

    def __init__(self, seed: int | None = None) -> None:
        self._now, self._slowness = 0.0, 1.0
        self._random = None if seed is None else Random(seed)

    def clock(self) -> float:
        return self._now

    def taking(self, seconds: Callable[[int], float]) -> Callable[[int], None]:
        """What takes so many seconds for a size, and more when it is disturbed."""

        def run(size: int) -> None:
            self._now += seconds(size) * self._times()

        return run

    def _times(self) -> float:
        if self._random is None:
            return 1.0
        if self._random.random() < 0.2:
            self._slowness = self._random.uniform(1, 2)
        return self._slowness * (self._random.uniform(1, 9) if self._random.random() < 0.02 else 1)


@disturbed
def test_what_is_linear_passes(seed: int) -> None:
    machine = Machine(seed)
    grows_in_step(int, machine.taking(lambda size: size / 1_000), 1_000, clock=machine.clock)


@disturbed
@pytest.mark.parametrize("size", [10, 1_000])
def test_what_is_quadratic_does_not(seed: int, size: int) -> None:
    machine = Machine(seed)
    quadratic = machine.taking(lambda size: LEAST * (size / 100) ** 2)
    with pytest.raises(AssertionError, match="times as long"):
        grows_in_step(int, quadratic, size, 3_000, clock=machine.clock)


def test_what_is_too_fast_to_tell_passes() -> None:
    machine = Machine()
    grows_in_step(int, machine.taking(lambda size: 1e-12 * size**2), 1_000, 3_000, clock=machine.clock)


@disturbed
@pytest.mark.parametrize(("took", "allowed"), [(1, True), (7, True), (40, False)])
def test_what_costs_more_than_it_may_is_told(seed: int, took: int, allowed: bool) -> None:
    machine = Machine(seed)
    run, known = machine.taking(lambda _: took / 100), machine.taking(lambda _: 1 / 100)
    if allowed:
        costs_at_most(10, run, 0, machine.clock, known)
        return
    with pytest.raises(AssertionError, match="loops of"):
        costs_at_most(10, run, 0, machine.clock, known)


def test_what_is_measured_is_the_time_of_this_thread() -> None:
    costs_at_most(50, sum, range(200_000))
    grows_in_step(int, loop, 1_000)
