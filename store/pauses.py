"""Pauses of single subscriptions; a chat's own pause is a setting of the chat."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.model import Chat, Subscription
from store import holding, waiting
from store.chats import CHAT
from store.subscriptions import JOINED, SUBSCRIPTION, with_chats
from store.times import micros

OVER = f"""
    SELECT {SUBSCRIPTION}, {CHAT} FROM {JOINED} JOIN chats c ON c.id = s.chat_id
    WHERE s.paused_until <= ? AND s.paused_until IS NOT NULL AND s.ended_at IS NULL ORDER BY s.paused_until LIMIT ?
"""  # noqa: S608


class Pauses:
    """The Pauses port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, subscription_id: int, since: datetime, until: datetime | None) -> None:
        """Pauses it alone, until then or for good; what waits for it is held, unless another of the chat tells it."""
        sql = "UPDATE subscriptions SET paused_at = ?, paused_until = ? WHERE id = ?"
        self._connection.execute(sql, (micros(since), micros(until), subscription_id))
        waiting.settle_waiting(self._connection, subscription_id)

    def end(self, subscription_id: int, audible_at: datetime, next_due_at: datetime | None) -> int:
        """Hears it again and lets what was held wait again, but for stories told meanwhile; how many lines.

        Alerts leave at `audible_at`, lines of a digest with the one at `next_due_at`.
        """
        audible, due = micros(audible_at), micros(next_due_at)
        released = holding.release(self._connection, subscription_id, audible, due)
        sql = "UPDATE subscriptions SET paused_at = NULL, paused_until = NULL, next_due_at = ? WHERE id = ?"
        self._connection.execute(sql, (due, subscription_id))
        waiting.settle_waiting(self._connection, subscription_id)
        return released

    def held(self, subscription_id: int) -> int:
        """How many lines are held for a paused subscription."""
        return holding.held(self._connection, subscription_id)

    def over(self, now: datetime, limit: int) -> list[tuple[Subscription, Chat]]:
        """Live subscriptions whose pause has come to its end, each with its chat."""
        return with_chats(self._connection.execute(OVER, (micros(now), limit)))
