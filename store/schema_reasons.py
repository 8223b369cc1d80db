"""The tables of why things came as they did, beside what deliveries say; times are integer microseconds UTC."""

from __future__ import annotations

REASONS = (
    # What held a delivery back after it was owed: each reason's first time, and until when it last held.
    """
    CREATE TABLE holds (
        delivery_id INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE,
        why TEXT NOT NULL,
        at INTEGER NOT NULL,
        until_at INTEGER,
        PRIMARY KEY (delivery_id, why)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX holds_at ON holds (at)",
    # The languages a chat read up to and with an alert, when it changed them; what it reads since is the chat's own.
    """
    CREATE TABLE reads_before (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        alert_id INTEGER NOT NULL,
        reads TEXT NOT NULL,
        PRIMARY KEY (chat_id, alert_id)
    ) STRICT, WITHOUT ROWID
    """,
    # Outlets that somebody asked for and the admins were told of; not who.
    """
    CREATE TABLE suggestions (
        host TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
"""What makes these tables in a database that has the others."""
