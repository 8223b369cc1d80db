"""Weighed evidence of a batch: all mentions of all signals by array operations, a few dozen whatever the topics hold.

Where a word stands that some signal listens for is known when words are looked up. These places are sorted by signal,
joined where they overlap, held against those that they have to be near or must not overlap, and summed by article and
signal. `bot.matching.weighing` says what it all means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Flags, Int32, Int64, UInt64, flagged, ranges
from bot.matching.document import Document
from bot.matching.evidence import HEADLINE, LEAD, LEAD_WORDS, STRETCH, TEXT, Weighed, Wording
from bot.matching.percolator.batch import Batch
from bot.matching.percolator.features import WORDS, Weighing

_APART = 1 << 10
"""Places between headline and text, and between articles: more than any nearness reaches."""
_SIGNAL = 1 << 40
"""More places than a batch has: each signal has so many of its own."""


class Intervals(NamedTuple):
    """Stretches of places that do not overlap, ascending."""

    starts: Int64
    ends: Int64

    def before(self, places: Int64) -> Int64:
        """The last stretch that starts before each place, -1 where none does."""
        return np.searchsorted(self.starts, places) - 1


class Weighings:
    """What the evidence that topics weigh comes to in the articles of a batch."""

    def __init__(self) -> None:
        self._features: Int64 = np.zeros(0, np.int64)
        """Of each weighing the feature that articles with enough evidence have."""

    def load(self, weighings: Mapping[int, Weighing], size: int) -> None:
        """Takes up weighings by their features, in place of those it had; all features are below `size`."""
        self._features = np.array([*weighings], np.int64)
        if not weighings:
            return
        self._load_signals([weighing.node for weighing in weighings.values()])
        self._load_terms([*weighings.values()])
        self._listened: Flags = np.zeros(size + 1, np.bool_)
        self._listened[self._keys] = True

    def __len__(self) -> int:
        return len(self._features)

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return sum(held.nbytes for held in vars(self).values() if isinstance(held, np.ndarray))

    def _load_signals(self, nodes: Sequence[Weighed]) -> None:
        signals = [signal for node in nodes for signal in node.signals]
        self._signals = len(signals)
        self._points: Int64 = np.array([signal.points for signal in signals], np.int64)
        self._most: Int64 = np.array([signal.most for signal in signals], np.int64)
        self._anywhere: Flags = np.array([signal.anywhere for signal in signals], np.bool_)
        self._within: Int64 = np.array([signal.within if signal.near else -1 for signal in signals], np.int64)
        self._thresholds: Int64 = np.array([node.threshold for node in nodes], np.int64)
        owners = np.repeat(np.arange(len(nodes)), [len(node.signals) for node in nodes])
        supports = np.array([signal.supports for signal in signals], np.bool_)
        owned = owners[:, None] == np.arange(len(nodes))
        self._leads: Int64 = (owned & ((self._points > 0) & ~supports)[:, None]).astype(np.int64)
        """By signal and weighing, 1 where its points are the weighing's own."""
        self._supports: Int64 = (owned & ((self._points > 0) & supports)[:, None]).astype(np.int64)
        self._opposes: Int64 = (owned & (self._points <= 0)[:, None]).astype(np.int64)

    def _load_terms(self, weighings: Sequence[Weighing]) -> None:
        sizes = [len(weighing.node.signals) for weighing in weighings]
        shifts = np.cumsum([0, *sizes[:-1]])
        headings = sorted({heading for weighing in weighings for heading in weighing.headings})
        self._wordings = [Wording(heading, ()) for heading in headings]
        parts = []
        for weighing, shift in zip(weighings, shifts.tolist(), strict=True):
            heading = np.array([headings.index(name) for name in weighing.headings], np.int32)
            terms = weighing.terms
            parts.append(np.stack((terms[0], terms[1], terms[2] + shift, heading[terms[3]])))
        features, roles, signals, spoken = np.concatenate(parts, axis=1)
        order = np.argsort(features, kind="stable")
        self._roles, self._signal_of, self._heading_of = roles[order], signals[order].astype(np.int64), spoken[order]
        self._keys: Int32
        self._keys, first = np.unique(features[order], return_index=True)
        self._starts: Int64 = first
        self._counts: Int64 = np.diff(first, append=len(order))

    def weigh(self, batch: Batch, documents: Sequence[Document]) -> tuple[Int64, UInt64]:
        """The features of the weighings, and the articles whose evidence is enough for each."""
        starts = np.concatenate((np.zeros(1, np.int64), batch.ends[:-1] + 1))
        parts = starts + np.arange(len(starts)) * _APART
        roles, found = self._found(batch, documents, parts - starts)
        said = self._counted(roles, found)
        place = said.starts & (_SIGNAL - 1)
        part = np.searchsorted(parts, place, side="right") - 1
        signal = said.starts >> 40
        inside = part & 1 == 1
        further = inside & (place - parts[part] >= LEAD_WORDS)
        at = 2 * ((part >> 1) * self._signals + signal) + (further & ~self._anywhere[signal])
        worth = np.where(further, TEXT, np.where(inside, LEAD, HEADLINE))
        sums = np.bincount(at, worth, 2 * len(documents) * self._signals).astype(np.int64)
        words = (batch.ends - starts)[1::2]
        return self._features, self._enough(sums.reshape(len(documents), self._signals, 2), words)

    def _found(self, batch: Batch, documents: Sequence[Document], shifts: Int64) -> tuple[Int64, Intervals]:
        """The role of each place that a signal listens for, in a language of the article; from where up to where."""
        heard = flagged(self._listened.take(batch.features, mode="clip"))  # newer ones are the last one: False
        at = np.searchsorted(self._keys, batch.features[heard])
        counts = self._counts[at]
        terms = ranges(self._starts[at], counts)
        owners = np.repeat(heard, counts)
        places = batch.places[owners]
        part = np.searchsorted(batch.ends, places)
        kept = flagged(self._spoken(documents)[part >> 1, self._heading_of[terms]])
        terms, places = terms[kept], places[kept] + shifts[part[kept]]
        starts = self._signal_of[terms] * _SIGNAL + places
        return self._roles[terms], Intervals(starts, starts + batch.sizes[owners[kept]])

    def _spoken(self, documents: Sequence[Document]) -> Flags:
        """Of each document under which headings its language is."""
        rows: dict[str | None, list[bool]] = {}
        for language in {document.language for document in documents}:
            rows[language] = [wording.speaks(language) for wording in self._wordings]
        return np.array([rows[document.language] for document in documents], np.bool_)

    def _counted(self, roles: Int64, found: Intervals) -> Intervals:
        """The mentions that count."""
        words, near, unless = (_merged(found, roles == WORDS + role) for role in (0, 1, 2))
        if len(unless.starts):
            mine = flagged(roles == WORDS)
            last = unless.before(found.ends[mine])
            free = (last < 0) | (unless.ends[last] <= found.starts[mine])
            kept = np.zeros(len(roles), np.bool_)
            kept[mine[free]] = True
            words = _merged(found, kept)
        within = self._within[words.starts >> 40]
        counts = within < 0
        if len(near.starts):
            last = near.before(words.ends)
            follows = (last >= 0) & (words.starts - near.ends[last] <= within)
            next_ = np.minimum(last + 1, len(near.starts) - 1)
            precedes = (last + 1 < len(near.starts)) & (near.starts[next_] - words.ends <= within)
            counts = counts | follows | precedes
        return Intervals(words.starts[counts], words.ends[counts])

    def _enough(self, sums: Int64, words: Int64) -> UInt64:
        """The articles whose points are enough: `sums` has what mentions count as in the opening, and further down.

        `words` are those of each text.
        """
        opening = np.minimum(sums[:, :, 0], self._most)
        further = np.minimum(sums[:, :, 1], self._most - opening) * self._points
        opening *= self._points
        main = opening @ self._leads
        below = further @ self._leads
        main += np.minimum(below, np.maximum(main, below * STRETCH // np.maximum(words, STRETCH)[:, None]))
        all_ = opening + further
        total = main + np.minimum(all_ @ self._supports, main) + all_ @ self._opposes
        bits = np.uint64(1) << np.arange(len(sums), dtype=np.uint64)
        met: UInt64 = np.bitwise_or.reduce(np.where(total >= self._thresholds, bits[:, None], np.uint64(0)), axis=0)
        return met


def _merged(found: Intervals, those: Flags) -> Intervals:
    """Those of the stretches, overlapping ones as one."""
    starts, ends = found.starts[those], found.ends[those]
    if not len(starts):
        return Intervals(starts, ends)
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    breaks = flagged(starts[1:] >= ends[:-1])
    return Intervals(starts[np.concatenate(([0], breaks + 1))], ends[np.append(breaks, len(ends) - 1)])
