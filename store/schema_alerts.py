"""The table of alerts, as it became and as it is now; times are integer microseconds UTC.

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
"""What makes the second one, of the one that newsbell began with."""

EXPANSION = (
    # The alert that expansion is at and the subscription it has got to there, NULL when that alert is finished, too.
    """
    CREATE TABLE expansion (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        alert_id INTEGER NOT NULL,
        reached INTEGER
    ) STRICT
    """,
    """
    INSERT INTO expansion (id, alert_id, reached)
    SELECT 1, id, reached FROM alerts WHERE reached IS NOT NULL ORDER BY id LIMIT 1
    """,
    # Where all are finished, so is whatever had a number up to the last that was given out.
    """
    INSERT OR IGNORE INTO expansion (id, alert_id, reached)
    SELECT 1, coalesce(max(seq), 0), NULL FROM sqlite_sequence WHERE name = 'alerts'
    """,
    # `leader` is the first alert of its story and query that was at least as fresh, NULL where that is itself.
    """
    CREATE TABLE alerts_led (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        article_id INTEGER NOT NULL,
        story_id INTEGER NOT NULL,
        query_id INTEGER NOT NULL REFERENCES queries,
        raised_at INTEGER NOT NULL,
        fresh INTEGER NOT NULL,
        leader INTEGER
    ) STRICT
    """,
    """
    INSERT INTO alerts_led (id, article_id, story_id, query_id, raised_at, fresh, leader)
    SELECT id, article_id, story_id, query_id, raised_at, fresh, CASE WHEN NOT leads THEN (
        SELECT id FROM alerts l
        WHERE l.story_id = a.story_id AND l.query_id = a.query_id AND l.fresh >= a.fresh AND l.leads
        ORDER BY id LIMIT 1
    ) END FROM alerts a ORDER BY id
    """,
    "DELETE FROM sqlite_sequence WHERE name = 'alerts_led'",
    """
    INSERT INTO sqlite_sequence (name, seq)
    SELECT 'alerts_led', seq FROM sqlite_sequence WHERE name = 'alerts'
    """,
    "DROP TABLE alerts",
    "ALTER TABLE alerts_led RENAME TO alerts",
    "CREATE UNIQUE INDEX alerts_story ON alerts (story_id, query_id, fresh, article_id)",
)
"""What makes the one there is now, of that.

What is raised is a row and an entry of this one index. Others told which alert leads and which are unfinished: a third
of what an alert cost.
"""
