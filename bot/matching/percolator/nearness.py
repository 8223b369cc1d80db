"""Which articles have words near each other: looked for where all the words are, with the reference's own rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.arrays import Int32, Int64
from bot.matching.evaluate import Span, near, together
from bot.matching.percolator.batch import BITS, Batch, articles_of
from bot.matching.percolator.features import Features, Nearness
from bot.matching.percolator.marks import Marks
from bot.matching.percolator.standing import Standing


class Places:
    """Where features stand in a stream: given as features, first places and sizes in words, in any order."""

    def __init__(self, features: Int64, places: Int64, sizes: Int32) -> None:
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


def mark_near(batch: Batch, marks: Marks, nearnesses: Standing, features: Features) -> None:
    """Sets the bits of nearnesses, looked for in the articles that have all their words."""
    places = Places(batch.features, batch.places, batch.sizes)
    numbers, articles = nearnesses.match(marks.bits, marks.present())
    found, titled = np.zeros(len(numbers), np.uint64), np.zeros(len(numbers), np.uint64)
    for index, (number, those) in enumerate(zip(numbers.tolist(), articles.tolist(), strict=True)):
        nearness = features.near[number]
        for article in articles_of(those):
            title, body = batch.parts(article)
            if places.has(nearness, *title):
                titled[index] |= BITS[article]
            elif not places.has(nearness, *body):
                continue
            found[index] |= BITS[article]
    marks.put(numbers, found)
    if len(marks.title_bits):
        marks.title_bits[numbers] = titled
