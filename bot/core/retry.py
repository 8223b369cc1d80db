"""When a delivery that failed is tried again, or that it never is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.errors import ChatGone, ChatMoved, Rejected, Throttled

TRIES = 8
"""How often a message is tried while its platform fails; a pause the platform asks for never uses them up."""


def retry_at(error: Exception, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `error`, None for never; `attempts` counts the tries made, this one included.

    Exactly the pause a platform asks for; else 1, 2, 4 ... 64 minutes. TypeError for ChatGone and ChatMoved, which
    concern the chat and not one delivery.
    """
    match error:
        case ChatGone() | ChatMoved():
            raise TypeError(f"{type(error).__name__} concerns the chat, not one delivery")
        case Throttled(retry_after=pause):
            return now + pause
        case Rejected():
            return None
    return now + timedelta(minutes=2 ** (attempts - 1)) if attempts < TRIES else None
