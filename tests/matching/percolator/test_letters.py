"""The numbers of words: alike for what folds alike, of any beginning, and without collisions that a text could make."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.folding import fold
from bot.matching.percolator.letters import Letters, fours

LETTERS = Letters(5)


def test_letters_stand_by_four_and_zeros_after_them() -> None:
    one, other = np.array([1, 2, 3, 4], np.uint16), np.array([5], np.uint16)
    assert [f"{four:016x}" for four in fours(one, other).tolist()] == [
        "0004000300020001",
        "0005000400030002",
        "0000000500040003",
        "0000000000050004",
        "0000000000000005",
        "0000000000000000",
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=6))
@example(["a𝐀b", "𝐀", "𐐀", "a𝐀"])
def test_the_number_of_a_word_is_the_same_wherever_it_stands(words: list[str]) -> None:
    assert LETTERS.hashed(words).tolist() == [LETTERS.hashed([word])[0] for word in words]
    different = {word.rstrip("\0") for word in words}
    assert len({*LETTERS.hashed([*different]).tolist()}) == len(different)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_the_number_of_a_beginning_is_that_of_the_word_it_is(words: list[str], sizes: list[int]) -> None:
    begun = LETTERS.beginnings(words, np.array(sizes, np.int64))
    for numbers, size in zip(begun.tolist(), sizes, strict=True):
        assert numbers == LETTERS.hashed([word[:size] for word in words]).tolist()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.sampled_from("ajdJßæљяʹ5éĳ"), min_size=1, max_size=5), max_size=5))
def test_runs_fold_as_the_analyser_folds_them(runs: list[list[str]]) -> None:
    codes = np.array([ord(letter) for run in runs for letter in run], np.uint16)
    LETTERS.signs(codes)
    letters, sizes = LETTERS.folded(codes, np.array([*map(len, runs)], np.int64))
    assert "".join(map(chr, letters.tolist())) == "".join(fold(f"q{letter}q")[1:-1] for run in runs for letter in run)
    assert sizes.tolist() == [sum(len(fold(f"q{letter}q")) - 2 for letter in run) for run in runs]


def test_every_bit_of_a_number_depends_on_every_letter() -> None:
    words = [*map("".join, product("abcdefgh", repeat=4))]
    for further in ("", "x", "xyzzy", "qqqqqqqqqqq"):
        numbers = LETTERS.hashed([word + further for word in words])
        shares = [np.count_nonzero(numbers >> np.uint64(bit) & np.uint64(1)) / len(words) for bit in range(64)]
        assert 0.45 < min(shares) < max(shares) < 0.55


def test_different_words_have_different_numbers() -> None:
    words = ["".join(letters) for size in range(5) for letters in product("abcdefgh", repeat=size)]
    assert len({*LETTERS.hashed(words).tolist()}) == len(words)
    assert LETTERS.hashed([""]).tolist() == [0]


def test_numbers_depend_on_the_seed() -> None:
    assert LETTERS.hashed(["border"]) == Letters(5).hashed(["border"])
    assert LETTERS.hashed(["border"]) != Letters(6).hashed(["border"])
