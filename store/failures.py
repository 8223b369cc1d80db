"""What SQLite refuses, in one line that says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.core.errors import StoreError, StoreFull

ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again, nothing was half written",
    sqlite3.SQLITE_BUSY: "another program is using it; close that program or try again",
    sqlite3.SQLITE_LOCKED: "another program is using it; close that program or try again",
    sqlite3.SQLITE_READONLY: "it cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_PERM: "it cannot be written; check the permissions of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and may be written",
    sqlite3.SQLITE_NOTADB: "it is not a newsbell database; set NEWSBELL_DATABASE to another file",
    sqlite3.SQLITE_CORRUPT: "it is damaged; stop newsbell and restore the latest backup",
    sqlite3.SQLITE_IOERR: "reading or writing failed; check the disk",
}
"""By SQLite's primary result code, sqlite.org/rescode.html."""

PASSING = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR))
"""What may be over after a while."""


NOTHING_LEFT = 128 * 1024
"""Bytes free below which a write that failed, failed for want of room: SQLite says so of the database and of its log
(SQLITE_FULL), and of the index of the log that it has failed (SQLITE_IOERR_SHMSIZE)."""


def refusal(error: sqlite3.Error, path: Path) -> StoreError:
    """The StoreError for a driver error, one line, naming the file and the way out."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = -1 if code is None else code & 0xFF
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _nothing_is_left(path)):
        return StoreFull(f"database {path}: {ADVICE[sqlite3.SQLITE_FULL]}")
    return StoreError(f"database {path}: {ADVICE.get(primary) or error}", passing=primary in PASSING)


def _nothing_is_left(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.resolve().parent).free < NOTHING_LEFT
    except OSError:
        return False


@contextmanager
def wrapped(path: Path) -> Iterator[None]:
    """Raises what the driver or the file system refuses inside as StoreError, the cause kept."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(error, path) from error
