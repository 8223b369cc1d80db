"""Which signed texts share a key: an index in memory, of arrays, over the signatures that are kept elsewhere.

As rows of a database the 43 keys of a text would each dirty a page of their own: 350 kB of log an article where a day
brings 300,000, half of what taking one in costs. Here they are sorted runs that are merged as they come to be alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.arrays import ascending
from bot.matching.runs import Keys, Run, marks_of, order_of
from bot.matching.stories import BAND, BANDS, EXACT_BYTES, MINIMA_AT, PERMUTATIONS

Rows: TypeAlias = npt.NDArray[np.int64]
Pairs: TypeAlias = tuple[Rows, Keys, Rows]

_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Spreads the bits of a key (Knuth, The Art of Computer Programming 3, 6.4); 32 of them are kept: a few texts in a
million share one by chance, and whoever asks compares the signatures."""

_NOTHING, _NOBODY = np.zeros(0, np.int64), np.zeros(0, np.uint32)
_LARGE = 1 << 22
"""Keys from which on a run is merged no more: 0.1 s, and 100,000 texts."""


class Index:
    """Numbers by keys; numbers are given in ascending order."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    @property
    def nbytes(self) -> int:
        """Bytes of the index."""
        return sum(run.nbytes for run in self._runs)

    def add(self, keys: Keys, numbers: Keys) -> None:
        """Takes up pairs of a key and a number, none smaller than the numbers before."""
        if not len(keys):
            return
        size, alike = len(keys), len(self._runs)
        while alike and len(self._runs[alike - 1].keys) <= min(2 * size, _LARGE):
            alike -= 1
            size += len(self._runs[alike].keys)
        self._runs[alike:] = [Run.of(keys, numbers, self._runs[alike:])]

    def forget(self, before: int) -> None:
        """Drops smaller numbers, as far as that is easily done: from runs of which half is older."""
        self._runs = [run.since(before) for run in self._runs if run.last >= before]

    def sharing(self, rows: Rows, keys: Keys) -> Rows:
        """Of keys, each with the row it is of, the row and a number that has the key, as one integer: row << 32 | it.

        In ascending order, once each.
        """
        whose, numbers, _ = self.pairs(rows, keys)
        return ascending(whose << 32 | numbers)

    def pairs(self, rows: Rows, keys: Keys) -> Pairs:
        """Of keys, each with the row it is of: the row and a number that has the key, and which of the keys it is."""
        order = order_of(keys)
        keys = keys[order]
        marks = marks_of(keys)
        found = [run.pairs(keys, marks) for run in self._runs]
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
        row, numbers = pairs >> 32, (pairs & 0xFFFFFFFF).tolist()
        starts = _starts(row)
        ends = np.append(starts[1:], len(row))[: len(starts)]
        return {
            each: numbers[start:end]
            for each, start, end in zip(row[starts].tolist(), starts.tolist(), ends.tolist(), strict=True)
        }


def peers(rows: Rows, keys: Keys) -> dict[int, set[int]]:
    """Of each row of `keys_of` that shares a key with other rows which these are."""
    order = order_of(keys)
    rows, keys = rows[order], keys[order]
    found: dict[int, set[int]] = {}
    starts = _starts(keys)
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
    first = np.frombuffer(b"".join([values[:EXACT_BYTES] for values in signatures]), np.uint64)
    end = MINIMA_AT + 2 * PERMUTATIONS
    minima = np.frombuffer(b"".join([signatures[row][MINIMA_AT:end] for row in long]), np.uint16)
    bands = minima.reshape(-1, PERMUTATIONS)[:, : BANDS * BAND].reshape(-1, BANDS, BAND).astype(np.uint64)
    mixed = np.arange(BANDS, dtype=np.uint64) << np.uint64(16 * BAND)
    for place in range(BAND):
        mixed = mixed | bands[:, :, place] << np.uint64(16 * place)
    rows = np.concatenate((np.arange(len(signatures)), np.repeat(np.array(long, np.int64), BANDS)))
    keys = np.concatenate((first, mixed.ravel())) * _ODD >> np.uint64(32)
    return rows, keys.astype(np.uint32)


def _starts(ordered: Rows | Keys) -> Rows:
    """Where numbers in order are others than the one before."""
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
