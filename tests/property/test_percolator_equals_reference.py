"""The percolator over arrays means what the reference evaluator means: any tree, any batch, whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.percolator import Percolator
from bot.matching.syntax import And, LanguageIs, Near, Node, Not, Or, Phrase, Prefix, Proximity, Title, TopicIs, Word
from bot.matching.text import analyse
from store.oracle import Oracle
from tests.property.worlds import (
    TOPICS,
    VOCABULARIES,
    Entry,
    combined,
    document,
    found_in_articles,
    new_percolator,
    queries,
    reference,
    tagged,
    terms,
    worlds,
)

SEED = 20_261_125
LETTERS = "abcdef"
SUBSETS = [analyse(Article("", "", " ".join(kept), "x")) for kept in product(*((letter, "") for letter in LETTERS))]
"""Every article there is of six words that are there or not: 64 of them, one batch."""

STRANGE = (
    "½ 1⁄2 paraŀlel paral·lel xdj xdjj DJ ad-jutant adjutant d\u200dj ｗｉｄｅ ﬁn fin İ i ı ß ss ʹ ʹa aʹ _a a_b e-mail "
    "email 1,000 1000 U.S. us l'asile O'Brien obrien ю ju дj Ǆ é e\u0301 \u0301 移民 移 ผู้ कि क \ud800 🙂 🙂a 3.5 3,5 "
    "Türkiye'nin turkiye 1990's cross-border ᾳ αι ﷺ ŉ Ð ðj"
)


def standing(asked: Sequence[Node]) -> Percolator:
    """A percolator with these queries, numbered from 0."""
    percolator = new_percolator(SEED)
    for query_id, query in enumerate(asked):
        percolator.add(query_id, query)
    return percolator


def assert_as_the_reference(asked: Sequence[Node], entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Both ways in give what the reference gives; returns it."""
    documents = [document(*entry) for entry in entries]
    wanted = reference(dict(enumerate(asked)), documents)
    percolator = standing(asked)
    assert percolator.percolate(documents) == wanted
    assert found_in_articles(percolator, entries) == wanted
    percolator.merge()
    assert percolator.percolate(documents) == wanted, "neither a batch nor a merge changes anything"
    return wanted


def retagged(world: tuple[list[Entry], list[Node]]) -> tuple[list[Entry], list[Node]]:
    """The world with the topics as they are defined."""
    entries, asked = world
    return [tagged(article) for article, _ in entries], asked


def in_english(*texts: str) -> list[Entry]:
    return [tagged(Article("", "", text, "x", language="en")) for text in texts]


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_percolator_oracle_and_reference_agree(world: tuple[list[Entry], list[Node]]) -> None:
    entries, asked = retagged(world)
    wanted = assert_as_the_reference(asked, entries)
    oracle = Oracle()
    for query_id, query in enumerate(asked):
        oracle.add(query_id, query)
    assert oracle.percolate([document(*entry) for entry in entries]) == wanted


