"""The ports of keeping a database well: copies of it, looks at it, what is known of it as a whole.

Each method may raise StoreError.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class Upkeep(Protocol):
    """What a store offers to whoever keeps it; any thread may call it while everything goes on."""

    def backup(self, path: str) -> None:
        """Writes a checked copy to a new file while everything goes on; StoreError when it exists or cannot be."""

    def backup_daily(self, folder: str, now: datetime) -> str | None:
        """Makes today's copy in the folder, unless it is there, and keeps seven; its path when it was made now."""

    def give_back(self, reserve: int, limit: int) -> int:
        """Gives up to `limit` free pages back to the file system, beyond a reserve; how many."""

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """(what, whether it is well, what was found or what to do) for each thing `doctor` looks at."""


class Meta(Protocol):
    """Facts about the database as a whole."""

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...

    def drop(self, name: str) -> None: ...

    def last_run_at(self) -> datetime | None:
        """The latest `now` this database was run at."""

    def ran_at(self, now: datetime) -> None:
        """Moves `last_run_at` forward to `now`."""
