"""Phrases: all rows of words found in one walk over a stream, a step for each word of the longest.

The rows form a tree of states: (state, feature of the next word) leads to the state after it, by hash table. Whatever
the number of phrases, a place of the stream costs one look-up, and more only as long as a phrase goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Bytes, Int32, Int64, UInt64, ascending, flagged, grown, ranges
from bot.matching.percolator.lexicon import Words
from bot.matching.percolator.table import Sieve, Table

_FIRST, _INNER = np.uint8(1), np.uint8(2)
_DEEP = 1 << 31
"""Added to states that are not the first word of a row, whose state is its feature."""


class Found(NamedTuple):
    """Rows found: feature, place of the first word, number of words; of the same length, in no order."""

    features: Int64
    places: Int64
    size: int


class Further(NamedTuple):
    """Features that words have beside that of their form: prefixes and inflected words; by place."""

    features: Int64
    places: Int64


class Rows:
    """The tree of all rows of two words and more."""

    def __init__(self) -> None:
        self._next = Table()
        self._sieve = Sieve()
        """Of the keys of `_next`: most places of a text go no further here."""
        self._ends: Int32 = np.zeros(64, np.int32)
        """Of each state the feature of the row that ends there, 0 where none does."""
        self._states = 0
        self._roles: Bytes = np.zeros(64, np.uint8)
        """Whether a row begins with a feature, and whether one goes on with it."""

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return self._next.nbytes + self._sieve.nbytes + self._ends.nbytes + self._roles.nbytes

    def add(self, rows: Iterable[Int32], size: int) -> None:
        """Adds arrays of rows, a line each, its own feature last; all features are below `size`."""
        self._roles = grown(self._roles, size)
        for same in rows:
            self._add(same)

    def _add(self, rows: Int32) -> None:
        state = rows[:, 0].astype(np.uint64)
        self._roles[rows[:, 0]] |= _FIRST
        for step in range(1, rows.shape[1] - 1):
            self._roles[rows[:, step]] |= _INNER
            state = self._stepped(_key(state, rows[:, step])).astype(np.uint64) + np.uint64(_DEEP)
        self._ends[(state - np.uint64(_DEEP)).astype(np.int64)] = rows[:, -1]

    def _stepped(self, keys: UInt64) -> Int64:
        """The states these lead to, made where they are new."""
        states = self._next.get(keys)
        new = ascending(keys[states < 0])
        if len(new):
            self._next.put(new, np.arange(self._states, self._states + len(new)))
            self._sieve.add(new, self._next)
            self._states += len(new)
            self._ends = grown(self._ends, self._states)
            states = self._next.get(keys)
        return states

    def find(self, words: Words, further: Further) -> Iterator[Found]:
        """Every row at every place of a stream."""
        others = self._roles.take(further.features)
        inner = flagged(others & _INNER != 0)
        later = Further(further.features[inner], further.places[inner])
        roles = self._roles.take(words.forms)
        goes_on = roles & _INNER != 0
        goes_on[later.places] = True
        places = flagged((roles[:-1] & _FIRST != 0) & goes_on[1:])
        state = words.forms.take(places).astype(np.uint64)
        loose = flagged(others & _FIRST != 0)
        if len(loose):
            places = np.concatenate((places, further.places[loose]))
            state = np.concatenate((state, further.features[loose].astype(np.uint64)))
        size = 1
        while len(places):
            at, state = self._step(words.forms, later, places + size, state)
            places = places[at]
            size += 1
            ends = self._ends.take((state - np.uint64(_DEEP)).astype(np.int64))
            whole = flagged(ends != 0)
            if len(whole):
                yield Found(ends[whole].astype(np.int64), places[whole], size)
            more = flagged(goes_on.take(places + size, mode="clip"))
            places, state = places.take(more), state.take(more)

    def _step(self, forms: Int64, later: Further, places: Int64, states: UInt64) -> tuple[Int64, UInt64]:
        """Which of the walks go on at these places, some of them twice, and where that leads."""
        ahead = forms.take(places)
        if not len(later.places):  # so that it is for the form alone that they may go on
            return self._led(np.arange(len(ahead)), states, ahead)
        on = flagged(self._roles.take(ahead) & _INNER != 0)
        led = self._led(on, states[on], ahead[on])
        starts = np.searchsorted(later.places, places)
        counts = np.searchsorted(later.places, places, side="right") - starts
        on = np.repeat(np.arange(len(places)), counts)
        more = self._led(on, states[on], later.features[ranges(starts, counts)])
        return np.concatenate((led[0], more[0])), np.concatenate((led[1], more[1]))

    def _led(self, walks: Int64, states: UInt64, features: Int64) -> tuple[Int64, UInt64]:
        """Those of the walks that go on, and the states that they come to."""
        keys = _key(states, features)
        on = self._sieve.passed(keys)
        reached = self._next.get(keys.take(on))
        led = flagged(reached >= 0)
        return walks.take(on.take(led)), reached.take(led).view(np.uint64) + np.uint64(_DEEP)


def _key(states: UInt64, features: Int32 | Int64) -> UInt64:
    return (states << np.uint64(32)) | features.astype(np.uint64)
