"""A subscription that was paused by itself is heard again, whoever ends its pause."""

from __future__ import annotations

from datetime import datetime

from bot.core.model import Chat, Subscription
from bot.core.plan import audible_at, next_digest
from bot.core.ports import Session
from bot.matching.hushing import hush


def resume(session: Session, chat: Chat, entry: Subscription, now: datetime, default_zone: str) -> int:
    """Lets what was held for it leave as if due now or when quiet hours end, but for what was told or muted meanwhile.

    How many stories do. Digests it missed are one, due now; where nothing was held none is, and the next one comes at
    its time.
    """
    due_at = entry.next_due_at
    if due_at is not None and due_at <= now:
        missed = session.pauses.held(entry.id) > 0
        due_at = now if missed else next_digest(entry.cadence, chat, now, default_zone)
    audible = now if entry.urgent else audible_at(chat, now, default_zone)
    back = session.pauses.end(entry.id, audible, due_at)
    return back - sum(hush(session, chat, mute, now) for mute in session.mutes.live(chat.id, now))
