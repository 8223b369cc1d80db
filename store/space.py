"""The room a database takes on its disk, and the ballast: a file that is given up when the disk is full."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bot.core.errors import StoreFull
from bot.core.space import Room
from store.backups import copies_of, dailies, same_disk
from store.failures import NOTHING_LEFT

CHUNK = 1024 * 1024

PROBE = "x" * CHUNK
"""What is written to see whether there is room again: more than a batch of articles."""


def room(connection: sqlite3.Connection, folder: Path | None) -> Room:
    """What the database of a connection takes, with its copies in a folder of the same disk; OSError."""
    [path] = [Path(row[2]) for row in connection.execute("PRAGMA database_list") if row[1] == "main"]
    page, pages, free = (_fact(connection, name) for name in ("page_size", "page_count", "freelist_count"))
    daily, kept = _copies(path, folder)
    return Room(
        database=(pages - free) * page,
        log=sum(_sizes([Path(f"{path}-wal")])),
        free=shutil.disk_usage(path.parent).free,
        copies=daily,
        kept=sum(kept),
        ballast=sum(_sizes([_ballast(path)])),
    )


def probe(connection: sqlite3.Connection) -> None:
    """Writes something larger, and takes it back; sqlite3.OperationalError when there is no room for it."""
    connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', ?)", (PROBE,))
    connection.execute("DELETE FROM meta WHERE name = 'probe'")


def keep_ballast(database: Path, size: int) -> bool:
    """Has a file of this size beside the database, none for 0; whether it was made now. StoreFull for want of room."""
    path = _ballast(database)
    if size and sum(_sizes([path])) == size:
        return False
    release_ballast(database)
    if not size:
        return False
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            _take(file.fileno(), size)
    except OSError as error:
        release_ballast(database)
        raise StoreFull(f"database {database}: there is no room for its ballast ({error.strerror})") from error
    return True


def release_ballast(database: Path) -> int:
    """Gives the ballast's room to the database; how many bytes, 0 where there was none."""
    path = _ballast(database)
    size = sum(_sizes([path]))
    try:
        path.unlink()
    except OSError:
        return 0
    return size


def make_way(database: Path) -> None:
    """Gives the ballast up where a database could not even be opened for want of room: for whoever delivers."""
    with suppress(OSError):
        if shutil.disk_usage(database.resolve().parent).free < NOTHING_LEFT:
            release_ballast(database)


def _fact(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _copies(database: Path, folder: Path | None) -> tuple[list[int], list[int]]:
    """What daily copies and others take on the database's disk."""
    if folder is None or not same_disk(database, folder):
        return [], []
    daily = dailies(database, folder)
    return _sizes(daily), _sizes(path for path in copies_of(database, folder) if path not in daily)


def _sizes(paths: Iterable[Path]) -> list[int]:
    sizes = []
    for path in paths:
        with suppress(OSError):  # it has gone meanwhile
            sizes.append(path.stat().st_size)
    return sizes


def _take(file: int, size: int) -> None:
    """Takes room on the disk: at once where the file system can, else by writing what no file system makes smaller."""
    with suppress(OSError, AttributeError):
        os.posix_fallocate(file, 0, size)
        if os.fstat(file).st_blocks * 512 >= size:
            return
    os.lseek(file, 0, os.SEEK_SET)
    for start in range(0, size, CHUNK):
        os.write(file, os.urandom(min(CHUNK, size - start)))
    os.fsync(file)


def _ballast(database: Path) -> Path:
    resolved = database.resolve()
    return resolved.with_name(f"{resolved.name}-ballast")
