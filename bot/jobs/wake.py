"""Wake: pauses that have an end are over when it has come, and what was held is let through and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.model import Chat, Subscription
from bot.core.pausing import unpause
from bot.core.plan import audible_at
from bot.core.ports import Session, Store
from bot.core.reader_ports import Preface
from bot.jobs.steps import in_steps
from bot.matching.resuming import resume

CHUNK = 100
"""Chats, or subscriptions, a transaction."""


def wake(store: Store, now: datetime, default_zone: str) -> int:
    """Ends the pauses that are over, of chats and of single subscriptions; returns how many hear again."""
    chats = in_steps(
        store, lambda session: session.chats.pausing(now, 1), lambda session: _chats(session, now, default_zone)
    )
    return chats + in_steps(
        store, lambda session: session.pauses.over(now, 1), lambda session: _subscriptions(session, now, default_zone)
    )


def _chats(session: Session, now: datetime, default_zone: str) -> int:
    chats = session.chats.pausing(now, CHUNK)
    for chat in chats:
        _wake(session, chat, now, default_zone)
    return len(chats)


def _subscriptions(session: Session, now: datetime, default_zone: str) -> int:
    over = session.pauses.over(now, CHUNK)
    for entry, chat in over:
        _resume(session, chat, entry, now, default_zone)
    return len(over)


def _wake(session: Session, chat: Chat, now: datetime, default_zone: str) -> None:
    """What was held leaves now or when quiet hours end, with a line that says so; where nothing was, the line alone."""
    since = chat.paused_at or now
    awake = replace(chat, paused_at=None, paused_until=None, pause_reason=None)
    session.chats.save(awake)
    held = unpause(session, awake, now, default_zone)
    session.prefaces.add(chat.id, Preface.PAUSE_OVER, held, since)
    if not held:
        session.outbox.open_digest(chat.id, audible_at(awake, now, default_zone), now)


def _resume(session: Session, chat: Chat, entry: Subscription, now: datetime, default_zone: str) -> None:
    """The same for one subscription of a chat."""
    held = resume(session, chat, entry, now, default_zone)
    session.prefaces.add(chat.id, Preface.RESUMED, held, entry.paused_at or now, about=str(entry.number))
    if not held:
        session.outbox.open_digest(chat.id, audible_at(chat, now, default_zone), now)
