"""An archive in memory, and short ways to say what comes into it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.model import Archived, Article, SourceKind
from bot.core.ports import Page
from bot.matching.query import parse
from bot.matching.text import document_of
from store import schema_health
from store.articles import Articles
from store.schema_archive import POLLING, TABLES
from store.schema_pages import TABLES as PAGES
from store.search import Search
from store.sources import Sources
from store.stories import Stories

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def article(title: str = "", text: str = "", **fields: object) -> Article:
    """An article in English from one outlet, its guid its title unless given."""
    given = {"guid": title or text, "title": title, "text": text, "source": "The Outlet", "language": "en"} | fields
    return Article(**given)  # type: ignore[arg-type]


class Archive:
    """The archive's repositories on one connection, indexing what they store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.articles = Articles(connection)
        self.search = Search(connection)
        self.stories = Stories(connection)
        self.sources = Sources(connection)
        self.source = self.sources.ensure(SourceKind.FOLDER, "/inbox", "inbox")

    def take(
        self, new: Article, *, now: datetime = NOW, topics: Sequence[str] = (), story_id: int | None = None
    ) -> Archived:
        archived = self.add(new, now=now, topics=topics, story_id=story_id)
        self.index(archived)
        return archived

    def add(
        self, new: Article, *, now: datetime = NOW, topics: Sequence[str] = (), story_id: int | None = None
    ) -> Archived:
        """Stores an article and leaves it out of the full text."""
        return self.articles.add(
            new,
            source_id=self.source.id,
            now=now,
            language=new.language,
            story_id=story_id or self.stories.new(now),
            topics=topics,
        )

    def change(self, archived: Archived, **fields: object) -> Archived:
        changed = replace(archived.article, **fields)  # type: ignore[arg-type]
        updated = self.articles.update(archived, changed, language=changed.language, topics=archived.topics)
        self.index(updated)
        return updated

    def retag(self, archived: Archived, *topics: str) -> Archived:
        self.articles.retag(archived.id, topics)
        tagged = replace(archived, topics=tuple(sorted(set(topics))))
        self.index(tagged)
        return tagged

    def index(self, *together: Archived) -> None:
        self.search.index([(archived, document_of(archived)) for archived in together])

    def page(self, query: str | None, now: datetime = NOW, **options: object) -> Page:
        node = parse(query, dates=True) if query is not None else None
        return self.search.newest(node, now, **options)  # type: ignore[arg-type]

    def titles(self, query: str | None, **options: object) -> list[str]:
        return [hit.article.title for hit in self.page(query, **options).hits]  # type: ignore[arg-type]

    def vocabulary(self, table: str = "fulltext") -> list[tuple[object, ...]]:
        """Every occurrence in the index, of articles that are in it."""
        self.connection.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {table}, instance)")
        rows = self.connection.execute("SELECT term, doc, col, offset FROM words ORDER BY 1, 2, 3, 4").fetchall()
        self.connection.execute("DROP TABLE temp.words")
        return rows


@contextmanager
def archive_in_memory() -> Iterator[Archive]:
    """An empty archive."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for statement in (*TABLES, *POLLING, *PAGES, *schema_health.SOURCES):
            connection.execute(statement)
        yield Archive(connection)
