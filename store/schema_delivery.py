"""The tables of what delivery remembers beside the deliveries themselves; times are integer microseconds UTC."""

from __future__ import annotations

DELIVERY = (
    "ALTER TABLE chats ADD COLUMN owner TEXT",
    "ALTER TABLE chats ADD COLUMN held_since INTEGER",
    # Until when the platform wants silence there, where that is long enough to outlive a process.
    "ALTER TABLE chats ADD COLUMN blocked_until INTEGER",
    # When a chat's alerts rang, for as long as that counts towards its ceiling.
    """
    CREATE TABLE rings (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, at)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX rings_at ON rings (at)",
    # A story that was told and has more to say: a new outlet (`article_id` 0), or a corrected article. `reached` is
    # the delivery its expansion has got to, NULL when it is finished.
    """
    CREATE TABLE growths (
        story_id INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        raised_at INTEGER NOT NULL,
        reached INTEGER DEFAULT 0,
        PRIMARY KEY (story_id, article_id)
    ) STRICT
    """,
    "CREATE INDEX growths_raised ON growths (raised_at)",
    "CREATE INDEX growths_unfinished ON growths (raised_at) WHERE reached IS NOT NULL",
    # What else goes to a chat: the edit of a message that told something (`about` is its reference, `begun_at` when it
    # was sent), or a notice (`about` is its phrase as JSON). `again` is set when an edit is wanted while it is made.
    """
    CREATE TABLE errands (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('edit', 'notice')),
        about TEXT NOT NULL,
        begun_at INTEGER NOT NULL,
        ready_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'sent', 'dead', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        again INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        settled_at INTEGER
    ) STRICT
    """,
    "CREATE UNIQUE INDEX errands_edit ON errands (chat_id, about) WHERE kind = 'edit'",
    "CREATE INDEX errands_ready ON errands (kind, ready_at) WHERE state IN ('waiting', 'leased')",
    "CREATE INDEX errands_settled ON errands (settled_at) WHERE settled_at IS NOT NULL",
    # By kind, so that no digest is looked for behind a hundred thousand alerts.
    "DROP INDEX deliveries_ready",
    """
    CREATE INDEX deliveries_ready ON deliveries (kind, ready_at)
    WHERE state IN ('waiting', 'leased') AND (kind = 'alert' OR story_id IS NULL)
    """,
    # Its columns never change: claims and settlements leave it alone.
    "CREATE INDEX deliveries_of_story ON deliveries (story_id) WHERE story_id IS NOT NULL",
    "CREATE INDEX deliveries_dead ON deliveries (settled_at) WHERE state = 'dead'",
)
"""What makes these tables in a database that has the others."""
