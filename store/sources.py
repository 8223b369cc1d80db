"""Where articles come from, how the last fetch of each place went, and when the next is due."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.core.arrivals import Arrivals
from bot.core.model import POLLED, Outlook, Source, SourceKind
from bot.core.poll import Standing
from bot.core.polling import LONGEST_FOR
from store.times import micros, moment

_COLUMNS = (
    "sources.id, kind, location, name, fetched_at, state, problem, next_at, standing, since_at, enabled, listing,"
    " failing_since_at, failures, silent_at, arrival_looks, arrival_new, arrival_every"
)
_HERE = "removed_at IS NULL"
_UNWELL = "(problem IS NOT NULL OR silent_at <= fetched_at OR told <> '')"
"""As the index `sources_unwell` has it."""
UNWELL = (
    f"SELECT {_COLUMNS} FROM sources WHERE {_UNWELL} AND {_HERE}"  # noqa: S608
    " AND (problem IS NOT NULL OR silent_at <= fetched_at) ORDER BY id"
)
OTHERWISE = f"""
    SELECT {_COLUMNS}, told, told_since_at FROM sources
    WHERE {_UNWELL} AND {_HERE} AND told <> CASE
        WHEN NOT enabled THEN ''
        WHEN standing <> 'ok' THEN standing
        WHEN problem IS NOT NULL THEN told
        WHEN silent_at <= fetched_at THEN 'silent'
        ELSE ''
    END
    ORDER BY id
"""  # noqa: S608
"""`bot.core.health.health_of` in SQL, so that the usual look, with nothing to tell, reads no row."""
FAILING = (
    f"SELECT name FROM sources WHERE {_UNWELL} AND {_HERE} AND enabled AND problem IS NOT NULL"  # noqa: S608
    " AND (standing <> 'ok' OR kind NOT IN (SELECT value FROM json_each(:kinds))) ORDER BY id"
)
FETCHED = """
    UPDATE sources SET fetched_at = ?, problem = NULL, failed_at = NULL, failing_since_at = NULL, failures = 0,
        state = ?, next_at = ?, standing = ?, since_at = ?, silent_at = ?
    WHERE id = ?
"""
FAILED = """
    UPDATE sources SET failed_at = :now, problem = :problem, failures = failures + 1,
        failing_since_at = CASE WHEN failures THEN failing_since_at ELSE :now END
    WHERE id = :source
