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


def daily(database: Path, folder: Path, now: datetime) -> Path | None:
    """Makes the copy of this day (UTC) where there is none yet, and drops all but the newest; the new one."""
    target = folder / f"{database.stem}-{now:%Y-%m-%d}.db"
    if target.exists():
        return None
    _make_folder(folder)
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    backup(database, unfinished)
    unfinished.rename(target)
    flush_folder(folder)
    for old in dailies(database, folder)[KEPT:]:
        with suppress(OSError):
            old.unlink()
    return target


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
    found = (path for path in folder.glob("*.db") if path.stem.startswith(f"{database.stem}-"))
    return sorted((path for path in found if _DAY.fullmatch(path.stem[len(database.stem) + 1 :])), reverse=True)


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
