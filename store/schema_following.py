"""The tables of how articles joined their stories and who follows which; times are integer microseconds UTC."""

from __future__ import annotations

FOLLOWING = (
    # An article that joined a story, and how near it was to it; one that opened a story has none. `outlets` is how many
    # independent outlets carried the story with it, 0 where it added none. `followed_to` is the chat to which telling
    # those that follow the story has got, `heard_to` the delivery to which telling those that were told it has; NULL
    # when that is finished.
    """
    CREATE TABLE joinings (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        story_id INTEGER NOT NULL,
        nearness INTEGER NOT NULL,
        outlets INTEGER NOT NULL DEFAULT 0,
        joined_at INTEGER NOT NULL,
        followed_to INTEGER,
        heard_to INTEGER
    ) STRICT
    """,
    """
    CREATE INDEX joinings_untold ON joinings (article_id)
    WHERE followed_to IS NOT NULL OR heard_to IS NOT NULL
    """,
    # What joined before anybody knew of other accounts was a copy.
    """
    INSERT INTO joinings (article_id, story_id, nearness, joined_at)
    SELECT a.id, a.story_id, 2, a.first_seen_at FROM articles a
    WHERE a.id > (SELECT min(id) FROM articles o WHERE o.story_id = a.story_id)
    """,
    # Stories that turned out to be one when both had been heard of: who was told of either is told of neither again.
    """
    CREATE TABLE twins (
        story_id INTEGER NOT NULL,
        other_id INTEGER NOT NULL,
        PRIMARY KEY (story_id, other_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE follows (
        chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
        story_id INTEGER NOT NULL,
        since_at INTEGER NOT NULL,
        PRIMARY KEY (chat_id, story_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX follows_story ON follows (story_id, chat_id)",
    # Why a line tells a story again (`bot.core.following.Further`), 0 where it does not; less than 0 once it has been
    # gathered with its chat's alerts and is no reply any more. `each` is its article, or -1 for outlets.
    "ALTER TABLE deliveries ADD COLUMN further INTEGER NOT NULL DEFAULT 0",
    """
    CREATE INDEX deliveries_again ON deliveries (ready_at)
    WHERE state IN ('waiting', 'leased') AND further > 0
    """,
    "ALTER TABLE chats ADD COLUMN outlets INTEGER NOT NULL DEFAULT 8",
)
"""What makes them in a database that has the others."""
