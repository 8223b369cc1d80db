"""Prune: what is kept for a while only goes when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.access import ASKED_FOR
from bot.core.ports import Session, Store
from bot.matching.stories import WINDOW

LEFTOVERS_FOR = timedelta(days=30)
"""How long `/digest more` still has what did not fit into a message."""
PAGES_FOR = timedelta(days=7)
"""How long it is remembered that an article's page brought nothing."""
REPORTS_FOR = timedelta(days=90)
"""How long a report is kept once it was told."""
HOLDS_FOR = timedelta(days=90)
"""How long it is remembered what held a delivery back: an alert of that age nobody asks about."""


def prune(store: Store, now: datetime) -> int:
    """Drops signatures too old for a new article to join their story, pages that brought nothing, old reports.

    What is remembered for a while of deliveries, conversations and readers goes, too; how many of the others.
    """
    return store.write(lambda session: _prune(session, now))


def _prune(session: Session, now: datetime) -> int:
    session.outbox.prune(now)
    session.conversations.prune(now)
    session.guests.prune(now - ASKED_FOR)
    session.follows.prune(now - WINDOW)
    session.reasons.prune(now - HOLDS_FOR)
    signatures = session.stories.prune(now - WINDOW) + session.pages.prune_signatures(now - WINDOW)
    return (
        signatures
        + session.pages.prune(now - PAGES_FOR)
        + session.reports.prune(now - REPORTS_FOR)
        + session.leftovers.prune(now - LEFTOVERS_FOR)
    )
