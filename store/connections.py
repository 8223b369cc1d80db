"""How connections to the database are opened and what each may do."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from stat import S_ISDIR

from bot.core.errors import StoreError

BUSY_SECONDS = 5.0

WRITER = (
    "PRAGMA page_size = 8192",
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -32000",
    "PRAGMA temp_store = MEMORY",
)
READER = (
    "PRAGMA query_only = ON",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA cache_size = -8000",
    "PRAGMA temp_store = MEMORY",
)


def open_writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes, for the calling thread alone; a new file is its owner's only. Under the lock."""
    _make(path)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=256)
    return _prepared(connection, WRITER)


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for one thread at a time.

    Opened read-only, so that closing it never checkpoints: only the writer does, under the write lock.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(
        uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    return _prepared(connection, READER)


def commit(connection: sqlite3.Connection) -> None:
    """Commits the transaction.

    What is deleted now is the full text's own, segments that it merges: words of articles need not be overwritten.
    """
    connection.execute("PRAGMA secure_delete = FAST").fetchall()
    try:
        connection.execute("COMMIT")
    finally:
        connection.execute("PRAGMA secure_delete = ON").fetchall()


def checkpoint(connection: sqlite3.Connection) -> bool:
    """Moves the log into the database and empties it; False when a reader was in the way. Under the write lock only."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def give_back(connection: sqlite3.Connection, reserve: int, limit: int) -> int:
    """Gives up to `limit` free pages back to the file system, beyond a reserve; how many. Under the write lock only.

    A database that began before this was possible gives none back until a copy of it is restored: it uses them again.
    """
    (mode,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    number = min(limit, free - reserve) if mode == 2 else 0
    if number > 0:
        connection.execute(f"PRAGMA incremental_vacuum({number:d})").fetchall()
    return max(0, number)


def _make(path: Path) -> None:
    """Makes the file when there is none.

    An existing one is left closed: closing it would drop the locks SQLite has on it in this process
    (sqlite.org/howtocorrupt.html, 2.2).
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise StoreError(f"database {path}: it cannot be made ({error.strerror})") from error


def _prepared(connection: sqlite3.Connection, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    try:
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def wiped(connection: sqlite3.Connection) -> bool:
    """Whether the log could be emptied just now; a reader in the way is not waited for, nor is a full disk an error."""
    connection.execute("PRAGMA busy_timeout = 200")
    try:
        return checkpoint(connection)
    except sqlite3.Error:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


def is_new(path: Path) -> bool:
    """Whether there is no database at the path yet, or an empty file; StoreError where none can be."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StoreError(f"database {path}: it cannot be opened ({error.strerror})") from error
    if S_ISDIR(found.st_mode):
        raise StoreError(f"database {path}: it is a folder; set NEWSBELL_DATABASE to a file")
    return not found.st_size
