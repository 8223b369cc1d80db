"""What each letter of a text means to the reader of streams, and the numbers words are known by.

A word's number is that of its folded form: the sum of a random number a letter times the powers of a random base, all
modulo 2^64. The random numbers are drawn from a seed of the process, so nobody can make two words collide on purpose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from bot.matching.folding import fold
from bot.matching.percolator.arrays import Bytes, Int64, UInt32, UInt64, ranges
from bot.matching.words import words

PLAIN, DIGIT, J, WIDE, SILENT, MARK, ODD, BREAK = 1, 2, 3, 4, 5, 6, 7, 8
"""Kinds of code points: letters and the like that fold to one by themselves; decimal digits; letters whose fold begins
with a j, which a d may swallow; letters that fold to two; to nothing, unless alone; marks that join words in some
places; what only the analyser can tell; and what parts words."""

APOSTROPHE, POINT, HYPHEN, GROUPING = 1, 2, 3, 4
"""Sorts of marks. Points and apostrophes group digits too."""

_SORTS = {
    **dict.fromkeys("'’‘ʼʻ´`′＇", APOSTROPHE),
    **dict.fromkeys("‐‑-", HYPHEN),
    **dict.fromkeys(",\u00a0\u202f\u2009", GROUPING),
    ".": POINT,
}
_KEPT = 1 << 22
"""Powers that are kept: a batch with more letters than this has some enormous article in it."""
_WHOLE = np.array([1 << 40])
"""A size that no word has."""
_BEYOND = 0xFFFF
"""Stands for every code point from here on: emoji and rare scripts."""
_ODD_INSIDE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\uff9e\uff9f"
"""What `bot.matching.words` takes as part of a word without its being alphanumeric, beside marks."""


class Letters:
    """Tables over code points, filled as code points are first seen; `seed` makes the numbers."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._base, self._salt = (int(number) | 1 for number in random.integers(1 << 62, size=2))
        self.kind: Bytes = np.zeros(_BEYOND + 1, np.uint8)
        self.kind[_BEYOND] = ODD
        self.sort: Bytes = np.zeros(_BEYOND + 1, np.uint8)
        for mark, sort in _SORTS.items():
            self.sort[ord(mark)] = sort
        self.size: Bytes = np.ones(_BEYOND + 1, np.uint8)
        """Letters of the fold: 0 to 2."""
        self.ends_in_d = np.zeros(_BEYOND + 1, np.bool_)
        self.number: UInt64 = np.zeros(_BEYOND + 1, np.uint64)
        self._powers, self._inverses = np.ones(1, np.uint64), np.ones(1, np.uint64)

    def powers(self, size: int) -> tuple[UInt64, UInt64]:
        """The powers of the base from 0 up to at least `size`, and those of its inverse."""
        if len(self._powers) > size:
            return self._powers, self._inverses
        longer = np.full(2 * size if 2 * size < _KEPT else size + 1, self._base, np.uint64)
        longer[0] = 1
        powers = np.cumprod(longer)
        longer[1:] = pow(self._base, -1, 1 << 64)
        inverses = np.cumprod(longer)
        if size < _KEPT:
            self._powers, self._inverses = powers, inverses
        return powers, inverses

    def learn(self, codes: UInt32) -> None:
        """Fills the tables for code points not seen before."""
        for code in np.unique(codes).tolist():
            self._learn(code)

    def _learn(self, code: int) -> None:
        letter = chr(code)
        self.kind[code], folded = _kind(letter)
        if self.kind[code] <= SILENT:
            numbers = self.numbers(np.array([*map(ord, folded)], np.uint32)).tolist()
            self.number[code] = sum(number * self._base**at for at, number in enumerate(numbers)) % 2**64
            self.size[code] = len(folded)
            self.ends_in_d[code] = folded.endswith("d")

    def numbers(self, codes: UInt32) -> UInt64:
        """A random number for each letter of folded words (SplitMix64: Steele, Lea, Flood 2014)."""
        mixed = (codes.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(self._salt)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))

    def hashed(self, folded: Sequence[str]) -> UInt64:
        """The number of each folded word."""
        numbers: UInt64 = self.beginnings(folded, _WHOLE)[0]
        return numbers

    def beginnings(self, folded: Sequence[str], sizes: Int64) -> UInt64:
        """The numbers of the first letters of folded words, a row for each size, of all where there are fewer."""
        codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter(map(len, folded), np.int64, len(folded))
        starts = np.cumsum(lengths) - lengths
        sums = self._summed(self.numbers(codes), ranges(np.zeros(len(lengths), np.int64), lengths))
        found: UInt64 = sums[starts + np.minimum(lengths, sizes[:, None])] - sums[starts]
        return found

    def folded(self, codes: UInt32, sizes: Int64) -> UInt64:
        """The number of each of some runs of letters, one after the other, that fold to more or fewer letters."""
        lengths = self.size.take(codes, mode="clip").astype(np.int64)
        before = np.cumsum(lengths) - lengths
        starts = np.cumsum(sizes) - sizes
        sums = self._summed(self.number.take(codes, mode="clip"), before - np.repeat(before[starts], sizes))
        found: UInt64 = sums[starts + sizes] - sums[starts]
        return found

    def _summed(self, numbers: UInt64, places: Int64) -> UInt64:
        """The sums of the letters' numbers before each and after all, where each stands at a place of its word."""
        powers, _ = self.powers(int(places.max(initial=0)))
        sums = np.zeros(len(numbers) + 1, np.uint64)
        np.cumsum(numbers * powers[places], out=sums[1:])
        return sums


def _kind(letter: str) -> tuple[int, str]:
    """The kind of a code point of the basic plane, and the letters it folds to where it folds by itself."""
    if ord(letter) in map(ord, _SORTS):
        return MARK, ""
    if letter in _ODD_INSIDE or unicodedata.category(letter)[0] == "M":
        return ODD, ""
    if not letter.isalnum():  # the analyser takes radicals, say, as words all the same
        return ODD if any(words(letter)) else BREAK, ""
    folded = fold(f"q{letter}q")[1:-1]
    spaced = [found for found, _ in words(letter * 2)] == [letter * 2]  # a script without spaces has a word a letter
    alone = all(mark.isalnum() and not unicodedata.combining(mark) for mark in folded) and "dj" not in folded
    if not spaced or not alone or len(folded) > 2:
        return ODD, ""
    if letter.isdecimal():
        return DIGIT, folded
    return J if folded[:1] == "j" else (SILENT, PLAIN, WIDE)[len(folded)], folded
