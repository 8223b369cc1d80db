"""Looks at a source that brought so many new articles that none of them rang."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.arrivals import Burst
from store.times import micros, moment

OF_ARTICLE = """
    SELECT b.at, b.new, b.usual FROM articles a JOIN bursts b ON b.source_id = a.source_id AND b.at = a.first_seen_at
    WHERE a.id = ?
"""

UNTOLD = """
    SELECT b.source_id, s.name, b.at, b.new, b.usual FROM bursts b JOIN sources s ON s.id = b.source_id
    WHERE NOT b.told ORDER BY b.at
"""


class Bursts:
    """The Bursts port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def record(self, source_id: int, burst: Burst) -> None:
        """Keeps the burst: the source's articles that were first seen then are those that did not ring."""
        insert = "INSERT OR IGNORE INTO bursts (source_id, at, new, usual) VALUES (?, ?, ?, ?)"
        self._connection.execute(insert, (source_id, micros(burst.at), burst.new, burst.usual))

    def of_article(self, article_id: int) -> Burst | None:
        """The burst that the article came in, None when it came in none."""
        row = self._connection.execute(OF_ARTICLE, (article_id,)).fetchone()
        return Burst(moment(row[0]), row[1], row[2]) if row else None

    def untold(self) -> list[tuple[int, str, Burst]]:
        """(source id, its name, burst) of those that the admins have not been told of, oldest first."""
        rows = self._connection.execute(UNTOLD)
        return [(source_id, name, Burst(moment(at), new, usual)) for source_id, name, at, new, usual in rows]

    def told(self, source_id: int, at: datetime) -> None:
        """The admins have been told of this burst."""
        update = "UPDATE bursts SET told = 1 WHERE source_id = ? AND at = ?"
        self._connection.execute(update, (source_id, micros(at)))
