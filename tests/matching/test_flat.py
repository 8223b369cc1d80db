"""The quick reading of queries is the grammar's or none, and not none for what most people type."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching import flat, typography
from bot.matching.cursor import Fault
from bot.matching.grammar import Parser
from bot.matching.lexer import lexemes
from bot.matching.syntax import And, Node, Not, Or, Phrase, Prefix, Word
from tests.matching.queries import typed

MOST = 8
PLAIN = st.sampled_from(
    ("migrants", "Kosovo", "U2", "150m", "a", "or", "not", "near", "titles", "DJdji", "OR1", "ANDR")
)
QUOTED = st.lists(PLAIN, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
BEGUN = st.sampled_from(("migra*", "djdjd*", "Koso1*", "OR123*", "ANDRE*"))
TERM = st.one_of(PLAIN, PLAIN, QUOTED, BEGUN)
NEARLY = st.one_of(
    TERM,
    st.sampled_from(("AND", "OR", "NOT", "NEAR", "NEAR/2", "migr*", "mi*", "*", "**", '"', '""', '"a', 'b"', '"a*"')),
    st.sampled_from(
        (
            "-a",
            "-a",
            "(a",
            "b)",
            "(a OR b)",
            "(a OR OR)",
            '-"a b"',
            "-(a OR b)",
            "(a)",
            "--a",
            "-NOT",
            "a:b",
            "title:a",
            "a*b",
            "migra**",
            "a-b",
            "é",
            "a'b",
            '"a"b',
            "a,",
            "",
            "_",
        )
    ),
)
SPACE = st.sampled_from((" ", " ", " ", " OR ", "  ", "\t", "\u00a0", "", "\n", " or "))


@st.composite
def nearly_flat(draw: st.DrawFn) -> str:
    """Terms, and what is nearly one, with what may stand between them."""
    first, *rest = draw(st.lists(NEARLY, min_size=1, max_size=6))
    return first + "".join(draw(SPACE) + term for term in rest)


def by_grammar(text: str, max_terms: int) -> Node | None:
    """The grammar's own tree, None where it finds a fault or nothing."""
    try:
        return Parser(lexemes(typography.read(text).text), dates=False, max_terms=max_terms).query()
    except Fault:
        return None


GROUP = st.lists(TERM, min_size=2, max_size=3).map(lambda terms: f"({' OR '.join(terms)})")


@settings(max_examples=300, deadline=None)
@given(TERM, st.lists(st.one_of(TERM, TERM.map("-{}".format), GROUP), max_size=2).flatmap(st.permutations))
@example("a", ["-a", '("a OR b" OR c)'])
def test_groups_and_exclusions_beside_a_term_are_read_at_a_glance(term: str, others: list[str]) -> None:
    for text in (" ".join([term, *others]), " ".join([*others, term])):
        tree = flat.read(text, MOST)
        assert tree is not None
        assert tree == by_grammar(text, MOST)


@settings(max_examples=300, deadline=None)
@given(st.lists(TERM, min_size=1, max_size=MOST), st.sampled_from((" ", " OR ")))
@example(["a", "a"], " ")
@example(['"a OR b"', "c"], " OR ")
def test_terms_side_by_side_or_as_alternatives_are_read_at_a_glance(terms: list[str], joint: str) -> None:
    text = joint.join(terms)
    tree = flat.read(text, MOST)
    assert tree is not None
    assert tree == by_grammar(text, MOST)


@settings(max_examples=500, deadline=None)
@given(st.one_of(nearly_flat(), typed, st.text('aAR"O* ', max_size=14)), st.integers(1, 4))
@example("OR OR OR", 4)
@example("a OR OR b", 4)
@example('"a" OR "b" c', 4)
@example("a b\n", 4)
def test_any_other_text_is_read_as_by_the_grammar_or_not_at_all(text: str, max_terms: int) -> None:
    tree = flat.read(text, max_terms)
    assert tree is None or tree == by_grammar(text, max_terms)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Kosovo", Word("Kosovo")),
        ("migra*", Prefix("migra")),
        ('"Border Force"', Phrase(("Border", "Force"))),
        ('"border"', Phrase(("border",))),
        ('a "b c"', And((Word("a"), Phrase(("b", "c"))))),
        ('a OR "b" OR c1234*', Or((Word("a"), Phrase(("b",)), Prefix("c1234")))),
        ('(a OR "b c") -d e', And((Or((Word("a"), Phrase(("b", "c")))), Not(Word("d")), Word("e")))),
        ("(a OR b)", Or((Word("a"), Word("b")))),
    ],
)
def test_what_a_reading_is(text: str, tree: Node) -> None:
    assert flat.read(text, MOST) == tree


@pytest.mark.parametrize(
    "text", ["", " ", "a ", " a", "a  b", "migr*", "a OR b c", "a AND b", "-b", "-a -b", "(a)", "a -(b OR c)", "é"]
)
def test_what_is_left_to_the_grammar(text: str) -> None:
    assert flat.read(text, MOST) is None


def test_more_terms_than_allowed_are_left_to_the_grammar() -> None:
    assert flat.read(" OR ".join("a" * MOST), MOST) is not None
    assert flat.read(" OR ".join("a" * (MOST + 1)), MOST) is None
    assert flat.read("(a OR b) (c OR d) -e", 5) is not None
    assert flat.read("(a OR b) (c OR d) -e", 4) is None
    assert flat.read('"a b c d e f g h i" j', 2) is not None


def test_a_long_text_is_refused_in_linear_time() -> None:
    for text in (
        '"a ' * 50_000,
        "a " * 50_000 + "!",
        "a" * 200_000 + "!",
        "a OR " * 50_000,
        "(a OR " * 50_000,
        "-a " * 50_000,
    ):
        assert flat.read(text, 64) is None
