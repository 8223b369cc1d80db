"""Phrases: all rows of words found in one walk over a stream, a step for each word of the longest.

The rows form a tree of states: (state, feature of the next word) leads to the state after it, by hash table. Whatever
the number of phrases, a place of the stream costs one look-up, and more only as long as a phrase goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from bot.matching.percolator.arrays import Flags, Int32, Int64, UInt64, grown, ranges
from bot.matching.percolator.lexicon import Words
from bot.matching.percolator.table import Sieve, Table

_DEEP = 1 << 31
"""Added to states that are not the first word of a row, whose state is its feature."""


class Found(NamedTuple):
    """Rows found: feature, place of the first word, number of words; of the same length and by place."""

    features: Int32
    places: Int64
    size: int


class Rows:
    """The tree of all rows of two words and more."""

    def __init__(self) -> None:
        self._next = Table()
        self._sieve = Sieve()
        """Of the keys of `_next`: most places of a text go no further here."""
        self._ends: Int32 = np.zeros(64, np.int32)
        """Of each state the feature of the row that ends there, 0 where none does."""
        self._states = 0
        self._first: Flags = np.zeros(64, np.bool_)
        self._inner: Flags = np.zeros(64, np.bool_)
        """Features a row begins with, and those it goes on with."""

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return self._next.nbytes + self._sieve.nbytes + self._ends.nbytes + self._first.nbytes + self._inner.nbytes

    def add(self, rows: Iterable[tuple[tuple[int, ...], int]], size: int) -> None:
        """Adds rows of features, each with its own feature; all features are below `size`."""
        self._first, self._inner = grown(self._first, size), grown(self._inner, size)
        by_length: dict[int, list[tuple[int, ...]]] = {}
        for row, feature in rows:
            by_length.setdefault(len(row), []).append((*row, feature))
        for same in by_length.values():
            self._add(np.array(same, np.int32))

    def _add(self, rows: Int32) -> None:
        state = rows[:, 0].astype(np.uint64)
        self._first[rows[:, 0]] = True
        for step in range(1, rows.shape[1] - 1):
            self._inner[rows[:, step]] = True
            state = self._stepped(_key(state, rows[:, step])).astype(np.uint64) + np.uint64(_DEEP)
        self._ends[(state - np.uint64(_DEEP)).astype(np.int64)] = rows[:, -1]

    def _stepped(self, keys: UInt64) -> Int64:
        """The states these lead to, made where they are new."""
        states = self._next.get(keys)
        new = np.unique(keys[states < 0])
        if len(new):
            self._next.put(new, np.arange(self._states, self._states + len(new)))
            self._sieve.add(new, self._next)
            self._states += len(new)
            self._ends = grown(self._ends, self._states)
            states = self._next.get(keys)
        return states

    def find(self, words: Words) -> Iterator[Found]:
        """Every row at every place of a stream."""
        places = np.flatnonzero(self._first[words.forms])
        state = words.forms[places].astype(np.uint64)
        size = 1
        while len(places):
            at, state = self._step(words, places + size, state)
            places = places[at]
            size += 1
            ends = self._ends[(state - np.uint64(_DEEP)).astype(np.int64)]
            whole = np.flatnonzero(ends != 0)
            if len(whole):
                yield Found(ends[whole], places[whole], size)

    def _step(self, words: Words, places: Int64, states: UInt64) -> tuple[Int64, UInt64]:
        """Which of the walks go on at these places, ascending and some of them twice, and where that leads."""
        forms = words.forms[places]
        on = np.flatnonzero(self._inner[forms])
        found = [self._led(on, states[on], forms[on])]
        more = np.flatnonzero(words.counts[places])
        if len(more):
            counts = words.counts[places[more]]
            others = words.others[ranges(words.starts[places[more]], counts)]
            inner = np.flatnonzero(self._inner[others])
            on = np.repeat(more, counts)[inner]
            found.append(self._led(on, states[on], others[inner]))
        at, reached = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.argsort(at, kind="stable")
        return at[order], reached[order]

    def _led(self, walks: Int64, states: UInt64, features: Int32) -> tuple[Int64, UInt64]:
        """Those of the walks that go on, and the states that they come to."""
        keys = _key(states, features)
        on = self._sieve.passed(keys)
        reached = self._next.get(keys[on])
        led = np.flatnonzero(reached >= 0)
        return walks[on[led]], reached[led].view(np.uint64) + np.uint64(_DEEP)


def _key(states: UInt64, features: Int32) -> UInt64:
    return (states << np.uint64(32)) | features.astype(np.uint64)
