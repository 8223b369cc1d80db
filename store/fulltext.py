"""The rows of the full text index: what an article's row holds, where it stands, and how it is taken out again.

A row's position (its rowid) is its publication time, so that newest first and a window of time are the index's own
order. The index is contentless: a row is removed by saying exactly the tokens it was made of, which the analyser makes
again from the stored article. A checksum of them (the imprint) is kept with the article; where the tokens come out
different, by whatever upgrade, the row is left as dead: no article has its position any more, so nothing finds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32

from bot.core.model import Archived
from bot.matching.document import Document
from bot.matching.encoding import ANYTHING, encode, indexed, label, written_out
from bot.matching.language import UNKNOWN
from bot.matching.text import ANALYSER_VERSION, document_of
from store.beginnings import beginnings_of
from store.learned import Learned
from store.schema_archive import COLUMNS, WORDS, beginnings_table, eager_merging, fulltext_table
from store.vocabulary import Vocabulary, hosts

Row = tuple[str, ...]
"""One text a column, tokens between spaces."""

_FIRST = datetime.min.replace(tzinfo=UTC)
_SECOND = timedelta(seconds=1)

SLOTS = 1 << 10
"""Positions in a second: as many articles may share a time, a mere date perhaps, without moving into the next second.

More would make the index larger, which keeps the distances between positions: seven bits are some 200 bytes an article.
"""

LAST = """
    SELECT max(position) FROM (
        SELECT max(position) AS position FROM articles WHERE position >= ?1 AND position < ?2
        UNION ALL SELECT max(position) FROM fulltext_dead WHERE position >= ?1 AND position < ?2
    )
"""
"""The last position that ever was given in a second."""

LIVE, NEXT = "fulltext", "fulltext_next"
BEGINNINGS = "{}_beginnings"
"""What the beginnings that belong to an index are called."""

NO_BEGINNINGS = 0
"""The version of an index that has no beginnings beside it: it is from before there were any."""


def position_at(at: datetime) -> int:
    """The first position of the second that `at` is in."""
    return (at - _FIRST) // _SECOND * SLOTS


def published_about(position: int) -> datetime:
    """The second that a position is of; an article in a crowd stands a little later than it was published."""
    return _FIRST + position // SLOTS * _SECOND


def row_of(document: Document) -> Row:
    """What the index holds of a document: see `COLUMNS`."""
    return (
        indexed(document.body).row,
        indexed(document.title).row,
        " ".join(_labels(document)),
        " ".join(map(encode, document.source)),
    )


def imprint_of(row: Row) -> int:
    """A checksum of everything a row is made of."""
    return crc32("\n".join(row).encode())


@dataclass(frozen=True, slots=True)
class _State:
    """Which analyser made the index, and how far one by another analyser has got (article id), if one is made."""

    analyser: int
    next_analyser: int | None
    reached: int

    @property
    def beginnings(self) -> bool:
        return self.analyser != NO_BEGINNINGS

    def covers(self, article_id: int) -> bool:
        return self.next_analyser is not None and article_id <= self.reached


@dataclass(frozen=True, slots=True)
class _Placed:
    """An article's document at its position, and the row that it makes."""

    article_id: int
    position: int
    document: Document
    row: Row


