"""What a pause has held is let through when it is over, whoever ends it."""

from __future__ import annotations

from datetime import datetime

from bot.core.model import Chat, Kind, State
from bot.core.plan import audible_at
from bot.core.ports import Session


def unpause(session: Session, chat: Chat, now: datetime, default_zone: str) -> int:
    """Lets what waits in a chat, no longer paused, leave as if due now or when quiet hours end; how many stories do.

    Alerts come together, and digests missed meanwhile are one.
    """
    heard = [entry for entry in session.subscriptions.of_chat(chat.id) if entry.paused_at is None]
    due = [entry for entry in heard if entry.next_due_at and entry.next_due_at <= now]
    for entry in due:
        session.subscriptions.reschedule(entry.id, now)
    session.outbox.replan(chat.id, now, audible_at(chat, now, default_zone), anew=True)
    alerts = session.outbox.counts(chat.id).get((Kind.ALERT, State.WAITING), 0)
    return alerts + sum(session.outbox.lines_of(entry.id) for entry in due)
