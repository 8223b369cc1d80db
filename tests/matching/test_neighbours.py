"""Neighbours: whatever was learned in whatever steps, exactly the texts are found that share a key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.neighbours import Neighbours, keys_of
from bot.matching.stories import Signature, signature
from bot.matching.text import analyse

LETTERS = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa"
WORDS = LETTERS.split()

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
"""Of few words, so that many share a key, and some are too short to share any but all of it."""


def signed(text: str) -> Signature:
    return signature(analyse(Article("", "", text, "x", language="en")))


def sharing(neighbours: Neighbours, *signatures: bytes) -> list[list[int]]:
    found = neighbours.sharing(*keys_of(signatures))
    return [found.get(row, []) for row in range(len(signatures))]


@given(st.lists(st.lists(texts, max_size=6), max_size=6), st.lists(texts, min_size=1, max_size=4))
def test_exactly_those_that_share_a_key_are_found(steps: list[list[str]], asked: list[str]) -> None:
    neighbours, known = Neighbours(), list[Signature]()
    for step in steps:
        new = [signed(text) for text in step]
        neighbours.learn(range(len(known) + 1, len(known) + len(new) + 1), [entry.values for entry in new])
        known += new
    assert neighbours.last == len(known)
    wanted = [signed(text) for text in asked]
    assert sharing(neighbours, *(entry.values for entry in wanted)) == [
        [number for number in range(len(known), 0, -1) if set(known[number - 1].keys) & set(entry.keys)]
        for entry in wanted
    ]


def test_what_is_old_is_dropped_and_nothing_else() -> None:
    neighbours = Neighbours()
    values = [signed(f"{' '.join(WORDS)} {number}").values for number in range(100)]
    for number in range(100):
        neighbours.learn([number + 1], [values[number]])
    size = neighbours.nbytes
    neighbours.forget(97)
    assert neighbours.nbytes < size / 2
    assert sharing(neighbours, values[0])[0][:4] == [100, 99, 98, 97]
    neighbours.forget(101)
    assert sharing(neighbours, values[0]) == [[]]
    assert neighbours.nbytes == 0


def test_what_it_holds_is_no_more_than_twice_what_is_not_old_however_long_it_goes_on() -> None:
    neighbours, window = Neighbours(), 50
    values = [signed(f"{' '.join(WORDS)} {number}").values for number in range(window)]
    neighbours.learn(range(1, window + 1), values)
    size = neighbours.nbytes
    for number in range(window + 1, 20 * window):
        neighbours.learn([number], [values[number % window]])
        neighbours.forget(number - window)
        assert neighbours.nbytes <= 2.5 * size
        kept = sharing(neighbours, values[0])[0]
        assert set(range(number - window, number + 1)) <= set(kept) | {0}
