"""Where articles come from, and how the last fetch of each place went."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.model import Source, SourceKind
from store.times import micros, moment

_COLUMNS = "sources.id, kind, location, name, fetched_at, state, problem"


class Sources:
    """The Sources port."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ensure(self, kind: SourceKind, location: str, name: str) -> Source:
        """The source at this location, made when it is not there yet."""
        select = f"SELECT {_COLUMNS} FROM sources WHERE kind = ? AND location = ?"  # noqa: S608
        row = self._connection.execute(select, (kind, location)).fetchone()
        if row is None:
            insert = "INSERT INTO sources (kind, location, name) VALUES (?, ?, ?)"
            self._connection.execute(insert, (kind, location, name))
            row = self._connection.execute(select, (kind, location)).fetchone()
        return _source(row)

    def all(self) -> list[Source]:
        """Every source, in the order they were added."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM sources ORDER BY id")  # noqa: S608
        return [_source(row) for row in rows]

    def fetched(self, source_id: int, now: datetime, state: str) -> None:
        """Records a successful fetch and clears its problem."""
        update = "UPDATE sources SET fetched_at = ?, state = ?, problem = NULL, failed_at = NULL WHERE id = ?"
        self._connection.execute(update, (micros(now), state, source_id))

    def failed(self, source_id: int, now: datetime, problem: str) -> None:
        """Records a failed fetch; the time and state of the last successful one stay."""
        update = "UPDATE sources SET failed_at = ?, problem = ? WHERE id = ?"
        self._connection.execute(update, (micros(now), problem, source_id))

    def totals(self) -> list[tuple[Source, int, datetime | None]]:
        """(source, articles held, newest first-seen time) a source."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, count(articles.id), max(first_seen_at) FROM sources"  # noqa: S608
            " LEFT JOIN articles ON source_id = sources.id GROUP BY sources.id ORDER BY sources.id"
        )
        return [(_source(row[:-2]), row[-2], moment(row[-1])) for row in rows]


def _source(row: tuple[int, str, str, str, int | None, str, str | None]) -> Source:
    source_id, kind, location, name, fetched_at, state, problem = row
    return Source(source_id, SourceKind(kind), location, name, moment(fetched_at), state, problem)
