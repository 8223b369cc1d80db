"""Standing queries: each canonical text once, with a version that tells other processes what changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence


class Queries:
    """The Queries port on one connection, and what subscriptions need of it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def changed_since(self, version: int) -> tuple[int, list[tuple[int, str | None]]]:
        """(current version, [(query id, canonical text, or None when nobody subscribes any more)]) since `version`."""
        rows = self._connection.execute(
            "SELECT id, CASE WHEN live THEN text END FROM queries WHERE version > ? ORDER BY version", (version,)
        )
        return self._version(), rows.fetchall()

    def texts(self, query_ids: Iterable[int]) -> dict[int, str]:
        """Canonical texts by query id, of those that are known."""
        found = (
            self._connection.execute("SELECT id, text FROM queries WHERE id = ? AND text IS NOT NULL", (query_id,))
            for query_id in set(query_ids)
        )
        return dict(row for rows in found for row in rows)

    def stand(self, text: str) -> int:
        """The id of the query with this text, standing from now on."""
        row = self._connection.execute("SELECT id, live FROM queries WHERE text = ?", (text,)).fetchone()
        if row is None:
            sql = "INSERT INTO queries (text, live, version) VALUES (?, 1, ?)"
            return int(self._connection.execute(sql, (text, self._version() + 1)).lastrowid or 0)
        if not row[1]:
            self._change(row[0], live=True)
        return int(row[0])

    def review(self, query_id: int) -> None:
        """Lets the query stand exactly as long as a live subscription hangs on it."""
        sql = """
            SELECT live, EXISTS (SELECT 1 FROM subscriptions WHERE query_id = queries.id AND ended_at IS NULL)
            FROM queries WHERE id = ?
        """
        stands, wanted = self._connection.execute(sql, (query_id,)).fetchone()
        if stands != wanted:
            self._change(query_id, live=bool(wanted))

    def forget(self, query_ids: Sequence[int]) -> None:
        """Removes the texts and alerts of those queries on which no subscription, live or ended, hangs any more.

        Every alert there is is looked at, once: an index to find theirs would cost more with each alert that is raised.
        """
        for query_id in query_ids:
            self.review(query_id)
        used = "SELECT 1 FROM subscriptions WHERE query_id = ? LIMIT 1"
        gone = [each for each in query_ids if self._connection.execute(used, (each,)).fetchone() is None]
        if gone:
            theirs = (json.dumps(gone),)
            self._connection.execute("DELETE FROM alerts WHERE query_id IN (SELECT value FROM json_each(?))", theirs)
            self._connection.execute(
                "UPDATE queries SET text = NULL WHERE id IN (SELECT value FROM json_each(?))", theirs
            )

    def _change(self, query_id: int, *, live: bool) -> None:
        sql = "UPDATE queries SET live = ?, version = ? WHERE id = ?"
        self._connection.execute(sql, (live, self._version() + 1, query_id))

    def _version(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(version), 0) FROM queries").fetchone()[0])
