"""Expand: alerts x subscriptions -> deliveries owed, in small transactions that resume where they stopped."""

from __future__ import annotations

from datetime import datetime

from bot.core.model import Owed
from bot.core.plan import plan
from bot.core.ports import Session, Store

CHUNK = 500
"""Subscriptions a transaction: about 20 ms of write lock, so that a command never waits long."""


def expand(store: Store, now: datetime, default_zone: str) -> int:
    """Turns every alert not yet expanded into the deliveries it owes; returns how many were new."""
    owed = 0
    while store.read(lambda session: session.outbox.next_alert()) is not None:
        owed += store.write(lambda session: _step(session, now, default_zone))
    return owed


def _step(session: Session, now: datetime, default_zone: str) -> int:
    """One chunk of the oldest alert's subscriptions; the position reached commits with the deliveries."""
    waiting = session.outbox.next_alert()
    if waiting is None:
        return 0
    alert, reached = waiting
    archived = session.articles.get(alert.article_id)
    listeners = session.subscriptions.of_query(alert, reached, CHUNK) if archived is not None else []
    planned = [
        plan(alert, archived, subscription, chat, now, default_zone) for subscription, chat in listeners if archived
    ]
    new = session.outbox.owe(entry for entry in planned if isinstance(entry, Owed))
    session.outbox.expanded(alert.id, listeners[-1][0].id if len(listeners) == CHUNK else None)
    return new
