"""Folded words that look or sound alike: how many letters apart two are, and what one may be a slip of."""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

_SOUNDS = (
    ("ks", "x"), ("v", "w"), ("i", "y"), ("j", "y"), ("ju", "u"), ("f", "ph"), ("k", "c"), ("c", "ch"), ("s", "sh"),
    ("s", "sch"), ("z", "s"), ("dz", "j"), ("h", "kh"), ("t", "th"), ("kv", "qu"), ("nj", "gn"), ("c", "tz"),
)  # fmt: skip
"""Letters that stand for one sound in one spelling or another, as when a name is written in another script."""


def apart(one: str, other: str, most: int) -> int:
    """Letters to put in, leave out, change or swap to make one word the other; where it is more, `most` + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row, last = row, [i], before
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def slips(word: str) -> Iterator[str]:
    """Every word that is one letter apart from this one, or is written otherwise and sounds the same."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
    yield from spellings(word)


def spellings(word: str) -> Iterator[str]:
    """The word with a sound in it written in another way."""
    for one, other in _SOUNDS:
        if one in word:
            yield word.replace(one, other)
        if other in word:
            yield word.replace(other, one)
