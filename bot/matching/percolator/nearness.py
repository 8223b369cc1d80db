"""Which articles have words near each other: looked for where all the words are, with the reference's own rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.evaluate import Span, near, together
from bot.matching.percolator.arrays import Int32, Int64
from bot.matching.percolator.features import Nearness


class Places:
    """Where features stand in a stream: given as features, first places and sizes in words, in any order."""

    def __init__(self, features: Int32, places: Int64, sizes: Int64) -> None:
        order = np.lexsort((places, features))
        self._features, self._places, self._sizes = features[order], places[order], sizes[order]

    def spans(self, features: Sequence[int], start: int, stop: int) -> list[Span]:
        """The spans of any of the features from place `start` up to `stop`, ascending."""
        spans: set[Span] = set()
        for feature in features:
            low, high = np.searchsorted(self._features, (feature, feature + 1)).tolist()
            low, high = (low + np.searchsorted(self._places[low:high], (start, stop))).tolist()
            places, sizes = self._places[low:high].tolist(), self._sizes[low:high].tolist()
            spans.update((place, place + size) for place, size in zip(places, sizes, strict=True))
        return sorted(spans)

    def has(self, nearness: Nearness, start: int, stop: int) -> bool:
        """Whether the text from place `start` up to `stop` has it."""
        if not nearness.together:
            left, right = (self.spans(side, start, stop) for side in (nearness.left, nearness.right))
            return any(near(left, right, nearness.distance))
        words = nearness.left
        places = sorted((place, word) for word in {*words} for place, _ in self.spans((word,), start, stop))
        return bool(together(places, words, nearness.distance))
