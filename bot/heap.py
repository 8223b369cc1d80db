"""The heap: one for all threads of a process that runs for years."""

from __future__ import annotations

import ctypes
from contextlib import suppress

_ARENA_MAX = -8
"""M_ARENA_MAX (mallopt(3))."""


def one_heap() -> None:
    """Has the C library keep one heap, where it knows how to; to be called before there are threads.

    glibc gives every thread its own, and what is free in one serves no other: a hundred megabytes more after days.
    """
    with suppress(AttributeError, OSError, TypeError):  # no glibc, or nothing to ask
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
