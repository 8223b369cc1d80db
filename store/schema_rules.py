"""The tables of chats that several people share."""

from __future__ import annotations

RULES = (
    # Who made a subscription, as platform:id, where several people share the chat.
    """
    CREATE TABLE makers (
        subscription_id INTEGER PRIMARY KEY REFERENCES subscriptions ON DELETE CASCADE,
        speaker TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX makers_speaker ON makers (speaker)",
    # Chats in which only admins may change what comes.
    """
    CREATE TABLE locked (
        chat_id INTEGER PRIMARY KEY REFERENCES chats ON DELETE CASCADE,
        at INTEGER NOT NULL
    ) STRICT
    """,
)
"""What makes these tables in a database that has the others."""
