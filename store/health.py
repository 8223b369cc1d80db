"""What `doctor` looks at in a database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.errors import StoreError
from bot.core.space import LOW
from store.meta import Meta
from store.migrations import SCHEMA, stored_schema
from store.outbox import Outbox

if TYPE_CHECKING:
    from store.database import SqliteStore

WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))
"""The first and the last SQLite that have it, sqlite.org/wal.html."""

ROOM = 256 * 1024 * 1024
"""Bytes of free disk below which there may soon be no room for articles, and none for a backup."""

GIVEN_UP_FOR = timedelta(days=7)
"""How long something that could not be sent is a reason to look into it."""

SCHEMA_IS, INTEGRITY = "schema", "integrity"

PROBE = "x" * 100_000
"""What is written to see whether there is room: more than a page that is there already."""

AWAY = (
    "SELECT count(*), max(paused_at), pause_reason FROM chats WHERE paused_at IS NOT NULL AND pause_reason IS NOT NULL"
)


def check(store: SqliteStore) -> Iterator[tuple[str, bool, str]]:
    """(what, whether it is well, what was found or what to do), the cheap looks first.

    What another newsbell wrote, or nobody can read, is not looked into any further: only whether it is damaged.
    """
    usable = True
    for what, look in LOOKS:
        if not usable and what != INTEGRITY:
            continue
        try:
            well, found = look(store)
        except StoreError as error:
            well, found = False, str(error)
        usable = usable and (well or what != SCHEMA_IS)
        yield what, well, found


def _sqlite(_: SqliteStore) -> tuple[bool, str]:
    first, last = WAL_RESET_BUG
    if not first <= sqlite3.sqlite_version_info <= last:
        return True, sqlite3.sqlite_version
    return True, (
        f"{sqlite3.sqlite_version}: it has the WAL-reset bug, which newsbell avoids by writing in turns; "
        "let no other program write to this database"
    )


def _full_text(_: SqliteStore) -> tuple[bool, str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        there = ("ENABLE_FTS5",) in connection.execute("PRAGMA compile_options").fetchall()
    return there, "FTS5" if there else "this Python's SQLite lacks FTS5: install a Python whose SQLite has it"


def _disk(store: SqliteStore) -> tuple[bool, str]:
    free = shutil.disk_usage(store.path.resolve().parent).free
    megabytes = f"{free / 1e6:,.0f} MB free"
    if free < LOW:
        return False, f"full, {megabytes}: free some space, nothing is fetched until then"
    return free >= ROOM, megabytes if free >= ROOM else f"only {megabytes}: make room soon"


def _schema(store: SqliteStore) -> tuple[bool, str]:
    with store.reading() as connection:
        version = stored_schema(connection, store.path)
    if version == SCHEMA:
        return True, f"{version}"
    return False, f"{version}, this newsbell needs {SCHEMA}: stop newsbell, then newsbell upgrade"


def _journal(store: SqliteStore) -> tuple[bool, str]:
    with store.reading() as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return mode == "wal", mode if mode == "wal" else f"{mode}: the folder's file system does not allow WAL; use another"


def _write_access(store: SqliteStore) -> tuple[bool, str]:
    """Writes, as a full disk shows only then, and takes it back."""
    store.write(lambda session: session.meta.set("probe", PROBE))
    store.write(lambda session: session.meta.drop("probe"))
    return True, "it can be written"


def _privacy(store: SqliteStore) -> tuple[bool, str]:
    mode = store.path.stat().st_mode & 0o077
    return not mode, f"others may read it: chmod 600 {store.path}" if mode else "its owner's only"


def _integrity(store: SqliteStore) -> tuple[bool, str]:
    with store.reading() as connection:
        (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return first == "ok", "undamaged" if first == "ok" else f"damaged: restore the latest backup ({first})"


def _references(store: SqliteStore) -> tuple[bool, str]:
    with store.reading() as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    tables = ", ".join(sorted({str(row[0]) for row in broken}))
    return not broken, f"{len(broken)} rows lead nowhere, in {tables}: restore a backup" if broken else "complete"


def _deliveries(store: SqliteStore) -> tuple[bool, str]:
    """What was given up in the week before the database was last in use, and which chats cannot be reached."""
    with store.reading() as connection:
        last = Meta(connection).last_run_at()
        dead, why = (0, None) if last is None else Outbox(connection).dead(last - GIVEN_UP_FOR)
        away = connection.execute(AWAY).fetchone()
    reached = f"{away[0]} chats cannot be reached, the latest: {away[2]}" if away[0] else "every chat can be reached"
    if dead:
        return False, f"{dead} could not be sent within a week, the latest: {why}; {reached}"
    return True, f"none was given up within a week; {reached}"


LOOKS: tuple[tuple[str, Callable[[SqliteStore], tuple[bool, str]]], ...] = (
    ("SQLite", _sqlite),
    ("full text", _full_text),
    ("disk", _disk),
    (SCHEMA_IS, _schema),
    ("write access", _write_access),
    ("journal", _journal),
    ("privacy", _privacy),
    ("deliveries", _deliveries),
    (INTEGRITY, _integrity),
    ("references", _references),
)
