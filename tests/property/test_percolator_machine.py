"""Queries come, change and go in any order, few and by the thousand, between any batches: the standing ones match."""

from __future__ import annotations

from functools import cache

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.core.model import Article
from bot.matching.evaluate import matches
from bot.matching.syntax import Node, Or, Phrase, Word
from tests.property.worlds import Entry, document, found_in_articles, new_percolator, queries, tagged

WORDS = "border borders cross-border fund funds migrant 1,000 granica"
CROWD = 2_100
"""More queries at once than any part of the index that is made anew for each batch."""


def entry(title: str, text: str, language: str | None = "en") -> Entry:
    return tagged(Article("", title, text, "BBC News", language=language))


ENTRIES = (
    entry("", "border funds"),
    entry("Borders", "a migrant fund"),
    entry("Cross-border", "1000 migrants, 1,000 funds for the border"),
    entry("granice", "border na granici", "sr"),
    entry("", "funds fund border", None),
    entry("migrant", ""),
)
DOCUMENTS = tuple(document(*given) for given in ENTRIES)
QUERY_IDS = st.integers(0, 9)
TREE = queries(st.sampled_from(WORDS.split()), ("en", "sr"))


@st.composite
def trees(draw: st.DrawFn) -> Node:
    return draw(TREE)  # in short: what hypothesis says of a machine would else be endless


@cache
def places(query: Node) -> frozenset[int]:
    """The articles the reference finds."""
    return frozenset(index for index, given in enumerate(DOCUMENTS) if matches(query, given))


class Machine(RuleBasedStateMachine):
    """A percolator beside a dict of what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.percolator = new_percolator(3)
        self.standing: dict[int, Node] = {}

    @rule(query_id=QUERY_IDS, query=trees())
    def add(self, query_id: int, query: Node) -> None:
        self.percolator.add(query_id, query)
        self.standing[query_id] = query

    @rule(query_id=QUERY_IDS)
    def remove(self, query_id: int) -> None:
        self.percolator.remove(query_id)
        self.standing.pop(query_id, None)

    @rule(first=st.integers(-1_000, 3_000), several=st.lists(trees(), min_size=1, max_size=4))
    def add_crowd(self, first: int, several: list[Node]) -> None:
        for query_id in range(first, first + CROWD):
            self.add(query_id, several[query_id % len(several)])

    @rule(first=st.integers(-1_000, 3_000), tree=trees())
    def add_different(self, first: int, tree: Node) -> None:
        """As many queries, of which each has a word of its own: to be forgotten again when they are gone."""
        for query_id in range(first, first + CROWD):
            self.add(query_id, Or((Phrase((f"w{query_id}",)), tree)))

    @rule(first=st.integers(-1_000, 5_000), step=st.integers(1, 3))
    def remove_crowd(self, first: int, step: int) -> None:
        for query_id in range(first, first + CROWD, step):
            self.remove(query_id)

    @rule()
    def merge(self) -> None:
        self.percolator.merge()

    @rule(order=st.lists(st.integers(0, len(ENTRIES) - 1), max_size=70))
    def match(self, order: list[int]) -> None:
        wanted = sorted(
            (query_id, place)
            for query_id, query in self.standing.items()
            for place, index in enumerate(order)
            if index in places(query)
        )
        assert self.percolator.percolate([DOCUMENTS[index] for index in order]) == wanted

    @rule()
    def match_articles(self) -> None:
        wanted = sorted((query_id, place) for query_id, query in self.standing.items() for place in places(query))
        assert found_in_articles(self.percolator, ENTRIES) == wanted

    def teardown(self) -> None:
        self.match_articles()


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=25, stateful_step_count=14, deadline=None)


def test_a_crowd_that_left_leaves_nothing() -> None:
    machine = Machine()
    for _ in range(3):
        machine.add_crowd(0, [Word("border"), Phrase(("migrant",))])
        machine.match([0, 1, 2])
        machine.add_different(CROWD, Word("border"))
        machine.match([0, 1, 2])
        machine.remove_crowd(0, 1)
        machine.remove_crowd(CROWD, 1)
        machine.match([0, 1, 2])
        machine.merge()
        machine.match([0, 1, 2])
    machine.teardown()
    assert machine.standing == {}
