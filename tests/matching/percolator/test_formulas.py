"""Formulas and programs hold under the assignments under which their query does, and are written one way."""

from __future__ import annotations

from collections.abc import Iterable, Set
from itertools import chain, combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.percolator.features import ALWAYS, NEVER, Features
from bot.matching.percolator.formulas import Clause, Formula, Program, compile_query, formula_of
from bot.matching.syntax import And, Node, Not, Or, Phrase, Since, Title, TopicIs, Word

LETTERS = "abcde"
LEAVES: tuple[Node, ...] = tuple(Phrase((letter,)) for letter in LETTERS)
FIRST = 2
"""The feature of the first leaf."""


def nested(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, max_size=4).map(tuple)
    return st.one_of(some.map(And), some.map(Or), children.map(Not))


TREES = st.recursive(st.sampled_from(LEAVES), nested, max_leaves=25)
LITERALS = st.integers(0, 5).flatmap(lambda feature: st.sampled_from((feature, ~feature)))
CLAUSES = st.lists(st.lists(LITERALS, max_size=5).map(tuple), max_size=6)


def subsets(features: Iterable[int]) -> Iterable[frozenset[int]]:
    found = list(features)
    return map(frozenset, chain.from_iterable(combinations(found, size) for size in range(len(found) + 1)))


def is_true(literal: int, present: Set[int]) -> bool:
    return literal in present if literal >= 0 else ~literal not in present


def holds(compiled: Formula | Program, present: Set[int]) -> bool:
    """What a formula or program says of an article that has these features."""
    if isinstance(compiled, Program):
        parts = [is_true(literal, present) for literal in compiled.literals]
        parts += [holds(part, present) for part in compiled.programs]
        return all(parts) if compiled.all else any(parts)
    shape, numbers = compiled
    features = iter(numbers)
    clauses = [
        [next(features) in present for _ in range(wanted)] + [next(features) not in present for _ in range(unwanted)]
        for wanted, unwanted in shape
    ]
    assert next(features, None) is None, "a shape has a place for each feature"
    return all(map(any, clauses))


def meant(tree: Node, present: Set[int]) -> bool:
    match tree:
        case And(children):
            return all(meant(child, present) for child in children)
        case Or(children):
            return any(meant(child, present) for child in children)
        case Not(child):
            return not meant(child, present)
    return FIRST + LEAVES.index(tree) in present


def numbered() -> Features:
    """Features of the leaves in their order."""
    features = Features()
    assert [features.of(leaf) for leaf in LEAVES] == list(range(FIRST, FIRST + len(LEAVES)))
    return features


@settings(max_examples=200, deadline=None)
@given(TREES)
@example(Not(And(())))
@example(Or((And((LEAVES[0], Not(LEAVES[0]))), LEAVES[1])))
@example(And(tuple(Or((one, Not(two))) for one, two in combinations(LEAVES, 2))))
def test_a_query_compiled_holds_when_the_query_does(tree: Node) -> None:
    compiled = compile_query(tree, numbered())
    for present in subsets(range(FIRST, FIRST + len(LEAVES))):
        assert holds(compiled, present | {ALWAYS}) == meant(tree, present)


@settings(max_examples=200, deadline=None)
@given(CLAUSES)
@example([()])
@example([(NEVER,)])
@example([(~NEVER,)])
@example([(2, ~2)])
@example([(NEVER, 2), (2,)])
def test_clauses_make_a_formula_of_the_same_meaning(clauses: list[Clause]) -> None:
    formula = formula_of(clauses)
    assert formula is not None
    for present in subsets({*range(2, 6)}):
        having = present | {ALWAYS}
        expected = all(any(is_true(literal, having) for literal in clause) for clause in clauses)
        assert holds(formula, having) == expected


@settings(max_examples=100, deadline=None)
@given(CLAUSES)
def test_the_order_of_clauses_and_literals_makes_no_difference(clauses: list[Clause]) -> None:
    shuffled = [clause[::-1] + clause[:1] for clause in clauses[::-1]] + clauses[:1]
    assert formula_of(shuffled) == formula_of(clauses)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(2, 60), min_size=1, max_size=16).map(tuple), min_size=1, max_size=8))
def test_few_sizes_of_clauses_serve_all(clauses: list[Clause]) -> None:
    formula = formula_of(clauses)
    assert formula is not None
    shape, _ = formula
    assert {size for size, _ in shape} <= {1, 2, 4, 8, 16}
    assert list(shape) == sorted(shape, reverse=True)


def test_what_is_too_large_for_a_formula_is_a_program() -> None:
    assert formula_of([tuple(range(2, 18))]) is not None
    assert formula_of([tuple(range(2, 19))]) is None
    assert formula_of([(feature,) for feature in range(2, 10)]) is not None
    assert formula_of([(feature,) for feature in range(2, 11)]) is None
    words = tuple(Phrase((f"w{index}",)) for index in range(17))
    assert isinstance(compile_query(Or(words), Features()), Program)
    assert isinstance(compile_query(And(words), Features()), Program)
    assert not isinstance(compile_query(Or(words[:16]), Features()), Program)
    assert isinstance(compile_query(Or(tuple(And(words[at : at + 3]) for at in (0, 3, 6))), Features()), Program)


def test_queries_alike_but_for_order_and_spelling_are_one() -> None:
    features = Features()
    one = compile_query(And((Word("Serbia"), Or((Phrase(("granica",)), Word("x"))), Not(TopicIs("t")))), features)
    size = features.size
    two = compile_query(And((Not(TopicIs("t")), Or((Word("x"), Phrase(("граница",)))), Word("serbia"))), features)
    assert one == two
    assert features.size == size


def test_a_headline_is_asked_wherever_the_leaf_stands_in_it() -> None:
    features = Features()
    inside = compile_query(Title(And((Word("a"), Or((Word("b"), Not(Word("c"))))))), features)
    spread = compile_query(And((Title(Word("a")), Or((Title(Word("b")), Not(Title(Word("c"))))))), features)
    assert inside == spread
    assert inside != compile_query(And((Word("a"), Or((Word("b"), Not(Word("c")))))), features)


@pytest.mark.parametrize("query", [Since("7d"), And((Word("a"), Since("7d"))), Or((Word("a"), Not(Since("7d"))))])
def test_what_no_article_answers_is_refused(query: Node) -> None:
    with pytest.raises(ValueError, match="since:7d"):
        compile_query(query, Features())
