"""The table of alerts as it is now; times are integer microseconds UTC.

An article belongs to the story it was alerted in for good, so "once a query and article" is told by an index that
begins with the story: what is alerted together then stands together. One that began with the query touched a page for
nearly every alert, a third of everything that intake wrote.
"""

from __future__ import annotations

ALERTS = (
    """
    CREATE TABLE alerts_by_story (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id INTEGER NOT NULL,
        story_id INTEGER NOT NULL,
        query_id INTEGER NOT NULL REFERENCES queries,
        raised_at INTEGER NOT NULL,
        fresh INTEGER NOT NULL,
        leads INTEGER NOT NULL,
        reached INTEGER DEFAULT 0
    ) STRICT
    """,
    """
    INSERT INTO alerts_by_story (id, article_id, story_id, query_id, raised_at, fresh, leads, reached)
    SELECT id, article_id, story_id, query_id, raised_at, fresh, leads, reached FROM alerts ORDER BY id
    """,
    # Numbers go on where they were, also past those of alerts that are gone: subscriptions remember the newest.
    "DELETE FROM sqlite_sequence WHERE name = 'alerts_by_story'",
    """
    INSERT INTO sqlite_sequence (name, seq)
    SELECT 'alerts_by_story', seq FROM sqlite_sequence WHERE name = 'alerts'
    """,
    "DROP TABLE alerts",
    "ALTER TABLE alerts_by_story RENAME TO alerts",
    "CREATE UNIQUE INDEX alerts_story ON alerts (story_id, query_id, article_id)",
    "CREATE UNIQUE INDEX alerts_leading ON alerts (story_id, query_id, fresh) WHERE leads",
    "CREATE INDEX alerts_unfinished ON alerts (id) WHERE reached IS NOT NULL",
)
"""What makes it, of the one that newsbell began with."""
