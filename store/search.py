"""The archive's full text: newest first at the speed of the index's own order, counts and ranking within a deadline."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile
from time import perf_counter, thread_time
from zoneinfo import ZoneInfo

from bot.core.model import Archived
from bot.core.ports import Page
from bot.core.tally import Sightings
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.language import UNKNOWN
from bot.matching.query import moment, split_dates
from bot.matching.syntax import And, Before, LanguageIs, Node, Or, Since, Title
from bot.matching.text import document_of
from store.articles import Articles
from store.beginnings import split_beginnings
from store.fts import Compiled, compile_query
from store.fulltext import LIVE, Fulltext
from store.learned import Learned
from store.loosening import loosened, worth_trying
from store.question import BEGINNINGS_INDEX, LAST, Question, Statement
from store.segments import Segments
from store.sightings import SECONDS, looked_up
from store.vocabulary import SPAN, Vocabulary

COUNTED = 1_000
"""Hits counted at most."""

RANKED = 2_000
"""Newest hits that relevance looks at."""

NEWEST = 1_000
"""Articles that a question of many words looks through first, and some more."""

DEADLINE_SECONDS = 0.008
"""What finding the page and counting on from it may take of the processor; the page itself takes what it takes."""

RANKING_SECONDS = 0.02
"""What ranking may take of it."""

HEADLINE_SECONDS = 0.01
"""What looking through the headlines may take of it, where ranking took too long."""

_STEPS = 100
"""Steps of SQLite's between two looks at the clock: some microseconds."""

_WEIGHTS = (1.0, 8.0, 0.0, 0.0)
"""bm25 weight a column: a headline says what an article is about, filters say nothing of it."""

_SLOW = -1


