"""The measure itself, by a clock that tells what it is told: what is linear passes, what is quadratic does not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.growth import LEAST, costs_at_most, grows_in_step

disturbed = pytest.mark.parametrize("seed", range(20))
"""Machines that do other things, too: one measurement of five takes up to nine times what it should."""


class Machine:
    """A clock and what moves it on."""

    def __init__(self, seed: int | None = None) -> None:
        self._now = 0.0
        self._random = None if seed is None else Random(seed)

    def clock(self) -> float:
        return self._now

    def taking(self, seconds: Callable[[int], float]) -> Callable[[int], None]:
        """What takes so many seconds for a size, and more when it is disturbed."""

        def run(size: int) -> None:
            self._now += seconds(size) * self._times()

        return run

    def _times(self) -> float:
        if self._random is None or self._random.random() < 0.8:
            return 1.0
        return self._random.uniform(1, 9)


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
@pytest.mark.parametrize(("took", "allowed"), [(9.0, True), (11.0, False)])
def test_what_costs_more_than_it_may_is_told(seed: int, took: float, allowed: bool) -> None:
    machine, steady = Machine(seed), 0.01
    run = machine.taking(lambda _: took * steady)

    def known(_: int) -> None:
        machine._now += steady

    if allowed:
        costs_at_most(10, run, 0, machine.clock, known)
        return
    with pytest.raises(AssertionError, match="it takes 11 loops"):
        costs_at_most(10, run, 0, machine.clock, known)


def test_what_is_measured_is_the_time_of_this_thread() -> None:
    costs_at_most(50, sum, range(200_000))
    grows_in_step(lambda size: "a" * size, lambda text: [letter.upper() for letter in text], 1_000)
