"""Prune: what is kept for a while only goes when its time is over."""

from __future__ import annotations

from datetime import datetime

from bot.core.ports import Store
from bot.matching.stories import WINDOW


def prune(store: Store, now: datetime) -> int:
    """Drops signatures too old for a new article to join their story; returns how many.

    What delivery and conversations remember for a while goes, too.
    """
    store.write(lambda session: session.outbox.prune(now))
    store.write(lambda session: session.conversations.prune(now))
    return store.write(lambda session: session.stories.prune(now - WINDOW))
