"""Leftovers: what did not fit into a message, kept for a while so that a reader can have it all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from store.times import micros, moment

KEEP = """
    INSERT INTO leftovers (chat_id, told_at, position, article_id, subscription_id)
    VALUES (:chat, :at, (
        SELECT coalesce(max(position), 0) + 1 FROM leftovers WHERE chat_id = :chat AND told_at = :at
    ), :article, :subscription)
"""


class Leftovers:
    """The Leftovers port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(self, chat_id: int, told_at: datetime, lines: Iterable[tuple[int, int]]) -> None:
        """Keeps (article id, subscription id), best first, of a message sent then."""
        common = {"chat": chat_id, "at": micros(told_at)}
        rows = (common | {"article": article, "subscription": subscription} for article, subscription in lines)
        self._connection.executemany(KEEP, rows)

    def of_chat(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[datetime, int, int]], int]:
        """A page of (told at, article id, subscription id), the latest message first, and how many there are."""
        sql = """
            SELECT told_at, article_id, subscription_id FROM leftovers WHERE chat_id = ?
            ORDER BY told_at DESC, position LIMIT ? OFFSET ?
        """
        rows = self._connection.execute(sql, (chat_id, limit, offset)).fetchall()
        (total,) = self._connection.execute("SELECT count(*) FROM leftovers WHERE chat_id = ?", (chat_id,)).fetchone()
        return [(moment(told_at), article, subscription) for told_at, article, subscription in rows], total

    def prune(self, before: datetime) -> int:
        """Drops what is left of messages sent before then; returns how many lines."""
        return self._connection.execute("DELETE FROM leftovers WHERE told_at < ?", (micros(before),)).rowcount
