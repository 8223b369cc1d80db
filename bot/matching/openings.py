"""Which open stories an article may belong to: those whose first article shares several of its rarest words.

An index in memory, as `bot.matching.neighbours` is. Only what opened a story is in it, by the few words that say most:
what every story speaks of finds no story and costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.matching.gists import UNDATED, hour_of, is_near, words_of
from bot.matching.neighbours import Index, Keys, Rows
from bot.matching.rarity import Rarity

RAREST = 16
"""Words of an article that are looked up, and by which it is found."""

LIKELY = 5
"""Openings that are compared, those that share the most."""

_COMMON = 96
"""Stories that have a word from which it is not looked up."""

_LEAST = 2
"""Words in common without which two articles are not compared."""

_PLACES = 16
_NOBODY = np.zeros(0, np.uint32)


@dataclass
class Openings:
    """The first articles of stories, numbered in ascending order, by what they tell of."""

    rarity: Rarity = field(default_factory=Rarity)
    _index: Index = field(default_factory=Index)
    _hours: dict[int, int] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of the index and of the counts, and about a hundred for the hour of each."""
        return self._index.nbytes + self.rarity.nbytes + 100 * len(self._hours)

    def learn(self, numbers: Sequence[int], gists: Sequence[bytes]) -> None:
        """Takes up first articles with their gists; their numbers are larger than all before."""
        words = [np.frombuffer(words_of(gist), np.uint32) for gist in gists]
        if not any(map(len, words)):
            return
        self._hours.update((number, hour_of(gist)) for number, gist in zip(numbers, gists, strict=True) if gist)
        self.rarity.learn(np.concatenate(words), len(words))
        keys = [self.rarest(some) for some in words]
        named = np.repeat(np.asarray(numbers, np.uint32), [len(some) for some in keys])
        self._index.add(np.concatenate(keys), named)

    def forget(self, before: int) -> None:
        """Drops those with smaller numbers, as far as that is easily done."""
        self._index.forget(before)
        if self._hours and next(iter(self._hours)) < before:
            self._hours = {number: hour for number, hour in self._hours.items() if number >= before}

    def rarest(self, words: Keys) -> Keys:
        """The words that say most, of those that not too many stories have."""
        counts = self.rarity.counts(words)
        order = np.argsort(counts, kind="stable")[:RAREST]
        rarest: Keys = words[order[counts[order] <= _COMMON]]
        return rarest

    def likely(self, gists: Sequence[bytes]) -> list[list[tuple[int, float]]]:
        """Of each gist the openings that share several of its rarest words, and what those say: the likeliest first."""
        keys = [self.rarest(np.frombuffer(words_of(gist), np.uint32)) for gist in gists]
        found: list[list[tuple[int, float]]] = [[] for _ in gists]
        rows = np.concatenate([_NOBODY, *(at * _PLACES + np.arange(len(some)) for at, some in enumerate(keys))])
        together = np.concatenate([_NOBODY, *keys])
        pairs = self._index.sharing(rows.astype(np.int64), together)
        if not len(pairs):
            return found
        said = np.zeros(len(gists) * _PLACES)
        said[rows.astype(np.int64)] = self.rarity.weights(together)
        hours = [hour_of(gist) if gist else UNDATED for gist in gists]
        for row, number, weight in zip(*_votes(pairs, said), strict=True):
            if number in self._hours and is_near(hours[row], self._hours[number]):
                found[row].append((number, weight))
        return [sorted(some, key=lambda vote: (-vote[1], vote[0]))[:LIKELY] for some in found]


def _votes(pairs: Rows, said: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[list[int], list[int], list[float]]:
    """Rows, numbers and what the shared words say, of those that share enough of them."""
    places = pairs >> 32
    met, inverse, counts = np.unique(
        places // _PLACES << 32 | pairs & 0xFFFFFFFF, return_inverse=True, return_counts=True
    )
    votes = np.bincount(inverse.ravel(), said[places])
    enough = counts >= _LEAST
    met, votes = met[enough], votes[enough]
    return (met >> 32).tolist(), (met & 0xFFFFFFFF).tolist(), votes.tolist()


@dataclass
class Lookup:
    """One operation's view of openings: what it adds is found as if it had been known before, by it alone."""

    openings: Openings
    _expected: dict[bytes, list[tuple[int, float]]] = field(default_factory=dict)
    _added: dict[int, list[int]] = field(default_factory=dict)

    def expect(self, gists: Sequence[bytes]) -> None:
        """Looks up at once, which costs far less, what `find` will be asked for one by one."""
        some = [gist for gist in dict.fromkeys(gists) if gist and gist not in self._expected]
        if some:
            self._expected.update(zip(some, self.openings.likely(some), strict=True))

    def find(self, gist: bytes) -> list[int]:
        """The numbers of the openings to compare it with, the likeliest first."""
        self.expect([gist])
        votes = dict(self._expected.get(gist, ()))
        if self._added and gist:
            rarest = self.openings.rarest(np.frombuffer(words_of(gist), np.uint32))
            votes.update(self._lately(rarest))
        return sorted(votes, key=lambda number: (-votes[number], number))[:LIKELY]

    def add(self, number: int, gist: bytes) -> None:
        """Lets this operation find an opening; its number is larger than all before."""
        for word in self.openings.rarest(np.frombuffer(words_of(gist), np.uint32)).tolist():
            self._added.setdefault(word, []).append(number)

    def _lately(self, rarest: Keys) -> dict[int, float]:
        """What this operation added that shares enough of these words."""
        shared: dict[int, list[float]] = {}
        for word, weight in zip(rarest.tolist(), self.openings.rarity.weights(rarest).tolist(), strict=True):
            for number in self._added.get(word, ()):
                shared.setdefault(number, []).append(weight)
        return {number: sum(weights) for number, weights in shared.items() if len(weights) >= _LEAST}
