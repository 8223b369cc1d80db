"""Expressions that queries compile to: which are exact, what the others leave to verify, and what they may cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.syntax import And, Before, Near, Node, Not, Or, Phrase, Prefix, Since, Title, Word
from bot.matching.text import analyse
from store.fts import MAX_PAIRS, MAX_WRITTEN_OUT, Compiled, compile_query
from store.fulltext import fill
from store.vocabulary import Vocabulary


def document(text: str, title: str = "", language: str = "en", **fields: object) -> Document:
    given = {"source": "The Daily", "url": "https://www.news.daily.example/1"} | fields
    return analyse(Article("", title, text, language=language, **given))  # type: ignore[arg-type]


def expressions(query: Node, documents: Sequence[Document]) -> tuple[Compiled, set[int], set[int]]:
    """What the query compiles to in an index of these documents, and what the wider and the narrower one find."""
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, documents)
        compiled = compile_query(query, Vocabulary(connection))
        find = "SELECT rowid FROM fulltext WHERE fulltext MATCH ?"
        wide, narrow = (
            {row[0] for row in connection.execute(find, (match,))} for match in (compiled.match, compiled.sure)
        )
        return compiled, wide, narrow


def check(query: Node, documents: Sequence[Document]) -> tuple[set[int], Compiled]:
    """What the reference finds, having checked that the expressions enclose it."""
    wanted = {index for index, entry in enumerate(documents) if matches(query, entry)}
    compiled, wide, narrow = expressions(query, documents)
    assert narrow <= wanted <= wide
    return wanted, compiled


EXACT = [
    # query, texts that match, texts that do not
    ("migrants", ["a migrant", "migrants"], ["migration", "immigrants"]),
    ("migra*", ["migrants", "migration"], ["immigrant", "migr"]),
    ('"border force"', ["the border force"], ["border forces", "force border", "border the force"]),
    ('"border for*"', ["border forces"], ["border, a force"]),
    ('"a b"~1', ["a x b", "b a"], ["a x x b"]),
    ('"a b c"~1', ["c b x a"], ["c x b x a"]),
    ("migrants NEAR/1 border", ["migrant the borders", "border migrants"], ["migrants at the border"]),
    ("migrants NEAR/0 1,000", ["1000 migrant", "migrant 1000"], ["1000 the migrant"]),
    ("1,000 NEAR/1 migrants", ["1000 more migrant"], ["1000 and more migrant"]),
    ("migrants NEAR/0 移", ["migrant 移民"], ["移民 migrant"]),
    ("migra* NEAR/1 bord*", ["borders and migration"], ["borders are for migration"]),
    ("(fund OR money) NEAR/1 (border OR line)", ["funds border", "money on line"], ["fund at the line", "fund money"]),
    ("title:migrants", [], ["migrants"]),
    ("borders -migrants", ["border"], ["borders migrant", "migrants"]),
    ("borders -(migrants NEAR/0 boat)", ["border boat of migrants"], ["borders boats migrant"]),
    ("source:daily -nothing", ["x"], []),
    ("source:www.daily.example", ["x"], []),
    ("source:news.daily.example", ["x"], []),
    ("source:aily.example", [], ["x"]),
    ("source:example", [], ["x"]),
    ("lang:en", ["x"], []),
    ("cross-border", ["a cross border", "cross borders"], ["crossing borders", "cross the border", "border"]),
    ("fund* NEAR/0 migrants", ["funding migrants", "fund migrant"], ["funding for the migrant", "funding"]),
    ('"the border" NEAR/0 migrants', ["the border migrants", "migrant the border"], ["the borders migrant"]),
    ("cross-border NEAR/0 fund", ["cross border fund", "fund cross borders"], ["crossed borders fund", "fund x"]),
    ('funds NEAR/0 "border"', ["funds border", "border fund"], ["fund borders", "fund the border"]),
    ("borders -cross-border", ["border", "crossing borders"], ["cross borders", "a cross border"]),
    ("nowhere", [], ["migrants"]),
    ('"migrants nowhere"', [], ["migrants"]),
    ('"1,000 migrants" NEAR/1 移', ["1000 migrants 移", "移 x 1000 migrants"], ["1000 migrant 移"]),
]


@pytest.mark.parametrize(("typed", "matching", "others"), EXACT, ids=[case[0] for case in EXACT])
def test_what_is_exact(typed: str, matching: list[str], others: list[str]) -> None:
    documents = [document(text) for text in (*matching, *others)]
    wanted, compiled = check(parse(typed), documents)
    assert wanted == set(range(len(matching)))
    assert compiled.exact


TO_VERIFY = [
    # query, texts surely found, texts found once verified, texts to be thrown out, texts not even looked at
    ('"a a"~1', [], ["a b a"], ["a"], ["b"]),
    ('b OR "a a"~1', ["b"], ["a a"], ["a"], ["c"]),
    ('b -"a a"~1', ["b"], ["b a"], ["b a c a"], ["c"]),
]


@pytest.mark.parametrize(
    ("typed", "sure", "verified", "rejected", "others"), TO_VERIFY, ids=[case[0] for case in TO_VERIFY]
)
def test_what_is_verified(
    typed: str, sure: list[str], verified: list[str], rejected: list[str], others: list[str]
) -> None:
    documents = [document(text) for text in (*sure, *verified, *rejected, *others)]
    wanted, _ = check(parse(typed), documents)
    assert wanted == set(range(len(sure) + len(verified)))
    _, wide, narrow = expressions(parse(typed), documents)
    assert narrow == set(range(len(sure)))
    assert wide == set(range(len(documents) - len(others)))


@pytest.mark.parametrize("code", ["sr", "hr", "bs", "cnr", "de"])
def test_a_group_of_languages_is_all_of_them(code: str) -> None:
    wanted, _ = check(parse("lang:bcms"), [document("granica", language=code)])
    assert bool(wanted) == (code != "de")


def test_without_a_known_language_words_are_met_as_they_are_written() -> None:
    documents = [document("migrant border", language="xx"), document("migrants x borders", language="xx")]
    assert check(parse("migrants NEAR/1 borders"), documents)[0] == {1}


@pytest.mark.parametrize(
    "typed", ["grenze source:daily", "grenze source:daily.example", "grenze (source:a OR source:b)"]
)
def test_beside_an_outlet_words_are_looked_for_in_its_languages_only(typed: str) -> None:
    outlets = ("The Daily", "https://www.daily.example/1"), ("A", None), ("B", None), ("Der Tag", "https://tag.example")
    documents = [document("grenze 移", source=name, url=url) for name, url in outlets[:3]]
    documents.append(document("grenze 移", language="de", source=outlets[3][0], url=outlets[3][1]))
    wanted, compiled = check(parse(typed), documents)
    assert wanted == ({1, 2} if "OR" in typed else {0})
    assert "grenze_de" not in compiled.match
    assert "grenze_de" in check(parse(f"{typed} OR grenze"), documents)[1].match
    assert check(parse("移 source:tag"), documents)[0] == {3}
    assert check(parse("grenze source:nobody"), documents)[0] == set()


def test_words_beside_each_other_are_looked_for_in_one_language_or_another() -> None:
    documents = [document("border 150 in", language=language) for language in ("en", "de", "fr", "xx")]
    documents += [document("grenze in 150", language="de"), document("border", language="en", title="150")]
    wanted, compiled = check(parse("border in 150"), documents)
    assert wanted == {0, 1, 2, 3}
    assert compiled.exact
    _, compiled = check(parse("border grenze"), [document("border"), document("grenze", language="de")])
    assert compiled.match == 'labels : "none"', "no text of one language has both"
    assert check(parse('border "150" -in'), documents)[0] == {5}
    assert check(parse("title:(border 150)"), [*documents, document("", title="150 borders")])[0] == {6}


@pytest.mark.parametrize("typed", ["borders lang:en", "lang:en borders -crossing", "borders (lang:en OR lang:sr)"])
def test_beside_a_language_words_are_looked_for_in_its_texts_only(typed: str) -> None:
    documents = [document("border 移", language=language) for language in ("en", "de", "fr", "ja")]
    wanted, compiled = check(parse(typed), documents)
    assert wanted == {0}
    assert "border_en" in compiled.match
    assert "border_de" not in compiled.match
    assert check(parse(typed.replace("lang:en", "lang:ja")), documents)[0] == set()
    assert check(parse(f"移 {typed}"), documents)[0] == {0}


def test_a_headline_query_looks_at_no_text() -> None:
    documents = [document("migrant border", title="border"), document("border", title="a migrant")]
    for typed in ("title:migrants", "title:(migrants -border)", "title:(migrants NEAR/3 x OR migrants)"):
        assert check(parse(typed), documents)[0] == {1}


def test_a_topic_is_what_the_article_carries() -> None:
    carrying = replace(document("x"), topics=frozenset({"border-funding"}))
    assert check(parse("topic:border-funding"), [document("border funding"), carrying])[0] == {1}
    assert check(parse("topic:border"), [document("border funding"), carrying])[0] == set()


def nested(depth: int) -> Node:
    """Groups in groups, to the left and to the right, with exclusions between."""
    node: Node = Word("migrants")
    for level in range(depth):
        word = Word(f"border{level % 3}")
        node = (Or((word, node)), And((node, Or((word, Word("x"))))), And((Word("x"), Not(node))))[level % 3]
    return node


@pytest.mark.parametrize("depth", [1, 5, 10, 20, 40, 90])
@pytest.mark.parametrize("wrap", [lambda node: node, Title, Not])
def test_no_depth_overflows_the_parser_of_fts5(depth: int, wrap: type[Not]) -> None:
    documents = [document(text, title=text) for text in ("migrants x", "x border0", "border1 border2 x", "x", "y")]
    check(wrap(nested(depth)), documents)


@pytest.mark.parametrize("depth", [8, 12, 13, 20])
def test_neither_does_a_beginning_of_many_words_at_any_depth(depth: int) -> None:
    node: Node = Prefix("bor")
    for level in range(depth):
        beside = Prefix("bor"), Word(f"x{level}")
        node = (
            And((Or((node, beside[1])), Not(Word("nothing")))) if level % 2 else Or((And((beside[0], node)), Word("x")))
        )
    many = document(" ".join(f"bor{number}x" for number in range(MAX_WRITTEN_OUT - 1)))
    check(node, [many, document("x"), document("border")])


def test_large_groups_near_each_other_are_looked_for_apart() -> None:
    left, right = ([Word(f"{side}{number}") for number in range(MAX_PAIRS)] for side in ("one", "two"))
    query = Near(Or((*left, Prefix("front"))), Or((*right, Phrase(("the", "border")))), 1)
    documents = [document("two1 x one9"), document("two1 x x one9"), document("frontex at the border")]
    assert check(query, documents)[1].exact, "of words never met there is nothing to pair"
    everything = document(" x x ".join(word.text for word in (*left, *right)))
    wanted, compiled = check(query, [*documents, everything])
    assert wanted == {0, 2}
    assert not compiled.exact


def test_thousands_of_terms_are_one_expression() -> None:
    query = Or((*(Word(f"word{number}") for number in range(5_000)), Phrase(("border", "force"))))
    wanted, compiled = check(query, [document("word4999"), document("border force"), document("word5000")])
    assert wanted == {0, 1}
    assert compiled.exact


@pytest.mark.parametrize("node", [Since("7d"), Before("2026-01-01"), And((Word("x"), Since("7d")))])
def test_a_date_is_no_term(node: Node) -> None:
    with pytest.raises(ValueError, match="is not a term"):
        expressions(node, [])
