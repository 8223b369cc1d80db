"""Which open stories an article may belong to: those whose first article shares several of its rarest words.

An index in memory, as `bot.matching.neighbours` is. Only what opened a story is in it, by the few words that say most:
what every story speaks of finds no story and costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.arrays import grown
from bot.matching.gists import HOURS, KEY, Hours, between, hour_of, keyed, words_of
from bot.matching.neighbours import Index, Pairs
from bot.matching.rarity import Rarity

RAREST = 20
"""Words of an article that are looked up, and by which it is found."""

LIKELY = 5
"""Openings that are compared, those that share the most."""

_COMMON = 128
"""Stories that have a word from which it is not looked up."""

LEAST = 3
"""Keys in common without which two articles are not compared."""

_SAID = 255

Places: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.uint32]
Shares: TypeAlias = npt.NDArray[np.float64]
Votes: TypeAlias = list[tuple[int, int]]
"""Numbers of openings, and what the keys say that they share with a gist, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A gist with its KEYs marked, those keys, and what each says, in sixteenths of a nat."""

    gist: bytes
    keys: Sequence[int]
    said: Sequence[int]


class Openings:
    """The first articles of stories, numbered in ascending order, by what they tell of."""

    def __init__(self) -> None:
        self.rarity = Rarity()
        self._index = Index()
        self._published = _Published()

    @property
    def nbytes(self) -> int:
        """Bytes of the index, of the counts, and of the hours."""
        return self._index.nbytes + self.rarity.nbytes + self._published.nbytes

    def learn(self, numbers: Sequence[int], gists: Sequence[bytes]) -> None:
        """Takes up first articles with their gists, which have keys; their numbers are larger than all before."""
        known = [(number, gist) for number, gist in zip(numbers, gists, strict=True) if gist]
        if not known:
            return
        words, kinds = words_of([gist for _, gist in known])
        self.rarity.learn(words[kinds > 0], len(known))
        learned = np.array([number for number, _ in known], np.uint32)
        rows, places = np.nonzero(kinds & KEY)
        self._index.add(words[rows, places], learned[rows])
        self._published.add(learned, np.array([hour_of(gist) for _, gist in known], np.int32))

    def forget(self, before: int) -> None:
        """Drops those with smaller numbers, as far as that is easily done."""
        self._index.forget(before)
        self._published.forget(before)

    def keyed(self, gists: Sequence[bytes]) -> list[Keyed]:
        """Gists that are not empty by their keys: their rarest words, of those that not too many stories have."""
        words, kinds = words_of(gists)
        counts = np.where(kinds > 0, self.rarity.counts(words), _COMMON + 1)
        order = np.argsort(counts, axis=1, kind="stable")[:, :RAREST]
        rarest = np.take_along_axis(words, order, 1)
        keys = (np.take_along_axis(counts, order, 1) <= _COMMON).sum(axis=1)
        said = _sixteenths(self.rarity.weights(rarest))
        return [
            Keyed(keyed(gist, places[:count]), some[:count], sixteenths[:count])
            for gist, count, places, some, sixteenths in zip(
                gists, keys.tolist(), order.tolist(), rarest.tolist(), said.tolist(), strict=True
            )
        ]

    def likely(self, asked: Sequence[Keyed]) -> list[Votes]:
        """Of each gist the openings near in time that share several of its keys: the likeliest LIKELY."""
        found: list[Votes] = [[] for _ in asked]
        keys = np.array([key for each in asked for key in each.keys], np.uint32)
        if not len(keys) or not self._published:
            return found
        rows = np.repeat(np.arange(len(asked)), [len(each.keys) for each in asked])
        said = np.array([each for one in asked for each in one.said], np.int64)
        number, row, votes = _votes(self._index.pairs(rows, keys), said)
        hours = np.array([hour_of(each.gist) for each in asked], np.int64)
        near = self._published.are_near(number, hours[row])
        row, number, votes = row[near], number[near], votes[near]
        order = np.lexsort((number, -votes, row))
        for place, opening, said in zip(
            row[order].tolist(), number[order].tolist(), votes[order].tolist(), strict=True
        ):
            if len(found[place]) < LIKELY:
                found[place].append((opening, said))
        return found


class _Published:
    """When openings were published, in hours since 1970, by their numbers."""

    def __init__(self) -> None:
        self._start, self._end = 0, 0
        self._numbers = np.zeros(0, np.uint32)
        self._hours = np.zeros(0, np.int32)

    def __len__(self) -> int:
        return self._end - self._start

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, of which a fifth may be room for more."""
        return self._numbers.nbytes + self._hours.nbytes

    def add(self, numbers: Numbers, hours: npt.NDArray[np.int32]) -> None:
        """Takes up openings; their numbers are larger than all before."""
        if self._end + len(numbers) > len(self._numbers):
            self._make_room(len(numbers))
        added = slice(self._end, self._end + len(numbers))
        self._numbers[added], self._hours[added] = numbers, hours
        self._end = added.stop

    def forget(self, before: int) -> None:
        """Drops those with smaller numbers."""
        self._start += int(self._known().searchsorted(np.uint32(max(before, 0))))

    def are_near(self, numbers: Places, hours: Hours) -> npt.NDArray[np.bool_]:
        """Whether openings are known still, and were published near enough to these hours; there is one at least."""
        # Searched for numbers of another type, all that are known would be converted to it.
        known, asked = self._known(), numbers.astype(np.uint32)
        at = np.minimum(known.searchsorted(asked), len(known) - 1)
        theirs = self._hours[self._start + at].astype(np.int64)
        near: npt.NDArray[np.bool_] = (known[at] == asked) & (between(theirs, hours) <= HOURS)
        return near

    def _known(self) -> Numbers:
        return self._numbers[self._start : self._end]

    def _make_room(self, more: int) -> None:
        """Moves what is known to arrays of its size, and of a quarter more."""
        known, size = slice(self._start, self._end), len(self) + more
        self._numbers, self._hours = grown(self._numbers[known], size), grown(self._hours[known], size)
        self._start, self._end = 0, size - more


def _votes(pairs: Pairs, said: Places) -> tuple[Places, Places, Places]:
    """Of (row, number, key) that share a key: numbers, rows, and what those keys say that enough are shared of.

    What a key says is rounded to sixteenths of a nat, so that one sort of integers does it all.
    """
    rows, numbers, keys = pairs
    codes = np.sort(rows << 40 | numbers.astype(np.int64) << 8 | said[keys])
    met = codes >> 8
    starts = np.flatnonzero(np.append(True, met[1:] != met[:-1])[: len(met)])
    counts = np.diff(starts, append=len(met))
    votes = np.add.reduceat(codes & _SAID, starts) if len(starts) else starts
    enough = counts >= LEAST
    met = met[starts[enough]]
    return met & 0xFFFFFFFF, met >> 32, votes[enough]


def _sixteenths(said: Shares) -> Places:
    sixteenths: Places = np.minimum(said * 16, _SAID).astype(np.int64)
    return sixteenths