"""
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
            " standing = 'ok', since_at = NULL, enabled = 1, removed_at = NULL, listing = '', failing_since_at = NULL,"
            " failures = 0, silent_at = NULL, arrival_looks = 0, arrival_new = 0, arrival_every = NULL, told = '',"
            " told_since_at = NULL"
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
        self._connection.execute(FETCHED, (micros(now), *_kept(outlook), source_id))
        self._move(source_id, outlook)
        if outlook.arrivals is not None:
            update = "UPDATE sources SET arrival_looks = ?, arrival_new = ?, arrival_every = ? WHERE id = ?"
            usual = outlook.arrivals
            self._connection.execute(update, (usual.looks, usual.new, _length(usual.every_for), source_id))

    def failed(self, source_id: int, now: datetime, problem: str, outlook: Outlook | None = None) -> None:
        """Records a failed fetch; without an outlook everything but the problem stays."""
        self._connection.execute(FAILED, {"now": micros(now), "problem": problem, "source": source_id})
        if outlook is not None:
            update = "UPDATE sources SET state = ?, next_at = ?, standing = ?, since_at = ?, silent_at = ? WHERE id = ?"
            self._connection.execute(update, (*_kept(outlook), source_id))
            self._move(source_id, outlook)

    def unwell(self) -> list[Source]:
        """Those that have a problem or are silent, in the order they were added."""
        return [_source(row) for row in self._connection.execute(UNWELL)]

    def otherwise(self) -> list[tuple[Source, str, datetime | None]]:
        """(source, what was told of it, since when that held) of those that do otherwise than the admins were told."""
        rows = self._connection.execute(OTHERWISE)
        return [(_source(row[:-2]), row[-2], moment(row[-1])) for row in rows]

    def failing(self) -> list[str]:
        """The names of the sources that fail in a way worth telling (`Source.fails`), in the order they were added."""
        return [name for (name,) in self._connection.execute(FAILING, {"kinds": json.dumps(sorted(POLLED))})]

    def tell(self, source_id: int, told: str, since_at: datetime | None) -> None:
        """Keeps what the admins have been told of the source, and since when that holds; empty when it does not."""
        update = "UPDATE sources SET told = ?, told_since_at = ? WHERE id = ?"
        self._connection.execute(update, (told, micros(since_at), source_id))

    def of_article(self, article_id: int) -> Source | None:
        """The source that brought an article, None when it was removed."""
        condition = "sources.id = (SELECT source_id FROM articles WHERE id = ?)"
        return next(iter(self._where(condition, article_id)), None)

    def first_brought_at(self, source_id: int) -> datetime | None:
        """When the first of its articles was seen, of those that are there."""
        select = "SELECT min(first_seen_at) FROM articles WHERE source_id = ?"
        (at,) = self._connection.execute(select, (source_id,)).fetchone()
        return None if at is None else moment(int(at))

    def suggest(self, host: str, now: datetime) -> bool:
        """Notes that somebody would have an outlet watched; False when somebody has said so before."""
        sql = "INSERT OR IGNORE INTO suggestions (host, at) VALUES (?, ?)"
        return self._connection.execute(sql, (host, micros(now))).rowcount > 0

    def suggested(self, since: datetime) -> int:
        """How many outlets were suggested since then."""
        sql = "SELECT count(*) FROM suggestions WHERE at >= ?"
        return int(self._connection.execute(sql, (micros(since),)).fetchone()[0])

    def brought_at(self, source_id: int) -> datetime | None:
        """When the latest of its articles was first seen."""
        select = "SELECT max(first_seen_at) FROM articles WHERE source_id = ?"
        (at,) = self._connection.execute(select, (source_id,)).fetchone()
        return None if at is None else moment(int(at))

    def totals(self) -> list[tuple[Source, int, datetime | None]]:
        """(source, articles held, newest first-seen time) a source."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS}, count(articles.id), max(first_seen_at) FROM sources"  # noqa: S608
            f" LEFT JOIN articles ON source_id = sources.id WHERE {_HERE} GROUP BY sources.id ORDER BY sources.id"
        )
        return [(_source(row[:-2]), row[-2], moment(row[-1])) for row in rows]

    def _move(self, source_id: int, outlook: Outlook) -> None:
        if outlook.location is not None:
            move = "UPDATE OR IGNORE sources SET location = ? WHERE id = ?"
            self._connection.execute(move, (outlook.location, source_id))

    def _where(self, condition: str, *values: object) -> list[Source]:
        select = f"SELECT {_COLUMNS} FROM sources WHERE {condition} AND {_HERE} ORDER BY id"  # noqa: S608
        return [_source(row) for row in self._connection.execute(select, values)]


def _kept(outlook: Outlook) -> tuple[str, int, str, int | None, int | None]:
    """State, due time, standing, since when, and when it is silent, as columns."""
    due, since, silent = micros(outlook.next_at) or 0, micros(outlook.since_at), micros(outlook.silent_at)
    return outlook.state, due, outlook.standing, since, silent


def _source(row: tuple[Any, ...]) -> Source:
    source_id, kind, location, name, fetched_at, state, problem, next_at, standing, since_at, enabled, *more = row
    listing, failing_since_at, failures, silent_at, looks, new, every = more
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
        failing_since_at=moment(failing_since_at),
        failures=failures,
        silent_at=moment(silent_at),
        arrivals=Arrivals(looks, new, None if every is None else timedelta(microseconds=every)),
    )


def _length(span: timedelta | None) -> int | None:
    return None if span is None else span // timedelta(microseconds=1)
