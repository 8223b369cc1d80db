"""What hangs on which feature: slots filed under features, looked up for all features of a batch at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Int32, Int64, flagged, ranges

_DENSE = 16
"""Features to one that something hangs on, up to which a table of all features is worth its memory."""


class Hung(NamedTuple):
    """Slots that hang on features: `counts` of them on each, one feature's, ascending, after the other's."""

    slots: Int32
    features: Int64
    counts: Int64


class Anchors:
    """Slots under the feature each hangs on; a slot may hang on several."""

    def __init__(self, features: Int32, slots: Int32, size: int) -> None:
        """`slots[i]` hangs on `features[i]`, which are all below `size`."""
        both = (features.astype(np.int64) << 32) | slots  # a sort of these takes half as long as the order of one
        both.sort()
        ordered = (both >> 32).astype(np.int32)
        self._slots: Int32 = both.astype(np.int32)
        firsts = flagged(np.diff(ordered, prepend=-1))
        self._keys: Int32 | None = None
        """The features that something hangs on, None where `_from` has a place for every feature there is."""
        if len(firsts) * _DENSE > size:
            ends = np.cumsum(np.bincount(ordered, minlength=size))
            self._from: Int32 = np.concatenate((np.zeros(1, np.int32), ends.astype(np.int32)))
        else:
            self._keys = ordered[firsts]
            self._from = np.append(firsts, len(ordered)).astype(np.int32)

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return self._slots.nbytes + self._from.nbytes + (0 if self._keys is None else self._keys.nbytes)

    def hung(self, features: Int64) -> Hung:
        """What hangs on any of these features, which are ascending and each there once."""
        if self._keys is None:
            at = features = features[: np.searchsorted(features, len(self._from) - 1)]
            hit = flagged(self._from.take(at) != self._from.take(at + 1))
        else:
            at = np.minimum(np.searchsorted(self._keys, features), len(self._keys) - 1)
            hit = flagged(self._keys.take(at) == features) if len(self._keys) else at[:0]
        at = at.take(hit)
        starts = self._from.take(at)
        counts = self._from.take(at + 1) - starts
        return Hung(self._slots.take(ranges(starts, counts)), features.take(hit), counts)
