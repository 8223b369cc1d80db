"""A batch of articles as one row of word numbers: exactly the analyser's words, without a Python object a word.

Runs of plain letters and digits between plain breaks are read by array operations. What only the analyser can tell is
handed to it, cut at the nearest breaks, which no word reaches across; pieces met before are remembered. That is what
has an apostrophe, initial or grouped digits in it, combining marks, scripts without spaces, or letters of uneven fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.arrays import Codes, Flags, Int64, UInt16, UInt64, flagged, ranges
from bot.matching.document import Document
from bot.matching.folding import fold
from bot.matching.percolator.letters import (
    APOSTROPHE,
    BREAK,
    HYPHEN,
    MARK,
    ODD,
    POINT,
    SILENT,
    WIDE,
    Letters,
    codes_of,
    fours,
)
from bot.matching.percolator.pieces import BORDER, Pieces

_LONGEST = 32
"""Letters of a run that surely fold to no more than the 64 where words are cut."""
_EDGE = "\n\n\n"
"""Breaks around each text, so that looking two characters back or ahead is always possible."""
_E, _CAPITAL_E, _ZERO, _J = (np.uint16(ord(letter)) for letter in "eE0j")


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of letters and digits: from where in a text up to where."""

    letters: Letters
    text: str
    starts: Int64
    lasts: Int64
    fours: UInt64
    """The letters they fold to, as `Letters.numbers` reads them."""
    at: Int64
    """Where those of each begin."""
    sizes: Int64

    def numbers(self) -> UInt64:
        """The number of each."""
        return self.letters.numbers(self.fours, self.at, self.sizes)

    def beginnings(self, runs: Int64, sizes: Int64) -> UInt64:
        """The numbers of the first letters of some, a row for each size."""
        return self.letters.begun(self.fours, self.at[runs], self.sizes[runs], sizes)

    def words(self, runs: Int64) -> list[str]:
        """The folded forms of some."""
        text = self.text
        bounds = zip(self.starts[runs].tolist(), self.lasts[runs].tolist(), strict=True)
        words = [text[start:last] for start, last in bounds]
        # What is plain ASCII and not a piece has no dj in it: all that folding does is to lower it.
        return [word.lower() if word.isascii() else fold(word) for word in words]


@dataclass(frozen=True, slots=True)
class Stream:
    """Words of several texts in a row, each text followed by a 0.

    `numbers` has the word's number a place; `ends` the place of the 0 after each text.
    """

    numbers: UInt64
    ends: Int64
    _runs: Runs
    _kept: Flags
    """Which of the runs are words, in their order: not those that lie in a piece."""
    _folded: Sequence[str]
    _places: Int64
    """Of the words that are not runs, ascending."""
    _which: Int64
    """Of these which of `_folded` each is."""

    def words(self, places: Int64) -> list[str]:
        """The folded forms of the words at some places."""
        mine, runs, others, which = self._parted(places)
        words = [""] * len(places)
        for index, word in zip(mine.tolist(), self._runs.words(runs), strict=True):
            words[index] = word
        for index, place in zip(others.tolist(), which.tolist(), strict=True):
            words[index] = self._folded[place]
        return words

    def beginnings(self, places: Int64, sizes: Int64) -> UInt64:
        """The numbers of the first letters of words at some places, a row for each size, of all if there are fewer."""
        mine, runs, others, which = self._parted(places)
        numbers = np.zeros((len(sizes), len(places)), np.uint64)
        numbers[:, mine] = self._runs.beginnings(runs, sizes)
        numbers[:, others] = self._runs.letters.beginnings([self._folded[word] for word in which.tolist()], sizes)
        return numbers

    def _parted(self, places: Int64) -> tuple[Int64, Int64, Int64, Int64]:
        """At which of the places runs stand, and which; at which of them other words do, and which."""
        before = np.searchsorted(self._places, places)
        folded = self._places.take(before, mode="clip") == places
        mine, others = flagged(~folded), flagged(folded)
        runs = flagged(self._kept)[places[mine] - before[mine]]
        return mine, runs, others, self._which[before[others]]