class Fulltext:
    """Puts articles' rows into the index and takes them out, also of the index that is being made beside it."""

    def __init__(self, connection: sqlite3.Connection, learned: Learned | None = None) -> None:
        self._connection = connection
        self._vocabulary = Vocabulary(connection, learned)

    def put(self, entries: Iterable[tuple[Archived, Document]]) -> None:
        """Indexes articles, or indexes them anew, each as it comes last; the document is of the article as stored."""
        state = self._begun()
        placed = []
        for archived, document in {archived.id: (archived, document) for archived, document in entries}.values():
            self.take_out(archived)
            placed.append(self._placed(archived.id, self._place(archived.published_at), document))
        self._vocabulary.add([(entry.document, entry.position) for entry in placed])
        self._add(LIVE, placed, beginnings=state.beginnings)
        if covered := [entry for entry in placed if state.covers(entry.article_id)]:
            self._add(NEXT, covered)

    def take_out(self, archived: Archived) -> None:
        """Takes an article out of the index, if it is in; to be done while it is still stored as it was indexed."""
        select = "SELECT position, imprint FROM articles WHERE id = ? AND position IS NOT NULL"
        found = self._connection.execute(select, (archived.id,)).fetchone()
        if found is None:
            return
        position, imprint = found
        document = written_out(document_of(archived))
        row, beginnings = row_of(document), beginnings_of(document)
        state = self._state()
        covered = state.covers(archived.id)
        same = imprint_of(row) == imprint
        if covered and same:
            self._remove(NEXT, position, row, beginnings)
        if same and not covered:
            self._remove(LIVE, position, row, beginnings if state.beginnings else "")
        else:
            self._connection.execute("INSERT OR IGNORE INTO fulltext_dead (position) VALUES (?)", (position,))
        self._record(archived.id, None, None)

    def outdated(self) -> bool:
        """Whether another analyser than today's made the index, in whole or in part."""
        state = self._state()
        return state.analyser != ANALYSER_VERSION or state.next_analyser is not None

    def begin_rebuild(self) -> int:
        """Starts a second index by today's analyser, or goes on with it; returns the article id it has reached."""
        state = self._state()
        if state.next_analyser == ANALYSER_VERSION:
            return state.reached
        for name, statement in ((NEXT, fulltext_table), (BEGINNINGS.format(NEXT), beginnings_table)):
            self._connection.execute(f"DROP TABLE IF EXISTS {name}")
            self._connection.execute(statement(name))
            self._connection.execute(eager_merging(name))
        self._connection.execute("UPDATE fulltext_state SET next_analyser = ?, reached = 0", (ANALYSER_VERSION,))
        return 0

    def rebuild(self, articles: list[Archived]) -> None:
        """Indexes the next articles (ascending by id) in the second index, at the positions they have."""
        select = "SELECT position FROM articles WHERE id = ?"
        placed = []
        for archived in articles:
            (position,) = self._connection.execute(select, (archived.id,)).fetchone()
            if position is None:
                position = self._place(archived.published_at)
            placed.append(self._placed(archived.id, position, document_of(archived)))
        self._vocabulary.add([(entry.document, entry.position) for entry in placed])
        self._add(NEXT, placed)
        self._connection.execute("UPDATE fulltext_state SET reached = ?", (articles[-1].id,))

    def finish_rebuild(self) -> None:
        """Puts the second index in the place of the first."""
        for name in ("{}", BEGINNINGS):
            self._connection.execute(f"DROP TABLE {name.format(LIVE)}")
            self._connection.execute(f"ALTER TABLE {name.format(NEXT)} RENAME TO {name.format(LIVE)}")
        self._connection.execute(
            "UPDATE fulltext_state SET analyser = next_analyser, next_analyser = NULL, reached = 0"
        )

    def _state(self) -> _State:
        return self._stored() or _State(ANALYSER_VERSION, None, 0)

    def _begun(self) -> _State:
        """The state, which is written down before anything is indexed: by this analyser, where it is the first."""
        if stored := self._stored():
            return stored
        self._connection.execute("INSERT INTO fulltext_state (id, analyser) VALUES (1, ?)", (ANALYSER_VERSION,))
        return self._state()

    def _stored(self) -> _State | None:
        select = "SELECT analyser, next_analyser, reached FROM fulltext_state"
        found = self._connection.execute(select).fetchone()
        return _State(*found) if found else None

    def drift(self) -> int:
        """How far past its own second an article stands at most, because that second was full."""
        found = self._connection.execute("SELECT drift FROM fulltext_state").fetchone()
        return int(found[0]) if found else 0

    def _place(self, at: datetime) -> int:
        """A free position, the next one of its second or, where that is full, of the first that is not."""
        first = second = position_at(at)
        while (position := self._next_of(second)) == second + SLOTS:
            second = position
        if second > first:
            self._connection.execute("UPDATE fulltext_state SET drift = max(drift, ?)", (position - first,))
        return position

    def _next_of(self, second: int) -> int:
        """The position after all that ever stood in a second, which may be the next second's first."""
        last = self._connection.execute(LAST, (second, second + SLOTS)).fetchone()[0]
        return second if last is None else int(last) + 1

    def _record(self, article_id: int, position: int | None, imprint: int | None) -> None:
        update = "UPDATE articles SET position = ?, imprint = ? WHERE id = ?"
        self._connection.execute(update, (position, imprint, article_id))

    def has_beginnings(self) -> bool:
        """Whether beginnings can be looked up apart."""
        return self._state().beginnings

    def _placed(self, article_id: int, position: int, document: Document) -> _Placed:
        """The document with its row, the article recorded to stand at the position."""
        document = written_out(document)
        row = row_of(document)
        self._record(article_id, position, imprint_of(row))
        return _Placed(article_id, position, document, row)

    def _add(self, table: str, placed: Sequence[_Placed], *, beginnings: bool = True) -> None:
        """Adds rows by position: FTS5 ends a segment wherever a row stands before the one it was given last."""
        ordered = sorted(placed, key=lambda entry: entry.position)
        self._connection.executemany(insert_statement(table), [(entry.position, *entry.row) for entry in ordered])
        if beginnings:
            begun = [(entry.position, letters) for entry in ordered if (letters := beginnings_of(entry.document))]
            insert = f"INSERT INTO {BEGINNINGS.format(table)} (rowid, beginnings) VALUES (?, ?)"  # noqa: S608
            self._connection.executemany(insert, begun)

    def _remove(self, table: str, position: int, row: Row, beginnings: str) -> None:
        self._connection.execute(_delete_statement(table, COLUMNS), (position, *row))
        if beginnings:
            self._connection.execute(
                _delete_statement(BEGINNINGS.format(table), ("beginnings",)), (position, beginnings)
            )


def fill(connection: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Makes an index, in a database without one, of these documents: each stands at its number."""
    for statement in (fulltext_table(LIVE), *WORDS):
        connection.execute(statement)
    placed = [(written_out(document), number) for number, document in enumerate(documents)]
    Vocabulary(connection).add(placed)
    rows = [(number, *row_of(document)) for document, number in placed]
    connection.executemany(insert_statement(LIVE), rows)


def insert_statement(table: str) -> str:
    """Adds a row: its position, then one text a column."""
    return f"INSERT INTO {table} (rowid, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608


def _delete_statement(table: str, columns: Sequence[str]) -> str:
    """Removes a row of a contentless table: its position, then the very texts it was made of."""
    return f"INSERT INTO {table} ({table}, rowid, {', '.join(columns)}) VALUES ('delete', ?{', ?' * len(columns)})"  # noqa: S608


def _labels(document: Document) -> Iterator[str]:
    yield ANYTHING
    yield label("lang", document.language or UNKNOWN)
    for topic in sorted(document.topics):
        yield label("topic", topic)
    yield from hosts(document.host)
