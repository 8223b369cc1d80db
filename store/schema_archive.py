"""The archive's tables: sources, articles, their topics, stories, and the full text index.

Large text stands last in its row, so that reading what is before it never walks the text's pages.
"""

from __future__ import annotations

COLUMNS = ("body", "title", "labels", "source")
"""Columns of the full text index; see `store.fulltext` for what each holds."""


def fulltext_table(name: str) -> str:
    """The statement that makes a full text index.

    `ascii` takes every byte from 0x80 up as part of a token and folds nothing but A-Z, so with encoded tokens
    (`bot.matching.encoding`) it can neither split nor change what the analyser made.
    """
    return (
        f"CREATE VIRTUAL TABLE {name} USING fts5({', '.join(COLUMNS)}, content='', tokenize=\"ascii tokenchars '_'\")"
    )


def beginnings_table(name: str) -> str:
    """The statement that makes an index of beginnings (`store.beginnings`): which articles have each, and no more."""
    options = "content='', columnsize=0, detail=none, tokenize=\"ascii tokenchars '_'\""
    return f"CREATE VIRTUAL TABLE {name} USING fts5(beginnings, {options})"


def eager_merging(name: str) -> str:
    """The statement that makes a full text index merge its segments two by two.

    A query opens each of its words in each segment: half as many are twice as fast. Four by four, ingest costs the same
    within what a machine's hours differ by, and the newest ten of a phrase or an OR of five take twice as long.
    """
    return f"INSERT INTO {name} ({name}, rank) VALUES ('automerge', 2)"  # noqa: S608


EVER = (1 << 63) - 1
"""When a word was last seen that nobody remembers the last time of: maybe just now."""

WORDS = (
    f"""CREATE TABLE fulltext_words (
        word TEXT NOT NULL,
        tag TEXT NOT NULL,
        stem TEXT NOT NULL,
        seen INTEGER NOT NULL DEFAULT {EVER},
        PRIMARY KEY (word, tag)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX fulltext_words_stem ON fulltext_words (stem) WHERE stem <> ''",
    """CREATE TABLE fulltext_outlets (
        name TEXT NOT NULL,
        tag TEXT NOT NULL,
        PRIMARY KEY (name, tag)
    ) STRICT, WITHOUT ROWID""",
)
"""What makes the vocabulary of a full text index; see `store.vocabulary`."""


POLLING = (
    "ALTER TABLE sources ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN standing TEXT NOT NULL DEFAULT 'ok'",
    "ALTER TABLE sources ADD COLUMN since_at INTEGER",
    "ALTER TABLE sources ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE sources ADD COLUMN removed_at INTEGER",
    "ALTER TABLE sources ADD COLUMN listing TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX sources_next ON sources (next_at) WHERE enabled AND removed_at IS NULL",
)
"""What sources that are asked over the network need, on top of TABLES; 0 for `next_at` is at once."""

TABLES = (
    """CREATE TABLE sources (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        location TEXT NOT NULL,
        name TEXT NOT NULL,
        fetched_at INTEGER,
        failed_at INTEGER,
        problem TEXT,
        state TEXT NOT NULL DEFAULT '',
        UNIQUE (kind, location)
    ) STRICT""",
    """CREATE TABLE stories (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created_at INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES sources (id),
        story_id INTEGER NOT NULL REFERENCES stories (id),
        guid TEXT NOT NULL,
        canonical_url TEXT,
        copy_hash BLOB NOT NULL,
        position INTEGER,
        imprint INTEGER,
        published_at INTEGER,
        effective_at INTEGER NOT NULL,
        first_seen_at INTEGER NOT NULL,
        said_language TEXT,
        language TEXT,
        sample INTEGER NOT NULL,
        url TEXT,
        outlet TEXT NOT NULL,
        author TEXT,
        title TEXT NOT NULL,
        first_title TEXT NOT NULL,
        text TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX articles_guid ON articles (source_id, guid)",
    "CREATE UNIQUE INDEX articles_position ON articles (position)",
    "CREATE INDEX articles_canonical_url ON articles (canonical_url) WHERE canonical_url IS NOT NULL",
    "CREATE INDEX articles_copy_hash ON articles (copy_hash)",
    "CREATE INDEX articles_story ON articles (story_id)",
    "CREATE INDEX articles_source ON articles (source_id, first_seen_at)",
    """CREATE TABLE article_topics (
        topic TEXT NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        PRIMARY KEY (topic, article_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX article_topics_article ON article_topics (article_id, topic)",
    """CREATE TABLE signatures (
        article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
        story_id INTEGER NOT NULL REFERENCES stories (id),
        added_at INTEGER NOT NULL,
        signature BLOB NOT NULL,
        gist BLOB
    ) STRICT""",
    "CREATE INDEX signatures_added ON signatures (added_at)",
    """CREATE TABLE signature_keys (
        key INTEGER NOT NULL,
        added_at INTEGER NOT NULL,
        article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
        PRIMARY KEY (key, added_at, article_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX signature_keys_article ON signature_keys (article_id)",
    fulltext_table("fulltext"),
    eager_merging("fulltext"),
    beginnings_table("fulltext_beginnings"),
    eager_merging("fulltext_beginnings"),
    *WORDS,
    """CREATE TABLE fulltext_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        analyser INTEGER NOT NULL,
        next_analyser INTEGER,
        reached INTEGER NOT NULL DEFAULT 0,
        drift INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE TABLE fulltext_dead (position INTEGER PRIMARY KEY) STRICT",
)
"""What makes an empty archive, in order."""
