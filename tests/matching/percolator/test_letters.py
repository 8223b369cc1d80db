"""The numbers of words: alike for what folds alike, of any beginning, and without collisions that a text could make."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.percolator.letters import Letters

LETTERS = Letters(5)


@pytest.mark.parametrize("size", [1, 2, 1_000, 70_000, 5_000_000, 3])
def test_powers_and_inverses_undo_each_other(size: int) -> None:
    powers, inverses = LETTERS.powers(size)
    assert min(len(powers), len(inverses)) > size
    assert (powers[: size + 1] * inverses[: size + 1] == 1).all()
    assert (powers[1 : size + 1] == powers[:size] * powers[1]).all()


def test_what_an_enormous_text_takes_is_not_kept() -> None:
    letters = Letters(5)
    letters.powers(100)
    letters.powers(5_000_000)
    assert len(letters.powers(100)[0]) < 1_000


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_the_number_of_a_beginning_is_that_of_the_word_it_is(words: list[str], sizes: list[int]) -> None:
    begun = LETTERS.beginnings(words, np.array(sizes, np.int64))
    for numbers, size in zip(begun.tolist(), sizes, strict=True):
        assert numbers == LETTERS.hashed([word[:size] for word in words]).tolist()


def test_different_words_have_different_numbers() -> None:
    words = ["".join(letters) for size in range(5) for letters in product("abcdefgh", repeat=size)]
    assert len({*LETTERS.hashed(words).tolist()}) == len(words)
    assert LETTERS.hashed([""]).tolist() == [0]


def test_numbers_depend_on_the_seed() -> None:
    assert LETTERS.hashed(["border"]) == Letters(5).hashed(["border"])
    assert LETTERS.hashed(["border"]) != Letters(6).hashed(["border"])
