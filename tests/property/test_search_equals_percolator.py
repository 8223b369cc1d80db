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
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
    Word,
)
from bot.matching.text import analyse
from store import beginnings
from store.articles import Articles
from store.fts import compile_query
from store.fulltext import fill
from store.oracle import Oracle
from store.schema_archive import TABLES
from store.search import Search
from store.sources import Sources
from store.stories import Stories
from store.vocabulary import Vocabulary

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

# Small vocabularies, so that generated queries meet generated texts: by folding, stem, prefix, in rows and nearly so.
VOCABULARIES = (
    (("en",), "border borders cross crosses cross-border migrants migration 1,000 U.S."),
    (("sr", "hr", "bs"), "granica граница granice granični мигранти migrantima Đinđić Djindjic 150m"),
    (("en", "fr", "de"), "asile l'asile refugié réfugiés Grenze Grenzen fluchtlinge Flüchtlingen e-mail"),
    (("tr", "el", "ja"), "sınır SINIRLAR sinirlar σύνορα συνόρων migrant 移民 国境 3.5"),
    (("en", "ja", "sr"), "fund funds funding border granica 移民 移 the in"),
)
OUTLETS = (("BBC News", "https://www.bbc.co.uk/1"), ("Politika", "http://politika.rs/x"), ("News of the Border", None))
SOURCES = ("bbc", "news", "of the border", "border of", "bbc.co.uk", "co.uk", "rs", "www.politika.rs", "k", "litika.rs")
TOPICS = ("migration", "border-funding")
Entry = tuple[Article, frozenset[str]]


def rows(word: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    """What may stand near something: words, prefixes and phrases."""
    words = st.lists(word, min_size=1, max_size=3).map(tuple)
    prefix = word.map(lambda text: Prefix(text[:3]))
    return st.one_of(word.map(Word), word.map(Word), prefix, st.builds(Phrase, words, st.booleans()))


def terms(word: st.SearchStrategy[str]) -> st.SearchStrategy[Node]:
    """What is looked for in a text."""
    row = rows(word)
    operand = st.one_of(row, row, st.lists(row, min_size=2, max_size=3).map(lambda nodes: Or(tuple(nodes))))
    near = st.builds(Near, operand, operand, st.integers(0, 2))
    words = st.lists(word, min_size=1, max_size=3).map(tuple)
    return st.one_of(row, near, near, st.builds(Proximity, words, st.integers(0, 2)))


def combined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    without = st.builds(lambda wanted, unwanted: And((wanted, Not(unwanted))), children, children)
    return st.one_of(several.map(And), several.map(Or), without, without, children.map(Not))


def queries(word: st.SearchStrategy[str], languages: Sequence[str]) -> st.SearchStrategy[Node]:
    term = terms(word)
    filters = st.one_of(
        st.sampled_from(SOURCES).map(SourceIs),
        st.sampled_from((*languages, "bcms")).map(LanguageIs),
        st.sampled_from(TOPICS).map(TopicIs),
    )
    leaf = st.one_of(term, term, st.recursive(term, combined, max_leaves=2).map(Title), filters)
    return st.one_of(leaf, st.recursive(leaf, combined, max_leaves=4))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Entry], list[Node]]:
    """A few articles and a few queries in the same words."""
    languages, vocabulary = draw(st.sampled_from(VOCABULARIES))
    word = st.sampled_from(vocabulary.split())
    article = st.builds(
        lambda title, text, outlet, language: Article("", title, text, outlet[0], outlet[1], language=language),
        st.lists(word, max_size=3).map(" ".join),
        st.lists(word, min_size=1, max_size=7).map(" ".join),
        st.sampled_from(OUTLETS),
        st.sampled_from(languages),
    )
    tagged = st.tuples(article, st.frozensets(st.sampled_from(TOPICS), max_size=2))
    entries = draw(st.lists(tagged, min_size=3, max_size=6))
    return entries, draw(st.lists(queries(word, languages), min_size=3, max_size=6))


def document(article: Article, topics: frozenset[str]) -> Document:
    return replace(analyse(article), topics=topics)


def expected(query: Node, documents: Sequence[Document]) -> set[int]:
    return {index for index, entry in enumerate(documents) if matches(query, entry)}


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
def archive(entries: Sequence[Entry]) -> Iterator[Search]:
    """The full text of an archive that holds these articles, with ids from 1 in their order."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in TABLES:
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
            Search(connection).index(archived, entry)
        yield Search(connection)


@settings(max_examples=150, deadline=None)
@given(worlds(), st.sampled_from([0, beginnings.BROAD]))
def test_archive_percolator_and_reference_agree(world: tuple[list[Entry], list[Node]], broad: int) -> None:
    entries, asked = world
    documents = [document(*entry) for entry in entries]
    with archive(entries) as search, pytest.MonkeyPatch.context() as patch:
        patch.setattr(beginnings, "BROAD", broad)
        patch.setattr(beginnings, "BROAD_BESIDE", broad)
        for query in asked:
            wanted = expected(query, documents)
            found, sure = compiled(query, documents)
            assert found >= wanted, "a filter may only drop candidates, never a match"
            assert sure <= wanted
            assert percolated(query, documents) == wanted
            page = search.newest(query, NOW, limit=10)
            assert {hit.id - 1 for hit in page.hits} == wanted
            assert page.total == len(wanted)
            by_relevance = search.newest(query, NOW, limit=10, sort="relevance")
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
