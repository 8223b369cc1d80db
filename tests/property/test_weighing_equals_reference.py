"""Weighed evidence in arrays, in the full text's oracle and in the reference: the same articles have enough of it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.evaluate import Reader
from bot.matching.evidence import LEAD_WORDS, STRETCH, Row, Signal, Weighed, Wording
from bot.matching.explain import hits
from bot.matching.percolator import Percolator
from bot.matching.syntax import Node, Not, Or, Phrase, Prefix, Word
from store.oracle import Oracle
from tests.property.worlds import VOCABULARIES, Entry, document, found_in_articles, new_percolator, reference

SEED = 20_261_126
HEADINGS = ("", "en", "sr", "hr", "de", "tr", "xx")


@st.composite
def signals(draw: st.DrawFn, word: st.SearchStrategy[str]) -> Signal:
    """A signal of a few terms, that may have to be near others or must not overlap some."""
    part = st.one_of(word.map(Word), word.map(lambda text: Prefix(text[:3])), word.map(lambda text: Phrase((text,))))
    row = st.lists(part, min_size=2, max_size=3).map(lambda parts: Row(tuple(parts)))
    terms = st.lists(st.one_of(part, part, row), min_size=1, max_size=3).map(tuple)
    wordings = st.lists(st.builds(Wording, st.sampled_from(HEADINGS), terms), min_size=1, max_size=2).map(tuple)
    near = draw(st.one_of(st.just(()), wordings))
    return Signal(
        "s",
        draw(st.sampled_from((-2, 1, 2, 3))),
        draw(wordings),
        draw(st.sampled_from((1, 3, 6))),
        draw(st.booleans()),
        draw(st.booleans()),
        near,
        draw(st.integers(1, 3)) if near else 0,
        draw(st.one_of(st.just(()), wordings)),
    )


@st.composite
def weighed_worlds(draw: st.DrawFn) -> tuple[list[Entry], list[Node]]:
    languages, vocabulary = draw(st.sampled_from((*VOCABULARIES, ((None, "en", "hr"), "border granica a b fund"))))
    word = st.sampled_from(vocabulary.split())
    filler = st.sampled_from((0, 0, LEAD_WORDS - 1, LEAD_WORDS, 3, 120))
    article = st.builds(
        lambda title, size, text, language: Article("", title, f"{'x ' * size}{text}", "BBC News", language=language),
        st.lists(word, max_size=3).map(" ".join),
        filler,
        st.lists(word, min_size=1, max_size=9).map(" ".join),
        st.sampled_from(languages),
    )
    weighed = st.builds(Weighed, st.integers(1, 9), st.lists(signals(word), min_size=1, max_size=3).map(tuple))
    asked = st.one_of(weighed, weighed.map(Not), weighed.map(lambda node: Or((node, Word("border")))))
    entries = st.lists(st.tuples(article, st.just(frozenset[str]())), min_size=2, max_size=6)
    return draw(entries), draw(st.lists(asked, min_size=1, max_size=4))


def agree(entries: Sequence[Entry], asked: Sequence[Node]) -> list[tuple[int, int]]:
    documents = [document(*entry) for entry in entries]
    wanted = reference(dict(enumerate(asked)), documents)
    percolator, oracle = new_percolator(SEED), Oracle()
    for query_id, query in enumerate(asked):
        percolator.add(query_id, query)
        oracle.add(query_id, query)
    assert percolator.percolate(documents) == wanted
    assert found_in_articles(percolator, entries) == wanted
    percolator.add(len(asked), Phrase(("later",)))
    percolator.merge()
    assert found_in_articles(percolator, entries) == wanted, "features that came later change nothing"
    assert oracle.percolate(documents) == wanted
    return wanted


@settings(max_examples=60, deadline=None)
@given(weighed_worlds())
@example(([], []))
def test_percolator_oracle_and_reference_weigh_alike(world: tuple[list[Entry], list[Node]]) -> None:
    agree(*world)


@settings(max_examples=25, deadline=None)
@given(weighed_worlds())
def test_what_is_shown_is_what_was_weighed(world: tuple[list[Entry], list[Node]]) -> None:
    """An article that matches shows places of its evidence; the account adds up to what decides."""
    entries, asked = world
    for query in asked:
        for entry in entries:
            analysed = document(*entry)
            if isinstance(query, Weighed):
                account = Reader(analysed).account(query)
                assert account.total == account.main + account.support + account.against
                assert account.support <= account.main
                assert account.enough is Reader(analysed).matches(query)
                assert bool(hits(query, analysed)) is account.enough


def test_weighings_survive_that_features_are_numbered_anew() -> None:
    words = (Wording("", (Word("migrant"), Row((Word("border"), Prefix("gua"))))),)
    weighed = Weighed(4, (Signal("people", 2, words, 6),))
    articles = [
        (Article("", "", "migrants and a border guard", "x", language="en"), frozenset[str]()),
        (Article("", "", "y " * 70 + "migrants", "x", language="en"), frozenset[str]()),
    ]
    percolator = Percolator(SEED)
    percolator.define("t", weighed)
    percolator.add(1, weighed)
    for number in range(3_000):
        percolator.add(10 + number, Phrase((f"w{number}",)))
    percolator.merge()
    before = percolator.nbytes
    for number in range(3_000):
        percolator.remove(10 + number)
    percolator.merge()
    assert percolator.nbytes < before
    assert found_in_articles(percolator, articles) == [(1, 0)]


def test_the_lead_ends_and_a_stretch_is_averaged_at_the_same_word() -> None:
    words = (Wording("", (Word("migrant"),)),)
    asked = [Weighed(threshold, (Signal("people", 1, words, 9),)) for threshold in range(1, 5)]
    texts = [
        f"{'x ' * before}migrant{' x' * after}" for before in range(LEAD_WORDS - 2, LEAD_WORDS + 3) for after in (0, 9)
    ]
    texts += [f"{'x ' * LEAD_WORDS}{'migrant x ' * 4}{'x ' * more}" for more in range(STRETCH - LEAD_WORDS + 70)]
    entries = [(Article("", "", text, "x", language="en"), frozenset[str]()) for text in texts]
    assert {query for query, _ in agree(entries, asked)} == {0, 1, 2, 3}


def test_headline_and_text_are_no_neighbours() -> None:
    words, near = (Wording("", (Word("border"),)),), (Wording("", (Word("fund"),)),)
    asked = [Weighed(1, (Signal("money", 1, words, 9, near=near, within=distance),)) for distance in (1, 2, 99)]
    entries = [
        (Article("", title, text, "x", language="en"), frozenset[str]())
        for title, text in (("a fund", "border"), ("", "fund a border"), ("", "fund a b border"), ("border", "a fund"))
    ]
    assert agree(entries, asked) == [(0, 1), (1, 1), (1, 2), (2, 1), (2, 2)]
