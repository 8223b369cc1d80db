"""What an article lacks, and by how much: as small as it can be said, and what would be enough is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.explain import missing
from bot.matching.lacking import How, Lack, lacking
from bot.matching.query import parse
from bot.matching.syntax import Near, Node, Proximity
from bot.matching.text import analyse, tokens
from tests.matching.queries import trees

DOCUMENT = analyse(
    Article(
        "1",
        "Migrants stopped in Kosovo",
        "The Border Force sent one two three four five six seven eight nine new funds to Serbia.",
        "Adriatic Courier",
        language="en",
    )
)


@pytest.mark.parametrize(
    ("query", "lack"),
    [
        ("border", None),
        ("border albania", Lack("albania", How.ABSENT)),
        ("border NEAR/8 serbia", Lack("border NEAR/8 serbia", How.APART, 14, 8)),
        ("serbia NEAR/8 border", Lack("serbia NEAR/8 border", How.APART, 14, 8)),
        ("kosovo NEAR/8 serbia", Lack("kosovo NEAR/8 serbia", How.SPLIT)),
        ("(kosovo OR force) NEAR/3 funds", Lack("kosovo OR force NEAR/3 funds", How.APART, 11, 3)),
        ("kosovo NEAR/8 albania", Lack("albania", How.ABSENT)),
        ('"force border"', Lack('"force border"', How.ROW)),
        ('"border albania"', Lack('"border albania"', How.ABSENT)),
        ('"funds border"~4', Lack('"funds border"~4', How.APART, 12, 4)),
        ('"funds kosovo"~4', Lack('"funds kosovo"~4', How.SPLIT)),
        ('"funds albania"~4', Lack('"albania"', How.ABSENT)),
        ("title:border", Lack("title:border", How.TEXT)),
        ("title:albania", Lack("title:albania", How.ABSENT)),
        ("border -kosovo", Lack("-kosovo", How.PRESENT)),
        ("border lang:sr", Lack("lang:sr", How.LANGUAGE)),
        ("border source:bbc", Lack("source:bbc", How.OUTLET)),
    ],
)
def test_what_it_lacks_and_by_how_much(query: str, lack: Lack | None) -> None:
    found = lacking(parse(query), DOCUMENT)
    assert found == (lack if lack is None or "OR" not in lack.condition else replace(lack, condition=found.condition))  # type: ignore[union-attr]


VOCABULARY = ("aba", "abab", "abac", "bab", "baba", "cab")
texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


@settings(max_examples=250, deadline=None)
@given(trees(VOCABULARY, ("aba", "bab"), ()), texts, texts)
def test_it_is_what_is_missing_and_exact(tree: Node, title: str, body: str) -> None:
    document = Document(tokens(title, None), tokens(body, None), None)
    lack = lacking(tree, document)
    assert (lack is None) is (missing(tree, document) is None)
    if lack is not None and lack.how is How.APART:
        node = parse(lack.condition)
        assert lack.found > lack.allowed
        if isinstance(node, Near):
            assert matches(replace(node, distance=lack.found), document)
            assert not matches(replace(node, distance=lack.found - 1), document)
        elif isinstance(node, Proximity):
            assert matches(replace(node, slop=lack.found), document)
            assert not matches(replace(node, slop=lack.found - 1), document)
