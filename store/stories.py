"""Stories, and the signatures by which a new article finds the one it belongs to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from store.times import micros

MAX_CANDIDATES = 256
"""Newest articles compared; a key that thousands share (one page served for every address) must not cost more."""


class Stories:
    """The Stories port."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def new(self, now: datetime) -> int:
        """The id of a new, empty story."""
        cursor = self._connection.execute("INSERT INTO stories (created_at) VALUES (?)", (micros(now),))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def candidates(self, keys: Sequence[int], since: datetime) -> list[tuple[int, bytes]]:
        """(story id, signature) of articles added since then that share a key, the newest first, bounded."""
        rows = self._connection.execute(
            "SELECT story_id, signature FROM signatures WHERE article_id IN ("
            " SELECT article_id FROM json_each(?) CROSS JOIN signature_keys AS s ON s.key = value WHERE added_at >= ?"
            " GROUP BY article_id ORDER BY max(added_at) DESC, article_id DESC LIMIT ?"
            ") ORDER BY added_at DESC, article_id DESC",
            (json.dumps(keys), micros(since), MAX_CANDIDATES),
        )
        return rows.fetchall()

    def add(self, article_id: int, story_id: int, keys: Sequence[int], signature: bytes, now: datetime) -> None:
        """Lets later articles find this one's story."""
        added_at = micros(now)
        self._connection.execute(
            "INSERT OR REPLACE INTO signatures (article_id, story_id, added_at, signature) VALUES (?, ?, ?, ?)",
            (article_id, story_id, added_at, signature),
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO signature_keys (key, added_at, article_id) VALUES (?, ?, ?)",
            [(key, added_at, article_id) for key in sorted(keys)],
        )

    def prune(self, before: datetime) -> int:
        """Drops signatures added before then; returns how many articles' were dropped."""
        old = "SELECT article_id FROM signatures WHERE added_at < ?"
        self._connection.execute(f"DELETE FROM signature_keys WHERE article_id IN ({old})", (micros(before),))  # noqa: S608
        return self._connection.execute("DELETE FROM signatures WHERE added_at < ?", (micros(before),)).rowcount
