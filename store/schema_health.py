"""What is kept of how sources do, of bursts, and of what the admins are told; times are integer microseconds UTC."""

from __future__ import annotations

SOURCES = (
    "ALTER TABLE sources ADD COLUMN failing_since_at INTEGER",
    "ALTER TABLE sources ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN silent_at INTEGER",
    "ALTER TABLE sources ADD COLUMN arrival_looks INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN arrival_new REAL NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN arrival_every INTEGER",
    # What the admins were told of it and holds still, and since when it does so; empty for nothing.
    "ALTER TABLE sources ADD COLUMN told TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN told_since_at INTEGER",
    """UPDATE sources SET failures = 1, failing_since_at = coalesce(since_at, failed_at, fetched_at, 0)
       WHERE problem IS NOT NULL""",
    """CREATE INDEX sources_unwell ON sources (id)
       WHERE problem IS NOT NULL OR silent_at <= fetched_at OR told <> ''""",
    # Articles whose source is this one and that were first seen then did not ring.
    """CREATE TABLE bursts (
        source_id INTEGER NOT NULL REFERENCES sources (id),
        at INTEGER NOT NULL,
        new INTEGER NOT NULL,
        usual INTEGER NOT NULL,
        told INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (source_id, at)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX bursts_untold ON bursts (at) WHERE NOT told",
)
"""How sources do, on top of the archive's tables."""

REPORTS = (
    # `about` is what a report is about: a later one of the same thing overtakes one that still waits.
    """CREATE TABLE reports (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        about TEXT NOT NULL,
        key TEXT NOT NULL,
        details TEXT NOT NULL,
        raised_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        ready_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'sent', 'dead', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        message_ref TEXT,
        settled_at INTEGER
    ) STRICT""",
    "CREATE UNIQUE INDEX reports_waiting ON reports (chat_id, about) WHERE state = 'waiting'",
    "CREATE INDEX reports_ready ON reports (ready_at) WHERE state IN ('waiting', 'leased')",
    "CREATE INDEX reports_settled ON reports (chat_id, settled_at) WHERE settled_at IS NOT NULL",
)
"""What admins are told, on top of the chats' tables."""
