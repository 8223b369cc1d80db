"""Work in steps: as many small transactions as it takes, so that whatever else writes has its turn between two."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.collector import collector_sparing
from bot.core.ports import Session, Store


def in_steps(store: Store, waits: Callable[[Session], object], step: Callable[[Session], int]) -> int:
    """Takes steps, a transaction each, for as long as something `waits`; the sum of what they return.

    A pass with nothing to do only reads, and holds up no writer. Where one step does not do, no full collection of
    cyclic garbage makes a later one hold the write lock for longer.
    """
    if not store.read(waits):
        return 0
    done = store.write(step)
    if not store.read(waits):
        return done
    with collector_sparing():
        while store.read(waits):
            done += store.write(step)
    return done
