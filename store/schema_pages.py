"""The tables of articles' pages: which are to be read, what sources said of those that were, and their signatures."""

from __future__ import annotations

TABLES = (
    # A page is to be read while it has a `due_at`, and somebody's until then while it is `leased`. `said` is the
    # source's own text where the archive holds the page's, else NULL.
    """CREATE TABLE pages (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        source_id INTEGER NOT NULL,
        host TEXT NOT NULL,
        published_at INTEGER NOT NULL,
        asked_at INTEGER NOT NULL,
        due_at INTEGER,
        leased INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        claims INTEGER NOT NULL DEFAULT 0,
        rings INTEGER NOT NULL,
        read_at INTEGER,
        reason TEXT,
        said TEXT
    ) STRICT""",
    "CREATE INDEX pages_due ON pages (host, published_at, due_at, source_id) WHERE due_at IS NOT NULL",
    "CREATE INDEX pages_unread ON pages (asked_at) WHERE said IS NULL",
    # As `signatures` and their keys are of what sources said; `added_at` is when the article was.
    """CREATE TABLE page_signatures (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        added_at INTEGER NOT NULL,
        signature BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE page_keys (
        key INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES page_signatures (article_id) ON DELETE CASCADE,
        PRIMARY KEY (key, article_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX page_keys_article ON page_keys (article_id)",
    "CREATE INDEX page_signatures_added ON page_signatures (added_at)",
)
"""What reading pages needs, in order."""
