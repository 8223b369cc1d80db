"""The ports of keeping a database well: copies of it, looks at it, what is known of it as a whole.

Each method may raise StoreError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol


class Upkeep(Protocol):
    """What a store offers to whoever keeps it; any thread may call it while everything goes on."""

    def backup(self, path: str) -> None:
        """Writes a checked copy to a new file while everything goes on; StoreError when it exists or cannot be."""

    def backup_daily(self, folder: str, now: datetime, most: int | None = None) -> str | None:
        """Makes today's copy in the folder, unless it is there, and keeps seven; its path when it was made now.

        With `most` so many are kept as fit, the database with them, into so many bytes.
        """

    def give_back(self, reserve: int, limit: int) -> int:
        """Gives up to `limit` free pages back to the file system, beyond a reserve; how many."""

    def keep_ballast(self, size: int) -> bool:
        """Has so many bytes set aside, none for 0; whether that is new. StoreFull when there is no room for it."""

    def release_ballast(self) -> int:
        """Gives up what was set aside; how many bytes."""

    def try_room(self) -> None:
        """Writes something larger, and takes it back; StoreFull when there is no room for it."""

    def heed_full(self, heed: Callable[[], None]) -> None:
        """Has `heed` called whenever a write finds no room, by the thread that was refused."""

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
