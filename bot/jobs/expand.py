"""Expand: alerts x subscriptions -> deliveries owed, in small transactions that resume where they stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.core.model import Alert, Audience, Kind, Terms
from bot.core.plan import plan
from bot.core.ports import Session, Store
from bot.jobs.steps import in_steps
from bot.matching.muting import keys

CHUNK = 500
"""Subscriptions a transaction looks at: 8 ms of write lock, 20 with a checkpoint: no command waits long for it."""

ALERT = 10
"""What an alert costs beside its subscriptions, in subscriptions."""


def expand(store: Store, now: datetime, default_zone: str) -> int:
    """Turns every alert not yet expanded into the deliveries it owes; returns how many were new."""
    return in_steps(
        store, lambda session: session.outbox.next_alert(), lambda session: _step(session, now, default_zone)
    )


def _step(session: Session, now: datetime, default_zone: str) -> int:
    """The oldest alerts for one chunk of subscriptions; the position reached commits with the deliveries."""
    owed, room = 0, CHUNK
    while room > 0 and (waiting := session.outbox.next_alert()) is not None:
        new, looked_at = _owe(session, *waiting, room, now, default_zone)
        owed += new
        room -= looked_at + ALERT
    return owed


def _owe(session: Session, alert: Alert, after: int, limit: int, now: datetime, default_zone: str) -> tuple[int, int]:
    """Owes an alert to its next subscriptions; (deliveries that are new, subscriptions looked at)."""
    audiences, looked_at, reached = session.subscriptions.audiences(alert, after, limit)
    session.outbox.expanded(alert.id, reached)
    archived = session.articles.get(alert.article_id)
    if archived is None:
        return 0, looked_at
    planned = [(plan(alert, archived, audience.manner, now, default_zone), audience) for audience in audiences]
    shares = [(terms, audience) for terms, audience in planned if isinstance(terms, Terms)]
    owed = session.outbox.owe_all(archived.story_id, archived.id, shares)
    listeners = [chat_id for _, audience in shares for _, chat_id in audience.listeners]
    session.mutes.hold(listeners, archived.story_id, archived.id, keys(archived), now)
    _record_quiet(session, archived.story_id, shares, now)
    return owed, looked_at


def _record_quiet(session: Session, story_id: int, shares: Sequence[tuple[Terms, Audience]], now: datetime) -> None:
    """Only quiet hours have an alert wait."""
    for terms, audience in shares:
        if terms.kind is Kind.ALERT and terms.due_at > now:
            chats = [chat_id for _, chat_id in audience.listeners]
            session.reasons.hold_quiet(chats, story_id, now, terms.due_at)


def expand_growths(store: Store, now: datetime) -> int:
    """Wishes an edit of every message that told a story which has more to say now; returns how many it looked at."""
    return in_steps(store, lambda session: session.outbox.next_growth(), lambda session: _grow(session, now))


def _grow(session: Session, now: datetime) -> int:
    """The growths raised longest ago, for one chunk of messages."""
    looked_at, room = 0, CHUNK
    while room > 0 and (waiting := session.outbox.next_growth()) is not None:
        growth, after = waiting
        found = session.outbox.expand_growth(growth, after, room, now)
        looked_at += found
        room -= found + ALERT
    return looked_at
