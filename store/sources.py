"""Where articles come from, how the last fetch of each place went, and when the next is due."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.core.model import Outlook, Source, SourceKind
from bot.core.poll import Standing
from bot.core.polling import LONGEST_FOR
from store.times import micros, moment

_COLUMNS = "sources.id, kind, location, name, fetched_at, state, problem, next_at, standing, since_at, enabled, listing"
_HERE = "removed_at IS NULL"
DUE = (
    f"SELECT {_COLUMNS} FROM sources WHERE enabled AND {_HERE} AND (next_at <= :now OR next_at > :latest)"  # noqa: S608
    " AND +kind IN (SELECT value FROM json_each(:kinds)) ORDER BY next_at, id"
)


class Sources:
    """The Sources port."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ensure(self, kind: SourceKind, location: str, name: str) -> Source:
        """The source at this location, made when it is not there yet; one that was removed begins anew."""
        found = self.at(kind, location)
        if found is not None:
            return found
        insert = (
            "INSERT INTO sources (kind, location, name) VALUES (?, ?, ?) ON CONFLICT (kind, location) DO UPDATE SET"
            " name = excluded.name, fetched_at = NULL, failed_at = NULL, problem = NULL, state = '', next_at = 0,"
            " standing = 'ok', since_at = NULL, enabled = 1, removed_at = NULL, listing = ''"
        )
        self._connection.execute(insert, (kind, location, name))
        made = self.at(kind, location)
        assert made is not None
        return made

    def at(self, kind: SourceKind, location: str) -> Source | None:
        """The source of this kind at this location, None when there is none or it was removed."""
        return next(iter(self._where("kind = ? AND location = ?", kind, location)), None)

    def all(self) -> list[Source]:
        """Every source that was not removed, in the order they were added."""
        return self._where("TRUE")

    def due(self, now: datetime, kinds: Iterable[SourceKind]) -> list[Source]:
        """Enabled sources of these kinds that are due, longest overdue first; `next_at` too far off is damage: due."""
        values = {"now": micros(now), "latest": micros(now + LONGEST_FOR), "kinds": json.dumps(sorted(kinds))}
        return [_source(row) for row in self._connection.execute(DUE, values)]

    def named(self, name: str) -> list[Source]:
        """The sources of this name, in any case, or at this location."""
        return [source for source in self.all() if name == source.location or name.casefold() == source.name.casefold()]

    def enable(self, source_id: int, enabled: bool) -> None:
        """Has the source asked from now on, or only listed."""
        self._connection.execute("UPDATE sources SET enabled = ? WHERE id = ?", (enabled, source_id))

    def list_as(self, source_id: int, listing: str) -> None:
        """Keeps how a list of sources describes it."""
        self._connection.execute("UPDATE sources SET listing = ? WHERE id = ?", (listing, source_id))

    def remove(self, source_id: int, now: datetime) -> None:
        """Removes the source from all there is to see and do; its articles stay."""
        self._connection.execute("UPDATE sources SET removed_at = ? WHERE id = ?", (micros(now), source_id))

    def fetched(self, source_id: int, now: datetime, outlook: Outlook) -> None:
        """Records a successful fetch and clears its problem; it moves unless another source is at its new location."""
        update = "UPDATE sources SET fetched_at = ?, problem = NULL, failed_at = NULL WHERE id = ?"
        self._connection.execute(update, (micros(now), source_id))
        self._keep(source_id, outlook)

    def failed(self, source_id: int, now: datetime, problem: str, outlook: Outlook | None = None) -> None:
        """Records a failed fetch; without an outlook everything but the problem stays."""
        update = "UPDATE sources SET failed_at = ?, problem = ? WHERE id = ?"
        self._connection.execute(update, (micros(now), problem, source_id))
        if outlook is not None:
            self._keep(source_id, outlook)

    def totals(self) -> list[tuple[Source, int, datetime | None]]:
        """(source, articles held, newest first-seen time) a source."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, count(articles.id), max(first_seen_at) FROM sources"  # noqa: S608
            f" LEFT JOIN articles ON source_id = sources.id WHERE {_HERE} GROUP BY sources.id ORDER BY sources.id"
        )
        return [(_source(row[:-2]), row[-2], moment(row[-1])) for row in rows]

    def _keep(self, source_id: int, outlook: Outlook) -> None:
        update = "UPDATE sources SET state = ?, next_at = ?, standing = ?, since_at = ? WHERE id = ?"
        next_at, since_at = micros(outlook.next_at) or 0, micros(outlook.since_at)
        self._connection.execute(update, (outlook.state, next_at, outlook.standing, since_at, source_id))
        if outlook.location is not None:
            move = "UPDATE OR IGNORE sources SET location = ? WHERE id = ?"
            self._connection.execute(move, (outlook.location, source_id))

    def _where(self, condition: str, *values: str) -> list[Source]:
        select = f"SELECT {_COLUMNS} FROM sources WHERE {condition} AND {_HERE} ORDER BY id"  # noqa: S608
        return [_source(row) for row in self._connection.execute(select, values)]


def _source(row: tuple[Any, ...]) -> Source:
    source_id, kind, location, name, fetched_at, state, problem, next_at, standing, since_at, enabled, listing = row
    return Source(
        id=source_id,
        kind=SourceKind(kind),
        location=location,
        name=name,
        fetched_at=moment(fetched_at),
        state=state,
        problem=problem,
        next_at=moment(next_at) if next_at else None,
        standing=Standing(standing),
        since_at=moment(since_at),
        enabled=bool(enabled),
        listing=listing,
    )
