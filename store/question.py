"""What a search looks for, as the statement that reads the positions of hits from the index, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from bot.matching.syntax import Node
from store.fts import Compiled
from store.fulltext import BEGINNINGS, LIVE, SLOTS, position_at
from store.times import micros

BEGINNINGS_INDEX = BEGINNINGS.format(LIVE)
"""The beginnings beside the index that searches are answered from."""

LAST = (1 << 63) - 1
"""The last position there can be."""

_BEGINS = f"""EXISTS (
    SELECT 1 FROM {BEGINNINGS_INDEX} AS b WHERE b.{BEGINNINGS_INDEX} MATCH ? AND b.rowid = {{place}}
) AND """  # noqa: S608
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Statement: TypeAlias = tuple[str, list[object]]
"""SQL and its parameters."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to look for (None: everything) and the window of time to look in.

    `compiled` is of `rest`, which is the query less its `beginnings`; only positions in `span` are of interest.
    """

    query: Node | None
    rest: Node | None
    compiled: Compiled | None
    beginnings: tuple[str, ...]
    since: datetime | None
    before: datetime | None
    drift: int
    span: tuple[int, int] = (0, LAST)
    looser: Question | None = None
    """What is found faster, and whatever answers the question answers too."""
    tries: int = 0
    """How many of the first that it finds are tried."""

    def sql(self, columns: str = "", *, sure: bool = False) -> Statement:
        """The statement that reads positions, and `columns`, of what may be a hit or surely is one, newest first.

        Only the index is read, but for articles of the seconds that the window begins and ends in: their own times
        decide. What stands nowhere in the archive any more is left out.
        """
        table, place, conditions, parameters = self._source(sure)
        for letters in self.beginnings if self.compiled is not None else self.beginnings[1:]:
            conditions += _BEGINS.format(place=place)
            parameters.append(f'"{letters}"')
        window, times = self._window(place)
        select = f"SELECT {place}{columns} FROM {table} WHERE {conditions}{window} ORDER BY {place} DESC"  # noqa: S608
        return select, [*parameters, *times]

    def _source(self, sure: bool) -> tuple[str, str, str, list[object]]:
        """The table that is read, what its positions are called, and the conditions on its rows with what they name."""
        if self.compiled is None and not self.beginnings:
            return "articles", "articles.position", "", []
        table = LIVE if self.compiled is not None else BEGINNINGS_INDEX
        expression = (self.compiled.sure if sure else self.compiled.match) if self.compiled else self.beginnings[0]
        place = f"{table}.rowid"
        conditions = f"{table} MATCH ? AND {place} NOT IN (SELECT position FROM fulltext_dead) AND "  # noqa: S608
        return table, place, conditions, [f'"{expression}"' if self.compiled is None else expression]

    def _window(self, place: str) -> tuple[str, list[object]]:
        """Positions are seconds, or a little later in a crowd: those surely inside, and those that times decide."""
        since, before = self.since or _EARLIEST, self.before or _LATEST
        crowded = SLOTS + self.drift
        first, last = position_at(since), position_at(before) + crowded
        sure_first = first + crowded if self.since else first
        sure_last = last - crowded - 1 if self.before else last
        timely = "SELECT 1 FROM articles AS a WHERE a.position = {} AND effective_at >= ? AND effective_at < ?"
        window = f"{place} BETWEEN ? AND ? AND ({place} BETWEEN ? AND ? OR EXISTS ({timely.format(place)}))"
        first, last = max(first, self.span[0]), min(last, self.span[1])
        return window, [first, last, sure_first, sure_last, micros(since), micros(before)]
