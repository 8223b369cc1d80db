"""Pieces of text that only the analyser can tell the words of, read once and remembered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from bot.matching.arrays import Codes, Int64, UInt64, flagged, grown, ranges
from bot.matching.percolator.letters import BEYOND, Letters, fours
from bot.matching.percolator.table import Table
from bot.matching.text import folded_words

_MOST = 1 << 19
"""Letters of pieces remembered before all are forgotten: a piece of a script without spaces may be long."""
_SHORT = 32
"""Letters of a piece that is known by a number."""
_MANY = 64
"""Pieces so many that numbers are quicker than strings."""
_EDGES = ".,-'’"
"""Marks that mean nothing at the edge of a piece, beside a break."""

BORDER = 0
"""The piece that stands for the end of a text: one empty word."""


class Pieces:
    """Pieces by number: each is a range of `words`, whose numbers are in a parallel array."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._forget()

    def _forget(self) -> None:
        self.words = [""]
        self._size = 0
        self._read = 1
        """How many pieces; some under several names, with marks at their edges."""
        self._ids = {"": BORDER}
        self._met = Table()
        """Short pieces by the number of what is written: no string is made of one that was met before."""
        self._numbers: UInt64 = np.zeros(1, np.uint64)
        self._starts: Int64 = np.zeros(1, np.int64)
        self._counts: Int64 = np.ones(1, np.int64)

    def ids(self, pieces: Sequence[str]) -> Int64:
        """The number of each piece, reading those that are new; numbers of earlier calls may be void after this."""
        if self._size > _MOST:
            self._forget()
        return self._ids_of(pieces)

    def ids_in(self, text: str, codes: Codes, begins: Int64, ends: Int64) -> Int64:
        """As `ids`, of the pieces of a text, whose code points are `codes`, from where up to where."""
        if len(begins) < _MANY:
            return self.ids([text[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)])
        if self._size > _MOST:
            self._forget()
        keys = self._keys(codes, begins, ends)
        found = self._met.get(keys)
        new = flagged(found < 0)
        if len(new):
            bounds = zip(begins[new].tolist(), ends[new].tolist(), strict=True)
            found[new] = self._ids_of([text[begin:end] for begin, end in bounds])
            keys, first = np.unique(keys[new], return_index=True)
            short = flagged(keys)
            self._met.put(keys[short], found[new[first[short]]])
        return found

    def _keys(self, codes: Codes, begins: Int64, ends: Int64) -> UInt64:
        """The number of each short piece as it is written, 0 of what is longer or has letters that share a code."""
        sizes = ends - begins
        sizes[sizes > _SHORT] = 0
        letters = np.minimum(codes[ranges(begins, sizes)], BEYOND).astype(np.uint16)
        upto = np.cumsum(sizes)
        keys = self._letters.numbers(fours(letters), upto - sizes, sizes)
        keys[np.searchsorted(upto, flagged(letters == BEYOND), side="right")] = 0
        return keys

    def _ids_of(self, pieces: Sequence[str]) -> Int64:
        found = [*map(self._ids.get, pieces)]
        if None in found:
            self._name({piece: None for piece, number in zip(pieces, found, strict=True) if number is None})
            found = [*map(self._ids.get, pieces)]
        return np.array(found, np.int64)

    def words_of(self, ids: Int64) -> tuple[Int64, Int64, UInt64]:
        """How many words each piece has; of these, one after the other, the places in `words` and the numbers."""
        counts = self._counts[ids]
        places = ranges(self._starts[ids], counts)
        return counts, places, self._numbers[places]

    def _name(self, pieces: Collection[str]) -> None:
        """Gives pieces the numbers that they have without the marks at their edges."""
        known = self._ids
        plain = [piece.strip(_EDGES) for piece in pieces]
        new = {piece: None for piece in plain if piece not in known}
        if new:
            self._learn([*new])
        known.update({piece: known[bare] for piece, bare in zip(pieces, plain, strict=True)})
        self._size += sum(map(len, pieces))

    def _learn(self, pieces: list[str]) -> None:
        read = [folded_words(piece) for piece in pieces]
        words = [word for found in read for word in found]
        self._size += sum(map(len, pieces))
        first, size = self._read, len(self.words)
        self._read += len(pieces)
        self._numbers = grown(self._numbers, size + len(words))
        self._numbers[size : size + len(words)] = self._letters.hashed(words)
        self._starts, self._counts = (grown(array, first + len(pieces)) for array in (self._starts, self._counts))
        counts = np.fromiter(map(len, read), np.int64, len(read))
        self._counts[first : first + len(pieces)] = counts
        self._starts[first : first + len(pieces)] = size + np.cumsum(counts) - counts
        self._ids.update(zip(pieces, range(first, first + len(pieces)), strict=True))
        self.words += words
