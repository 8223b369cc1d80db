"""The tables of who may use the bot; times are integer microseconds UTC."""

from __future__ import annotations

ACCESS = (
    # A place that asked or was decided about. `brought_by` is who brought the bot to a group; addresses are text.
    """
    CREATE TABLE guests (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        chat TEXT NOT NULL,
        name TEXT NOT NULL,
        standing TEXT NOT NULL CHECK (standing IN ('asked', 'admitted', 'denied', 'revoked')),
        asked_at INTEGER NOT NULL,
        brought_by TEXT,
        decided_at INTEGER,
        decided_by TEXT,
        way TEXT CHECK (way IN ('admin', 'invite', 'before', 'brought')),
        UNIQUE (platform, chat)
    ) STRICT
    """,
    "CREATE INDEX guests_standing ON guests (standing, number)",
    # What admins are shown of an asking: a message each, edited when it is decided.
    """
    CREATE TABLE cards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        guest INTEGER NOT NULL REFERENCES guests ON DELETE CASCADE,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        owed_at INTEGER NOT NULL,
        ready_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'sent', 'dead', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        shown TEXT NOT NULL DEFAULT 'asked',
        message_ref TEXT,
        reason TEXT,
        settled_at INTEGER,
        UNIQUE (guest, chat_id)
    ) STRICT
    """,
    "CREATE INDEX cards_chat ON cards (chat_id, owed_at)",
    "CREATE INDEX cards_ready ON cards (ready_at) WHERE state IN ('waiting', 'leased')",
    # By a digest of the code: who reads the database is not let in by it.
    """
    CREATE TABLE invites (
        digest TEXT PRIMARY KEY,
        made_by TEXT,
        until_at INTEGER NOT NULL,
        used_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
)
"""What makes these tables in a database that has the others."""
