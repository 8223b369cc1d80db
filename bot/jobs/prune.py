"""Prune: what is kept for a while only goes when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.ports import Store
from bot.matching.stories import WINDOW

REPORTS_FOR = timedelta(days=90)
"""How long a report is kept once it was told."""


def prune(store: Store, now: datetime) -> int:
    """Drops signatures too old for a new article to join their story, and reports long told; returns how many."""
    return store.write(lambda session: session.stories.prune(now - WINDOW) + session.reports.prune(now - REPORTS_FOR))
