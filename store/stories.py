"""Stories, and the signatures by which a new article finds the one it belongs to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from store.times import micros

MAX_CANDIDATES = 256
"""Newest articles compared; a key that thousands share (one page served for every address) must not cost more."""

CANDIDATES = """
    WITH near AS MATERIALIZED (
        SELECT article_id FROM json_each(?) CROSS JOIN signature_keys AS s ON s.key = value WHERE added_at >= ?
        GROUP BY article_id ORDER BY max(added_at) DESC, article_id DESC LIMIT ?
    )
    SELECT story_id, signature, added_at, article_id FROM signatures WHERE article_id IN near
    UNION ALL
    SELECT story_id, signature, added_at, article_id FROM page_signatures WHERE article_id IN near
    ORDER BY added_at DESC, article_id DESC
"""
"""What sources said of the newest articles that share a key and, where they were read, what their pages say."""


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
        found = self._connection.execute(CANDIDATES, (json.dumps(keys), micros(since), MAX_CANDIDATES))
        return [(story_id, signature) for story_id, signature, _, _ in found]

    def add(self, article_id: int, story_id: int, keys: Sequence[int], signature: bytes, now: datetime) -> None:
        """Lets later articles find this one's story."""
        self._add("signatures", article_id, story_id, keys, signature, micros(now))

    def add_page(self, article_id: int, story_id: int, keys: Sequence[int], signature: bytes, now: datetime) -> None:
        """Lets later articles find the story by the text of this one's page, beside what its source said."""
        self._add("page_signatures", article_id, story_id, keys, signature, micros(now))

    def _add(
        self, table: str, article_id: int, story_id: int, keys: Sequence[int], signature: bytes, added_at: int | None
    ) -> None:
        self._connection.execute(
            f"INSERT OR REPLACE INTO {table} (article_id, story_id, added_at, signature) VALUES (?, ?, ?, ?)",  # noqa: S608
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
        self._connection.execute("DELETE FROM page_signatures WHERE added_at < ?", (micros(before),))
        return self._connection.execute("DELETE FROM signatures WHERE added_at < ?", (micros(before),)).rowcount
