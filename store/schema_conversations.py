"""The tables of what conversations leave behind; times are integer microseconds UTC."""

from __future__ import annotations

CONVERSATIONS = (
    # What a platform told us and we acted on, by a digest that says nothing about whose it was.
    """
    CREATE TABLE acted (
        event TEXT PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX acted_at ON acted (at)",
    # Commands too long for a button, sealed; the key is made from the command, so that equal ones are kept once.
    """
    CREATE TABLE buttons (
        key TEXT PRIMARY KEY,
        command TEXT NOT NULL,
        used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX buttons_used ON buttons (used_at)",
)
"""What makes these tables in a database that has the others."""

GUESSES = ("ALTER TABLE chats ADD COLUMN zone_guessed INTEGER NOT NULL DEFAULT 0",)
"""What keeps, of a chat, whether its time zone was guessed."""

UNANSWERED = (
    # What was heard, its platform told so, and waits for its answer; `said` is JSON.
    """
    CREATE TABLE unanswered (
        event TEXT PRIMARY KEY,
        said TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT
    """,
)
"""What keeps answers that are owed over a restart."""
