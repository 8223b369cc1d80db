"""The meaning of queries: case by case, against brute force, and against SQLite's FTS5 on plain ASCII text."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.document import Document, Tokens
from bot.matching.evaluate import Reader, matches, near
from bot.matching.query import parse
from bot.matching.syntax import And, Near, Node, Not, Or, Phrase, Prefix, Proximity, Since, Title, TopicIs, Word
from bot.matching.text import analyse, tokens
from tests.matching.queries import trees


def document(text: str, title: str = "", language: str | None = "en", **about: str) -> Document:
    source, url = about.get("source", "Adriatic Courier"), about.get("url")
    return analyse(Article("1", title, text, source, url, language=language or "xx"))


NEWS = document(
    "The Border Force said two million pounds of new border funds went to Serbia. Migrants crossed near Kosovo.",
    "Frontex to stay on the Western Balkan route",
    source="BBC News Serbian",
    url="https://www.bbc.co.uk/news/1",
)

MEANINGS = [
    ("migrant", True),
    ("MIGRANTS kosovo", True),
    ("migrants football", False),
    ("migrants OR football", True),
    ("migrants -football", True),
    ("migrants -kosovo", False),
    ("migrants -(football OR kosovo)", False),
    ("Косово", True),
    ("kosovò", True),
    ('"border force"', True),
    ('"force border"', False),
    ('"border fund"', False),
    ('"border fund*"', True),
    ('"borders force"', False),
    ("bord*", True),
    ("bordex*", False),
    ("balkans", True),
    ('"balkans"', False),
    # headline and text are two places
    ('"balkan route the border"', False),
    ("route NEAR/100 force", False),
    ("route force", True),
    ("title:frontex", True),
    ("title:kosovo", False),
    ('title:"western balkan"', True),
    ("title:(frontex NEAR/6 route)", True),
    ("title:(frontex NEAR/5 route)", False),
    ("title:(frontex -kosovo)", True),
    # NEAR counts the words between, either order, phrases as a whole
    ("pounds NEAR/1 million", True),
    ("million NEAR/0 pounds", True),
    ("two NEAR/2 new", False),
    ("two NEAR/3 new", True),
    ('"border force" NEAR/1 two', True),
    ('two NEAR/1 "border force"', True),
    ('two NEAR/0 "border force"', False),
    ("(football OR kosovo) NEAR/1 crossed", True),
    ("migra* NEAR/0 crossed", True),
    ('"border force" NEAR/0 force', True),
    # proximity: exact words, any order, others inside the span
    ('"million two"~0', True),
    ('"border two pounds"~2', False),
    ('"border two pounds"~3', True),
    ('"migrant kosovo"~9', False),
    ('"migrants kosovo"~1', False),
    ('"migrants kosovo"~2', True),
    ('"border border"~9', True),
    ('"border border border"~90', False),
    # filters
    ("source:bbc", True),
    ('source:"bbc news"', True),
    ('source:"news bbc"', False),
    ('source:"bbc serbian"', False),
    ("source:bbc.co.uk", True),
    ("source:www.bbc.co.uk", True),
    ("source:https://bbc.co.uk/", True),
    ("source:co.uk", True),
    ("source:uk", False),
    ("source:bc.co.uk", False),
    ("lang:en", True),
    ("lang:sr", False),
    ("lang:bcms", False),
    ("topic:migration", False),
    ("lang:en -topic:migration", True),
]


@pytest.mark.parametrize(("query", "expected"), MEANINGS, ids=[query for query, _ in MEANINGS])
def test_a_query_means(query: str, expected: bool) -> None:
    assert matches(parse(query), NEWS) is expected


@pytest.mark.parametrize(
    ("query", "text", "language", "expected"),
    [
        ("migrant", "мигранти на граници", "sr", True),
        ("граница", "migranti na granici", "sr", True),
        ("granica", "migranti na granici", "hr", True),
        ('"granica"', "migranti na granici", "hr", False),
        ("granica", "migranti na granici", None, False),
        ("granici", "migranti na granici", None, True),
        ("Beograd", "У Београду", "sr", True),
        ("cross-border", "a cross border deal", "en", True),
        ("cross-border", "cross-borders", "en", True),
        ("cross-border", "crossed border", "en", False),
        ("cross border", "border cross", "en", True),
        ('"cross-border deal"', "a cross border deal", "en", True),
        ("10:53", "at 10:53 today", "en", True),
        ("asile", "le droit d’asile", "fr", True),
        ("lang:bcms", "migranti", "cnr", True),
        ("lang:sr", "migranti", "hr", False),
    ],
)
def test_words_across_inflection_script_and_language(
    query: str, text: str, language: str | None, expected: bool
) -> None:
    assert matches(parse(query), document(text, language=language)) is expected


def test_a_topic_is_what_the_document_carries() -> None:
    tagged = Document(tokens("", None), tokens("", None), None, topics=frozenset({"migration"}))
    assert matches(TopicIs("migration"), tagged)
    assert not matches(TopicIs("balkans"), tagged)


def test_an_article_without_host_or_language_matches_no_filter_on_them() -> None:
    bare = document("x", language=None, source="")
    assert not matches(parse("source:bbc.co.uk"), bare)
    assert not matches(parse("lang:en"), bare)


@pytest.mark.parametrize("query", ["since:7d", "before:2026-01-01 kosovo"])
def test_dates_are_not_asked_of_a_document(query: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        matches(parse(query, dates=True), NEWS)


def test_a_hand_made_tree_with_a_filter_in_near_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        matches(Near(Since("7d"), Word("a"), 3), NEWS)


VOCABULARY = ("aba", "abab", "abac", "bab", "baba", "cab")
PREFIXES = ("aba", "bab", "cab")
texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
plain_trees = trees(VOCABULARY, PREFIXES, ())


def expression(node: Node) -> str:
    """The tree in FTS5's own language; only for trees without Proximity, whose articles it cannot ask for."""
    match node:
        case Word(text):
            return f'"{text}"'
        case Prefix(text):
            return f'"{text}" *'
        case Phrase(words, prefix):
            return f'"{" ".join(words)}"{" *" if prefix else ""}'
        case Near(left, right, distance):
            sides = [side.children if isinstance(side, Or) else (side,) for side in (left, right)]
            pairs = itertools.product(*sides)
            return "(" + " OR ".join(f"NEAR({expression(a)} {expression(b)}, {distance})" for a, b in pairs) + ")"
        case Title(child):
            return f"{{title}} : ({expression(child)})"
        case Or(children):
            return "(" + " OR ".join(map(expression, children)) + ")"
        case And(children):
            asked = " AND ".join(expression(child) for child in children if not isinstance(child, Not))
            excluded = " OR ".join(expression(child.child) for child in children if isinstance(child, Not))
            return f"(({asked}) NOT ({excluded}))" if excluded else f"({asked})"
    raise AssertionError(node)


