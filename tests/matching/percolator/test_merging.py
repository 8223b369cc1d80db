"""Merging: changes no answer, also when queries come and go meanwhile, and gives back what is asked for no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bot.core.model import Article
from bot.matching.arrays import Flags, Floats
from bot.matching.percolator import Percolator
from bot.matching.percolator.segment import Segment
from bot.matching.percolator.standing import Joined, joined
from bot.matching.query import parse
from bot.matching.syntax import Node, Not, Or, Phrase, Title
from bot.matching.text import analyse

CROWD = 2_100
"""More queries than are put in arrays anew for each batch."""
DOCUMENTS = [analyse(Article("", "A headline", text, "x", language="en")) for text in ("a border", "migrants", "w7 w8")]
BORDER, MIGRANT = parse("border"), parse("migrant")


def crowd(percolator: Percolator, first: int, query: Callable[[int], Node]) -> None:
    """Stands a crowd of queries, and has them put in arrays."""
    for query_id in range(first, first + CROWD):
        percolator.add(query_id, query(query_id))
    percolator.percolate(DOCUMENTS[:1])


def gone(percolator: Percolator, first: int) -> None:
    for query_id in range(first, first + CROWD):
        percolator.remove(query_id)


def own_word(query_id: int) -> Node:
    return Phrase((f"w{query_id}",))


@pytest.fixture
def two_crowds() -> Percolator:
    """A percolator with two segments, of all whose queries the first article is what they ask for."""
    percolator = Percolator(5)
    crowd(percolator, 0, lambda _: BORDER)
    crowd(percolator, CROWD, lambda _: BORDER)
    return percolator


def interrupted(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Has `change` happen after segments are joined and before they are replaced."""

    def changed(parts: Sequence[tuple[Segment, Flags]], cost: Floats) -> Joined:
        whole = joined(parts, cost)
        change()
        return whole

    monkeypatch.setattr("bot.matching.percolator.engine.joined", changed)


def test_changes_made_while_segments_are_joined_count(two_crowds: Percolator, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [(query_id, 0) for query_id in range(2 * CROWD) if query_id not in (5, 6)] + [(9_999, 0)]
    expected = sorted([*expected, (6, 1)])

    def change() -> None:
        two_crowds.remove(5)
        two_crowds.add(6, MIGRANT)
        two_crowds.add(9_999, BORDER)
        assert two_crowds.percolate(DOCUMENTS) == expected

    interrupted(monkeypatch, change)
    two_crowds.merge()
    assert two_crowds.percolate(DOCUMENTS) == expected
    monkeypatch.undo()
    two_crowds.merge()
    assert two_crowds.percolate(DOCUMENTS) == expected


def test_a_crowd_that_comes_while_segments_are_joined_stands(
    two_crowds: Percolator, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, lambda: crowd(two_crowds, CROWD, lambda _: MIGRANT))
    two_crowds.merge()
    expected = [(query_id, int(query_id >= CROWD)) for query_id in range(2 * CROWD)]
    assert two_crowds.percolate(DOCUMENTS) == expected


def test_changes_not_yet_asked_about_when_segments_are_replaced_count(
    two_crowds: Percolator, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(monkeypatch, lambda: gone(two_crowds, 0))
    two_crowds.merge()
    assert two_crowds.percolate(DOCUMENTS) == [(query_id, 0) for query_id in range(CROWD, 2 * CROWD)]


@pytest.mark.parametrize(
    "query",
    [
        own_word,
        lambda query_id: Title(own_word(query_id)),
        lambda query_id: Phrase((f"w{query_id}", f"v{query_id}")),
        lambda query_id: Or((own_word(query_id), Not(Or((own_word(-query_id), Title(BORDER)))))),
        lambda query_id: parse(f"w{query_id} NEAR/3 v{query_id}"),
        lambda query_id: parse(f'"w{query_id} v{query_id}"~4 OR word{query_id}* OR tree{query_id}'),
        lambda query_id: parse(f"source:outlet{query_id}"),
    ],
)
def test_memory_does_not_grow_with_queries_that_are_gone(query: Callable[[int], Node]) -> None:
    percolator = Percolator(5)
    percolator.add(-1, parse('border OR w7 NEAR/1 w8 OR "w8 w9" OR title:x'))
    sizes = []
    for turn in range(6):
        first = 10 + turn * CROWD
        crowd(percolator, first, query)
        gone(percolator, first)
        percolator.merge()
        assert [place for query_id, place in percolator.percolate(DOCUMENTS) if query_id == -1] == [0, 2]
        sizes.append(percolator.nbytes)
    assert sizes[-1] <= sizes[1] * 1.1


def test_what_stands_keeps_its_meaning_when_features_are_given_back() -> None:
    percolator = Percolator(5)
    kept = [
        "border",
        '"a border"',
        "bor*",
        "a NEAR/2 border",
        '"border a"~1',
        "title:headline",
        "title:(a NEAR/1 head*)",
    ]
    kept += ["-migrant lang:en", "topic:t", "migrants OR (w7 -border)", "title:(headline -b) OR (-a -b lang:en)"]
    kept.append(f"lang:en -({' OR '.join(f'c{number}' for number in range(20))})")
    crowd(percolator, 10, own_word)
    for query_id, typed in enumerate(kept, 10_000):
        percolator.add(query_id, parse(typed))
    percolator.define("t", parse("border -late"))
    articles = [Article("", "A headline", text, "x", language="en") for text in ("a border", "migrants", "w77777 w8")]
    before = percolator.match_articles(articles)
    gone(percolator, 10)
    percolator.merge()
    after = percolator.match_articles(articles)
    standing = {query_id: bits for query_id, bits in zip(*map(list, before), strict=True) if query_id >= 10_000}
    assert dict(zip(*map(list, after), strict=True)) == standing
    assert len(standing) == len(kept)
