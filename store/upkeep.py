"""What a store offers to whoever keeps it: copies of it, and the room it takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class SqliteUpkeep:
    """The Upkeep port of a store that has a path, and writes one operation after the other."""

    path: Path

    def exclusively(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` on the writing connection, outside a transaction, while nobody else writes."""
        raise NotImplementedError

    def backup(self, path: str) -> None:
        """Writes a checked copy to a new file while everything goes on; StoreError when it exists or cannot be."""
        from store.backups import backup

        backup(self.path, Path(path))

    def backup_daily(self, folder: str, now: datetime, most: int | None = None) -> str | None:
        """Makes today's copy in the folder, unless it is there, and keeps seven; its path when it was made now.

        With `most` so many are kept as fit, the database with them, into so many bytes.
        """
        from store.backups import daily

        made = daily(self.path, Path(folder), now, most)
        return str(made) if made else None

    def give_back(self, reserve: int, limit: int) -> int:
        """Gives up to `limit` free pages back to the file system, beyond a reserve; how many."""
        from store.connections import give_back

        return self.exclusively(lambda connection: give_back(connection, reserve, limit))

    def keep_ballast(self, size: int) -> bool:
        """Has so many bytes set aside, none for 0; whether that is new. StoreFull when there is no room for it."""
        from store.space import keep_ballast

        return keep_ballast(self.path, size)

    def release_ballast(self) -> int:
        """Gives up what was set aside; how many bytes."""
        from store.space import release_ballast

        return release_ballast(self.path)

    def try_room(self) -> None:
        """Writes something larger, and takes it back; StoreFull when there is no room for it."""
        from store.space import probe

        self.exclusively(probe)
