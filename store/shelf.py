"""The shelf: articles a chat saved, and stories it marked as not relevant to a subscription."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from store.times import micros, moment


class Shelf:
    """The Shelf port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def save(self, chat_id: int, article_id: int, now: datetime) -> bool:
        """Keeps an article; False when it was kept already."""
        sql = "INSERT OR IGNORE INTO saved (chat_id, article_id, saved_at) VALUES (?, ?, ?)"
        return self._connection.execute(sql, (chat_id, article_id, micros(now))).rowcount > 0

    def drop(self, chat_id: int, article_id: int) -> datetime | None:
        """Keeps it no longer; when it was saved, None when it was not."""
        sql = "DELETE FROM saved WHERE chat_id = ? AND article_id = ? RETURNING saved_at"
        row = self._connection.execute(sql, (chat_id, article_id)).fetchone()
        return moment(row[0]) if row else None

    def saved(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[int, datetime]], int]:
        """A page of (article id, saved at), the last saved first, and how many there are."""
        sql = "SELECT article_id, saved_at FROM saved WHERE chat_id = ? ORDER BY saved_at DESC, article_id DESC"
        rows = self._connection.execute(f"{sql} LIMIT ? OFFSET ?", (chat_id, limit, offset))
        return [(article_id, moment(saved_at)) for article_id, saved_at in rows], self._count("saved", chat_id)

    def mark(self, chat_id: int, subscription_id: int, story_id: int, article_id: int, now: datetime) -> bool:
        """Marks a story as not relevant to a subscription; False when it was marked already."""
        sql = "INSERT OR IGNORE INTO irrelevant (chat_id, subscription_id, story_id, article_id, said_at)"
        values = (chat_id, subscription_id, story_id, article_id, micros(now))
        return self._connection.execute(f"{sql} VALUES (?, ?, ?, ?, ?)", values).rowcount > 0

    def unmark(self, chat_id: int, subscription_id: int, story_id: int) -> None:
        """Takes such a mark back."""
        sql = "DELETE FROM irrelevant WHERE chat_id = ? AND subscription_id = ? AND story_id = ?"
        self._connection.execute(sql, (chat_id, subscription_id, story_id))

    def marked(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[int, int, datetime]], int]:
        """A page of (subscription id, article id, said at), the last said first, and how many there are."""
        sql = """
            SELECT subscription_id, article_id, said_at FROM irrelevant WHERE chat_id = ?
            ORDER BY said_at DESC, story_id DESC, subscription_id LIMIT ? OFFSET ?
        """
        rows = self._connection.execute(sql, (chat_id, limit, offset))
        return [(entry, article, moment(at)) for entry, article, at in rows], self._count("irrelevant", chat_id)

    def marked_of(self, chat_id: int, subscription_id: int, limit: int) -> list[int]:
        """The articles of the stories last marked as not relevant to a subscription, the latest first."""
        sql = """
            SELECT article_id FROM irrelevant WHERE chat_id = ? AND subscription_id = ?
            ORDER BY said_at DESC, story_id DESC LIMIT ?
        """
        return [article_id for (article_id,) in self._connection.execute(sql, (chat_id, subscription_id, limit))]

    def _count(self, table: str, chat_id: int) -> int:
        sql = f"SELECT count(*) FROM {table} WHERE chat_id = ?"  # noqa: S608
        return int(self._connection.execute(sql, (chat_id,)).fetchone()[0])
