"""Figures about everything that is owed, for whoever looks after the bot."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from bot.core.errors import StoreError
from bot.core.figures import Due
from bot.core.model import Kind, State
from bot.core.space import Room
from store.alerts import UNEXPANDED_SINCE
from store.times import micros, moment

DUE = """
    SELECT c.platform, count(*), min(d.due_at) FROM deliveries d JOIN chats c ON c.id = d.chat_id
    WHERE d.state IN ('waiting', 'leased') AND (d.kind = 'alert' OR d.story_id IS NULL) AND d.due_at <= :now
      AND (d.ready_at <= :now OR d.attempts > 0 OR d.state = 'leased')
      AND c.paused_at IS NULL AND (c.blocked_until IS NULL OR c.blocked_until <= :now)
    GROUP BY c.platform ORDER BY c.platform
"""
OPEN = """
    SELECT kind, state, count(*) FROM deliveries
    WHERE state IN ('waiting', 'leased') AND story_id IS NOT NULL GROUP BY kind, state
"""
SETTLED = """
    SELECT kind, state, count(*) FROM deliveries
    WHERE state IN ('sent', 'dead', 'cancelled') AND story_id IS NOT NULL GROUP BY kind, state
"""
ARRIVED = "SELECT count(*) FROM articles WHERE first_seen_at >= ? AND NOT sample"
SENT = """
    SELECT kind, count(DISTINCT chat_id || ':' || message_ref) FROM deliveries
    WHERE state = 'sent' AND settled_at >= ? AND message_ref IS NOT NULL GROUP BY kind
"""


class Figures:
    """The Figures port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def raised(self) -> int:
        """How many matches were ever raised as alerts: their numbers are given out in a row and never again."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'").fetchone()
        return int(row[0]) if row else 0

    def queries(self) -> int:
        """How many standing queries somebody subscribes to."""
        return int(self._connection.execute("SELECT count(*) FROM queries WHERE live").fetchone()[0])

    def unexpanded_since(self) -> datetime | None:
        """When the oldest alert was raised that has not reached all its subscribers."""
        row = self._connection.execute(UNEXPANDED_SINCE).fetchone()
        return moment(int(row[0])) if row else None

    def due(self, now: datetime) -> list[Due]:
        """What is due and could leave, or was tried and failed, by platform."""
        rows = self._connection.execute(DUE, {"now": micros(now)})
        return [Due(platform, lines, moment(int(since))) for platform, lines, since in rows]

    def since(self, at: datetime) -> tuple[int, int, int]:
        """(articles, alerts, digests) that came in or went out since then; several lines of one message are one."""
        (articles,) = self._connection.execute(ARRIVED, (micros(at),)).fetchone()
        sent = dict(self._connection.execute(SENT, (micros(at),)))
        return articles, sent.get("alert", 0), sent.get("digest", 0)

    def open(self) -> dict[tuple[Kind, State], int]:
        """How many lines wait or are leased, by kind and state."""
        return self._counted(OPEN)

    def settled(self) -> dict[tuple[Kind, State], int]:
        """How many lines came to which end, by kind and state."""
        return self._counted(SETTLED)

    def room(self, copies: str | None) -> Room:
        """What the database takes on its disk, with its copies in a folder, and what is free there."""
        from store.space import room

        try:
            return room(self._connection, None if copies is None else Path(copies))
        except OSError as error:
            raise StoreError(f"the disk of the database cannot be looked at ({error.strerror})") from error

    def _counted(self, select: str) -> dict[tuple[Kind, State], int]:
        return {(Kind(kind), State(state)): lines for kind, state, lines in self._connection.execute(select)}
