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
from store.fulltext import LIVE, fill
from store.vocabulary import Vocabulary

_FIND = f"SELECT rowid FROM {LIVE} WHERE {LIVE} MATCH ?"  # noqa: S608


class Oracle:
    """The Percolator port; any thread may call it."""

    def __init__(self) -> None:
        self._queries: dict[int, Node] = {}
        self._lock = Lock()

    def add(self, query_id: int, query: Node) -> None:
        """Stands the query under its id; it is matched from the next batch on."""
        with self._lock:
            self._queries[query_id] = query

    def remove(self, query_id: int) -> None:
        """Forgets the query; an unknown id is no error."""
        with self._lock:
            self._queries.pop(query_id, None)

    def percolate(self, batch: Sequence[Document]) -> list[tuple[int, int]]:
        """(query id, index in the batch) of every match, sorted."""
        if not (batch and self._queries):
            return []
        with self._lock, closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.execute("BEGIN")
            fill(connection, batch)
            vocabulary = Vocabulary(connection)
            return [
                (query_id, index)
                for query_id, query in sorted(self._queries.items())
                for index in sorted(_found(connection, query, compile_query(query, vocabulary), batch))
            ]

    def merge(self) -> None:
        """Does nothing: every batch is asked every query anyway."""


def _found(connection: sqlite3.Connection, query: Node, compiled: Compiled, batch: Sequence[Document]) -> Iterator[int]:
    for (index,) in connection.execute(_FIND, (compiled.match,)):
        if compiled.exact or matches(query, batch[index]):
            yield index
