"""Facts about the database as a whole, by name."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from store.times import micros, moment

LAST_RUN = "last_run_at"


class Meta:
    """The Meta port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """The fact called `name`."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def set(self, name: str, value: str) -> None:
        """Records the fact, over what it was."""
        self._connection.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def drop(self, name: str) -> None:
        """Forgets the fact."""
        self._connection.execute("DELETE FROM meta WHERE name = ?", (name,))

    def last_run_at(self) -> datetime | None:
        """The latest `now` this database was run at."""
        value = self.get(LAST_RUN)
        return moment(int(value)) if value else None

    def ran_at(self, now: datetime) -> None:
        """Moves `last_run_at` forward to `now`, never back."""
        last = self.last_run_at()
        if last is None or now > last:
            self.set(LAST_RUN, str(micros(now)))
