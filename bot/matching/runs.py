"""Runs: keys in order with the number of the text that has each, and marks that tell most keys that are not there.

Nearly every key that is asked for is in no run at all: that is said by one look at 32 bits, where a search would miss
the cache several times.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.arrays import ranges

Keys: TypeAlias = npt.NDArray[np.uint32]
Marks: TypeAlias = npt.NDArray[np.uint32]
Places: TypeAlias = npt.NDArray[np.int64]

_IN_DRAWER = 3
"""The binary logarithm of how many keys of a drawer there are at most, more or less: they are spread evenly."""

_PLACES = np.uint32(31)
_PLACE_BITS = np.uint32(5)

_HALF = np.uint32(16)

_MARKED = 1 << 16
"""Keys whose marks are made at a time: they stay in the cache."""


class Run:
    """Keys in order, and the number of the text that has each; a drawer is what begins with the same bits.

    A drawer has 32 bits, of which each of its keys has two set: 4 to 8 of them.
    """

    def __init__(self, keys: Keys, numbers: Keys) -> None:
        """Takes keys in ascending order, at least one, each with a number."""
        self.keys, self.numbers = keys, numbers
        self.first, self.last = int(numbers.min()), int(numbers.max())
        bits = max(len(keys).bit_length() - _IN_DRAWER, 1)
        self._shift = np.uint32(32 - bits)
        self._drawers = np.zeros((1 << bits) + 1, np.int32)
        """Where each drawer begins, and where the last one ends."""
        self._marks = np.zeros(1 << bits, np.uint32)
        for start in range(0, len(keys), _MARKED):
            self._mark(keys[start : start + _MARKED])
        np.cumsum(self._drawers, out=self._drawers)

    def _mark(self, keys: Keys) -> None:
        """Marks keys in ascending order, and counts those of each drawer at the place of its end."""
        drawers = keys >> self._shift
        np.bitwise_or.at(self._marks, drawers, marks_of(keys))
        counts = np.bincount(drawers - drawers[0])
        end = int(drawers[0]) + 1
        self._drawers[end : end + len(counts)] += counts.astype(np.int32)

    @property
    def nbytes(self) -> int:
        """Bytes of the run."""
        return self.keys.nbytes + self.numbers.nbytes + self._drawers.nbytes + self._marks.nbytes

    @classmethod
    def of(cls, keys: Keys, numbers: Keys, runs: Sequence[Run] = ()) -> Self:
        """The run of keys in any order, at least one, each with a number, and of what other runs hold.

        It is cheaper to merge many at once than one after the other.
        """
        order = order_of(keys)
        keys, numbers = keys[order], numbers[order]
        if runs:
            keys, numbers = _merged([*((run.keys, run.numbers) for run in runs), (keys, numbers)])
        return cls(keys, numbers)

    def since(self, before: int) -> Run:
        """The run without smaller numbers, if they are half of those it spans; else as it is."""
        if 2 * before <= self.first + self.last:
            return self
        kept = self.numbers >= before
        return Run(self.keys[kept], self.numbers[kept])

    def may_have(self, keys: Keys, marks: Marks) -> Places:
        """The places of all keys that are there, and of one in six or fewer of those that are not; by `marks_of`."""
        return np.flatnonzero(self._marks.take(keys >> self._shift) & marks == marks)

    def pairs(self, keys: Keys, marks: Marks) -> tuple[Places, Keys]:
        """Of keys and their marks the place of each that is there, and the number of a text that has it.

        It is quickest for keys in ascending order.
        """
        maybe = self.may_have(keys, marks)
        drawers = keys[maybe] >> self._shift
        first = self._drawers.take(drawers)
        counts = self._drawers.take(drawers + np.uint32(1)) - first
        # All of a drawer is compared, as it is hardly larger than what a search would look at.
        places = ranges(first, counts)
        whose = np.repeat(maybe, counts)
        there = np.flatnonzero(self.keys.take(places) == keys[whose])
        return whose[there], self.numbers[places[there]]


def order_of(keys: Keys) -> Places:
    """The order in which keys ascend; equal ones stay as they are."""
    # 16 bits at a time: of these numpy counts how many there are of each, in half of the time that comparing takes.
    order = np.argsort(keys.astype(np.uint16), kind="stable")
    first = (keys >> _HALF).astype(np.uint16)
    return order[np.argsort(first[order], kind="stable")]


def _merged(parts: Sequence[tuple[Keys, Keys]]) -> tuple[Keys, Keys]:
    """Keys that ascend in each part, with their numbers, as one part, where the numbers of equal keys ascend too."""
    both = np.empty((sum(len(keys) for keys, _ in parts), 2), "<u4")
    start = 0
    for keys, numbers in parts:
        both[start : start + len(keys), 0], both[start : start + len(keys), 1] = numbers, keys
        start += len(keys)
    # One integer of 64 bits a pair: they are sorted as they are, and nothing has to be fetched by an order.
    both.view("<u8").ravel().sort(kind="stable")
    return both[:, 1].copy(), both[:, 0].copy()


def marks_of(keys: Keys) -> Marks:
    """Two bits of 32 a key, or one, by its last bits: what tells drawers apart are its first."""
    one = np.uint32(1)
    marks: Marks = one << (keys & _PLACES) | one << (keys >> _PLACE_BITS & _PLACES)
    return marks
