"""Runs: every key that is there is found with every number that has it, and hardly any other is looked for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.runs import Keys, Run, marks_of, order_of

few = st.integers(0, 40).map(lambda number: number * 0x06666666)
"""Keys from all over, many of them equal."""
like = st.integers(0, 0xFFFF).map(lambda number: 0x7FFF0000 | number)
"""Keys that begin alike, as far as a drawer of a small run is concerned."""
keys = st.one_of(few, like, st.integers(0, 0xFFFFFFFF))
parts = st.lists(st.lists(keys, min_size=1, max_size=40), min_size=1, max_size=5)


def array(some: list[int]) -> Keys:
    return np.array(some, np.uint32)


def run_of(some: list[list[int]]) -> tuple[Run, list[tuple[int, int]]]:
    """The run of parts merged at once, and all keys with the numbers they got: a number a key, in ascending order."""
    whole = [key for part in some for key in part]
    numbers = np.arange(len(whole), dtype=np.uint32)
    runs, start = [], 0
    for part in some:
        runs.append(Run.of(array(part), numbers[start : start + len(part)]))
        start += len(part)
    last = len(some[-1])
    return Run.of(array(some[-1]), numbers[-last:], runs[:-1]), [*zip(whole, range(len(whole)), strict=True)]


def asked(run: Run, wanted: Keys) -> list[tuple[int, int]]:
    places, numbers = run.pairs(wanted, marks_of(wanted))
    return sorted(zip(places.tolist(), numbers.tolist(), strict=True))


@given(parts, st.lists(keys, max_size=40))
def test_exactly_the_pairs_of_the_keys_that_are_asked_for_are_found(some: list[list[int]], others: list[int]) -> None:
    run, known = run_of(some)
    wanted = [*others, *(key for key, _ in known[::2])]
    found = [(place, number) for place, key in enumerate(wanted) for has, number in known if has == key]
    assert asked(run, array(wanted)) == sorted(found)


@given(parts)
def test_keys_ascend_and_the_numbers_of_equal_ones(some: list[list[int]]) -> None:
    run, known = run_of(some)
    assert [*zip(run.keys.tolist(), run.numbers.tolist(), strict=True)] == sorted(known)


@given(parts, st.integers(0, 200))
def test_what_is_left_of_a_run_is_found(some: list[list[int]], before: int) -> None:
    run, known = run_of(some)
    if before > run.last:
        return
    left = run.since(before)
    wanted = [key for key, _ in known]
    numbers = {number for _, number in asked(left, array(wanted))}
    assert {number for _, number in known if number >= before} <= numbers
    if 2 * before > len(known) - 1:
        assert min(numbers) >= before


@given(st.lists(keys, max_size=100))
def test_the_order_is_that_of_a_stable_sort(some: list[int]) -> None:
    assert order_of(array(some)).tolist() == sorted(range(len(some)), key=some.__getitem__)


def test_no_key_that_is_there_is_missed_and_few_others_are_looked_for_whatever_the_size() -> None:
    chance = np.random.default_rng(3)
    for size in (1, 7, 8, 1_000, 4_095, 4_096, 200_000):
        there = chance.integers(0, 1 << 32, size, dtype=np.uint32)
        run = Run.of(there, np.arange(size, dtype=np.uint32))
        assert run.may_have(there, marks_of(there)).tolist() == [*range(size)]
        others = chance.integers(0, 1 << 32, 20_000, dtype=np.uint32)
        assert len(run.may_have(others, marks_of(others))) <= 20_000 / 6


def test_a_key_that_thousands_share_is_found_with_all_of_them_and_its_neighbours_by_themselves() -> None:
    heavy = 0x12345678
    run = Run.of(array([heavy] * 5_000 + [heavy - 1, heavy + 1]), np.arange(5_002, dtype=np.uint32))
    assert asked(run, array([heavy - 1, heavy, heavy + 1, heavy + 2])) == [
        (0, 5_000),
        *((1, number) for number in range(5_000)),
        (2, 5_001),
    ]


def test_a_run_says_what_it_holds() -> None:
    size = 100_000
    chance = np.random.default_rng(5)
    run = Run.of(chance.integers(0, 1 << 32, size, dtype=np.uint32), np.zeros(size, np.uint32))
    assert 8 * size <= run.nbytes <= 10 * size
