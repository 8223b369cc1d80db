"""Copies of the database: made while everything goes on, checked before they count, a few of them kept."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.core.errors import StoreError
from store.connections import open_reader
from store.failures import wrapped
from store.migrations import stored_schema

KEPT = 7
"""Daily copies that are kept."""

SPARE = 128 * 1024 * 1024
"""Bytes that a copy leaves free: the database comes first."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEPT_FOR = re.compile(rf"{_DAY.pattern}$|schema-\d")


def backup(database: Path, target: Path) -> None:
    """Copies the database into a new file that only its owner can read, and checks the copy; else there is none."""
    _make_sure_of_room(database, target.parent)
    _make(target)
    try:
        with wrapped(target), closing(open_reader(database)) as connection:
            connection.execute("PRAGMA query_only = OFF")  # which forbids writing elsewhere, too
            if connection.execute("PRAGMA auto_vacuum").fetchone() == (0,):  # as old databases have it
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("VACUUM INTO ?", (str(target),))
        _flush(target)
        verified(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def verified(path: Path) -> int:
    """The schema of a whole, undamaged database of ours; StoreError for anything else."""
    if not path.is_file():
        raise StoreError(f"backup {path}: there is no such file")
    try:
        with closing(open_reader(path)) as connection:
            schema = stored_schema(connection, path)
            (first,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"backup {path}: it is damaged ({error}); choose another one") from error
    if first != "ok":
        raise StoreError(f"backup {path}: it is damaged ({first}); choose another one")
    if not schema:
        raise StoreError(f"backup {path}: it is empty; choose another one")
    return schema


def daily(database: Path, folder: Path, now: datetime, most: int | None = None) -> Path | None:
    """Makes the copy of this day (UTC) where there is none yet, and drops all but the newest; the new one.

    `most` is how many bytes the database and all its copies may take, where they share a disk: older copies give way,
    and StoreError is raised when not even one fits beside the database.
    """
    target = folder / f"{database.stem}-{now:%Y-%m-%d}.db"
    if target.exists():
        _give_way(database, folder, most)
        return None
    _make_folder(folder)
    size = _size_of(database)
    if most is not None and same_disk(database, folder):
        if 2 * size > most:
            raise StoreError(_does_not_fit(folder, size, most))
        _give_way(database, folder, most - size)
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    backup(database, unfinished)
    unfinished.rename(target)
    flush_folder(folder)
    _drop(dailies(database, folder)[KEPT:])
    _give_way(database, folder, most)
    return target


def _give_way(database: Path, folder: Path, most: int | None) -> None:
    """Drops the oldest daily copies until all of it takes no more than this; the newest stays."""
    if most is None or not same_disk(database, folder):
        return
    copies = dailies(database, folder)
    over = _size_of(database) + sum(map(_size_of, copies_of(database, folder))) - most
    while over > 0 and len(copies) > 1:
        over -= _size_of(copies[-1])
        _drop([copies.pop()])


def _drop(copies: list[Path]) -> None:
    for old in copies:
        with suppress(OSError):
            old.unlink()


def _does_not_fit(folder: Path, size: int, most: int) -> str:
    return (
        f"backup folder {folder}: a copy takes {size / 1e6:,.0f} MB, and with the database that is more than "
        f"NEWSBELL_DISK_MAX, {most / 1e6:,.0f} MB; raise that, or set NEWSBELL_BACKUPS to a folder on another disk"
    )


def before_upgrade(database: Path, folder: Path, schema: int, now: datetime) -> Path:
    """Makes a copy of a database before it is migrated from this schema; it stays until somebody drops it."""
    _make_folder(folder)
    stem = f"{database.stem}-schema-{schema}-{now:%Y-%m-%dT%H%M%S}"
    target = free_name(folder, stem, ".db")
    backup(database, target)
    return target


def free_name(folder: Path, stem: str, ending: str = "") -> Path:
    """A name that no file in the folder has: the stem, with a number where it needs one."""
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1_000)))
    return next(path for name in names if not (path := folder / f"{name}{ending}").exists())


def dailies(database: Path, folder: Path) -> list[Path]:
    """The daily copies of a database in the folder, the newest first."""
    found = copies_of(database, folder)
    return sorted((path for path in found if _DAY.fullmatch(path.stem[len(database.stem) + 1 :])), reverse=True)


def copies_of(database: Path, folder: Path) -> list[Path]:
    """All copies of a database in the folder: those of days, and those from before an upgrade."""
    found = (path for path in folder.glob("*.db") if path.stem.startswith(f"{database.stem}-"))
    return [path for path in found if _KEPT_FOR.match(path.stem[len(database.stem) + 1 :])]


def same_disk(database: Path, folder: Path) -> bool:
    """Whether copies in the folder take from the disk that the database is on; not while there are none."""
    try:
        return database.resolve().parent.stat().st_dev == folder.stat().st_dev
    except OSError:
        return False


def _size_of(path: Path) -> int:
    """0 for a file that has gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def flush_folder(folder: Path) -> None:
    """Has the operating system write down which files there are; some systems cannot, which is no error."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"backup folder {folder}: it cannot be made ({error.strerror})") from error


def _make_sure_of_room(database: Path, folder: Path) -> None:
    """StoreError where a copy of the database would fill the disk."""
    try:
        size = database.stat().st_size
    except OSError as error:
        raise StoreError(f"database {database}: there is none to copy ({error.strerror})") from error
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreError(f"backup folder {folder}: it cannot be written ({error.strerror})") from error
    if free < size + SPARE:
        needed = f"{(size + SPARE) / 1e6:,.0f} MB"
        raise StoreError(
            f"backup folder {folder}: {needed} are needed, {free / 1e6:,.0f} MB are free; make room there, "
            "or set NEWSBELL_BACKUPS to a folder on another disk"
        )


def _make(target: Path) -> None:
    """Makes the empty file first, so that nobody else can read it or have it before the copy is in it."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise StoreError(f"backup {target}: it exists already; choose another name") from error
    except OSError as error:
        raise StoreError(f"backup {target}: it cannot be written ({error.strerror})") from error


def _flush(target: Path) -> None:
    """`VACUUM INTO` leaves its copy to the operating system's cache."""
    with target.open("rb") as copy:
        os.fsync(copy.fileno())
