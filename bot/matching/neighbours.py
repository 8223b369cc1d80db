"""Which signed texts share a key: an index in memory, of arrays, over the signatures that are kept elsewhere.

As rows of a database the 43 keys of a text would each dirty a page of their own: 350 kB of log an article where a day
brings 300,000, half of what taking one in costs. Here they are sorted runs that are merged as they come to be alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.stories import BAND, BANDS, EXACT_BYTES, MINIMA_AT, PERMUTATIONS

Keys: TypeAlias = npt.NDArray[np.uint32]
Rows: TypeAlias = npt.NDArray[np.int64]
Drawers: TypeAlias = npt.NDArray[np.int32]
Pairs: TypeAlias = tuple[Rows, Keys, Rows]

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Spreads the bits of a key (Knuth, The Art of Computer Programming 3, 6.4); 32 of them are kept: a few texts in a
million share one by chance, and whoever asks compares the signatures."""

_NOTHING, _NOBODY = np.zeros(0, np.int64), np.zeros(0, np.uint32)
_LARGE = 1 << 22
"""Keys from which on a run is merged no more: 0.1 s, and 100,000 texts."""
_IN_DRAWER = 4
"""The binary logarithm of how many keys of a run begin alike, more or less: they are spread evenly."""


class Index:
    """Numbers by keys; numbers are given in ascending order."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    @property
    def nbytes(self) -> int:
        """Bytes of the index."""
        return sum(run.nbytes for run in self._runs)

    def add(self, keys: Keys, numbers: Keys) -> None:
        """Takes up pairs of a key and a number, none smaller than the numbers before."""
        if not len(keys):
            return
        self._runs.append(_Run.of(keys, numbers))
        while len(self._runs) > 1 and len(self._runs[-2].keys) <= min(2 * len(self._runs[-1].keys), _LARGE):
            self._runs[-2:] = [self._runs[-2].merged(self._runs[-1])]

    def forget(self, before: int) -> None:
        """Drops smaller numbers, as far as that is easily done: from runs of which half is older."""
        self._runs = [run.since(before) for run in self._runs if run.last >= before]

    def sharing(self, rows: Rows, keys: Keys) -> Rows:
        """Of keys, each with the row it is of, the row and a number that has the key, as one integer: row << 32 | it.

        In ascending order, once each.
        """
        whose, numbers, _ = self.pairs(rows, keys)
        return np.unique(whose << 32 | numbers.astype(np.int64))

    def pairs(self, rows: Rows, keys: Keys) -> Pairs:
        """Of keys, each with the row it is of: the row and a number that has the key, and which of the keys it is."""
        order = np.argsort(keys, kind="stable")
        found = [run.pairs(keys[order]) for run in self._runs]
        places = order[np.concatenate([_NOTHING, *(places for places, _ in found)])]
        return rows[places], np.concatenate([_NOBODY, *(numbers for _, numbers in found)]), places


class Neighbours:
    """Numbered texts by the keys of their signatures; numbers are given in ascending order."""

    def __init__(self) -> None:
        self.last = 0
        """The largest number learned; 0 before the first."""
        self._index = Index()

    @property
    def nbytes(self) -> int:
        """Bytes of the index."""
        return self._index.nbytes

    def learn(self, numbers: Sequence[int], signatures: Sequence[bytes]) -> None:
        """Takes up texts; their numbers are larger than all before."""
        if not numbers:
            return
        rows, keys = keys_of(signatures)
        self.last = numbers[-1]
        self._index.add(keys, np.asarray(numbers, np.uint32)[rows])

    def forget(self, before: int) -> None:
        """Drops texts with smaller numbers, as far as that is easily done."""
        self._index.forget(before)

    def sharing(self, rows: Rows, keys: Keys) -> dict[int, list[int]]:
        """Of each row of `keys_of` that has any the texts that share one of its keys, largest number first."""
        pairs = self._index.sharing(rows, keys)[::-1]
        found: dict[int, list[int]] = {}
        for row, number in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
            found.setdefault(row, []).append(number)
        return found


class _Run:
    """Keys in order, and the number of the text that has each; a drawer is what begins with the same bits."""

    def __init__(self, keys: Keys, numbers: Keys) -> None:
        self.keys, self.numbers = keys, numbers
        self.first, self.last = int(numbers.min()), int(numbers.max())
        bits = max(len(keys).bit_length() - _IN_DRAWER, 1)
        self._shift = np.uint32(32 - bits)
        self._drawers = keys.searchsorted(np.arange(1 << bits, dtype=np.uint32) << self._shift).astype(np.int32)
        self._drawers = np.append(self._drawers, np.int32(len(keys)))

    @property
    def nbytes(self) -> int:
        return self.keys.nbytes + self.numbers.nbytes + self._drawers.nbytes

    @classmethod
    def of(cls, keys: Keys, numbers: Keys) -> _Run:
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], numbers[order])

    def merged(self, other: _Run) -> _Run:
        return _Run.of(np.concatenate((self.keys, other.keys)), np.concatenate((self.numbers, other.numbers)))

    def since(self, before: int) -> _Run:
        """The run without smaller numbers, if they are half of those it spans; else as it is."""
        if 2 * before <= self.first + self.last:
            return self
        kept = self.numbers >= before
        return _Run(self.keys[kept], self.numbers[kept])

    def pairs(self, keys: Keys) -> tuple[Rows, Keys]:
        """Of keys in order the place of each that is there, and the number of a text that has it."""
        first = np.minimum(self._places(keys), len(self.keys) - 1)
        met = np.flatnonzero(self.keys[first] == keys)
        first = first[met]
        counts = self.keys.searchsorted(keys[met], "right") - first
        skipped = np.cumsum(counts) - counts
        places = np.repeat(first - skipped, counts) + np.arange(counts.sum())
        return np.repeat(met, counts), self.numbers[places]

    def _places(self, keys: Keys) -> Drawers:
        """Where keys stand or would: what `searchsorted` finds, in a fifth of the time, as it begins at the drawers."""
        drawer = keys >> self._shift
        low: Drawers = self._drawers[drawer]
        high = self._drawers[drawer + np.uint32(1)]
        for _ in range(int((high - low).max(initial=0)).bit_length()):
            middle = (low + high) >> 1
            smaller = (self.keys.take(middle, mode="clip") < keys) & (low < high)
            low, high = np.where(smaller, middle + 1, low), np.where(smaller, high, middle)
        return low


def peers(rows: Rows, keys: Keys) -> dict[int, set[int]]:
    """Of each row of `keys_of` that shares a key with other rows which these are."""
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    found: dict[int, set[int]] = {}
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    ends = np.append(starts[1:], len(keys))
    shared = np.flatnonzero(ends - starts > 1)
    for start, end in zip(starts[shared].tolist(), ends[shared].tolist(), strict=True):
        together = set(rows[start:end].tolist())
        for row in together:
            found.setdefault(row, set()).update(together)
    return {row: others - {row} for row, others in found.items()}


def keys_of(signatures: Sequence[bytes]) -> tuple[Rows, Keys]:
    """The keys of signatures: of each the row it is of, and the key."""
    long = [row for row, values in enumerate(signatures) if len(values) > EXACT_BYTES]
    first = np.frombuffer(b"".join(values[:EXACT_BYTES] for values in signatures), np.uint64)
    end = MINIMA_AT + 2 * PERMUTATIONS
    minima = np.frombuffer(b"".join(signatures[row][MINIMA_AT:end] for row in long), np.uint16)
    bands = minima.reshape(-1, PERMUTATIONS)[:, : BANDS * BAND].reshape(-1, BANDS, BAND).astype(np.uint64)
    mixed = np.arange(BANDS, dtype=np.uint64) << np.uint64(16 * BAND)
    for place in range(BAND):
        mixed = mixed | bands[:, :, place] << np.uint64(16 * place)
    rows = np.concatenate((np.arange(len(signatures)), np.repeat(np.array(long, np.int64), BANDS)))
    keys = np.concatenate((first, mixed.ravel())) * _ODD >> np.uint64(32)
    return rows, keys.astype(np.uint32)
