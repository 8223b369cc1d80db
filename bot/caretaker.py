"""The caretaker: the jobs that keep an installation well over years."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from bot.config import Settings
from bot.core.model import Address
from bot.core.ports import Store
from bot.jobs.backup import Backup
from bot.timetable import Entry, upkeep


class Caretaker:
    """Makes these jobs as the settings say; `admins` hear of what they have to know."""

    def __init__(self, store: Store, settings: Settings, admins: Collection[Address]) -> None:
        self._store = store
        self._settings = settings
        self._admins = admins

    @cached_property
    def backup(self) -> Backup:
        """Makes a copy a day."""
        return Backup(self._store, self._settings.backups, self._admins, self._settings.timezone)

    def entries(self) -> tuple[Entry, ...]:
        """Its part of the running bot's timetable."""
        return upkeep(backup=self.backup)

    def stop(self) -> None:
        """Lets go of what would take long."""
        self.backup.stop()
