"""The tables of chats and what they are owed; times are integer microseconds UTC."""

from __future__ import annotations

TABLES = (
    """
    CREATE TABLE meta (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chats (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        platform TEXT NOT NULL,
        chat TEXT NOT NULL,
        thread TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        timezone TEXT,
        language TEXT,
        reads TEXT NOT NULL DEFAULT '',
        digest_at TEXT,
        quiet TEXT,
        max_per_hour INTEGER NOT NULL,
        empty_digest INTEGER NOT NULL,
        paused_at INTEGER,
        pause_reason TEXT,
        zone_told INTEGER NOT NULL DEFAULT 0,
        last_digest_at INTEGER,
        UNIQUE (platform, chat, thread)
    ) STRICT
    """,
    """
    CREATE TABLE undo (
        chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
        at INTEGER NOT NULL,
        change TEXT NOT NULL
    ) STRICT
    """,
    # A query nobody subscribes to keeps its row, so that its number is never reused and `changed_since` can say so.
    """
    CREATE TABLE queries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        text TEXT UNIQUE,
        live INTEGER NOT NULL,
        version INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX queries_version ON queries (version)",
    # `alert_mark` is the newest alert when it was made: alerts are owed to it from the next one on.
    """
    CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        number INTEGER NOT NULL,
        query_id INTEGER NOT NULL REFERENCES queries,
        created_at INTEGER NOT NULL,
        alert_mark INTEGER NOT NULL,
        cadence TEXT NOT NULL,
        urgent INTEGER NOT NULL,
        every INTEGER NOT NULL,
        next_due_at INTEGER,
        ended_at INTEGER,
        UNIQUE (chat_id, number)
    ) STRICT
    """,
    "CREATE UNIQUE INDEX subscriptions_live ON subscriptions (chat_id, query_id) WHERE ended_at IS NULL",
    "CREATE INDEX subscriptions_query ON subscriptions (query_id, id)",
    "CREATE INDEX subscriptions_due ON subscriptions (next_due_at) WHERE ended_at IS NULL AND next_due_at IS NOT NULL",
    # `reached` is the subscription its expansion has got to, NULL when it is finished.
    """
    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id INTEGER NOT NULL,
        story_id INTEGER NOT NULL,
        query_id INTEGER NOT NULL REFERENCES queries,
        raised_at INTEGER NOT NULL,
        fresh INTEGER NOT NULL,
        leads INTEGER NOT NULL,
        reached INTEGER DEFAULT 0,
        UNIQUE (query_id, article_id)
    ) STRICT
    """,
    "CREATE INDEX alerts_story ON alerts (story_id, query_id, fresh)",
    "CREATE UNIQUE INDEX alerts_leading ON alerts (story_id, query_id, fresh) WHERE leads",
    "CREATE INDEX alerts_unfinished ON alerts (id) WHERE reached IS NOT NULL",
    # A row is one line of an alert or digest; a row without a story is the envelope that stands for a digest itself.
    # `each` is the article a line rings for alone, 0 when it rings for the story. `due_at` is when it was promised;
    # `ready_at` is when it may be taken: then, at the next try, or when its lease has lapsed.
    """
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        subscription_id INTEGER REFERENCES subscriptions ON DELETE CASCADE,
        story_id INTEGER,
        article_id INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('alert', 'digest')),
        each INTEGER NOT NULL DEFAULT 0,
        urgent INTEGER NOT NULL DEFAULT 0,
        due_at INTEGER NOT NULL,
        ready_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'sent', 'dead', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        message_ref TEXT,
        settled_at INTEGER
    ) STRICT
    """,
    "CREATE UNIQUE INDEX deliveries_story ON deliveries (chat_id, story_id, kind, each)",
    "CREATE UNIQUE INDEX deliveries_envelope ON deliveries (chat_id, due_at) WHERE story_id IS NULL",
    "CREATE INDEX deliveries_subscription ON deliveries (subscription_id)",
    """
    CREATE INDEX deliveries_ready ON deliveries (ready_at)
    WHERE state IN ('waiting', 'leased') AND (kind = 'alert' OR story_id IS NULL)
    """,
    """
    CREATE INDEX deliveries_open ON deliveries (chat_id, kind, ready_at)
    WHERE state IN ('waiting', 'leased')
    """,
)
"""What makes the chats' half of an empty database, in order."""
