"""Generated queries: trees the parser can produce, and typed text that may or may not be a query."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from bot.matching.syntax import (
    Before,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    Since,
    SourceIs,
    Title,
    TopicIs,
    Word,
)
from bot.matching.tree import conjunction, conjuncts, disjunction, positive

WORDS = (
    "migrant",
    "border",
    "Kosovo",
    "Косово",
    "cross-border",
    "izbjeglice",
    "fund",
    "Türkiye",
    "and",
    "10:53",
    "U.S",
)
PREFIXES = ("migr", "gran", "bor", "избегл", "cross-bor")
FILTERS: tuple[Node, ...] = (
    SourceIs("bbc"),
    SourceIs("bbc news"),
    SourceIs("Radio (Slobodna) Evropa"),
    LanguageIs("sr"),
    LanguageIs("bcms"),
    TopicIs("border-funding"),
)
DATES: tuple[Node, ...] = (Since("7d"), Since("2026-11-01"), Before("2026-11-01T08:00Z"), Before("24h"))

SNIPPETS = (
    *(
        '"',
        "(",
        ")",
        "-",
        " ",
        "*",
        "~3",
        "~",
        ":",
        "'",
        ",",
        "!!!",
        "…",
        "“",
        "„",
        "»",
        "—",
        "&amp;",
        "&lt;",
        "<",
        ">",
        "|",
    ),
    *("OR", "AND", "NOT", "NEAR", "NEAR/5", "NEAR/", "NEAR/999", "or", "not", "near/5"),
    *(
        "title:",
        "Source:",
        "lang:sr",
        "lang:gr",
        "topic:x",
        "since:7d",
        "since:x",
        "before:2026-02-30",
        "foo:",
        "site:",
    ),
    *(
        "a",
        "migra",
        "mi",
        "cross-border",
        "d'asile",
        "10:53",
        "https://x.org/y",
        "İ",
        "ß",
        "ﬁ",
        "中国",
        "नमस्ते",
        "Ђинђић",
    ),
    *("\u00a0", "\u200b", "\u00ad", "\x00", "\n", "\ud800", "\u0301", "＂", "（", "ＯＲ", "🙂", "\u202e"),
)

typed = st.one_of(
    st.lists(st.sampled_from(SNIPPETS), max_size=14).map("".join),
    st.lists(st.sampled_from(SNIPPETS), max_size=10).map(" ".join),
    st.text(max_size=20),
)
"""What a person, or somebody hostile, may type."""


def trees(
    words: Sequence[str] = WORDS, prefixes: Sequence[str] = PREFIXES, filters: Sequence[Node] = FILTERS
) -> st.SearchStrategy[Node]:
    """Trees without dates that `parse` gives for some text."""
    word = st.sampled_from(words)
    phrase = st.builds(Phrase, st.lists(word, min_size=1, max_size=3).map(tuple))
    prefixed = st.builds(
        lambda words, prefix: Phrase((*words, prefix), prefix=True),
        st.lists(word, max_size=2),
        st.sampled_from(prefixes),
    )
    term: st.SearchStrategy[Node] = st.one_of(word.map(Word), st.sampled_from(prefixes).map(Prefix), phrase, prefixed)
    operand = st.one_of(term, st.lists(term, min_size=2, max_size=3).map(lambda terms: Or(tuple(terms))))
    near = st.builds(Near, operand, operand, st.integers(0, 9))
    together = st.builds(Proximity, st.lists(word, min_size=2, max_size=3).map(tuple), st.integers(0, 9))
    inside = st.recursive(st.one_of(term, near, together), _combined, max_leaves=5)
    leaf: st.SearchStrategy[Node] = st.one_of(term, near, together, inside.map(Title))
    if filters:
        leaf = st.one_of(leaf, st.sampled_from(filters))
    return st.recursive(leaf, _combined, max_leaves=8)


def _combined(positives: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(positives, min_size=2, max_size=3)
    excluding = st.tuples(st.lists(positives, min_size=1, max_size=2), st.lists(positives, min_size=1, max_size=2))
    return st.one_of(
        several.map(lambda nodes: _built(disjunction(nodes))),
        several.map(lambda nodes: _built(conjunction(nodes))),
        excluding.map(lambda both: _built(conjunction([*both[0], *map(Not, both[1])]))),
        excluding.map(lambda both: _built(conjunction([*map(Not, both[1]), *both[0]]))),
    )


def _built(node: Node | None) -> Node:
    assert node is not None
    assert positive(node)
    return node


def dated(tree: Node, dates: Sequence[Node]) -> Node:
    """The tree in a window of time."""
    return _built(conjunction([*conjuncts(tree), *dates]))