class Search:
    """The Search port; `deadline` in seconds of `clock`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        deadline: float = DEADLINE_SECONDS,
        clock: Callable[[], float] = thread_time,
        learned: Learned | None = None,
    ) -> None:
        self._connection = connection
        self._fulltext = Fulltext(connection, learned)
        self._deadline = deadline
        self._clock = clock

    def index(self, entries: Iterable[tuple[Archived, Document]]) -> None:
        """Adds new articles, or replaces those that are indexed; each document is of the article as it is stored now.

        Many at once cost far less than one by one.
        """
        self._fulltext.put(entries)

    def outdated(self) -> bool:
        """Whether the index, or part of it, was made by another analyser than today's."""
        return self._fulltext.outdated()

    def rebuild(self, limit: int) -> bool:
        """Takes the next step to an index made by today's analyser: `limit` articles; False when nothing is left to do.

        A step is one transaction of the caller's: a restart goes on where the last one committed, and searches are
        answered from the old index until the new one is whole.
        """
        if not self._fulltext.outdated():
            return False
        articles = Articles(self._connection).after(self._fulltext.begin_rebuild(), limit)
        if articles:
            self._fulltext.rebuild(articles)
        else:
            self._fulltext.finish_rebuild()
        return bool(articles)

    def scattered(self) -> bool:
        """Whether merging the index's segments is due."""
        return any(segments.scattered() for segments in self._segments())

    def merge(self) -> bool:
        """Takes a step, of a few milliseconds, to fewer segments; False when nothing is due."""
        return any(segments.scattered() and segments.merge() for segments in self._segments())

    def _segments(self) -> list[Segments]:
        return [Segments(self._connection, table) for table in (LIVE, BEGINNINGS_INDEX)]

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
        ranked = sort == "relevance" and question.query is not None
        needed = offset + limit + 1
        found, partial = self._found(question, needed, max(needed, RANKED if ranked else COUNTED + 1))
        if ranked:
            found, cut = self._ranked(question, found)
            partial = partial or cut
        hits = Articles(self._connection).at(found[offset : offset + limit])
        more = len(found) > offset + limit
        return Page(tuple(hits), min(len(found), COUNTED), len(found) > COUNTED, more, partial)

    def sightings(
        self,
        query: Node | None,
        now: datetime,
        *,
        since: datetime,
        languages: Sequence[str] = (),
        seconds: float = SECONDS,
    ) -> Sightings:
        """Everything a query without dates matches from `since` up to `now`, newest first, found within `seconds`."""
        question = self._question(query, now, languages, since, ZoneInfo("UTC"))
        found: list[int] = []
        end, whole = perf_counter() + seconds, True
        self._connection.set_progress_handler(lambda: perf_counter() > end, 10 * _STEPS)
        try:
            for position in self._hits(question):
                if position != _SLOW:
                    found.append(position)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            whole = False
        finally:
            self._connection.set_progress_handler(None, 0)
        return looked_up(self._connection, found, now, lambda: perf_counter() > end, whole=whole)

    def resembling(self, word: str, most: int = 5) -> list[str]:
        """Folded words of the archive that a word may have been meant as; see `store.resembling`."""
        from store.resembling import resembling

        return resembling(self._connection, word, most)

    def _question(
        self, query: Node | None, now: datetime, languages: Sequence[str], since: datetime | None, zone: ZoneInfo
    ) -> Question:
        """The query apart from its dates, which become the window, and joined with the languages wanted."""
        rest, dates = split_dates(query) if query is not None else (None, ())
        starts = [moment(date.value, now, zone) for date in dates if isinstance(date, Since)]
        ends = [moment(date.value, now, zone) for date in dates if isinstance(date, Before)]
        if languages:
            only = Or(tuple(LanguageIs(code) for code in dict.fromkeys((*languages, UNKNOWN))))
            rest = And((rest, only)) if rest is not None else only
        start = max([*starts, since] if since else starts, default=None)
        window = (start, min(ends, default=None), self._fulltext.drift())
        question = Question(rest, *self._split(rest), *window)
        if rest is None or (looser := loosened(rest)) is None:
            return question
        tries = worth_trying(looser, Vocabulary(self._connection))
        return replace(question, looser=Question(rest, *self._split(looser), *window), tries=tries)

    def _split(self, query: Node | None) -> tuple[Node | None, Compiled | None, tuple[str, ...]]:
        """The query less the beginnings that are looked up apart, as it is and compiled, and these."""
        vocabulary = Vocabulary(self._connection)
        rest, beginnings = split_beginnings(query, vocabulary)
        if beginnings and not self._fulltext.has_beginnings():
            rest, beginnings = query, ()
        return rest, compile_query(rest, vocabulary) if rest is not None else None, beginnings

    def _found(self, question: Question, needed: int, most: int) -> tuple[list[int], bool]:
        """Positions of the newest `most` hits, and False; of `needed` at least, and True, when time ran out."""
        over = self._clock() + self._deadline
        found: list[int] = []
        for position in self._hits(question):
            if position != _SLOW:
                found.append(position)
            if len(found) >= most:
                break
            if len(found) >= needed and (position == _SLOW or self._clock() > over):
                return found, True
        return found, False

    def _hits(self, question: Question) -> Iterator[int]:
        """Positions of hits, newest first; _SLOW where going on may take seconds that nothing can interrupt."""
        if question.looser is not None:
            last = yield from self._tried(question.looser, question.tries)
            if not last:
                return
            yield _SLOW
            question = replace(question, span=(0, last - 1))
        for part in self._parts(question):
            yield from self._hits_of(part)

    def _tried(self, looser: Question, tries: int) -> Generator[int, None, int]:
        """Positions of hits among the first that a looser question finds; where to go on from, 0 if that was all."""
        position = LAST
        candidates = self._connection.execute(*looser.sql())
        for (position,) in islice(candidates, tries):
            if self._is_hit(looser, position):
                yield position
        return position if candidates.fetchone() else 0

    def _parts(self, question: Question) -> Iterator[Question]:
        """The question of the newest articles, in the words that stand in them, and then of all others.

        It is one question where it has few words. Of many, few were met lately, and mostly these make a page.
        """
        if question.compiled is None or question.rest is None or not question.compiled.broad:
            yield question
            return
        edge = self._edge()
        recent = compile_query(question.rest, Vocabulary(self._connection, since=edge))
        first, last = question.span
        yield replace(question, compiled=recent, span=(max(first, edge), last))
        yield replace(question, span=(first, min(last, edge - 1)))

    def _edge(self) -> int:
        """Where the newest articles begin, at the start of a span that the vocabulary tells apart."""
        select = "SELECT position FROM articles WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1 OFFSET ?"
        found = self._connection.execute(select, (NEWEST,)).fetchone()
        return found[0] // SPAN * SPAN if found else 0

    def _hits_of(self, question: Question) -> Iterator[int]:
        """Positions of hits of one part of a question, newest first."""
        candidates = (position for (position,) in self._connection.execute(*question.sql()))
        if question.compiled is None or question.compiled.exact:
            return candidates
        sure = (position for (position,) in self._connection.execute(*question.sql(sure=True)))
        return self._verified(question, candidates, sure)

    def _verified(self, question: Question, candidates: Iterator[int], sure_ones: Iterator[int]) -> Iterator[int]:
        """Of candidates those that surely are hits, and of the others those that prove to be."""
        sure = next(sure_ones, -1)
        for position in candidates:
            while sure > position:
                sure = next(sure_ones, -1)
            if sure == position or self._is_hit(question, position):
                yield position

    def _is_hit(self, question: Question, position: int) -> bool:
        assert question.query is not None
        return any(matches(question.query, document_of(found)) for found in Articles(self._connection).at([position]))

    def _ranked(self, question: Question, found: list[int]) -> tuple[list[int], bool]:
        """Hits by relevance, and False; those whose headline has it first, and True, when time ran out.

        A beginning that is looked up apart says nothing but which articles have it: alone, it goes by the headline.
        """
        quick = question.looser or question
        if quick.compiled is not None:
            ranks, cut = self._in_time(self._ranks(quick), found, RANKING_SECONDS)
            if not cut:
                return sorted(found, key=lambda position: (ranks[position], -position)), False
        if quick is not question:
            return found, True
        headlines, cut = self._in_time(self._headlines(question), found, HEADLINE_SECONDS)
        cut = cut or question.compiled is not None
        return sorted(found, key=lambda position: (position not in headlines, -position)), cut

    def _in_time(self, sql: Statement, found: list[int], seconds: float) -> tuple[dict[int, float], bool]:
        """The positions and numbers a statement gives, as far back as those found, and whether time ran out.

        Time may run out within a step: bm25 reads all there is of each word, and the next hit may be far.
        """
        last, rows = found[-1] if found else LAST, dict[int, float]()
        over = self._clock() + seconds
        self._connection.set_progress_handler(lambda: self._clock() > over, _STEPS)
        try:
            for position, number in takewhile(lambda row: row[0] >= last, self._connection.execute(*sql)):
                rows[position] = number
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return rows, True
        finally:
            self._connection.set_progress_handler(None, 0)
        return rows, False

    def _ranks(self, question: Question) -> Statement:
        """bm25 of what may be a hit: the less, the better."""
        return question.sql(f", bm25({LIVE}, {', '.join(map(str, _WEIGHTS))})")

    def _headlines(self, question: Question) -> Statement:
        """What answers the question by its headline alone."""
        assert question.query is not None
        compiled = compile_query(Title(question.query), Vocabulary(self._connection))
        return replace(question, compiled=compiled).sql(", 0")
