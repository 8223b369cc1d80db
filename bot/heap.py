"""The heap of a process that runs for years: one for all threads, and what is free of it goes back now and then."""

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


def give_back() -> None:
    """Gives the system back what is free of the heap, wherever that lies (malloc_trim(3)); some milliseconds."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
