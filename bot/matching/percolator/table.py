"""A hash table over whole arrays: 64-bit keys to numbers by open addressing."""

from __future__ import annotations

import numpy as np

from bot.matching.percolator.arrays import Flags, Int64, UInt64

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: the top bits of its products are even for keys that are not (Knuth, TAOCP 6.4)."""
ABSENT = -1


class Table:
    """Keys other than 0, each with a number from 0 to 2^62."""

    def __init__(self, bits: int = 10) -> None:
        self._allocate(bits)
        self._size = 0

    def _allocate(self, bits: int) -> None:
        # A key stands beside its number, in one line of the processor's cache.
        self._pairs: UInt64 = np.zeros((1 << bits, 2), np.uint64)
        self._keys: UInt64 = self._pairs[:, 0]
        self._values: Int64 = self._pairs.view(np.int64)[:, 1]
        self._shift = np.uint64(64 - bits)

    def __len__(self) -> int:
        return self._size

    @property
    def nbytes(self) -> int:
        """Bytes the table takes."""
        return self._pairs.nbytes

    def get(self, keys: UInt64) -> Int64:
        """The number of each key, ABSENT where it has none, 0 for the key 0."""
        at = self._home(keys)
        pairs = self._pairs.take(at, axis=0)
        held, found = pairs[:, 0], pairs.view(np.int64)[:, 1]
        left = np.flatnonzero(held != keys)
        if not len(left):
            return found
        found[left] = ABSENT
        left = left.take(np.flatnonzero(held[left] != 0))
        wanted, at = keys.take(left), at.take(left)
        while len(left):
            at += 1
            at &= len(self._keys) - 1
            pairs = self._pairs.take(at, axis=0)
            held = pairs[:, 0]
            hit = np.flatnonzero(held == wanted)
            found[left.take(hit)] = pairs.view(np.int64)[hit, 1]
            held[hit] = 0
            on = np.flatnonzero(held)
            left, wanted, at = left.take(on), wanted.take(on), at.take(on)
        return found

    def keys(self) -> UInt64:
        """Every key, in no order."""
        held: UInt64 = self._keys[self._keys != 0]
        return held

    def put(self, keys: UInt64, values: Int64) -> None:
        """Gives keys, each of them once, their numbers, in place of those they had."""
        self._size += int(np.count_nonzero(self.get(keys) == ABSENT))
        if self._size * 2 > len(self._keys):
            self._grow()
        self._insert(keys, values)

    def _insert(self, keys: UInt64, values: Int64) -> None:
        at = self._home(keys)
        while len(keys):
            free = (self._keys[at] == 0) | (self._keys[at] == keys)
            self._keys[at[free]] = keys[free]  # of several keys at one place the last one gets it
            self._values[at[free]] = values[free]
            lost = self._keys[at] != keys
            keys, values, at = keys[lost], values[lost], (at[lost] + 1) & (len(self._keys) - 1)

    def _home(self, keys: UInt64) -> Int64:
        return ((keys * _SPREAD) >> self._shift).view(np.int64)

    def _grow(self) -> None:
        held = np.flatnonzero(self._keys)
        keys, values = self._keys[held], self._values[held]
        self._allocate((self._size * 2).bit_length())
        self._insert(keys, values)


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
        return np.flatnonzero(self._marked.take(self._home(keys)))

    def _home(self, keys: UInt64) -> Int64:
        return ((keys * _SPREAD) >> np.uint64(64 - self._bits)).view(np.int64)
