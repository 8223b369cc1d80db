"""What queries mean to the parser: trees, precedence, canonical text, typography, dates and hints."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import QuerySyntaxError
from bot.matching.query import hint, normalise, parse, split_dates, write
from bot.matching.syntax import (
    And,
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
from tests.matching.queries import DATES, dated, trees, typed

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")

TREES: list[tuple[str, Node]] = [
    ("migrants", Word("migrants")),
    ("migrants balkans", And((Word("migrants"), Word("balkans")))),
    ("a AND b", And((A, B))),
    ('"border force"', Phrase(("border", "force"))),
    ('"migration"', Phrase(("migration",))),
    ("migra*", Prefix("migra")),
    ('"border fund*"', Phrase(("border", "fund"), prefix=True)),
    ('"fund*"', Phrase(("fund",), prefix=True)),
    ("serbia OR kosovo", Or((Word("serbia"), Word("kosovo")))),
    ("a OR b OR c", Or((A, B, C))),
    ("a OR (b OR c)", Or((A, B, C))),
    ("a (b c)", And((A, B, C))),
    ("((a))", A),
    ("a -b", And((A, Not(B)))),
    ("-b a", And((Not(B), A))),
    ("a NOT b", And((A, Not(B)))),
    ("a AND NOT b", And((A, Not(B)))),
    ("a -(b c)", And((A, Not(And((B, C)))))),
    ('a -"b c"', And((A, Not(Phrase(("b", "c")))))),
    ("a -title:b", And((A, Not(Title(B))))),
    ("a (-b)", And((A, Not(B)))),
    ("fund* NEAR/8 border*", Near(Prefix("fund"), Prefix("border"), 8)),
    ("a NEAR b", Near(A, B, 10)),
    ("a NEAR/0 b", Near(A, B, 0)),
    ("a NEAR/100 b", Near(A, B, 100)),
    ('(a OR "b c") NEAR/2 d', Near(Or((A, Phrase(("b", "c")))), D, 2)),
    ('"a b c"~8', Proximity(("a", "b", "c"), 8)),
    ('"one"~3', Phrase(("one",))),
    ("title:frontex", Title(Word("frontex"))),
    ("TITLE:fund*", Title(Prefix("fund"))),
    ('title:"x y"', Title(Phrase(("x", "y")))),
    ('title:"x y"~2', Title(Proximity(("x", "y"), 2))),
    ("title:(a OR -b c)", Title(Or((A, And((Not(B), C)))))),
    ("title:(a NEAR/2 b)", Title(Near(A, B, 2))),
    ("title:OR", Title(Word("or"))),
    ("source:bbc", SourceIs("bbc")),
    ('source:"bbc  news"', SourceIs("bbc news")),
    ("source:https://www.BBC.co.uk/news", SourceIs("www.bbc.co.uk")),
    ("source:*-bbc,", SourceIs("bbc")),
    ("lang:SR", LanguageIs("sr")),
    ("lang:sr-Latn", LanguageIs("sr")),
    ("lang:bcms", LanguageIs("bcms")),
    ("topic:Border-Funding", TopicIs("border-funding")),
    ('topic:"border funding"', TopicIs("border funding")),
    ("source:bbc -lang:sr", And((SourceIs("bbc"), Not(LanguageIs("sr"))))),
    # tightest first: field, NEAR, NOT and -, AND, OR
    ("a b OR c d", Or((And((A, B)), And((C, D))))),
    ("a OR b c", Or((A, And((B, C))))),
    ("(a OR b) c", And((Or((A, B)), C))),
    ("a NEAR/2 b c", And((Near(A, B, 2), C))),
    ("c -a NEAR/2 b", And((C, Not(Near(A, B, 2))))),
    ("NOT a b", And((Not(A), B))),
    ("title:a b", And((Title(A), B))),
    ("a OR b NOT c", Or((A, And((B, Not(C)))))),
    # one word, however it is marked
    ("cross-border", Word("cross-border")),
    ("10:53", Word("10:53")),
    ("Breaking: migrants", And((Word("Breaking"), Word("migrants")))),
    ("migrants, balkans!", And((Word("migrants"), Word("balkans")))),
    ("d'asile", Word("asile")),
    ("AND, b", And((Word("and"), B))),
    ("near and or", And((Word("near"), Word("and"), Word("or")))),
    ('a"b"c', And((A, Phrase(("b",)), C))),
    ("(a)-b", And((A, B))),
    ("a - b", And((A, B))),
    ("a -!!! b", And((A, B))),
    ("a … 🙂 b", And((A, B))),
    ('"a, b!"', Phrase(("a", "b"))),
    # as typed on phones and in chats
    ("“border force”", Phrase(("border", "force"))),
    ("„granica“ «a» »b«", And((Phrase(("granica",)), Phrase(("a",)), Phrase(("b",))))),
    ("a –b", And((A, Not(B)))),
    ("a — b", And((A, B))),
    ("cross–border", Word("cross-border")),
    ("a\u00a0OR\u2009b", Or((A, B))),
    ("bor\u00adder\u200b", Word("border")),
    ("＂ａ　ｂ＂", Phrase(("a", "b"))),
    ("（a ＯＲ b）", Or((A, B))),
    ("&quot a &amp;&amp; b", And((Word("quot"), A, B))),
    ("a &lt;b&gt;", And((A, B))),
    ("source:<http://bbc.com|bbc.com>", SourceIs("bbc.com")),
    ("<mailto:a@x.org|a@x.org>", Word("a@x.org")),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[text for text, _ in TREES])
def test_a_query_is_its_tree(text: str, tree: Node) -> None:
    assert parse(text) == tree
    assert parse(write(tree)) == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  migrants   AND  balkans ", "migrants balkans"),
        ("((a) OR (b OR c))", "a OR b OR c"),
        ("a AND NOT b", "a -b"),
        ("a NEAR b", "a NEAR/10 b"),
        ("a NEAR/2 b c", "a NEAR/2 b AND c"),
        ("c -(a NEAR/2 b)", "c AND NOT a NEAR/2 b"),
        ("(a OR b) NEAR/2 c", "(a OR b) NEAR/2 c"),
        ("(a b) OR c", "a b OR c"),
        ("c (a OR b)", "c (a OR b)"),
        ("title:( a )", "title:a"),
        ("title:(a b)", "title:(a b)"),
        ('"one"~3', '"one"'),
        ("since:01.11.2026 a", "since:2026-11-01 a"),
        ("SINCE:7D a", "since:7d a"),
        ("source:(bbc)", None),
    ],
)
def test_one_canonical_text(text: str, canonical: str | None) -> None:
    if canonical is None:
        with pytest.raises(QuerySyntaxError):
            parse(text, dates=True)
    else:
        assert str(parse(text, dates=True)) == canonical


@settings(max_examples=250, deadline=None)
@given(trees(), st.lists(st.sampled_from(DATES), max_size=2))
def test_canonical_text_reads_back_as_the_same_tree(tree: Node, dates: list[Node]) -> None:
    query = dated(tree, dates)
    assert parse(write(query), dates=True) == query
    rest, window = split_dates(query)
    assert rest == tree
    assert list(window) == dates


@settings(max_examples=600, deadline=None)
@given(typed)
def test_any_text_is_a_query_or_a_fault_that_points_and_suggests(text: str) -> None:
    try:
        tree = parse(text, dates=True)
    except QuerySyntaxError as error:
        fault = error
    else:
        assert parse(write(tree), dates=True) == tree
        return
    assert 0 <= fault.position <= len(text)
    assert fault.suggestion
    assert write(parse(fault.suggestion, dates=True)) == fault.suggestion


@settings(max_examples=300, deadline=None)
@given(typed)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "rest", "dates"),
    [
        ("a since:7d b", And((A, B)), (Since("7d"),)),
        ("a", A, ()),
        ("since:7d before:24h", None, (Since("7d"), Before("24h"))),
        ("(since:7d a)", A, (Since("7d"),)),
        ("since:7d", None, (Since("7d"),)),
    ],
)
def test_dates_come_apart(text: str, rest: Node | None, dates: tuple[Node, ...]) -> None:
    assert split_dates(parse(text, dates=True)) == (rest, dates)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("serbia or kosovo", "serbia OR kosovo"),
        ("serbia and  kosovo", "serbia AND kosovo"),
        ("kosovo not football", "kosovo NOT football"),
        ("kosovo and not football", "kosovo AND NOT football"),
        ("fund near/5 border", "fund NEAR/5 border"),
        ('"a b" or (c d)', '"a b" OR (c d)'),
        ("a | b && c", "a OR b AND c"),
        ("“a” or b", '"a" OR b'),
        ("kosovo", None),
        ("not guilty", None),
        ('"rock and roll"', None),
        ("a OR b", None),
        ("or", None),
        ("", None),
    ],
)
def test_a_lower_case_operator_is_offered_in_capitals(text: str, offered: str | None) -> None:
    assert hint(text) == offered


@pytest.mark.parametrize(
    "text", ["(" * 4_096, "-" * 4_096, '"' * 4_096, "a*b" * 1_300, "~" * 4_000, "title:" * 600, "NOT " * 1_000]
)
def test_hostile_text_is_refused_and_answered(text: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert parse(caught.value.suggestion or "")


def test_one_endless_word_is_a_word() -> None:
    for text in ("l'" * 2_000, "a-" * 2_000, "中" * 4_000, "-" + "é" * 3_000 + " b"):
        assert parse(write(parse(text))) == parse(text)


def test_limits_count_terms_and_characters() -> None:
    assert len(parse(" ".join(["word"] * 64)).children) == 64  # type: ignore[attr-defined]
    assert parse("a" * 4_096)
    with pytest.raises(QuerySyntaxError) as many:
        parse(" ".join(["word"] * 65))
    assert (many.value.key, many.value.position) == ("query.too_many", 64 * 5)
    assert many.value.suggestion == " ".join(["word"] * 64)
    with pytest.raises(QuerySyntaxError) as long:
        parse("word " * 900)
    assert (long.value.key, long.value.position) == ("query.too_long", 4_096)
    assert parse(" OR ".join(["word"] * 5_000), max_terms=5_000, max_length=100_000)


def test_what_would_grow_past_the_limit_when_written_is_refused() -> None:
    text = 'a"b"' * 20
    assert len(write(parse(text))) > len(text)
    assert parse(text, max_length=len(text) + 39)
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, max_length=len(text))
    assert caught.value.key == "query.too_long"
    assert parse(caught.value.suggestion or "", max_length=len(text))
