"""Traces: what SQLite may leave of rows that are gone, in the room between the rows that stay.

`secure_delete` overwrites a row where it lies when it is deleted. While pages are split and joined rows move, though,
and where they lay before is not overwritten: of one chat in a thousand something could still be found. Written anew, a
table's old pages are freed, and a freed page is overwritten whole.
"""

from __future__ import annotations

import sqlite3

TELLING = ("chats", "queries", "guests", "invites", "unanswered", "buttons")
"""Tables that hold what people are called or have typed, beside those of what a chat has."""

OF_CHATS = ("chats", "subscriptions")

LARGEST = 100_000
"""Rows of a table that is written anew: a second. What larger ones tell of chats is in numbers."""


def rewrite(connection: sqlite3.Connection) -> None:
    """Writes what tells of chats anew, outside a transaction and under the write lock; nothing else changes."""
    connection.execute("PRAGMA foreign_keys = OFF")  # or what hangs on a row would go with it
    try:
        connection.execute("BEGIN IMMEDIATE")
        for table in telling(connection):
            _rewrite(connection, table)
        connection.execute("COMMIT")
    finally:
        connection.rollback()
        connection.execute("PRAGMA foreign_keys = ON")


def telling(connection: sqlite3.Connection) -> list[str]:
    """The tables with text that hang on chats or subscriptions, and TELLING."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY name"
    names = [name for (name,) in connection.execute(sql).fetchall()]
    return [name for name in names if name in TELLING or (_hangs(connection, name) and _has_text(connection, name))]


def _hangs(connection: sqlite3.Connection, table: str) -> bool:
    keys = connection.execute('SELECT "table" FROM pragma_foreign_key_list(?)', (table,))
    return any(parent in OF_CHATS for (parent,) in keys)


def _has_text(connection: sqlite3.Connection, table: str) -> bool:
    return ("TEXT",) in connection.execute("SELECT type FROM pragma_table_info(?)", (table,)).fetchall()


def _rewrite(connection: sqlite3.Connection, table: str) -> None:
    name = '"{}"'.format(table.replace('"', '""'))
    (rows,) = connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {LARGEST + 1})").fetchone()  # noqa: S608
    if not rows or rows > LARGEST:
        return
    connection.execute(f"CREATE TEMP TABLE anew AS SELECT * FROM main.{name}")  # noqa: S608
    connection.execute(f"DELETE FROM main.{name}")  # noqa: S608
    connection.execute(f"INSERT INTO main.{name} SELECT * FROM temp.anew")  # noqa: S608
    connection.execute("DROP TABLE temp.anew")