def holds(node: Node, kind: type[Node]) -> bool:
    children = [getattr(node, name) for name in ("child", "left", "right") if hasattr(node, name)]
    return isinstance(node, kind) or any(holds(child, kind) for child in (*children, *getattr(node, "children", ())))


def drawn() -> list[tuple[str, str]]:
    """Two hundred articles as (title, text) of few words, so that most queries find some and miss some."""
    draw = random.Random(7)
    return [
        (
            " ".join(draw.choices(VOCABULARY, k=draw.randrange(5))),
            " ".join(draw.choices(VOCABULARY, k=draw.randrange(13))),
        )
        for _ in range(200)
    ]


@pytest.fixture(scope="module")
def fts5() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize='ascii')")
        connection.executemany("INSERT INTO articles VALUES (?, ?)", drawn())
        yield connection


@pytest.fixture(scope="module")
def readers() -> list[Reader]:
    return [Reader(Document(tokens(title, None), tokens(body, None), None)) for title, body in drawn()]


@settings(max_examples=200, deadline=None)
@given(plain_trees.filter(lambda tree: not holds(tree, Proximity)))
def test_it_agrees_with_fts5(fts5: sqlite3.Connection, readers: list[Reader], tree: Node) -> None:
    rows = fts5.execute("SELECT rowid FROM articles WHERE articles MATCH ?", (expression(tree),))
    assert {row for (row,) in rows} == {row for row, reader in enumerate(readers, 1) if reader.matches(tree)}


def together(words: tuple[str, ...], slop: int, text: Tokens) -> bool:
    """Proximity by trying every choice of distinct places."""
    places = [[i for i, form in enumerate(text.folded) if form == word] for word in words]
    return any(
        max(choice) - min(choice) + 1 - len(choice) <= slop
        for choice in itertools.product(*places)
        if len(set(choice)) == len(choice)
    )


@settings(max_examples=250, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY[:4]), min_size=2, max_size=4).map(tuple), st.integers(0, 6), texts)
def test_proximity_agrees_with_trying_everything(words: tuple[str, ...], slop: int, body: str) -> None:
    text = tokens(body, None)
    assert matches(Proximity(words, slop), Document(tokens("", None), text, None)) == together(words, slop, text)


spans = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 3)), max_size=6, unique=True).map(
    lambda pairs: sorted((start, start + size) for start, size in pairs)
)


@settings(max_examples=250, deadline=None)
@given(spans, spans, st.integers(0, 5))
def test_near_keeps_exactly_the_spans_with_a_partner(
    left: list[tuple[int, int]], right: list[tuple[int, int]], distance: int
) -> None:
    def meet(one: tuple[int, int], two: tuple[int, int]) -> bool:
        first, second = min(one, two), max(one, two)
        return first[0] == second[0] or second[0] - first[1] <= distance

    kept = near(left, right, distance)
    assert kept[0] == [one for one in left if any(meet(one, two) for two in right)]
    assert kept[1] == [two for two in right if any(meet(one, two) for one in left)]


@settings(max_examples=150, deadline=None)
@given(plain_trees, texts, texts)
def test_a_reader_answers_as_often_as_asked(tree: Node, title: str, body: str) -> None:
    reader = Reader(Document(tokens(title, None), tokens(body, None), None))
    first = reader.matches(tree)
    assert reader.matches(Not(tree)) is not first
    assert reader.matches(tree) is first
    assert reader.matches(Or((tree, tree))) is first
    assert reader.matches(And((tree, tree))) is first
