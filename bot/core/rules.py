"""Rules of chats that several people share, and the port that keeps them: who made what, and whether it is locked."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.core.model import Address


class Rules(Protocol):
    """Who subscribed a shared chat to what, and whether only its admins may change what it gets."""

    def made_by(self, subscription_id: int, speaker: Address) -> None:
        """Remembers who made the subscription; whoever was remembered before is not any more."""

    def maker(self, subscription_id: int) -> Address | None:
        """Who made it, None when that was not told."""

    def lock(self, chat_id: int, now: datetime) -> None:
        """Only admins may change what the chat gets."""

    def unlock(self, chat_id: int) -> None:
        """Everybody there may."""

    def is_locked(self, chat_id: int) -> bool:
        """Whether only admins may."""

    def forget(self, speaker: Address) -> None:
        """Nothing is known of what this person made."""
