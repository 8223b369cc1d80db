"""The steps over arrays that numpy has no name for."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.arrays import SPARSE, ascending, distinct, grown, ranges


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=8))
@example([(3, 0), (7, 2), (0, 0)])
def test_ranges_follow_each_other(given: list[tuple[int, int]]) -> None:
    starts, counts = np.array(given, np.int32).reshape(-1, 2).T
    assert ranges(starts, counts).tolist() == [start + step for start, count in given for step in range(count)]


def test_an_array_that_is_long_enough_stays_itself() -> None:
    array = np.arange(5)
    assert grown(array, 5) is array
    longer = grown(array, 6)
    assert len(longer) >= 6
    assert longer.dtype == array.dtype
    assert longer[:5].tolist() == [0, 1, 2, 3, 4]
    assert not longer[5:].any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 999)), st.sampled_from((1, 9)), st.sampled_from((1_000, 1_000 * SPARSE)))
def test_different_numbers_come_once_and_ascending(numbers: list[int], repeated: int, upto: int) -> None:
    flags = np.zeros(upto, np.bool_)
    assert distinct(np.array(numbers * repeated, np.int32), flags).tolist() == sorted({*numbers})
    assert not flags.any()
    assert ascending(np.array(numbers * repeated, np.int32)).tolist() == sorted({*numbers})
