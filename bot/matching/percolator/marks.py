"""Which articles of a batch have which features: a bit an article, a number a feature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.matching.arrays import Flags, Floats, Int32, Int64, UInt32, UInt64, distinct, flagged, grown
from bot.matching.percolator.batch import BITS, Batch
from bot.matching.percolator.features import ALWAYS, NEVER

_ALWAYS = np.array([ALWAYS])
_UNSEEN = 0.5
"""What a feature costs beside the articles it was seen in: of clauses never seen the shorter one is the rarer."""


class Marks:
    """The bits of one batch at a time, and in how many articles each feature was seen so far."""

    def __init__(self) -> None:
        self.bits: UInt64 = np.zeros(0, np.uint64)
        self.title_bits: UInt64 = np.zeros(0, np.uint64)
        """Of the headlines alone; of length 0 unless asked for."""
        self.articles = 0
        """How many were seen."""
        self._seen: UInt32 = np.zeros(0, np.uint32)
        self._flags: Flags = np.zeros(0, np.bool_)
        self._present: list[Int64] = []

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return sum(array.nbytes for array in (self.bits, self.title_bits, self._seen, self._flags))

    def grow(self, size: int, *, titles: bool) -> None:
        """Makes room for features below `size`."""
        self.bits, self._seen, self._flags = grown(self.bits, size), grown(self._seen, size), grown(self._flags, size)
        if titles:
            self.title_bits = grown(self.title_bits, size)

    def cost(self, size: int) -> Floats:
        """How common each feature below `size` is, as far as is known."""
        cost = self._seen[:size].astype(np.float32)
        cost += _UNSEEN
        cost[NEVER] = 0
        return cost

    def begin(self, batch: Batch, articles: int) -> None:
        """Sets the bits of what stands in the texts of so many articles."""
        self.articles += articles
        present = distinct(batch.features, self._flags)
        self._present = [np.concatenate((_ALWAYS, present))]
        batch.mark(self.bits, present)
        self.bits[ALWAYS] = np.bitwise_or.reduce(BITS[:articles])
        if len(self.title_bits):
            batch.mark_titles(self.title_bits, present)

    def carry(self, carried: Iterable[Sequence[int]]) -> None:
        """Sets the bits of what each article carries beside its words."""
        found: set[int] = set()
        for bit, features in zip(BITS, carried, strict=False):
            if features:
                self.bits[features] |= bit
                found.update(features)
        if found:
            self._present.append(np.array(sorted(found), np.int64))

    def put(self, features: Int64, articles: UInt64) -> None:
        """Sets the bits of features that had none; each of them once."""
        some = flagged(articles)
        self.bits[features[some]] = articles[some]
        if len(some):
            self._present.append(features[some])

    def present(self) -> Int64:
        """The features that some article has, ascending."""
        if len(self._present) > 1:
            self._present = [np.sort(np.concatenate(self._present))]
        return self._present[0]

    def end(self) -> None:
        """Counts what was seen, and clears all bits."""
        present = self.present()
        self._seen[present] += np.bitwise_count(self.bits.take(present))
        self.bits[present] = 0
        if len(self.title_bits):
            self.title_bits[present] = 0

    def renumber(self, numbers: Int32, size: int) -> None:
        """Gives features other numbers below `size`, 0 to those that are gone; no batch may be under way."""
        seen, titles = self._seen, len(self.title_bits) > 0
        self.bits, self.title_bits = self.bits[:0], self.title_bits[:0]
        self._seen, self._flags = self._seen[:0], self._flags[:0]
        self.grow(size, titles=titles)
        kept = flagged(numbers)
        self._seen[numbers[kept]] = seen[kept]
