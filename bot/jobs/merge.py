"""Merge: when enough has come in, the full text's segments become one again, so that a search has few to look in."""

from __future__ import annotations

from bot.core.ports import Store

STEPS = 20
"""Steps a run: each is a transaction of some milliseconds, so whatever else writes has its turn between two."""


def merge(store: Store, steps: int = STEPS) -> bool:
    """Takes up to so many steps; False when nothing is left to do."""
    for _ in range(steps):
        if not (
            store.read(lambda session: session.search.scattered())
            and store.write(lambda session: session.search.merge())
        ):
            return False
    return True
