"""Words that look or sound alike: the distance against its definition, and slips against the distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.likeness import apart, slips, spellings

words = st.text("abc", max_size=6)


def reference(one: str, other: str) -> int:
    """The distance by its definition: the fewest of four ways to get on from the end of both."""
    if not one or not other:
        return len(one) + len(other)
    ways = [
        reference(one[:-1], other) + 1,
        reference(one, other[:-1]) + 1,
        reference(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        ways.append(reference(one[:-2], other[:-2]) + 1)
    return min(ways)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 3))
def test_apart_is_the_distance_up_to_a_bound(one: str, other: str, most: int) -> None:
    assert apart(one, other, most) == min(reference(one, other), most + 1)


@given(words, words)
def test_a_slip_is_one_letter_apart(one: str, other: str) -> None:
    assert all(apart(one, slip, 1) <= 1 for slip in set(slips(one)) - set(spellings(one)))
    if apart(one, other, 1) == 1:
        assert other in set(slips(one))


@pytest.mark.parametrize(("one", "other"), [("fronteks", "frontex"), ("vasington", "washington"), ("maikl", "maykl")])
def test_a_sound_may_be_spelled_in_two_ways(one: str, other: str) -> None:
    reached = {further for step in [one, *spellings(one)] for further in [step, *spellings(step)]}
    assert other in reached
