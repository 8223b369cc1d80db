"""One query language, one meaning: archive search, percolator and reference find the same articles for any query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.model import Article, SourceKind
from bot.matching.document import Document
from bot.matching.query import parse
from bot.matching.syntax import And, LanguageIs, Near, Node, Not, Phrase, Prefix, Proximity, SourceIs, TopicIs, Word
from bot.matching.text import analyse
from store import beginnings, fts, schema_health, search, vocabulary
from store.articles import Articles
from store.fts import compile_query
from store.fulltext import fill
from store.oracle import Oracle
from store.schema_archive import POLLING, TABLES
from store.schema_pages import TABLES as PAGES
from store.search import Search
from store.sources import Sources
from store.stories import Stories
from store.vocabulary import Vocabulary
from tests.property.worlds import Entry, document, expected, worlds

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def percolated(query: Node, documents: Sequence[Document]) -> set[int]:
    oracle = Oracle()
    oracle.add(7, query)
    return {index for _, index in oracle.percolate(documents)}


def compiled(query: Node, documents: Sequence[Document]) -> tuple[set[int], set[int]]:
    """What the wider and the narrower expression find by themselves."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, documents)
        expressions = compile_query(query, Vocabulary(connection))
        find = "SELECT rowid FROM fulltext WHERE fulltext MATCH ?"
        wide, narrow = (
            {row[0] for row in connection.execute(find, (match,))} for match in (expressions.match, expressions.sure)
        )
        return wide, narrow


@contextmanager
def archive(entries: Sequence[Entry], patch: pytest.MonkeyPatch) -> Iterator[Search]:
    """The full text of an archive that holds these articles, with ids from 1 in their order.

    When a word was last met is known to the position.
    """
    patch.setattr(vocabulary, "SPAN", 1)
    patch.setattr(search, "SPAN", 1)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in (*TABLES, *POLLING, *PAGES, *schema_health.SOURCES):
            connection.execute(statement)
        source = Sources(connection).ensure(SourceKind.INGEST, "/", "x")
        story_id = Stories(connection).new(NOW)
        for number, (article, topics) in enumerate(entries):
            entry = document(article, topics)
            archived = Articles(connection).add(
                replace(article, guid=str(number)),
                source_id=source.id,
                now=NOW,
                language=entry.language,
                story_id=story_id,
                topics=tuple(topics),
            )
            Search(connection).index([(archived, entry)])
        yield Search(connection)


@settings(max_examples=150, deadline=None)
@given(worlds(), st.sampled_from([0, beginnings.BROAD]), st.sampled_from([1, search.NEWEST]))
def test_archive_percolator_and_reference_agree(world: tuple[list[Entry], list[Node]], broad: int, newest: int) -> None:
    entries, asked = world
    documents = [document(*entry) for entry in entries]
    with pytest.MonkeyPatch.context() as patch, archive(entries, patch) as found_by:
        patch.setattr(beginnings, "BROAD", broad)
        patch.setattr(beginnings, "BROAD_BESIDE", broad)
        patch.setattr(fts, "BROAD", broad)
        patch.setattr(search, "NEWEST", newest)
        for query in asked:
            wanted = expected(query, documents)
            found, sure = compiled(query, documents)
            assert found >= wanted, "a filter may only drop candidates, never a match"
            assert sure <= wanted
            assert percolated(query, documents) == wanted
            page = found_by.newest(query, NOW, limit=10)
            assert {hit.id - 1 for hit in page.hits} == wanted
            assert page.total == len(wanted)
            by_relevance = found_by.newest(query, NOW, limit=10, sort="relevance")
            assert {hit.id for hit in by_relevance.hits} == {hit.id for hit in page.hits}


HOSTILE = st.text(st.sampled_from("ab\"'*()^+-:{}~\\/,;_ \x00\ud800é移OR NEAR"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(HOSTILE, HOSTILE)
@example('" OR "a', "title : a")
@example("a) OR (b", "NEAR(a b)")
@example("{title}:a", "-title:a^*")
def test_nothing_typed_becomes_fts5_syntax(typed: str, other: str) -> None:
    article = Article("", "a b", f"{typed} {other} a OR b", typed, language="en")
    documents = [analyse(article), analyse(replace(article, text=other))]
    nodes = (
        Word(typed),
        Prefix(typed),
        Phrase((typed, other), prefix=True),
        Proximity((typed, other), 2),
        Near(Word(typed), Phrase((other,)), 1),
        SourceIs(typed),
        TopicIs(typed),
        LanguageIs(typed),
    )
    for query in (*nodes, And((Word(typed), Not(Word(other))))):
        assert percolated(query, documents) == expected(query, documents)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_typed_text_is_refused_by_the_parser_or_found_alike(typed: str) -> None:
    try:
        query = parse(typed)
    except UserError:
        return
    documents = [analyse(Article("", typed, "", "x", language="en")), analyse(Article("", "", "a b c", "x"))]
    assert percolated(query, documents) == expected(query, documents)
