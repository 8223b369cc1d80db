"""Generated worlds: a few articles, and queries in the same words that meet them or nearly do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.evaluate import Reader, matches
from bot.matching.percolator import BATCH, Percolator, pairs
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
DEFINITIONS: dict[str, Node] = {
    "migration": Or((Prefix("mig"), Word("asile"), And((LanguageIs("sr"), Not(Title(Prefix("gran"))))))),
    "border-funding": And((SourceIs("bbc"), Or((Near(Word("border"), Prefix("fun"), 3), Not(Title(Prefix("b"))))))),
}
"""What articles that a percolator reads itself carry the topics for."""
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


def reference(queries: Mapping[int, Node], documents: Sequence[Document]) -> list[tuple[int, int]]:
    """What any percolator has to answer: (query id, index) of every match, sorted."""
    readers = [Reader(document) for document in documents]
    return sorted(
        (query_id, index)
        for query_id, query in queries.items()
        for index, reader in enumerate(readers)
        if reader.matches(query)
    )


def tagged(article: Article) -> Entry:
    """The article with the topics that are defined to be its own."""
    analysed = analyse(article)
    return article, frozenset(name for name, definition in DEFINITIONS.items() if matches(definition, analysed))


def new_percolator(seed: int) -> Percolator:
    """A percolator that knows the topics."""
    percolator = Percolator(seed)
    for name, definition in DEFINITIONS.items():
        percolator.define(name, definition)
    return percolator


def found_in_articles(percolator: Percolator, entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """What the percolator answers when it reads the articles itself, in the order of `percolate`."""
    found: list[tuple[int, int]] = []
    for start in range(0, len(entries), BATCH):
        batch = [article for article, _ in entries[start : start + BATCH]]
        queries, articles = pairs(*percolator.match_articles(batch))
        found += zip(queries.tolist(), (articles + start).tolist(), strict=True)
    return sorted(found)
