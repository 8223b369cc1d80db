"""What holds deliveries back, written down where that happens: each reason once, with the time until it last held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from store.times import micros

HOLD = """
    INSERT INTO holds (delivery_id, why, at, until_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (delivery_id, why) DO UPDATE SET until_at = excluded.until_at
"""

REMEMBER_READS = """
    INSERT OR IGNORE INTO reads_before (chat_id, alert_id, reads)
    SELECT id, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0), reads FROM chats
    WHERE id = :chat AND reads <> :reads
"""
"""Of several changes between two alerts the first counts: what was read when the last one was raised."""


def hold(
    connection: sqlite3.Connection, delivery_ids: Iterable[int], why: str, at: datetime, until: datetime | None = None
) -> None:
    """Records that something holds deliveries back from now on."""
    rows = ((delivery_id, why, micros(at), micros(until)) for delivery_id in delivery_ids)
    connection.executemany(HOLD, rows)


def remember_reads(connection: sqlite3.Connection, chat_id: int, reads: str) -> None:
    """Keeps which languages a chat has read so far, if it will read others."""
    connection.execute(REMEMBER_READS, {"chat": chat_id, "reads": reads})
