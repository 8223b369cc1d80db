"""A batch of articles as one row of word numbers: exactly the analyser's words, without a Python object a word.

Runs of plain letters and digits between plain breaks are read by array operations. What only the analyser can tell is
handed to it, cut at the nearest breaks, which no word reaches across; pieces met before are remembered. That is what
has an apostrophe, initial or grouped digits in it, combining marks, scripts without spaces, or letters of uneven fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.document import Document
from bot.matching.folding import fold
from bot.matching.percolator.arrays import Bytes, Flags, Int64, UInt32, UInt64, ranges
from bot.matching.percolator.letters import (
    APOSTROPHE,
    BREAK,
    DIGIT,
    HYPHEN,
    MARK,
    ODD,
    POINT,
    SILENT,
    J,
    Letters,
)
from bot.matching.percolator.pieces import BORDER, Pieces

_LONGEST = 32
"""Letters of a run that surely fold to no more than the 64 where words are cut."""
_EDGE = "\n\n\n"
"""Breaks around each text, so that looking two characters back or ahead is always possible."""
_EE = np.array([ord("e"), ord("E")], np.uint32)


@dataclass(frozen=True, slots=True)
class Runs:
    """Words that are letters and digits between breaks: from where in a text up to where; the first one is empty."""

    letters: Letters
    text: str
    starts: Int64
    lasts: Int64
    sums: UInt64
    """The sum of the letters' numbers before each offset, each times the power of its offset."""
    uneven: Flags
    """Those that fold to more letters or fewer."""

    def numbers(self) -> UInt64:
        """The number of each, but for uneven ones."""
        _, inverses = self.letters.powers(len(self.sums))
        return (self.sums[self.lasts] - self.sums[self.starts]) * inverses[self.starts]

    def beginnings(self, runs: Int64, sizes: Int64) -> UInt64:
        """The numbers of the first letters of some, a row for each size, but for uneven ones."""
        _, inverses = self.letters.powers(len(self.sums))
        starts = self.starts[runs]
        lasts = np.minimum(starts + sizes[:, None], self.lasts[runs])
        numbers: UInt64 = (self.sums[lasts] - self.sums[starts]) * inverses[starts]
        return numbers

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
    _folded: Sequence[str]
    _place: Int64
    """Of a word: which of the runs, or -1 - which of `_folded`."""

    def words(self, places: Int64) -> list[str]:
        """The folded forms of the words at some places."""
        at = self._place[places]
        words = self._runs.words(np.maximum(at, 0))
        for index in np.flatnonzero(at < 0).tolist():
            words[index] = self._folded[-1 - at[index]]
        return words

    def beginnings(self, places: Int64, sizes: Int64) -> UInt64:
        """The numbers of the first letters of words at some places, a row for each size, of all if there are fewer."""
        at = self._place[places]
        numbers = self._runs.beginnings(np.maximum(at, 0), sizes)
        others = np.flatnonzero((at < 0) | self._runs.uneven[np.maximum(at, 0)])
        numbers[:, others] = self._runs.letters.beginnings(self.words(places[others]), sizes)
        return numbers


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
        nothing = np.zeros(1, np.int64)
        runs = Runs(self._letters, "", nothing, nothing, nothing.astype(np.uint64), nothing.astype(np.bool_))
        place = -1 - np.arange(len(folded), dtype=np.int64)
        return Stream(self._letters.hashed(folded), np.array(ends, np.int64), runs, folded, place)

    def texts(self, texts: Sequence[str]) -> Stream:
        """The words of each text."""
        text = _EDGE.join(("", *texts, ""))
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        kinds = self._kinds(codes)
        special = np.flatnonzero(kinds - np.uint8(J) <= ODD - J)
        starts, lasts = _runs(kinds)
        begins, ends = _pieces(kinds, self._odd(codes, kinds, special), starts[lasts - starts > _LONGEST])
        starts, lasts = _outside(starts, lasts, begins, ends)
        uneven = np.zeros(len(starts), np.bool_)
        unequal = special[self._letters.size.take(codes[special], mode="clip") != 1]
        uneven[np.searchsorted(starts, unequal, side="right") - 1] = True
        uneven[0] = False  # marked by letters that lie in a piece
        runs = Runs(self._letters, text, starts, lasts, self._sums(codes), uneven)
        return self._merged(texts, runs, self._numbers(codes, runs), begins, ends)

    def _merged(self, texts: Sequence[str], runs: Runs, numbers: UInt64, begins: Int64, ends: Int64) -> Stream:
        """Runs, pieces, and the ends of the texts in the order of the whole text."""
        whole = runs.text
        ids = self._pieces.ids([whole[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)])
        borders = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + len(_EDGE))  # the break after each
        offsets = np.concatenate((begins, borders))
        order = np.argsort(offsets)
        counts, words, inserted = self._pieces.words_of(np.concatenate((ids, np.full(len(borders), BORDER)))[order])
        at = np.repeat(np.searchsorted(runs.starts[1:], offsets[order]), counts) + np.arange(len(words))
        is_run = np.ones(len(numbers) - 1 + len(words), np.bool_)
        is_run[at] = False
        place = np.empty(len(is_run), np.int64)
        place[at] = -1 - words
        place[is_run] = np.arange(1, len(numbers))
        merged = np.empty(len(is_run), np.uint64)
        merged[at] = inserted
        merged[is_run] = numbers[1:]
        return Stream(merged, at[words == 0], runs, self._pieces.words, place)

    def _kinds(self, codes: UInt32) -> Bytes:
        kinds = self._letters.kind.take(codes, mode="clip")
        if not kinds.all():
            self._letters.learn(codes[kinds == 0])
            kinds = self._letters.kind.take(codes, mode="clip")
        return kinds

    def _odd(self, codes: UInt32, kinds: Bytes, special: Int64) -> Int64:
        """Where only the analyser can tell what the words are; sometimes where it need not be asked."""
        kind, last, next_ = kinds[special], kinds[special - 1], kinds[special + 1]
        sorts = self._letters.sort.take(codes[special], mode="clip")
        before = codes[special - 1]
        begun = kinds[special - 2] <= SILENT
        grouped = (last == DIGIT) & (next_ == DIGIT) & (sorts != HYPHEN)
        initial = ~begun & ((sorts == POINT) | ((sorts == HYPHEN) & ((before == _EE[0]) | (before == _EE[1]))))
        joined = (kind == MARK) & (last <= SILENT) & (next_ <= SILENT) & ((sorts == APOSTROPHE) | grouped | initial)
        swallowed = (kind == J) & ((last == SILENT) | self._letters.ends_in_d.take(before, mode="clip"))
        alone = (kind == SILENT) & (last > SILENT)
        odd: Int64 = special[(kind == ODD) | joined | swallowed | alone]
        return odd

    def _sums(self, codes: UInt32) -> UInt64:
        powers, _ = self._letters.powers(len(codes))
        sums = np.zeros(len(codes) + 1, np.uint64)
        terms = self._letters.number.take(codes, mode="clip")
        terms *= powers[: len(codes)]
        np.cumsum(terms, out=sums[1:])
        return sums

    def _numbers(self, codes: UInt32, runs: Runs) -> UInt64:
        """The number of each run."""
        numbers = runs.numbers()
        uneven = np.flatnonzero(runs.uneven)
        sizes = runs.lasts[uneven] - runs.starts[uneven]
        numbers[uneven] = self._letters.folded(codes[ranges(runs.starts[uneven], sizes)], sizes)
        return numbers


def _runs(kinds: Bytes) -> tuple[Int64, Int64]:
    """Where runs of letters and digits start, and where they have ended."""
    inside = kinds <= SILENT
    turns = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    return turns[::2], turns[1::2]


def _pieces(kinds: Bytes, odd: Int64, long: Int64) -> tuple[Int64, Int64]:
    """The pieces between breaks that hold any of these places, each once."""
    if len(long):
        odd = np.sort(np.concatenate((odd, long)))
    breaks = np.flatnonzero(kinds == BREAK)
    after = np.searchsorted(breaks, odd)
    after = after[np.flatnonzero(np.diff(after, prepend=-1))]
    return breaks[after - 1] + 1, breaks[after]


def _outside(starts: Int64, lasts: Int64, begins: Int64, ends: Int64) -> tuple[Int64, Int64]:
    """An empty run, and those that do not lie in a piece."""
    first, upto = np.searchsorted(starts, begins), np.searchsorted(starts, ends)
    keep = np.ones(len(starts), np.bool_)
    keep[ranges(first, upto - first)] = False
    nothing = np.zeros(1, np.int64)
    return np.concatenate((nothing, starts[keep])), np.concatenate((nothing, lasts[keep]))
