"""The hash table over arrays is a dict, and its sieve lets through all that it holds."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.matching.arrays import UInt64
from bot.matching.percolator.table import ABSENT, Sieve, Table

INVERSE = pow(0x9E3779B97F4A7C15, -1, 1 << 64)


def key_of(spread: int) -> int:
    """The key that a new table spreads to this number, whose top bits are its one place and whose middle its other."""
    half = spread * INVERSE % (1 << 64)
    return (half ^ half >> 32) * INVERSE % (1 << 64)


CLASHING = [key_of(at << 40 | 1) for at in (0, 1, 2, (1 << 24) - 1, (1 << 24) - 2)]
"""Keys whose places are the first ones of a table, or the last."""
CROWDED = [key_of(place << 40 | number) for place in (0, (1 << 24) - 1) for number in range(1, 40)]
"""Keys of which many have both places in common, however large the table."""
KEYS = st.one_of(st.integers(1, 2**64 - 1), st.integers(1, 50), st.sampled_from([*CLASHING, *CROWDED]))
VALUES = st.integers(0, 2**62)


def keys(*numbers: int) -> UInt64:
    return np.array(numbers, np.uint64)


class Machine(RuleBasedStateMachine):
    """A table beside a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(bits=2)
        self.model: dict[int, int] = {}

    @rule(pairs=st.dictionaries(KEYS, VALUES, max_size=40))
    def put(self, pairs: dict[int, int]) -> None:
        self.table.put(keys(*pairs), np.array([*pairs.values()], np.int64))
        self.model |= pairs

    @rule(asked=st.lists(KEYS, max_size=20))
    def get(self, asked: list[int]) -> None:
        assert self.table.get(keys(*asked)).tolist() == [self.model.get(key, ABSENT) for key in asked]

    @rule(asked=st.lists(KEYS, max_size=3))
    def get_with_no_key_among_them(self, asked: list[int]) -> None:
        assert self.table.get(keys(0, *asked, 0)).tolist()[:: len(asked) + 1] == [ABSENT, ABSENT]

    def teardown(self) -> None:
        assert len(self.table) == len(self.model)
        assert sorted(self.table.keys().tolist()) == sorted(self.model)
        self.get([*self.model])


TestTable = Machine.TestCase
TestTable.settings = settings(max_examples=60, stateful_step_count=10, deadline=None)


def test_a_table_grows_with_what_it_holds() -> None:
    table, size = Table(), 20_000
    numbers = np.arange(1, size + 1, dtype=np.uint64)
    for start in range(0, size, 100):
        part = numbers[start : start + 100]
        table.put(part, part.astype(np.int64))
    assert table.get(numbers).tolist() == numbers.tolist()
    assert table.get(numbers + np.uint64(size)).tolist() == [ABSENT] * size
    assert len(table) == size
    assert size * 28 <= table.nbytes <= size * 60


def test_a_table_that_only_changes_does_not_grow() -> None:
    table = Table()
    numbers = np.arange(1, 401, dtype=np.uint64)
    table.put(numbers, np.zeros(400, np.int64))
    before = table.nbytes
    for value in range(50):
        table.put(numbers, np.full(400, value))
    assert table.nbytes == before
    assert set(table.get(numbers).tolist()) == {49}


def test_keys_that_share_both_their_places_are_all_found() -> None:
    table = Table()
    many = np.arange(1, 1_001, dtype=np.uint64)
    table.put(many, many.astype(np.int64))
    table.put(keys(*CROWDED), np.arange(len(CROWDED)))
    assert table.get(keys(*CROWDED)).tolist() == [*range(len(CROWDED))]
    assert table.get(many).tolist() == many.tolist()
    assert table.nbytes < 100_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(KEYS, min_size=1, max_size=30, unique=True), max_size=4))
@example([[1, 2**63], list(range(2, 20_000)), [2**62]])
def test_a_sieve_lets_through_every_key_it_was_given(parts: list[list[int]]) -> None:
    table, sieve = Table(), Sieve()
    for part in parts:
        table.put(keys(*part), np.arange(len(part)))
        sieve.add(keys(*part), table)
    added = keys(*dict.fromkeys(key for part in parts for key in part))
    assert sieve.passed(added).tolist() == list(range(len(added)))


def test_a_sieve_holds_back_most_keys_it_was_not_given() -> None:
    table, sieve = Table(), Sieve()
    random = np.random.default_rng(1)
    added, others = (random.integers(1, 2**63, 5_000).astype(np.uint64) for _ in range(2))
    table.put(added, np.arange(5_000))
    sieve.add(added, table)
    assert len(sieve.passed(others)) < 1_000
