"""Features: one number for all leaves that mean the same, another for any that mean something else."""

from __future__ import annotations

import numpy as np
import pytest

from bot.matching.percolator.features import NEVER, Features, Nearness
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Or,
    Phrase,
    Prefix,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
    Word,
)


@pytest.fixture
def features() -> Features:
    return Features()


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Word("Granica"), Word("граница")),
        (Phrase(("Border", "force")), Phrase(("border-force",))),
        (Phrase(("migra",), prefix=True), Prefix("Migra")),
        (Phrase(("cross", "bor"), prefix=True), Prefix("cross-bor")),
        (Word("1,000"), Phrase(("1000",))),
        (Word("移民"), Phrase(("移", "民"))),
        (Phrase((64 * "a",)), Phrase((70 * "a",))),
        (Phrase((64 * "a", "b")), Phrase((70 * "a", "b"))),
        (Proximity(("b", "a"), 3), Proximity(("a", "b"), 3)),
        (Proximity(("a",), 3), Phrase(("a",))),
        (Near(Or((Word("a"), Word("b"))), Word("c"), 2), Near(Or((Word("b"), Word("a"), Word("b"))), Word("C"), 2)),
        (LanguageIs("sr"), LanguageIs("sr")),
    ],
)
def test_leaves_that_mean_the_same_are_one_feature(features: Features, one: Node, same: Node) -> None:
    number = features.of(one)
    size = features.size
    assert number > NEVER
    assert features.of(same) == number
    assert features.of(same, title=True) == features.of(one, title=True)
    assert features.size <= size + 1


def test_leaves_that_mean_something_else_are_other_features(features: Features) -> None:
    leaves = [
        *(Word("border"), Phrase(("border",)), Prefix("border"), Word("borders"), Phrase(("border", "a"))),
        *(Phrase(("a", "border")), Phrase(("a", "border"), prefix=True), Word("a-border"), Phrase(("½",))),
        *(Proximity(("a", "border"), 1), Proximity(("a", "border"), 2), Proximity(("a", "a", "border"), 1)),
        *(Near(Word("a"), Word("border"), 1), Near(Word("border"), Word("a"), 1), Near(Word("a"), Word("border"), 2)),
        *(SourceIs("border"), LanguageIs("bo"), TopicIs("border"), TopicIs("a")),
    ]
    numbers = [features.of(leaf) for leaf in leaves]
    words = [leaf for leaf in leaves if not isinstance(leaf, SourceIs | LanguageIs | TopicIs)]
    titled = [features.of(leaf, title=True) for leaf in words]
    assert len({*numbers, *titled}) == len(leaves) + len(words)
    assert features.size > max(*numbers, *titled)


def test_a_filter_is_the_same_within_a_headline(features: Features) -> None:
    assert features.of(SourceIs("bbc"), title=True) == features.of(SourceIs("bbc"))


@pytest.mark.parametrize(
    "leaf",
    [
        *(Word("!"), Prefix("..."), Phrase(()), Phrase(("-", "!")), Proximity((), 3), Proximity(("!",), 3)),
        *(Near(Word("!"), Word("a"), 2), Near(Word("a"), Or((Word("!"), Word("?"))), 2)),
    ],
)
def test_what_has_no_word_is_never_there(features: Features, leaf: Node) -> None:
    assert features.of(leaf) == NEVER
    assert features.of(leaf, title=True) == NEVER


def test_near_passes_over_alternatives_without_words(features: Features) -> None:
    number = features.of(Near(Or((Word("!"), Word("b"))), Word("a"), 2))
    assert number == features.of(Near(Word("b"), Word("a"), 2))
    assert [*features.nearnesses] == [Nearness((features.of(Word("b")),), (features.of(Word("a")),), 2)]


@pytest.mark.parametrize("operand", [Title(Word("a")), And((Word("a"), Word("b"))), Proximity(("a", "b"), 1)])
def test_what_cannot_stand_near_anything_is_refused(features: Features, operand: Node) -> None:
    for near in (Near(operand, Word("x"), 2), Near(Word("x"), Or((Word("y"), operand)), 2)):
        with pytest.raises(ValueError, match="cannot stand near"):
            features.of(near)


@pytest.mark.parametrize(("known", "typed"), [("½", "1⁄2"), ("paraŀlel", "paral·lel"), ("xdjj", "xdj")])
def test_a_form_that_read_again_is_another_is_not_taken_for_it(features: Features, known: str, typed: str) -> None:
    numbers = [features.of(Phrase((word,))) for word in (known, typed)]
    assert len({*numbers}) == 2
    kept, renumbered = features.renumbered(np.ones(features.size, np.bool_))
    assert [kept.of(Phrase((word,))) for word in (known, typed)] == renumbered[numbers].tolist()


def test_what_is_new_is_told_once(features: Features) -> None:
    features.of(Phrase(("a", "b")))
    features.of(Phrase(("a", "b")))
    features.of(Near(Word("a"), Prefix("bor"), 2))
    features.of(Near(Word("a"), Prefix("bor"), 2))
    assert [features.forms, features.inflected, features.prefixes] == [{"a": 2, "b": 3}, {"a": 5}, {"bor": 6}]
    assert [rows.tolist() for rows in features.new_rows.take()] == [[[2, 3, 4]]]
    assert features.new_rows.take() == []
    assert features.new_nearnesses == [*features.near] == [*features.nearnesses.values()]
