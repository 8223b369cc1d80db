"""Prune: what is kept for a while only goes when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.ports import Store
from bot.matching.stories import WINDOW

LEFTOVERS_FOR = timedelta(days=30)
"""How long `/digest more` still has what did not fit into a message."""


def prune(store: Store, now: datetime) -> int:
    """Drops signatures too old for a new article to join their story, and old leftovers; returns how many articles'."""
    store.write(lambda session: session.leftovers.prune(now - LEFTOVERS_FOR))
    return store.write(lambda session: session.stories.prune(now - WINDOW))
