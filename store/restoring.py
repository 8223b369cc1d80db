"""Putting a copy in the place of the database: the copy is checked first, and what it replaces is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.core.errors import StoreError
from store.backups import backup, flush_folder, free_name, verified
from store.connections import BUSY_SECONDS
from store.failures import refusal
from store.locks import WriteLock

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a database; it belongs to that one only."""


def restore(source: Path, database: Path, now: datetime) -> Path | None:
    """Puts a copy of `source` in the place of the database; where what was there is now, None when there was nothing.

    StoreError, and everything as it was, for a source that is damaged, not ours or of a newer newsbell, and while
    another process has the database open. Nobody may run newsbell on it meanwhile: hold the RunLock.
    """
    verified(source)
    if database.exists() and source.samefile(database):
        raise StoreError(f"backup {source}: it is the database itself")
    fresh = database.with_name(f"{database.name}.restoring")
    fresh.unlink(missing_ok=True)
    backup(source, fresh)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()  # as it was: copies have none
        with WriteLock(database).held():
            kept = _put_aside(database, now) if database.exists() else None
            fresh.rename(database)
            flush_folder(database.resolve().parent)
    finally:
        fresh.unlink(missing_ok=True)
    return kept


def _put_aside(database: Path, now: datetime) -> Path:
    """Gives the database another name, with all that belongs to it."""
    _fold(database)
    kept = free_name(database.parent, f"{database.name}.replaced-{now:%Y-%m-%dT%H%M%S}")
    for beside in BESIDE:
        with suppress(FileNotFoundError):
            Path(f"{database}{beside}").rename(f"{kept}{beside}")
    database.rename(kept)
    return kept


def _fold(database: Path) -> None:
    """Takes the log into the database, so that it is one file; only whoever has it alone can. Damage is left as is."""
    try:
        with closing(sqlite3.connect(database, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise refusal(error, database) from error
