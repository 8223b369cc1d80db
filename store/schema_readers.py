"""The tables of what readers decide: mutes, what they save or find irrelevant, what is still to be said to them."""

from __future__ import annotations

READERS = (
    # A pause that has an end; NULL is one that lasts until somebody resumes.
    "ALTER TABLE chats ADD COLUMN paused_until INTEGER",
    "CREATE INDEX chats_pausing ON chats (paused_until) WHERE paused_until IS NOT NULL",
    # `what` is `story:ID`, or `source:` and the folded words of an outlet's name or host. A mute that is over keeps its
    # row: what it held back names it as the reason.
    """
    CREATE TABLE mutes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        what TEXT NOT NULL,
        label TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        until_at INTEGER,
        ended_at INTEGER
    ) STRICT
    """,
    "CREATE UNIQUE INDEX mutes_live ON mutes (chat_id, what) WHERE ended_at IS NULL",
    "CREATE INDEX mutes_what ON mutes (what, chat_id) WHERE ended_at IS NULL",
    """
    CREATE TABLE saved (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        article_id INTEGER NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, article_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE irrelevant (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        subscription_id INTEGER NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
        story_id INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        said_at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, subscription_id, story_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX irrelevant_subscription ON irrelevant (subscription_id)",
    # Lines of a message that did not fit into it, best first.
    """
    CREATE TABLE leftovers (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        told_at INTEGER NOT NULL,
        position INTEGER NOT NULL,
        article_id INTEGER NOT NULL,
        subscription_id INTEGER NOT NULL,
        PRIMARY KEY (chat_id, told_at, position)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX leftovers_told ON leftovers (told_at)",
    # Said on top of the next message that a chat gets.
    """
    CREATE TABLE prefaces (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        since_at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, kind)
    ) STRICT, WITHOUT ROWID
    """,
)
"""What a database gains for its readers' decisions, in order."""
