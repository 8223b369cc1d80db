"""The schema as numbered steps: an old database is brought up to date, one from a newer newsbell is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import StoreError
from store.times import micros

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION = 0x6E626C6C
"""`nbll` in the file's header says whose database it is (sqlite.org/pragma.html#pragma_application_id)."""


def _first(database: Database) -> None:
    """Everything newsbell began with."""
    from store import schema, schema_archive

    for statement in (*schema.TABLES, *schema_archive.TABLES):
        database.conn.execute(statement)


def _beginnings(database: Database) -> None:
    """Beginnings beside the full text, made with the index, which is built anew in the background; outlets at once."""
    from store import schema_archive

    database.conn.execute(schema_archive.WORDS[-1].replace("TABLE", "TABLE IF NOT EXISTS", 1))
    _outlets(database)
    table = schema_archive.beginnings_table("fulltext_beginnings")
    database.conn.execute(table.replace("TABLE", "TABLE IF NOT EXISTS", 1))
    database.conn.execute("UPDATE fulltext_state SET analyser = 0, next_analyser = NULL, reached = 0")


def _outlets(database: Database) -> None:
    """Which outlets had articles in which language, of the articles there are."""
    from bot.core.model import Article
    from bot.matching.text import folded_words, host_of
    from store.vocabulary import Vocabulary

    vocabulary = Vocabulary(database.conn)
    for outlet, url, language in database.conn.execute("SELECT outlet, url, language FROM articles"):
        host = host_of(Article("", "", "", outlet, url))
        vocabulary.add_outlets([(folded_words(outlet), host, language)])


def _polling(database: Database) -> None:
    """Sources are due each at its own time, stand well or not, and come from lists."""
    from store import schema_archive

    for statement in schema_archive.POLLING:
        database.conn.execute(statement)


def _seen(database: Database) -> None:
    """When words were last seen, of those that are seen from now on; of others nobody knows."""
    from store.schema_archive import EVER

    if "seen" not in database.table("fulltext_words").columns_dict:
        database.conn.execute(f"ALTER TABLE fulltext_words ADD COLUMN seen INTEGER NOT NULL DEFAULT {EVER}")


def _pages(database: Database) -> None:
    """Articles' pages are read for their full text."""
    from store import schema_pages

    for statement in schema_pages.TABLES:
        database.conn.execute(statement)


def _health(database: Database) -> None:
    """How sources do, what bursts they had, and reports to the admins."""
    from store import schema_health

    for statement in (*schema_health.SOURCES, *schema_health.REPORTS):
        database.conn.execute(statement)


def _neighbours(database: Database) -> None:
    """What signatures share is looked up in memory (`bot.matching.neighbours`): the signatures alone are kept."""
    database.conn.execute("DROP TABLE IF EXISTS signature_keys")


def _delivery(database: Database) -> None:
    """Delivery remembers what rang, what was told and grows, and which chats are away."""
    from store import schema_delivery

    for statement in schema_delivery.DELIVERY:
        database.conn.execute(statement)


def _readers(database: Database) -> None:
    """Readers mute, save, mark and pause for a while."""
    from store import schema_readers

    for statement in schema_readers.READERS:
        database.conn.execute(statement)


def _conversations(database: Database) -> None:
    """What was acted on and what long buttons mean is remembered."""
    from store import schema_conversations

    for statement in schema_conversations.CONVERSATIONS:
        database.conn.execute(statement)


def _access(database: Database) -> None:
    """Who may use the bot is asked, decided and remembered."""
    from store import schema_access

    for statement in schema_access.ACCESS:
        database.conn.execute(statement)


def _guesses(database: Database) -> None:
    """Time zones may be guessed; those that are set were chosen."""
    from store import schema_conversations

    for statement in schema_conversations.GUESSES:
        database.conn.execute(statement)


def _unanswered(database: Database) -> None:
    """Answers that are owed outlive a restart."""
    from store import schema_conversations

    for statement in schema_conversations.UNANSWERED:
        database.conn.execute(statement)


def _alerts(database: Database) -> None:
    """Alerts are told apart by story, query and article, in this order."""
    from store import schema_alerts

    for statement in schema_alerts.ALERTS:
        database.conn.execute(statement)


def _rules(database: Database) -> None:
    """Shared chats remember who made what, and can be locked."""
    from store import schema_rules

    for statement in schema_rules.RULES:
        database.conn.execute(statement)


def _sealed(database: Database) -> None:
    """What long buttons mean can be read by whoever holds the button only."""
    from store.sealing import place_of, sealed

    rows = database.conn.execute("SELECT key, command, used_at FROM buttons").fetchall()
    database.conn.execute("DELETE FROM buttons")
    database.conn.executemany(
        "INSERT INTO buttons (key, command, used_at) VALUES (?, ?, ?)",
        [(place_of(key), sealed(key, command), used_at) for key, command, used_at in rows],
    )


def _pauses(database: Database) -> None:
    """A subscription can be paused by itself."""
    from store import schema_pauses

    for statement in schema_pauses.PAUSES:
        database.conn.execute(statement)


def _reasons(database: Database) -> None:
    """What held things back is recorded, what chats read before, and which outlets were suggested."""
    from store import schema_reasons

    for statement in schema_reasons.REASONS:
        database.conn.execute(statement)


def _gists(database: Database) -> None:
    """What opened a story says what it tells of; of what opened one before nobody knows."""
    if "gist" not in database.table("signatures").columns_dict:
        database.conn.execute("ALTER TABLE signatures ADD COLUMN gist BLOB")


def _following(database: Database) -> None:
    """Chats follow stories, which ring again; how near articles were to the stories they joined is kept."""
    from store import schema_following

    for statement in schema_following.FOLLOWING:
        database.conn.execute(statement)


def _expansion(database: Database) -> None:
    """One row says how far alerts are expanded, and each says which alert leads it: one index tells all else."""
    from store import schema_alerts

    for statement in schema_alerts.EXPANSION:
        database.conn.execute(statement)


STEPS: tuple[Callable[[Database], None], ...] = (
    _first,
    _beginnings,
    _polling,
    _seen,
    _pages,
    _health,
    _neighbours,
    _delivery,
    _readers,
    _conversations,
    _access,
    _guesses,
    _unanswered,
    _alerts,
    _rules,
    _sealed,
    _pauses,
    _reasons,
    _gists,
    _following,
    _expansion,
)
SCHEMA = len(STEPS)
"""The schema this newsbell reads and writes, kept in `user_version`."""


def stored_schema(connection: sqlite3.Connection, path: Path) -> int:
    """The schema of an open database, 0 for an empty one; StoreError when it is newer than ours or not ours at all."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION and (application or version or _has_tables(connection)):
        raise StoreError(f"database {path}: it belongs to another program; set NEWSBELL_DATABASE to another file")
    if version > SCHEMA:
        raise StoreError(
            f"database {path} was written by a newer newsbell (schema {version}, this one knows {SCHEMA}): "
            "upgrade newsbell, put back the copy made before that one's upgrade (newsbell restore FILE), "
            "or use another NEWSBELL_DATABASE"
        )
    return int(version)


def migrate(connection: sqlite3.Connection, path: Path, now: datetime) -> None:
    """Brings the database up to date; the caller has begun a transaction, and holds the write lock."""
    version = stored_schema(connection, path)
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("newsbell")
    for number, step in enumerate(STEPS, start=1):
        migrations(name=f"{number:04}{step.__name__}")(step)
    migrations.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
    if not version:
        connection.execute("INSERT INTO meta (name, value) VALUES ('created_at', ?)", (str(micros(now)),))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
