"""Digest: subscriptions whose time has come get their chat's digest opened and their next one set."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from bot.core.model import Chat, Subscription
from bot.core.plan import audible_at, next_digest
from bot.core.ports import Session, Store
from bot.jobs.steps import in_steps

CHUNK = 500
"""Subscriptions a transaction."""


def open_digests(store: Store, now: datetime, default_zone: str) -> int:
    """Opens the digests that are due, one a chat however many of its subscriptions are; returns how many."""
    return in_steps(
        store, lambda session: session.subscriptions.due(now, 1), lambda session: _step(session, now, default_zone)
    )


def _step(session: Session, now: datetime, default_zone: str) -> int:
    due = session.subscriptions.due(now, CHUNK)
    chats = [(chat, [entry for entry, _ in rows]) for chat, rows in groupby(due, key=lambda row: row[1])]
    for chat, subscriptions in chats:
        _open(session, chat, subscriptions, now, default_zone)
    return len(chats)


def _open(session: Session, chat: Chat, due: list[Subscription], now: datetime, default_zone: str) -> None:
    """One chat's digest: those missed while nothing ran become one, late; the next one is after `now`."""
    missed_at = min(entry.next_due_at for entry in due if entry.next_due_at is not None)
    urgent = any(entry.urgent for entry in due)
    audible = now if urgent else audible_at(chat, now, default_zone)
    session.outbox.open_digest(chat.id, missed_at if audible == now else audible, now)
    for entry in due:
        following = next_digest(entry.cadence, chat, now, default_zone)
        assert following is not None, "only digests are due"
        session.subscriptions.advance(entry.id, following)
