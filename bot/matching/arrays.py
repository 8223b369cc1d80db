"""Array types, arrays that grow, and the steps numpy has no quick name for."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt16 = npt.NDArray[np.uint16]
UInt32 = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
UInt64 = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

Any1D = TypeVar("Any1D", bound=npt.NDArray[np.generic])

SPARSE = 128
"""Flags to a number from which on sorting the numbers is cheaper than looking through all flags."""


def grown(array: Any1D, size: int) -> Any1D:
    """`array` itself, or with zeros after it where it is shorter than `size`: a quarter more than asked for."""
    if len(array) >= size:
        return array
    longer = np.zeros(size + size // 4 + 64, array.dtype)
    longer[: len(array)] = array
    return longer  # type: ignore[return-value]


def flagged(flags: np.ndarray[tuple[int], np.dtype[np.generic]]) -> Int64:
    """Where a row has something other than zeros; `np.flatnonzero` takes three times as long for a short one."""
    return flags.nonzero()[0]


def ranges(starts: npt.NDArray[np.integer], counts: npt.NDArray[np.integer]) -> Int64:
    """The numbers start, start + 1, ... of each start, `counts` of each, one range after the other."""
    ends: Int64 = np.cumsum(counts, dtype=np.int64)
    if not len(ends):
        return ends
    return np.arange(ends[-1], dtype=np.int64) + np.repeat(starts - ends + counts, counts)  # type: ignore[no-any-return]


def ascending(numbers: Any1D) -> Any1D:
    """The different `numbers`, ascending; `np.unique` takes up to ten times as long, and loads masked arrays first."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[flagged(first)]  # type: ignore[return-value]


def distinct(numbers: Int32 | Int64, flags: Flags) -> Int64:
    """The different `numbers`, ascending; `flags` has a False for each number there can be, and is left so."""
    if len(numbers) * SPARSE < len(flags):
        ordered = np.sort(numbers)
        return ordered[flagged(np.diff(ordered, prepend=np.int32(-1)))].astype(np.int64)
    flags[numbers.astype(np.int64, copy=False)] = True
    found: Int64 = flagged(flags)
    flags[found] = False
    return found