class Reader:
    """Reads texts, and documents the analyser has made already, to streams whose numbers agree."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._pieces = Pieces(letters)

    def documents(self, documents: Sequence[Document]) -> Stream:
        """Title and body of each document, one after the other."""
        folded: list[str] = []
        ends: list[int] = []
        for document in documents:
            for tokens in (document.title, document.body):
                folded += tokens.folded
                ends.append(len(folded))
                folded.append("")
        none, places = np.zeros(0, np.int64), np.arange(len(folded))
        runs, kept = Runs(self._letters, "", none, none, fours(), none, none), np.zeros(0, np.bool_)
        return Stream(self._letters.hashed(folded), np.array(ends, np.int64), runs, kept, folded, places, places)

    def texts(self, texts: Sequence[str]) -> Stream:
        """The words of each text."""
        text = _EDGE.join(("", *texts, ""))
        codes = codes_of(text)
        signs = self._letters.signs(codes)
        inside = signs <= SILENT
        turns = flagged(inside[1:] != inside[:-1]) + 1
        starts, lasts = turns[::2].copy(), turns[1::2]
        sizes = lasts - starts
        long = flagged(sizes > _LONGEST)
        special = _special(signs, inside)
        begins, ends = _pieces(signs, self._odd(codes, signs, inside, special), starts[long])
        sizes[long] = 0  # part of a piece: its own number does not matter
        unequal = special[signs[special] - np.uint16(WIDE) <= SILENT - WIDE]
        runs = Runs(self._letters, text, starts, lasts, *self._folded(codes, signs, starts, sizes, unequal))
        return self._merged(texts, runs, self._pieces.ids_in(text, codes, begins, ends), begins, ends)

    def _folded(
        self, codes: Codes, signs: UInt16, starts: Int64, sizes: Int64, unequal: Int64
    ) -> tuple[UInt64, Int64, Int64]:
        """The letters that runs fold to, where those of each begin, and how many they are.

        They are the signs, but for runs with an unequal letter: one that does not fold to one.
        """
        if not len(unequal):
            return fours(signs), starts, sizes
        uneven = np.zeros(len(starts), np.bool_)
        uneven[np.searchsorted(starts, unequal, side="right") - 1] = True
        those = flagged(uneven)
        letters, lengths = self._letters.folded(codes[ranges(starts[those], sizes[those])], sizes[those])
        at = starts.copy()
        at[those], sizes[those] = len(signs) + np.cumsum(lengths) - lengths, lengths
        return fours(signs, letters), at, sizes

    def _merged(self, texts: Sequence[str], runs: Runs, ids: Int64, begins: Int64, ends: Int64) -> Stream:
        """Runs, the words of pieces in the place of the runs they hold, and the ends of the texts."""
        numbers = runs.numbers()
        borders = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + len(_EDGE))  # the break after each
        order = np.argsort(np.concatenate((begins, borders)), kind="stable")
        first, upto = np.searchsorted(runs.starts, (np.concatenate((begins, borders)), np.concatenate((ends, borders))))
        first, held = first[order], (upto - first)[order]
        kept = np.ones(len(numbers), np.bool_)
        kept[ranges(first, held)] = False
        counts, words, inserted = self._pieces.words_of(np.concatenate((ids, np.full(len(borders), BORDER)))[order])
        at = np.repeat(first - np.cumsum(held) + held, counts) + np.arange(len(words))
        is_run = np.ones(len(numbers) - int(held.sum()) + len(words), np.bool_)
        is_run[at] = False
        merged = np.empty(len(is_run), np.uint64)
        merged[at] = inserted
        merged[is_run] = numbers[kept]
        return Stream(merged, at[words == 0], runs, kept, self._pieces.words, at, words)

    def _odd(self, codes: Codes, signs: UInt16, inside: Flags, at: Int64) -> Int64:
        """Which of these places only the analyser can tell the words at; sometimes it need not be asked."""
        sign, last, before = signs[at], signs[at - 1], codes[at - 1]
        sorts = self._letters.sort.take(codes[at], mode="clip")
        digits = (last - _ZERO < 10) & (signs[at + 1] - _ZERO < 10)
        grouped = digits & (sorts != HYPHEN)
        e = (before == _E) | (before == _CAPITAL_E)
        initial = ~inside[at - 2] & ((sorts == POINT) | ((sorts == HYPHEN) & e))
        joined = (sign == MARK) & ((sorts == APOSTROPHE) | grouped | initial)
        ended = (last == SILENT) | self._letters.ends_in_d.take(before, mode="clip")
        swallowed = ended & self._letters.begins_with_j.take(codes[at], mode="clip")
        alone = (sign == SILENT) & (last > SILENT)
        odd: Int64 = at[(sign == ODD) | joined | swallowed | alone]
        return odd


def _special(signs: UInt16, inside: Flags) -> Int64:
    """Where letters are that do not fold to one letter, marks inside words, what is odd, and what a d may swallow."""
    special = signs - np.uint16(WIDE) <= ODD - WIDE
    special[1:-1] |= (signs[1:-1] == MARK) & inside[:-2] & inside[2:]
    special |= signs == _J
    return flagged(special)


def _pieces(signs: UInt16, odd: Int64, long: Int64) -> tuple[Int64, Int64]:
    """The pieces between breaks that hold any of these places, each once."""
    if len(long):
        odd = np.sort(np.concatenate((odd, long)))
    breaks = flagged(signs == BREAK)
    after = np.searchsorted(breaks, odd)
    after = after[flagged(np.diff(after, prepend=-1))]
    return breaks[after - 1] + 1, breaks[after]
