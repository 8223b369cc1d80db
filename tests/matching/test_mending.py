"""Queries near one that finds nothing: another word in its place, and less asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.mending import TRIED, respelled, wider, words_of
from bot.matching.query import parse
from bot.matching.syntax import Node
from bot.matching.text import tokens
from tests.matching.queries import trees


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("frontexx", "frontex"),
        ('"frontexx patrols" -frontexx', '"frontex patrols" -frontexx'),
        ("title:frontexx OR frontexx*", "title:frontex OR frontex"),
        ("(frontexx OR nato) NEAR/3 serbia", "(frontex OR nato) NEAR/3 serbia"),
        ('"serbia frontexx"~4 lang:en', '"serbia frontex"~4 lang:en'),
    ],
)
def test_a_word_is_written_otherwise_where_it_is_asked_for(query: str, expected: str) -> None:
    found = respelled(parse(query), "frontexx", "frontex")
    assert str(found) == str(parse(expected))
    assert "frontexx" in list(words_of(parse(query)))
    assert "frontexx" not in list(words_of(found))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("frontex", []),
        ('"border force"', ["border force", "border", "force"]),
        ('"border fund*" NEAR/8 serbia', ['"border fund*" serbia', "border fund* serbia"]),
        ("title:(serbia kosovo)", ["serbia kosovo"]),
        ("kosovo -serbia", ["kosovo"]),
        ('a1 OR "b1 c1"', ["a1 OR (b1 c1)"]),
        ('"funds border"~3', ["funds border"]),
    ],
)
def test_less_is_asked_for_a_little_at_a_time(query: str, expected: list[str]) -> None:
    assert [str(node) for node in wider(parse(query))][: len(expected)] == [str(parse(text)) for text in expected]


VOCABULARY = ("aba", "abab", "abac", "bab", "baba", "cab")
texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(trees(VOCABULARY, ("aba", "bab"), ()), texts, texts)
def test_what_is_wider_finds_all_and_can_be_typed(tree: Node, title: str, body: str) -> None:
    document = Document(tokens(title, None), tokens(body, None), None)
    found = wider(tree)
    assert len(found) <= TRIED
    assert tree not in found
    assert len(set(found)) == len(found)
    for node in found:
        assert parse(str(node)) == node
        if matches(tree, document):
            assert matches(node, document)
