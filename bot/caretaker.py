"""The caretaker: the jobs that keep an installation well over years."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from bot.config import Settings
from bot.core.model import Address
from bot.core.ports import Store
from bot.jobs.backup import Backup
from bot.jobs.sweep import Sweep
from bot.jobs.watermark import Watermark
from bot.timetable import Entry, upkeep


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps a database as it is before an upgrade, and says how to go back: in the folder, or else beside it."""

    folder: Path | None
    now: datetime
    say: Callable[[str], None]

    def __call__(self, database: Path, schema: int) -> None:
        """Makes the copy; StoreError when it cannot be made, and then nothing is to be migrated."""
        from store.backups import before_upgrade
        from store.migrations import SCHEMA

        kept = before_upgrade(database, self.folder or database.parent, schema, self.now)
        self.say(
            f"database {database}: upgrading it from schema {schema} to {SCHEMA}; as it was it is kept as {kept}. "
            f"To go back, install the newsbell you had, then: newsbell restore {kept}"
        )


class Caretaker:
    """Makes these jobs as the settings say; `admins` hear of what they have to know."""

    def __init__(self, store: Store, settings: Settings, admins: Collection[Address]) -> None:
        self._store = store
        self._settings = settings
        self._admins = admins

    @cached_property
    def backup(self) -> Backup:
        """Makes a copy a day."""
        settings = self._settings
        return Backup(self._store, settings.backups, self._admins, settings.timezone, settings.disk_max)

    @cached_property
    def sweep(self) -> Sweep:
        """Lets go of what is old."""
        return Sweep(self._store, self._settings.keep_for)

    @cached_property
    def watermark(self) -> Watermark:
        """Knows whether there is room, and has jobs rest while there is none."""
        settings = self._settings
        copies = None if settings.backups is None else str(settings.backups)
        return Watermark(self._store, settings.disk_max, settings.ballast, copies, self._admins, settings.timezone)

    def entries(self) -> tuple[Entry, ...]:
        """Its part of the running bot's timetable."""
        return upkeep(
            backup=self.backup,
            sweep=lambda at: asyncio.to_thread(self.sweep, at),
            room=lambda at: asyncio.to_thread(self.watermark, at),
        )

    def stop(self) -> None:
        """Lets go of what would take long."""
        self.backup.stop()
