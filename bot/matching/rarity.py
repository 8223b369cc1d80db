"""How much a word says: the fewer stories of the window have it, the more.

Counted by the hash of a word in a table of fixed size: words that share a place are taken for more common than they
are, never for rarer. What is long past fades: every so often all counts are halved.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]

_PLACES = 1 << 20
_PLACE = np.uint32(_PLACES - 1)
_FADE = 1 << 18
"""Texts counted from which all counts are halved: two and a half windows of 100,000."""

_FEW_TEXTS, _FEW_TIMES, _COMMON = 1_000, 5, 1.5
"""A word says ln((texts + 1,000) / (texts that have it + 5)) - 1.5: with few texts known all words say much the same,
and those of every fifth text nothing."""


class Rarity:
    """Counts of hashed words over texts."""

    def __init__(self) -> None:
        self.texts = 0
        self._counts = np.zeros(_PLACES, np.int32)

    @property
    def nbytes(self) -> int:
        """Bytes of the table."""
        return self._counts.nbytes

    def learn(self, words: Hashes, texts: int) -> None:
        """Counts the words of so many texts, of each those it has."""
        # Of exactly these types `add.at` takes a fifteenth of the time that it or `np.unique` takes of others.
        np.add.at(self._counts, (words & _PLACE).astype(np.intp), np.int32(1))
        self.texts += texts
        if self.texts >= _FADE:
            self.texts //= 2
            self._counts //= 2

    def counts(self, words: Hashes) -> npt.NDArray[np.int32]:
        """How many texts have each word."""
        found: npt.NDArray[np.int32] = self._counts[words & _PLACE]
        return found

    def of(self, words: Sequence[int]) -> list[float]:
        """What each word says, in nats; 0 or more."""
        weights: list[float] = self.weights(np.array(words, np.uint32)).tolist()
        return weights

    def weights(self, words: Hashes) -> npt.NDArray[np.float64]:
        """What each word says, in nats; 0 or more."""
        said = np.log((self.texts + _FEW_TEXTS) / (self.counts(words) + _FEW_TIMES)) - _COMMON
        weights: npt.NDArray[np.float64] = np.maximum(said, 0.0)
        return weights
