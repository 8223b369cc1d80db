"""A hash table over whole arrays: 64-bit keys to numbers, each key at one of two places (Pagh, Rodler 2001)."""

from __future__ import annotations

import numpy as np

from bot.matching.arrays import Flags, Int32, Int64, UInt64, flagged, grown

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: the top bits of its products are even for keys that are not (Knuth, TAOCP 6.4)."""
_HALF = np.uint64(32)
_LOWER = np.uint64((1 << 32) - 1)
_SPACE = 3
"""Places to a key at least: with two or fewer there may be no way to give each key one of its own."""
_MOVES = 100
"""After so many moves of keys that make room for others there surely is no way."""
ABSENT = -1


class Table:
    """Keys other than 0, each with a number from 0 to 2^62."""

    def __init__(self, bits: int = 10) -> None:
        self._size = 0
        # In the order they came: words that are met first are met most, and so lie close together.
        self._keys: UInt64 = np.zeros(1, np.uint64)
        self._values: Int64 = np.full(1, ABSENT)
        self._factor = _SPREAD
        self._allocate(bits)

    def _allocate(self, bits: int) -> None:
        self._slots: Int32 = np.zeros(1 << bits, np.int32)
        """Indices of keys; 0 where there is none."""
        self._shift = np.uint64(64 - bits)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Bytes the table takes."""
        return self._slots.nbytes + self._keys.nbytes + self._values.nbytes

    def keys(self) -> UInt64:
        """Every key, in no order."""
        return self._keys[1 : self._size + 1]

    def get(self, keys: UInt64) -> Int64:
        """The number of each key, ABSENT where it has none."""
        return self._values.take(self._indices(keys))

    def _indices(self, keys: UInt64) -> Int64:
        """The index of each key, 0 where it is not there."""
        spread = self._spread(keys)
        found: Int64 = self._slots.take(self._first(spread)).astype(np.int64)
        left = flagged(self._keys.take(found) != keys)
        # A place that was taken once stays taken: no key was moved from an empty one.
        left = left.take(flagged(found.take(left)))
        held = self._slots.take(self._second(spread.take(left))).astype(np.int64)
        held[self._keys.take(held) != keys.take(left)] = 0
        found[left] = held
        return found

    def put(self, keys: UInt64, values: Int64) -> None:
        """Gives keys, each of them once, their numbers, in place of those they had."""
        indices = self._indices(keys)
        new = flagged(indices == 0)
        first, self._size = self._size + 1, self._size + len(new)
        self._keys, self._values = grown(self._keys, self._size + 1), grown(self._values, self._size + 1)
        indices[new] = np.arange(first, self._size + 1)
        self._keys[indices] = keys
        self._values[indices] = values
        if self._size * _SPACE > len(self._slots):
            self._allocate((self._size * _SPACE).bit_length())
            first = 1
        while not self._placed(np.arange(first, self._size + 1)):
            self._factor += np.uint64(2)
            self._slots[:] = 0
            first = 1

    def _placed(self, indices: Int64) -> bool:
        """Whether each got a place; others had to go to their other one for that, and for these still others."""
        at = self._first(self._spread(self._keys.take(indices)))
        for _ in range(_MOVES):
            if not len(indices):
                return True
            before = self._slots.take(at).astype(np.int64)
            self._slots[at] = indices  # of several at one place the last one gets it
            won = self._slots.take(at) == indices
            out = np.where(won, before, indices)
            moving = flagged(out)
            indices, at = out.take(moving), at.take(moving)
            spread = self._spread(self._keys.take(indices))
            first, second = self._first(spread), self._second(spread)
            at = np.where(at == first, second, first)
        return False

    def _spread(self, keys: UInt64) -> UInt64:
        spread = keys * self._factor
        spread ^= spread >> _HALF
        spread *= self._factor
        return spread

    def _first(self, spread: UInt64) -> Int64:
        return (spread >> self._shift).view(np.int64)

    def _second(self, spread: UInt64) -> Int64:
        return ((spread & _LOWER) >> (self._shift - _HALF)).view(np.int64)


class Sieve:
    """Tells of most keys that they are not among some, in less memory than a table takes (Bloom 1970)."""

    def __init__(self) -> None:
        self._bits = 16
        self._marked: Flags = np.zeros(1 << self._bits, np.bool_)

    @property
    def nbytes(self) -> int:
        """Bytes it takes."""
        return self._marked.nbytes

    def add(self, keys: UInt64, table: Table) -> None:
        """Adds keys; all of them are in the table, whose keys are all that were ever added."""
        bits = max(min(len(table).bit_length() + 3, 22), self._bits)
        if bits != self._bits:
            self._bits, self._marked, keys = bits, np.zeros(1 << bits, np.bool_), table.keys()
        self._marked[self._home(keys)] = True

    def passed(self, keys: UInt64) -> Int64:
        """The places of those keys that may be among them."""
        return flagged(self._marked.take(self._home(keys)))

    def _home(self, keys: UInt64) -> Int64:
        return ((keys * _SPREAD) >> np.uint64(64 - self._bits)).view(np.int64)
