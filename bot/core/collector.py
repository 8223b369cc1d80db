"""Python's collector of cyclic garbage, and when it had better rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """A stretch that makes very much and keeps it all: the collector would look through it again and again for nothing.

    What nothing refers to any more is freed as ever; only what refers to itself waits for the end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def collector_sparing() -> Iterator[None]:
    """A stretch in which the collector looks through nothing that is there now: that stays, and would hold all up.

    A full collection takes a tenth of a second in a process that has imported all it needs and holds 10,000 sources.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
