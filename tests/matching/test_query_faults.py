"""What is wrong with a query, where, and what to type instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.matching
from bot.core.errors import QuerySyntaxError
from bot.core.words import Words
from bot.core.words.query import PHRASES
from bot.matching.query import parse

FAULTS = [
    # text, key, position as a person counts, suggestion
    ("", "empty", 1, "migration"),
    ("  !!! …", "empty", 1, "migration"),
    ("()", "empty_group", 1, "migration"),
    ("a () b", "empty_group", 3, "a b"),
    ('""', "empty_phrase", 1, "migration"),
    ('a "…"', "empty_phrase", 3, "a"),
    ('"border force', "unclosed_quote", 1, '"border force"'),
    ('a "b', "unclosed_quote", 3, 'a "b"'),
    ("(a OR b", "unclosed", 1, "a OR b"),
    ("a) b", "unopened", 2, "a b"),
    ("a OR", "after", 5, "a"),
    ("a AND", "after", 6, "a"),
    ("a NOT", "after", 6, "a"),
    ("starmer NEAR/5", "after", 15, "starmer"),
    ("starmer NEAR/5 ", "after", 15, "starmer"),
    ("(a OR ) b", "after", 7, "a b"),
    ("OR a", "before", 1, "a"),
    ("AND a", "before", 1, "a"),
    ("NEAR/5 a", "before", 1, "a"),
    ("a OR OR b", "doubled", 6, "a OR b"),
    ("a AND OR b", "doubled", 7, "a OR b"),
    ("a NOT NOT b", "doubled", 7, "a -b"),
    ("a NEAR/3 -b", "doubled", 10, "a NEAR/3 b"),
    ("-kosovo", "only_excluded", 1, "kosovo"),
    ("NOT a -b", "only_excluded", 1, "a b"),
    ("since:7d -a", "only_excluded", 1, None),
    ("a -(-b)", "only_excluded", 4, "a -b"),
    ("title:(-a)", "only_excluded", 7, "title:a"),
    ("serbia OR -kosovo", "branch_excluded", 11, "serbia -kosovo"),
    ("-a OR -b", "branch_excluded", 1, "a OR b"),
    ("a NEAR/x b", "near_number", 3, "a NEAR/8 b"),
    ("a NEAR/500 b", "near_number", 3, "a NEAR/100 b"),
    ("(a b) NEAR/3 c", "near_operand", 1, "(a OR b) NEAR/3 c"),
    ('a NEAR/3 "b c"~4', "near_operand", 10, 'a NEAR/3 "b c"'),
    ("title:a NEAR/3 b", "near_operand", 1, "title:(a NEAR/3 b)"),
    ("lang:sr NEAR/3 b", "near_operand", 1, "lang:sr b"),
    ("a NEAR/5 b NEAR/6 c", "near_chain", 12, "a NEAR/5 b AND b NEAR/6 c"),
    ("mi*", "prefix_short", 1, "mi"),
    ("a-b*", "prefix_short", 1, "a-b"),
    ('"border fu*"', "prefix_short", 9, '"border fu"'),
    ("*", "star_alone", 1, "migration"),
    ("a *", "star_alone", 3, "a"),
    ("*igration", "star_inside", 1, "igration"),
    ("migra*ion", "star_inside", 6, "migra*"),
    ("mi*ion", "star_inside", 3, "ion"),
    ("*migration*", "star_inside", 1, "migration"),
    ('"bord* fund"', "star_inside", 6, '"bord fund"'),
    ('"border fund"*', "star_outside", 14, '"border fund*"'),
    ("word~2", "tilde", 5, "word"),
    ('"a b" ~8', "tilde", 7, '"a b"'),
    ('"a b"~', "slop", 6, '"a b"~8'),
    ('"a b"~900', "slop", 6, '"a b"~100'),
    ('"a bord*"~3', "slop_prefix", 10, '"a bord"~3'),
    ("foo:bar", "field_unknown", 1, '"foo bar"'),
    ("titel:bar", "field_unknown", 1, "title:bar"),
    ("site:bbc.com", "field_unknown", 1, "source:bbc.com"),
    ("наслов:bar", "field_unknown", 1, "title:bar"),
    ("title: frontex", "field_empty", 7, "title:frontex"),
    ("title:", "field_empty", 7, "migration"),
    ("source:!!!  a", "field_empty", 8, "a"),
    ("lang:(sr OR hr)", "field_group", 6, "lang:sr OR lang:hr"),
    ("title:(a lang:sr)", "field_inside", 10, "title:a lang:sr"),
    ("title:title:a", "field_inside", 7, "title:a"),
    ("title:-a b", "field_excludes", 7, "-title:a b"),
    ("a source:-bbc", "field_excludes", 10, "a -source:bbc"),
    ('source:"bbc"* a', "value_extended", 13, "source:bbc a"),
    ("lang:gr", "language", 6, "lang:el"),
    ("lang:english", "language", 6, "lang:en"),
    ("lang:zz a", "language", 6, "a"),
    ("since:yesterday a", "moment", 7, "since:7d a"),
    ("since:2026-02-30 a", "moment", 7, "since:2026-02-01 a"),
    ("before:2026-11 a", "moment", 8, "before:2026-11-01 a"),
    ("since:-7d a", "moment", 7, "since:7d a"),
    ("a (since:7d OR b)", "date_inside", 4, "a b since:7d"),
    ("a -since:7d", "date_inside", 4, "a since:7d"),
    ("“a” – “b", "unclosed_quote", 7, '"a" "b"'),
    ("a &amp; b &amp; *", "star_alone", 17, "a b"),
    ("<http://x.org|x.org> *", "star_alone", 22, "x.org"),
]


@pytest.mark.parametrize(("text", "key", "position", "suggestion"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named_placed_and_answered(text: str, key: str, position: int, suggestion: str | None) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text, dates=True)
    fault = caught.value
    assert (fault.key, fault.position + 1) == (f"query.{key}", position)
    assert fault.suggestion is not None
    if suggestion is not None:
        assert fault.suggestion == suggestion
    assert str(parse(fault.suggestion, dates=True)) == fault.suggestion
    for language in ("en", "sr-Latn", "sr-Cyrl"):
        said = fault.say(Words(language))
        assert "{" not in said
        assert str(position) in said or key == "empty"


@pytest.mark.parametrize(
    ("text", "suggestion"), [("since:7d a", "a"), ("before:2026-01-01", "migration"), ("a -since:7d", "a")]
)
def test_dates_are_for_searches(text: str, suggestion: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert (caught.value.key, caught.value.suggestion) == ("query.date_outside_search", suggestion)


def test_depth_is_bounded_at_32() -> None:
    assert str(parse("(" * 32 + "a" + ")" * 32)) == "a"
    with pytest.raises(QuerySyntaxError) as caught:
        parse("(" * 33 + "a" + ")" * 33)
    assert (caught.value.key, caught.value.position, caught.value.suggestion) == ("query.too_deep", 32, "a")


def test_the_deepest_query_reads_back() -> None:
    text = "x"
    for _ in range(31):
        text = f"a b OR c (NOT d {text})" if len(text) % 2 else f"(a NEAR/2 b OR {text}) c"
    query = parse(text, max_terms=200)
    assert parse(str(query), max_terms=200) == query


def test_every_phrase_is_used_and_every_fault_has_one() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(bot.matching.__file__).parent.glob("*.py"))
    used = set(re.findall(r'"(query\.\w+)"', sources))
    assert used == set(PHRASES)
    told = {f"query.{key}" for _, key, _, _ in FAULTS}
    assert used - told == {"query.too_long", "query.too_many", "query.too_deep", "query.date_outside_search"}
