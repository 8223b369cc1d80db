"""A batch of articles as features: which articles have each, a bit an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.matching.arrays import Bytes, Int32, Int64, UInt64, flagged, ranges
from bot.matching.percolator.lexicon import Lexicon
from bot.matching.percolator.rows import Found, Further, Rows
from bot.matching.percolator.stream import Stream

BITS: UInt64 = np.uint64(1) << np.arange(64, dtype=np.uint64)
"""The bit of each article of a batch."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Where the features of words and rows stand in a stream of headline and text of each article, by article."""

    ends: Int64
    """The place after each headline and each text."""
    features: Int64
    places: Int64
    sizes: Int32
    """Words a feature stands for."""
    articles: Bytes

    @classmethod
    def read(cls, stream: Stream, tags: Sequence[str], lexicon: Lexicon, rows: Rows) -> Batch:
        """Looks up every word and finds every row; `tags` are the stemmers' of headlines and texts."""
        words = lexicon.words(stream, tags)
        forms = flagged(words.forms != 0)
        further = Further(words.others[ranges(words.starts, words.counts)], np.repeat(words.places, words.counts))
        found = [Found(words.forms[forms], forms, 1), Found(*further, 1), *rows.find(words, further)]
        features, places = (np.concatenate([part[column] for part in found]) for column in (0, 1))
        sizes = np.repeat(np.array([part.size for part in found], np.int32), [len(part.features) for part in found])
        return cls(stream.ends, features, places, sizes, _articles(stream.ends).take(places))

    def mark(self, bits: UInt64, present: Int64) -> None:
        """Sets the bits of the articles that have each feature; `present` are all these features, each once."""
        _mark(bits, present, self.features, self.articles)

    def mark_titles(self, bits: UInt64, present: Int64) -> None:
        """Sets the bits of the articles that have each feature in the headline, as `mark` does."""
        inside = flagged(np.searchsorted(self.ends, self.places) & 1 == 0)
        _mark(bits, present, self.features.take(inside), self.articles.take(inside))

    def parts(self, article: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where headline and text of an article start and end."""
        before = int(self.ends[2 * article - 1]) + 1 if article else 0
        middle, end = self.ends[2 * article : 2 * article + 2].tolist()
        return (before, middle), (middle + 1, end)


def _articles(ends: Int64) -> Bytes:
    """The article of each place."""
    return np.repeat(np.arange(len(ends) // 2, dtype=np.uint8), np.diff(ends[1::2], prepend=-1))


def _mark(bits: UInt64, present: Int64, features: Int64, articles: Bytes) -> None:
    """Sets the bit of each article at its features, all of them among the present ones.

    A byte for each feature and article, packed to bits: or-ing bits in an article after the other takes twice as long.
    """
    bits[present] = np.arange(0, 64 * len(present), 64, dtype=np.uint64)  # for now, where the bytes of each begin
    had = np.zeros(64 * len(present), np.uint8)
    had[(bits.take(features) + articles).view(np.int64)] = 1
    bits[present] = np.packbits(had, bitorder="little").view("<u8")


def articles_of(bits: int) -> Iterable[int]:
    """The articles whose bits are set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
