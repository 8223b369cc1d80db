"""Locks between processes: files in a folder beside the database, which the kernel frees when their holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bot.core.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

WRITE_PATIENCE = 60.0
"""Seconds a write waits for those of other processes; theirs take milliseconds."""

HOLD_PATIENCE = 0.25
"""Seconds before a lock counts as held for long: `is_held` itself takes it for a moment."""

POLL = 0.002
"""Seconds between tries; a try is a few system calls."""


class WriteLock:
    """Lets one process at a time write to a database, checkpoint it or close it.

    SQLite before 3.51.3 may corrupt a WAL database when two connections write and checkpoint at the same moment
    (sqlite.org/wal.html, "WAL-reset bug"). Whoever waits for it has the turn meanwhile, so that a process which writes
    again and again (an expansion) lets the others in between.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._locks: tuple[BaseFileLock, BaseFileLock] | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock; StoreError when others keep it for a minute or two."""
        turn, lock = self._locks = self._locks or (
            _lock(self._database, "turn", WRITE_PATIENCE),
            _lock(self._database, "write", WRITE_PATIENCE),
        )
        self._take(turn)
        try:
            self._take(lock)
        finally:
            turn.release()
        try:
            yield
        finally:
            lock.release()

    def _take(self, lock: BaseFileLock) -> None:
        if not _taken(lock, self._database):
            raise StoreError(
                f"database {self._database}: another newsbell keeps writing to it; try again later", passing=True
            )


class _SignedLock:
    """A lock held for as long as a process does something; its file says which process."""

    def __init__(self, database: Path, name: str, refusal: str) -> None:
        self._database = database
        self._lock = _lock(database, name, HOLD_PATIENCE)
        self._file = _folder(database) / name
        self._refusal = refusal

    def __enter__(self) -> Self:
        if not _taken(self._lock, self._database):
            raise StoreError(f"database {self._database}: {self._refusal.format(holder=self._holder())}")
        with suppress(OSError):  # on a full disk: whoever is refused then hears of no number
            self._file.write_text(str(os.getpid()))
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _holder(self) -> str:
        try:
            return f"process {int(self._file.read_text())}"
        except (OSError, ValueError):
            return "another process"


class RunLock(_SignedLock):
    """Held by `newsbell run`: one a database; StoreError names the process that has it."""

    def __init__(self, database: Path) -> None:
        refusal = "newsbell is running on it already ({holder}); stop that one, or use another NEWSBELL_DATABASE"
        super().__init__(database, "run", refusal)


class TerminalLock(_SignedLock):
    """Held by whoever has the terminal chat `name` open: its deliveries are theirs to print."""

    def __init__(self, database: Path, name: str) -> None:
        refusal = "this terminal chat is open already ({holder}); close that one, or choose another name with --as"
        super().__init__(database, _terminal(name), refusal)

    @staticmethod
    def is_held(database: Path, name: str) -> bool:
        """Whether some process has the terminal chat `name` open."""
        if not (_folder(database) / _terminal(name)).exists():
            return False
        lock = _lock(database, _terminal(name), 0)
        free = _taken(lock, database)
        lock.release()
        return not free


def _folder(database: Path) -> Path:
    """Where the locks of a database live, whatever name it is reached by."""
    resolved = database.resolve()
    return resolved.with_name(f"{resolved.name}-locks")


def _terminal(name: str) -> str:
    """The lock of a terminal chat; hashed, as its name may hold anything."""
    return f"terminal-{sha256(name.encode(errors='surrogatepass')).hexdigest()[:16]}"


def _lock(database: Path, name: str, patience: float) -> BaseFileLock:
    """A lock not yet taken, for any thread of this process; StoreError when the database's folder cannot hold it."""
    from filelock import FileLock

    folder = _folder(database)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _unusable(database, error) from error
    return FileLock(folder / name, timeout=patience, mode=0o600, poll_interval=POLL, thread_local=False)


def _taken(lock: BaseFileLock, database: Path) -> bool:
    from filelock import Timeout

    try:
        lock.acquire()
    except Timeout:
        return False
    except OSError as error:
        raise _unusable(database, error) from error
    return True


def _unusable(database: Path, error: OSError) -> StoreError:
    folder = database.resolve().parent
    return StoreError(
        f"database {database}: the folder {folder} cannot be written ({error.strerror}); "
        "change its permissions, or use another NEWSBELL_DATABASE"
    )