def nested(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Also what the parser refuses: exclusions anywhere, an AND or OR of one or none, headlines within headlines."""
    few = st.lists(children, max_size=4).map(tuple)
    return st.one_of(combined(children), few.map(And), few.map(Or), children.map(Not), children.map(Title))


@st.composite
def wild_worlds(draw: st.DrawFn) -> tuple[list[Entry], list[Node]]:
    """A few articles and deeply nested queries in the same words."""
    languages, vocabulary = draw(st.sampled_from((*VOCABULARIES, ((None, "en", "sr"), STRANGE))))
    word = st.sampled_from(vocabulary.split())
    leaf = queries(word, [language for language in languages if language])
    begun = st.builds(lambda text, size: Prefix(text[:size]), word, st.integers(1, 5))
    asked = st.recursive(st.one_of(leaf, begun), nested, max_leaves=14)
    article = st.builds(
        lambda title, text, language: Article("", title, text, "BBC News", language=language),
        st.lists(word, max_size=4).map(" ".join),
        st.lists(word, max_size=9).map(" ".join),
        st.sampled_from(languages),
    )
    entries = st.lists(st.tuples(article, st.frozensets(st.sampled_from(TOPICS))), min_size=1, max_size=5)
    return draw(entries), draw(st.lists(asked, min_size=1, max_size=8))


@settings(max_examples=100, deadline=None)
@given(wild_worlds())
def test_trees_the_parser_refuses_are_right_too(world: tuple[list[Entry], list[Node]]) -> None:
    entries, asked = retagged(world)
    assert_as_the_reference(asked, entries)


BOOLEAN = st.recursive(
    st.sampled_from([Phrase((letter,)) for letter in LETTERS] + [Word("a"), Prefix("abc"), TopicIs("x")]),
    nested,
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BOOLEAN, min_size=1, max_size=8))
@example([And(tuple(Or((Phrase((one,)), Phrase((two,)))) for one, two in product("abc", "def")))])
@example([Or(tuple(And((Phrase((one,)), Not(Phrase((two,))))) for one, two in product("abc", "def")))])
@example([Not(And(())), Not(Or(())), And(()), Or(()), Or((Phrase(("a",)), Not(Phrase(("a",)))))])
def test_formulas_hold_where_they_should_under_every_assignment(asked: list[Node]) -> None:
    assert standing(asked).percolate(SUBSETS) == reference(dict(enumerate(asked)), SUBSETS)


@pytest.mark.parametrize("size", [1, 15, 16, 17, 40])
def test_an_or_of_any_length_is_one_query(size: int) -> None:
    words = tuple(Phrase((f"w{index}",)) for index in range(size))
    asked = [Or(words), And(words), Not(Or(words)), Or(tuple(map(Not, words))), And((Or(words), Not(words[-1])))]
    texts = ["", "w0", f"w{size - 1}", " ".join(f"w{index}" for index in range(size)), "other"]
    assert_as_the_reference(asked, in_english(*texts))


@settings(max_examples=40, deadline=None)
@given(worlds(), st.data())
def test_articles_match_the_same_in_whatever_batch_they_come(
    world: tuple[list[Entry], list[Node]], data: st.DataObject
) -> None:
    entries, asked = retagged(world)
    documents = [document(*entry) for entry in entries]
    alone = {index: {query for query, _ in reference(dict(enumerate(asked)), [documents[index]])} for index in range(3)}
    percolator = standing(asked)
    for _ in range(4):
        order = data.draw(st.lists(st.integers(0, 2), min_size=1, max_size=64))
        wanted = sorted((query, place) for place, index in enumerate(order) for query in alone[index])
        assert percolator.percolate([documents[index] for index in order]) == wanted
        assert found_in_articles(percolator, [entries[index] for index in order]) == wanted


MIXED: tuple[Node, ...] = (
    Word("borders"),
    Phrase(("border", "fun"), prefix=True),
    Near(Prefix("bor"), Or((Word("fund"), Phrase(("a", "b")))), 1),
    Proximity(("a", "b", "a"), 1),
    Title(Word("border")),
    And((Not(Word("border")), Not(TopicIs("migration")))),
    Or((LanguageIs("sr"), And((Word("border"), Not(Word("funds")))))),
)


def mixed(index: int) -> Entry:
    text = ("borders", "border funds", "fund b border", "a b a", "a x b a", "", "granica border", "b a b a")[index % 8]
    title, language = "Border" if index % 3 == 0 else "", ("en", "sr", None)[index % 3]
    return tagged(Article("", title, text, "BBC" if index % 5 else "x", language=language))


def test_a_batch_of_every_size_from_1_to_64() -> None:
    entries = [mixed(index) for index in range(64)]
    documents = [document(*entry) for entry in entries]
    wanted = reference(dict(enumerate(MIXED)), documents)
    assert {query for query, _ in wanted} == set(range(len(MIXED)))
    percolator = standing(MIXED)
    for size in range(1, 65):
        cut = [pair for pair in wanted if pair[1] < size]
        assert percolator.percolate(documents[:size]) == cut
        assert found_in_articles(percolator, entries[:size]) == cut
    assert percolator.percolate(documents[::-1]) == sorted((query, 63 - index) for query, index in wanted)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_words_met_before_a_query_are_found_by_it(world: tuple[list[Entry], list[Node]]) -> None:
    entries, asked = retagged(world)
    documents = [document(*entry) for entry in entries]
    percolator = new_percolator(SEED)
    for query_id, query in enumerate(asked):
        percolator.percolate(documents)
        percolator.add(query_id, query)
    wanted = reference(dict(enumerate(asked)), documents)
    assert percolator.percolate(documents) == wanted
    assert found_in_articles(percolator, entries) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(terms(st.sampled_from(["aa", "ab", "abc", "b"])), min_size=1, max_size=8), st.integers(0, 2**62))
def test_what_matches_does_not_depend_on_the_seed(asked: list[Node], seed: int) -> None:
    percolator = new_percolator(seed)
    for query_id, query in enumerate(asked):
        percolator.add(query_id, query)
    documents: list[Document] = [document(*entry) for entry in in_english("aa ab abc b", "b b aa", "abc abc ab")]
    assert percolator.percolate(documents) == reference(dict(enumerate(asked)), documents)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ([Phrase(("½",)), Phrase(("1⁄2",))], "½ x 1⁄2"),
        ([Phrase(("paraŀlel",)), Phrase(("paral·lel",))], "paral·lel"),
        ([Phrase(("xdjj",)), Phrase(("xdj",))], "xdj"),
        ([Word("½"), Word("1⁄2")], "1⁄2"),
    ],
)
def test_a_form_that_read_again_is_another_is_not_taken_for_it(asked: list[Node], text: str) -> None:
    assert_as_the_reference(asked, in_english(text))
