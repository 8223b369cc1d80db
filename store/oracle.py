"""The percolator that is obviously right: the batch in an FTS5 index in memory, every standing query run against it.

It shares the archive's rows and expressions, so what it matches is what a search would find; faster percolators are
held to it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from threading import Lock

from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.syntax import Node
from store.fts import Compiled, compile_query
from store.fulltext import LIVE, insert_statement, row_of, stem_tag
from store.schema_archive import fulltext_table

_FIND = f"SELECT rowid FROM {LIVE} WHERE {LIVE} MATCH ?"  # noqa: S608


class Oracle:
    """The Percolator port; any thread may call it."""

    def __init__(self) -> None:
        self._queries: dict[int, Node] = {}
        self._compiled: dict[int, Compiled] = {}
        self._tags: frozenset[str] = frozenset()
        self._lock = Lock()

    def add(self, query_id: int, query: Node) -> None:
        """Stands the query under its id; it is matched from the next batch on."""
        with self._lock:
            self._queries[query_id] = query
            self._compiled.pop(query_id, None)

    def remove(self, query_id: int) -> None:
        """Forgets the query; an unknown id is no error."""
        with self._lock:
            self._queries.pop(query_id, None)
            self._compiled.pop(query_id, None)

    def percolate(self, batch: Sequence[Document]) -> list[tuple[int, int]]:
        """(query id, index in the batch) of every match, sorted."""
        if not (batch and self._queries):
            return []
        with self._lock, closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            _index(connection, batch)
            self._read(batch)
            return [
                (query_id, index)
                for query_id, query in sorted(self._queries.items())
                for index in sorted(_found(connection, query, self._compile(query_id, query), batch))
            ]

    def _read(self, batch: Sequence[Document]) -> None:
        """Takes note of the languages met, which are those that queries are compiled for."""
        tags = self._tags.union(filter(None, map(stem_tag, batch)))
        if tags != self._tags:
            self._tags = tags
            self._compiled.clear()

    def _compile(self, query_id: int, query: Node) -> Compiled:
        if query_id not in self._compiled:
            self._compiled[query_id] = compile_query(query, self._tags)
        return self._compiled[query_id]


def _index(connection: sqlite3.Connection, batch: Sequence[Document]) -> None:
    connection.execute(fulltext_table(LIVE))
    rows = [(index, *row_of(document)) for index, document in enumerate(batch)]
    connection.execute("BEGIN")
    connection.executemany(insert_statement(LIVE), rows)
    connection.execute("COMMIT")


def _found(connection: sqlite3.Connection, query: Node, compiled: Compiled, batch: Sequence[Document]) -> Iterator[int]:
    for (index,) in connection.execute(_FIND, (compiled.match,)):
        if compiled.exact or matches(query, batch[index]):
            yield index
