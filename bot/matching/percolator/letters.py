"""What each letter of a text means to the reader of streams, and the numbers words are known by.

A word's number is that of its folded form: four letters after the other mixed into 64 bits, with a salt and factors
that are drawn from a seed of the process, so nobody can make two words collide on purpose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from bot.matching.arrays import Bytes, Codes, Int64, UInt16, UInt64, ascending, flagged
from bot.matching.folding import fold
from bot.matching.words import words

WIDE, SILENT, ODD, MARK, BREAK = range(0xD800, 0xD805)
"""The signs of code points that do not fold to one letter: letters that fold to two; to nothing, unless alone; what
only the analyser can tell; marks that join words in some places; and what parts words. None of them is a letter."""

APOSTROPHE, POINT, HYPHEN, GROUPING = 1, 2, 3, 4
"""Sorts of marks. Points and apostrophes group digits too."""

_SORTS = {
    **dict.fromkeys("'’‘ʼʻ´`′＇", APOSTROPHE),
    **dict.fromkeys("‐‑-", HYPHEN),
    **dict.fromkeys(",\u00a0\u202f\u2009", GROUPING),
    ".": POINT,
}
BEYOND = 0xFFFF
"""Stands for every code point from here on: emoji and rare scripts."""
_ODD_INSIDE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\uff9e\uff9f"
"""What `bot.matching.words` takes as part of a word without its being alphanumeric, beside marks."""
_FOUR = 4
"""Letters of 16 bits in 64."""
_KEPT = np.array([(1 << 16 * size) - 1 for size in range(_FOUR + 1)], np.uint64)
"""What is kept of four letters when so many of them belong to the word."""
_SHIFTS = np.uint64(32), np.uint64(29)


class Letters:
    """Tables over code points, filled as code points are first seen; `seed` makes the numbers."""

    def __init__(self, seed: int) -> None:
        drawn = np.random.default_rng(seed).integers(1 << 62, size=3, dtype=np.uint64)
        self._salt, self._factors = drawn[0], drawn[1:] * np.uint64(4) + np.uint64(1)
        self.sign: UInt16 = np.zeros(BEYOND + 1, np.uint16)
        """The letter that a code point folds to, or one of the signs above; 0 where it has not been seen."""
        self.sign[BEYOND] = ODD
        self.sort: Bytes = np.zeros(BEYOND + 1, np.uint8)
        for mark, sort in _SORTS.items():
            self.sort[ord(mark)] = sort
        self.begins_with_j, self.ends_in_d = np.zeros((2, BEYOND + 1), np.bool_)
        """Of what it folds to: a d may swallow a j."""
        self._sizes: Bytes = np.zeros(BEYOND + 1, np.uint8)
        """Letters that it folds to: 0 to 2."""
        self._folds: UInt16 = np.zeros((2, BEYOND + 1), np.uint16)
        """The first of these letters, and the second."""

    def signs(self, codes: Codes) -> UInt16:
        """The sign of each code point, learned when it is new."""
        signs = self.sign.take(codes, mode="clip")
        if not signs.all():
            for code in ascending(codes[signs == 0]).tolist():
                self._learn(code)
            signs = self.sign.take(codes, mode="clip")
        return signs

    def _learn(self, code: int) -> None:
        self.sign[code], folded = _sign(chr(code))
        self._sizes[code] = len(folded)
        self._folds[: len(folded), code] = [*map(ord, folded)]
        self.begins_with_j[code], self.ends_in_d[code] = folded.startswith("j"), folded.endswith("d")

    def folded(self, codes: Codes, sizes: Int64) -> tuple[UInt16, Int64]:
        """The letters that runs of letters fold to, one run after the other, and how many they are of each."""
        lengths = self._sizes.take(codes, mode="clip").astype(np.int64)
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        letters = np.zeros(ends[-1], np.uint16)
        for place, folds in enumerate(self._folds):
            some = flagged(lengths > place)
            letters[ends[some] + place] = folds.take(codes[some], mode="clip")
        return letters, np.diff(ends.take(np.cumsum(sizes)), prepend=0)

    def numbers(self, fours: UInt64, starts: Int64, sizes: Int64) -> UInt64:
        """The number of each word whose letters stand from a place on, as `fours` gives them; 0 where they are none."""
        numbers: UInt64 = fours.take(starts) & _KEPT.take(sizes, mode="clip")
        numbers += self._salt
        self._mix(numbers)
        numbers[sizes == 0] = 0
        at = flagged(sizes > _FOUR)
        starts, sizes = starts.take(at), sizes.take(at)
        while len(at):
            starts += _FOUR
            sizes -= _FOUR
            further = fours.take(starts) & _KEPT.take(sizes, mode="clip")
            further += numbers.take(at)
            self._mix(further)
            numbers[at] = further
            on = flagged(sizes > _FOUR)
            at, starts, sizes = at.take(on), starts.take(on), sizes.take(on)
        return numbers

    def _mix(self, numbers: UInt64) -> None:
        """Spreads over all bits what numbers differ in (as MurmurHash3 ends, Appleby 2011, with factors of our own)."""
        for factor, shift in zip(self._factors, _SHIFTS, strict=True):
            numbers ^= numbers >> shift
            numbers *= factor
        numbers ^= numbers >> _SHIFTS[0]

    def hashed(self, folded: Sequence[str]) -> UInt64:
        """The number of each folded word."""
        text = "".join(folded)
        units = _units(text)
        sizes = [*map(len, folded)] if len(units) == len(text) else [len(_units(word)) for word in folded]
        lengths = np.array(sizes, np.int64)
        return self.numbers(fours(units), np.cumsum(lengths) - lengths, lengths)

    def beginnings(self, folded: Sequence[str], sizes: Int64) -> UInt64:
        """The numbers of the first letters of folded words, a row for each size, of all where there are fewer."""
        text = "".join(folded)
        units = _units(text)
        if len(units) != len(text):
            begun = [word[:size] for size in sizes.tolist() for word in folded]
            return self.hashed(begun).reshape(len(sizes), len(folded))
        lengths = np.fromiter(map(len, folded), np.int64, len(folded))
        return self.begun(fours(units), np.cumsum(lengths) - lengths, lengths, sizes)

    def begun(self, fours: UInt64, starts: Int64, lengths: Int64, sizes: Int64) -> UInt64:
        """The numbers of the first letters of words that `numbers` is of, a row for each size."""
        upto = np.minimum(lengths, sizes[:, None])
        return self.numbers(fours, np.broadcast_to(starts, upto.shape).ravel(), upto.ravel()).reshape(upto.shape)


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    units = _units(text)
    if len(units) == len(text):
        return units
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _units(text: str) -> UInt16:
    """One for each letter of the basic plane, two for each beyond."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def fours(*letters: UInt16) -> UInt64:
    """Of each place in these letters, one array after the other, the four from there on, the first one lowest.

    Beyond the last one there are zeros, which are no letters, and one more place.
    """
    row = np.concatenate((*letters, np.zeros(_FOUR, np.uint16)))
    return np.ndarray(len(row) - _FOUR + 1, np.uint64, row.data, strides=row.strides).copy()


def _sign(letter: str) -> tuple[int, str]:
    """The sign of a code point of the basic plane, and the letters it folds to where it folds by itself."""
    if ord(letter) in map(ord, _SORTS):
        return MARK, ""
    if letter in _ODD_INSIDE or unicodedata.category(letter)[0] == "M":
        return ODD, ""
    if not letter.isalnum():  # the analyser takes radicals, say, as words all the same
        return ODD if any(words(letter)) else BREAK, ""
    folded = fold(f"q{letter}q")[1:-1]
    spaced = [found for found, _ in words(letter * 2)] == [letter * 2]  # a script without spaces has a word a letter
    alone = all(mark.isalnum() and not unicodedata.combining(mark) for mark in folded) and "dj" not in folded
    if not spaced or not alone or len(folded) > 2 or max(folded, default="") >= chr(WIDE):
        return ODD, ""
    return ord(folded) if len(folded) == 1 else WIDE if folded else SILENT, folded
