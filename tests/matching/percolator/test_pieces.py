"""Pieces: the analyser's words of each, remembered for a while."""

from __future__ import annotations

import numpy as np

from bot.matching.percolator.letters import Letters, codes_of
from bot.matching.percolator.pieces import BORDER, Pieces
from bot.matching.text import folded_words

LETTERS = Letters(1)


def words_of(pieces: Pieces, *texts: str) -> list[tuple[str, ...]]:
    """The words of each text, read as one piece."""
    counts, places, numbers = pieces.words_of(pieces.ids(texts))
    words = [pieces.words[place] for place in places.tolist()]
    assert numbers.tolist() == LETTERS.hashed(words).tolist()
    starts = (np.cumsum(counts) - counts).tolist()
    return [tuple(words[start : start + count]) for start, count in zip(starts, counts.tolist(), strict=True)]


def test_pieces_have_the_analysers_words() -> None:
    texts = ["O'Brien", "移民", "l'e-mail.", "O'Brien", "'1.000,5'", "d\u0301", "\u0301", "移民"]
    pieces = Pieces(LETTERS)
    for _ in range(2):
        assert words_of(pieces, *texts) == [folded_words(text) for text in texts]
    assert pieces.words.count("obrien") == 1


def test_the_border_is_one_empty_word() -> None:
    counts, places, numbers = Pieces(LETTERS).words_of(np.array([BORDER, BORDER]))
    assert (counts.tolist(), places.tolist(), numbers.tolist()) == ([1, 1], [0, 0], [0, 0])


def test_many_pieces_are_forgotten_again() -> None:
    pieces = Pieces(LETTERS)
    for first in range(0, 200_000, 20_000):
        numbers = range(first, first + 20_000)
        assert words_of(pieces, *(f"d'x{number}" for number in numbers)) == [(f"x{number}",) for number in numbers]
    assert len(pieces.words) < 150_000


def test_long_pieces_are_forgotten_sooner() -> None:
    pieces = Pieces(LETTERS)
    for number in range(12):
        assert len(words_of(pieces, f"{number}" + "民" * 50_000)[0]) > 50_000
    assert len(pieces.words) < 590_000


def test_pieces_of_a_text_are_those_of_its_strings() -> None:
    pieces = Pieces(LETTERS)
    for first in range(0, 300_000, 20_000):
        written = [f"d'x{number}" for number in range(first, first + 20_000)]
        ends = np.cumsum([*map(len, written)])
        text, begins = "".join(written), ends - [*map(len, written)]
        for _ in range(2):
            _, places, _ = pieces.words_of(pieces.ids_in(text, codes_of(text), begins, ends))
            assert [pieces.words[place] for place in places.tolist()] == [piece[2:] for piece in written]
    assert len(pieces.words) < 150_000
