"""The archive's full text: newest first at the speed of the index's own order, counts and ranking within a deadline."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from bot.core.model import Archived
from bot.core.ports import Page
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.language import UNKNOWN
from bot.matching.query import moment, split_dates
from bot.matching.syntax import And, Before, LanguageIs, Node, Or, Since
from store.articles import Articles
from store.fts import Compiled, compile_query
from store.fulltext import LIVE, SLOTS, Fulltext, document_of, position_at
from store.times import micros

COUNTED = 1_000
"""Hits counted at most."""

RANKED = 2_000
"""Newest hits that relevance looks at."""

DEADLINE_SECONDS = 0.15
"""What counting and ranking may take; the page itself takes what it takes."""

_WEIGHTS = (8.0, 1.0, 8.0, 1.0, 0.0, 0.0)
"""bm25 weight a column: a headline says what an article is about, filters say nothing of it."""

_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_LAST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class _Question:
    """What to look for (None: everything) and the window of time to look in."""

    query: Node | None
    compiled: Compiled | None
    since: datetime | None
    before: datetime | None
    drift: int

    def sql(self, columns: str, *, sure: bool = False) -> tuple[str, list[object]]:
        """The statement that reads `columns` of what may be a hit or surely is one, newest first; its parameters.

        The index stands outside in the join and gives the order: sorting by a joined column would read every hit.
        """
        window, parameters = self._window()
        if self.compiled is None:
            return f"SELECT {columns} FROM articles WHERE {window} ORDER BY position DESC", parameters  # noqa: S608
        tables = f"{LIVE} CROSS JOIN articles ON position = {LIVE}.rowid"
        sql = f"SELECT {columns} FROM {tables} WHERE {LIVE} MATCH ? AND {window} ORDER BY {LIVE}.rowid DESC"  # noqa: S608
        return sql, [self.compiled.sure if sure else self.compiled.match, *parameters]

    def _window(self) -> tuple[str, list[object]]:
        """Positions are seconds, or a little later in a crowd: they narrow what is read, times then decide."""
        column = "position" if self.compiled is None else f"{LIVE}.rowid"
        since, before = self.since or _EARLIEST, self.before or _LATEST
        window = f"{column} BETWEEN ? AND ? AND effective_at >= ? AND effective_at < ?"
        return window, [position_at(since), position_at(before) + SLOTS + self.drift, micros(since), micros(before)]


class Search:
    """The Search port; `deadline` in seconds of `clock`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        deadline: float = DEADLINE_SECONDS,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._connection = connection
        self._deadline = deadline
        self._clock = clock

    def index(self, archived: Archived, document: Document) -> None:
        """Adds a new article, or replaces one that is indexed; the document is of the article as it is stored now."""
        Fulltext(self._connection).put(archived, document)

    def outdated(self) -> bool:
        """Whether the index, or part of it, was made by another analyser than today's."""
        return Fulltext(self._connection).outdated()

    def rebuild(self, limit: int) -> bool:
        """Takes the next step to an index made by today's analyser: `limit` articles; False when nothing is left to do.

        A step is one transaction of the caller's: a restart goes on where the last one committed, and searches are
        answered from the old index until the new one is whole.
        """
        fulltext = Fulltext(self._connection)
        if not fulltext.outdated():
            return False
        articles = Articles(self._connection).after(fulltext.begin_rebuild(), limit)
        if articles:
            fulltext.rebuild(articles)
        else:
            fulltext.finish_rebuild()
        return bool(articles)

    def newest(
        self,
        query: Node | None,
        now: datetime,
        *,
        limit: int = 10,
        offset: int = 0,
        languages: Sequence[str] = (),
        since: datetime | None = None,
        sort: str = "newest",
        zone: str = "UTC",
    ) -> Page:
        """A page of the articles the query matches (None: of all), newest published first, or by `sort="relevance"`.

        `languages` keeps those, and what is of no known language; `since` is a bound on `published_at` beside the
        query's own, whose dates are days of `zone` (IANA). Relevance is bm25 over the newest hits.
        """
        question = self._question(query, now, languages, since, ZoneInfo(zone))
        ranked = sort == "relevance" and question.compiled is not None
        needed = offset + limit + 1
        found, partial = self._found(question, needed, max(needed, RANKED if ranked else COUNTED + 1))
        if ranked:
            found, cut = self._ranked(question, found)
            partial = partial or cut
        hits = Articles(self._connection).many([article_id for _, article_id in found[offset : offset + limit]])
        more = len(found) > offset + limit
        return Page(tuple(hits), min(len(found), COUNTED), len(found) > COUNTED, more, partial)

    def _question(
        self, query: Node | None, now: datetime, languages: Sequence[str], since: datetime | None, zone: ZoneInfo
    ) -> _Question:
        """The query apart from its dates, which become the window, and joined with the languages wanted."""
        rest, dates = split_dates(query) if query is not None else (None, ())
        starts = [moment(date.value, now, zone) for date in dates if isinstance(date, Since)]
        ends = [moment(date.value, now, zone) for date in dates if isinstance(date, Before)]
        if languages:
            only = Or(tuple(LanguageIs(code) for code in dict.fromkeys((*languages, UNKNOWN))))
            rest = And((rest, only)) if rest is not None else only
        start = max([*starts, since] if since else starts, default=None)
        drift = Fulltext(self._connection).drift()
        compiled = compile_query(rest) if rest is not None else None
        return _Question(rest, compiled, start, min(ends, default=None), drift)

    def _found(self, question: _Question, needed: int, most: int) -> tuple[list[tuple[int, int]], bool]:
        """(position, id) of the newest `most` hits, and False; at least of `needed`, and True, when time ran out."""
        found: list[tuple[int, int]] = []
        over = self._clock() + self._deadline
        for position, article_id, sure in self._candidates(question):
            if len(found) == most:
                break
            if len(found) >= needed and self._clock() > over:
                return found, True
            if sure or self._is_hit(question, article_id):
                found.append((position, article_id))
        return found, False

    def _candidates(self, question: _Question) -> Iterator[tuple[int, int, bool]]:
        """(position, id, whether it surely is a hit) of what may be one, newest first."""
        candidates = self._connection.execute(*question.sql("position, id"))
        if question.compiled is None or question.compiled.exact:
            for position, article_id in candidates:
                yield position, article_id, True
            return
        sure_ones = (position for (position,) in self._connection.execute(*question.sql("position", sure=True)))
        sure = next(sure_ones, -1)
        for position, article_id in candidates:
            while sure > position:
                sure = next(sure_ones, -1)
            yield position, article_id, sure == position

    def _is_hit(self, question: _Question, article_id: int) -> bool:
        archived = Articles(self._connection).get(article_id)
        return archived is not None and question.query is not None and matches(question.query, document_of(archived))

    def _ranked(self, question: _Question, found: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], bool]:
        """Hits by relevance, and False; as they came, and True, when time ran out."""
        ranks: dict[int, float] = {}
        last = found[-1][0] if found else _LAST
        over = self._clock() + self._deadline
        columns = f"position, bm25({LIVE}, {', '.join(map(str, _WEIGHTS))})"
        for position, rank in self._connection.execute(*question.sql(columns)):
            if position < last:
                break
            if self._clock() > over:
                return found, True
            ranks[position] = rank
        return sorted(found, key=lambda hit: (ranks[hit[0]], -hit[0])), False
