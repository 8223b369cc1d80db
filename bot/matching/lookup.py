"""Lookups: which open stories an article tells the event of, asked by one operation that also opens stories.

Everything that comes together is looked up and weighed together: by arrays, which costs a tenth of one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from bot.matching.events import ACCOUNT, Weighed
from bot.matching.openings import LEAST, LIKELY, Keyed, Openings, Votes

Opened = Callable[[Sequence[int]], Mapping[int, bytes]]
"""The gists of openings that are known still, by their numbers."""


class Lookup:
    """One operation's view of openings: what it adds is found as if it had been known before, by it alone."""

    def __init__(self, openings: Openings, opened: Opened) -> None:
        self._openings = openings
        self._opened = opened
        self._keyed: dict[bytes, Keyed] = {}
        self._votes: dict[bytes, Votes] = {}
        self._points: dict[tuple[bytes, int], float] = {}
        self._added: dict[int, bytes] = {}
        self._by_key: dict[int, list[int]] = {}

    def expect(self, gists: Sequence[bytes]) -> None:
        """Looks up and weighs at once what `accounts` will be asked for one by one."""
        some = [gist for gist in dict.fromkeys(gists) if gist and gist not in self._keyed]
        if not some:
            return
        keyed = self._openings.keyed(some)
        self._keyed.update(zip(some, keyed, strict=True))
        self._votes.update(zip(some, self._openings.likely(keyed), strict=True))
        pairs = [(gist, number) for gist in some for number, _ in self._votes[gist]]
        self._weigh(pairs, self._opened(list({number for _, number in pairs})))

    def accounts(self, gist: bytes) -> list[int]:
        """The numbers of openings that tell of the same event in other words, the likeliest first, then the oldest."""
        if not gist:
            return []
        self.expect([gist])
        likely = self._likely(gist)
        self._weigh([(gist, number) for number in likely if (gist, number) not in self._points], self._added)
        points = {number: self._points.get((gist, number), 0.0) for number in likely}
        told = [number for number in likely if points[number] >= ACCOUNT]
        return sorted(told, key=lambda number: (-points[number], number))

    def add(self, number: int, gist: bytes) -> bytes:
        """Lets this operation find an opening, whose number is larger than all before; returns its gist with keys."""
        if not gist:
            return b""
        self.expect([gist])
        keyed = self._keyed[gist]
        self._added[number] = keyed.gist
        for key in keyed.keys:
            self._by_key.setdefault(key, []).append(number)
        return keyed.gist

    def _likely(self, gist: bytes) -> list[int]:
        """The openings to compare it with, whenever they came: the likeliest LIKELY."""
        votes = dict(self._votes[gist])
        if self._by_key:
            votes.update(self._lately(self._keyed[gist]))
        return sorted(votes, key=lambda number: (-votes[number], number))[:LIKELY]

    def _lately(self, asked: Keyed) -> dict[int, int]:
        """What this operation added that shares enough keys, and what those say."""
        shared: dict[int, list[int]] = {}
        for key, said in zip(asked.keys, asked.said, strict=True):
            for number in self._by_key.get(key, ()):
                shared.setdefault(number, []).append(said)
        return {number: sum(said) for number, said in shared.items() if len(said) >= LEAST}

    def _weigh(self, pairs: Iterable[tuple[bytes, int]], opened: Mapping[int, bytes]) -> None:
        """Keeps how much speaks for each pair of a gist and an opening that is known still."""
        known = [pair for pair in pairs if pair[1] in opened]
        if not known:
            return
        mine = {gist: row for row, gist in enumerate(dict.fromkeys(gist for gist, _ in known))}
        theirs = {number: row for row, number in enumerate(dict.fromkeys(number for _, number in known))}
        weighed = Weighed.of(list(mine), self._openings.rarity)
        others = Weighed.of([opened[number] for number in theirs], self._openings.rarity)
        left = np.array([mine[gist] for gist, _ in known], np.int64)
        right = np.array([theirs[number] for _, number in known], np.int64)
        points = weighed.evidence(others, left, right).points.tolist()
        self._points.update(zip(known, points, strict=True))
