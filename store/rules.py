"""Rules of chats that several people share: who made what, and whether it is locked."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.model import Address
from store.times import micros


class Rules:
    """The Rules port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def made_by(self, subscription_id: int, speaker: Address) -> None:
        """Remembers who made the subscription; whoever was remembered before is not any more."""
        sql = "INSERT OR REPLACE INTO makers (subscription_id, speaker) VALUES (?, ?)"
        self._connection.execute(sql, (subscription_id, str(speaker)))

    def maker(self, subscription_id: int) -> Address | None:
        """Who made it, None when that was not told."""
        sql = "SELECT speaker FROM makers WHERE subscription_id = ?"
        row = self._connection.execute(sql, (subscription_id,)).fetchone()
        return Address.parse(row[0]) if row else None

    def lock(self, chat_id: int, now: datetime) -> None:
        """Only admins may change what the chat gets."""
        self._connection.execute("INSERT OR IGNORE INTO locked (chat_id, at) VALUES (?, ?)", (chat_id, micros(now)))

    def unlock(self, chat_id: int) -> None:
        """Everybody there may."""
        self._connection.execute("DELETE FROM locked WHERE chat_id = ?", (chat_id,))

    def is_locked(self, chat_id: int) -> bool:
        """Whether only admins may."""
        return self._connection.execute("SELECT 1 FROM locked WHERE chat_id = ?", (chat_id,)).fetchone() is not None

    def forget(self, speaker: Address) -> None:
        """Nothing is known of what this person made."""
        self._connection.execute("DELETE FROM makers WHERE speaker = ?", (str(speaker),))
