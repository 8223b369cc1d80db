"""Why an article matched: hits, marked headline, passage and terms; and what is missing where it did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations, combinations_with_replacement

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.message import Mark, Spans, Text, plain
from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.explain import Hit, excerpt, headline, hits, missing, terms
from bot.matching.query import parse
from bot.matching.syntax import Node
from bot.matching.text import analyse, tokens
from tests.growth import costs_at_most
from tests.matching.queries import trees

TITLE = "Migrants stopped at the border"
TEXT = (
    "Two migrants were found in Kosovo. Officials in Pristina gave no figures for the year.\n\n"
    "The Border Force sent new funds to the border. Mr. Hill of the U.S. embassy said nothing. "
    "Football fans crossed the border, far away from the fund of the club, on Sunday evening in good spirits."
)
ARTICLE = Article("1", TITLE, TEXT, "Adriatic Courier", language="en")
DOCUMENT = analyse(ARTICLE)


def shown(parts: Spans) -> str:
    """Spans as text, marks in brackets."""
    return "".join(f"[{part.text}]" if isinstance(part, Mark) else part.text for part in parts)


def forms(
    query: str, definitions: dict[str, Node] | None = None, document: Document = DOCUMENT
) -> list[tuple[str, str]]:
    """(term, form) of every hit."""
    found = hits(parse(query), document, definitions or {})
    return [(hit.term, (TITLE if hit.part == "title" else TEXT)[hit.start : hit.end]) for hit in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("migrant", [("migrant", "Migrants"), ("migrant", "migrants")]),
        ("kosovo serbia", []),
        ("kosovo OR serbia", [("kosovo", "Kosovo")]),
        ("kosovo -serbia", [("kosovo", "Kosovo")]),
        ("kosovo -pristina", []),
        ("(kosovo serbia) OR pristina", [("pristina", "Pristina")]),
        ('"border force"', [('"border force"', "Border Force")]),
        ("offic*", [("offic*", "Officials")]),
        ("title:border", [("border", "border")]),
        ("border NEAR/2 force", [("border", "Border"), ("force", "Force")]),
        ("fund* NEAR/2 border", [("fund*", "funds"), ("border", "border")]),
        ('(kosovo OR "border force") NEAR/2 new', [('"border force"', "Border Force"), ("new", "new")]),
        ('"funds border force"~2', [('"funds border force"~2', form) for form in ("Border", "Force", "funds")]),
        ("lang:en kosovo", [("kosovo", "Kosovo")]),
        ("source:courier", []),
    ],
)
def test_hits_are_what_took_part(query: str, expected: list[tuple[str, str]]) -> None:
    assert forms(query) == expected


def test_a_topic_shows_the_terms_of_its_definition() -> None:
    definitions = {"places": parse("kosovo OR topic:places"), "none": parse("serbia")}
    tagged = replace(DOCUMENT, topics=frozenset({"places", "none", "gone"}))
    assert forms("topic:places", definitions, tagged) == [("kosovo", "Kosovo")]
    assert forms("topic:places", definitions) == [("kosovo", "Kosovo")]
    assert forms("topic:none kosovo", definitions, tagged) == [("kosovo", "Kosovo")]
    assert forms("topic:none kosovo", definitions) == []
    assert forms("topic:gone kosovo", definitions, tagged) == [("kosovo", "Kosovo")]
    assert forms("topic:unknown kosovo", definitions) == []


def test_terms_are_told_once_in_order_of_appearance() -> None:
    found = hits(parse("(kosovo OR border OR migrant) fund"), DOCUMENT)
    assert terms(TEXT, TITLE, found) == (
        ("migrant", "Migrants"),
        ("border", "border"),
        ("kosovo", "Kosovo"),
        ("fund", "funds"),
        ("fund", "fund"),
    )


def test_the_headline_is_whole_and_marked() -> None:
    assert shown(headline(TITLE, hits(parse("border migrant"), DOCUMENT))) == "[Migrants] stopped at the [border]"
    assert headline(TITLE, []) == (Text(TITLE),)
    assert headline("", []) == ()


@pytest.mark.parametrize(
    ("query", "width", "expected"),
    [
        ("kosovo", 40, "Two migrants were found in [Kosovo]."),
        ("kosovo", 100, "Two migrants were found in [Kosovo]. Officials in Pristina gave no figures for the year."),
        ("kosovo", 30, "…were found in [Kosovo]."),
        ("force fund", 60, "The Border [Force] sent new [funds] to the border."),
        ("hill", 60, "Mr. [Hill] of the U.S. embassy said nothing."),
        ("embassy", 44, "Mr. Hill of the U.S. [embassy] said nothing."),
        ("fans spirits", 240, None),
        ("club", 40, "…from the fund of the [club], on Sunday…"),
        ('"border force" sent', 60, "The [Border Force] [sent] new funds to the border."),
        ('"border force" force', 60, "The [Border Force] sent new funds to the border."),
        ("-serbia title:stopped", 36, "Two migrants were found in Kosovo."),
    ],
)
def test_the_passage_shows_the_match_in_whole_sentences(query: str, width: int, expected: str | None) -> None:
    passage = excerpt(TEXT, hits(parse(query), DOCUMENT), width)
    assert len(plain(passage)) <= width
    if expected is not None:
        assert shown(passage) == expected
    else:
        assert shown(passage).count("[") == 2


def test_most_different_terms_win_over_the_first() -> None:
    text = "Kosovo here. " + "Nothing of note happened today. " * 12 + "Serbia and Kosovo talk. " + "More. " * 60
    document = analyse(replace(ARTICLE, text=text))
    assert "[Serbia] and [Kosovo] talk." in shown(excerpt(text, hits(parse("serbia kosovo"), document), 120))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 240, ""),
        ("  \n ", 240, ""),
        ("One. Two.", 240, "One. Two."),
        ("First line\n\nSecond   line goes on.", 240, "First line Second line goes on."),
        ("One two three four five six seven.", 20, "One two three four…"),
        ("Short one. This one is far too long to fit into it.", 30, "Short one. This one is far…"),
        ("中" * 30, 12, "中" * 10 + "…"),
        ("北京。上海今天下雨。" * 5, 13, "北京。上海今天下雨。北京。"),
        ("x" * 50, 12, "x" * 10 + "…"),
    ],
)
def test_without_hits_it_is_the_opening(text: str, width: int, expected: str) -> None:
    assert plain(excerpt(text, [], width)) == expected


def test_letters_keep_their_marks_at_a_cut() -> None:
    text = "e\u0301" * 100
    assert plain(excerpt(text, [], 12)) in ("e\u0301" * 5 + "…", "e\u0301" * 4 + "e\u0301…")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["kosovo", "Косово", "。", ". ", "! ", "\n\n", " ", "中国", "a" * 30, "Mr. ", "…", "\u0301" * 9, "b"]
        ),
        max_size=60,
    ),
    st.integers(10, 80),
)
def test_any_passage_is_short_and_part_of_the_text(pieces: list[str], width: int) -> None:
    text = "".join(pieces)
    document = Document(tokens("", None), tokens(text, None), None)
    passage = excerpt(text, hits(parse("kosovo OR aaa* OR b"), document), width)
    assert len(plain(passage)) <= width
    assert " ".join(plain(passage).strip("…").split()) in " ".join(text.split())
    if "kosovo" in text.split() and width >= 20:
        assert any(isinstance(part, Mark) for part in passage)


@pytest.mark.parametrize("length", [237, 238, 239, 240])
@pytest.mark.parametrize("query", ["kosovo", "border OR kosovo"])
def test_a_text_that_fits_is_shown_whole_to_its_last_character(length: int, query: str) -> None:
    text = ("Border " * 40)[: length - len(" Kosovo.")].strip().ljust(length - len(" Kosovo."), "s") + " Kosovo."
    passage = excerpt(text, hits(parse(query), Document(tokens("", None), tokens(text, None), None)))
    assert plain(passage) == text
    assert len(text) == length


def test_a_text_full_of_hits_is_answered_in_linear_time() -> None:
    text = "kosovo " * 30_000
    found = [Hit("kosovo", "body", start, start + 6) for start in range(0, len(text), 7)]
    assert len(plain(costs_at_most(200, lambda hits: excerpt(text, hits), found))) <= 240


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kosovo migrant", None),
        ("kosovo serbia", "serbia"),
        ("kosovo (serbia OR albania)", "serbia OR albania"),
        ("kosovo -pristina", "-pristina"),
        ("kosovo -(pristina OR hill)", "-(pristina OR hill)"),
        ("kosovo NEAR/3 serbia", "serbia"),
        ("(serbia OR albania) NEAR/3 kosovo", "serbia OR albania"),
        ("kosovo NEAR/3 force", "kosovo NEAR/3 force"),
        ("title:kosovo", "title:kosovo"),
        ("title:(border kosovo)", "title:kosovo"),
        ("title:(border -migrants)", "-title:migrants"),
        ("title:(border NEAR/0 migrants)", "title:(border NEAR/0 migrants)"),
        ("kosovo lang:sr", "lang:sr"),
        ("topic:migration", "topic:migration"),
    ],
)
def test_what_is_missing_is_said_as_small_as_it_can_be(query: str, expected: str | None) -> None:
    assert missing(parse(query), DOCUMENT) == expected


VOCABULARY = ("aba", "abab", "abac", "bab", "baba", "cab")
texts = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


@settings(max_examples=250, deadline=None)
@given(trees(VOCABULARY, ("aba", "bab"), ()), texts, texts)
def test_it_explains_exactly_what_matches(tree: Node, title: str, body: str) -> None:
    document = Document(tokens(title, None), tokens(body, None), None)
    found = hits(tree, document)
    blamed = missing(tree, document)
    assert (blamed is None) is matches(tree, document)
    if blamed is None:
        assert all((title if hit.part == "title" else body)[hit.start : hit.end] for hit in found)
        assert found
    else:
        assert found == []
        assert parse(f"{blamed} aba")


def sentences_of(said: list[str]) -> Iterator[tuple[int, int]]:
    """Where any number of whole sentences that follow each other begin and end."""
    for first, last in combinations(range(len(said) + 1), 2):
        begin = len(" ".join(said[:first])) + bool(first)
        yield begin, begin + len(" ".join(said[first:last]))


def between(found: list[Hit]) -> Iterator[tuple[int, int]]:
    """Where any hits that follow each other begin and end."""
    for first, last in combinations_with_replacement(found, 2):
        yield first.start, last.end


def most_terms(found: list[Hit], stretches: Iterable[tuple[int, int]]) -> int:
    """The most different terms that a stretch short enough to be shown holds."""
    return max(
        len({hit.term for hit in found if begin <= hit.start and hit.end <= end})
        for begin, end in stretches
        if end - begin <= 240
    )


WORDS = ("Kosovo", "kosovo", "Косово", "borders", "border", "rain", "fell", "over", "hills", "said")
sentences = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(
    lambda words: f"{' '.join(words).capitalize()}."
)


LONG = ("Border checks went on.", "Kosovo said so.", "Rain " + "fell " * 40 + "over.", "It rained.")


@settings(max_examples=250, deadline=None)
@example(
    ["Borders borders.", *["Borders " + "borders " * 6 + "borders."] * 3, "Kosovo kosovo kosovo kosovo."],
    "border OR kosovo",
)
@example([LONG[0], LONG[2], LONG[1], LONG[3], LONG[0]], "border OR kosovo")
@example([f"Border {LONG[2]}", f"Rain {'fell ' * 12}kosovo."], "border OR kosovo")
@given(
    st.lists(sentences, min_size=1, max_size=14),
    st.sampled_from(("kosovo", "border OR kosovo", "kosovo NEAR/2 border")),
)
def test_a_passage_shows_the_match_in_whole_sentences_with_its_words_as_they_stand(said: list[str], query: str) -> None:
    text = " ".join(said)
    document = analyse(Article("1", "", text, "Courier", language="en"))
    found = hits(parse(query), document)
    passage = excerpt(text, found)
    shown_text = plain(passage)
    assert len(shown_text) <= 240
    begin = text.index(shown_text.strip("…"))
    if not found or most_terms(found, sentences_of(said)) == most_terms(found, between(found)):
        assert begin == 0 or text[begin - 2 : begin] == ". ", "it begins with a sentence"
        assert shown_text.endswith("."), "and ends with one"
    marked = [part.text for part in passage if isinstance(part, Mark)]
    assert bool(marked) is bool(found)
    assert " ".join(marked).split() == [
        text[hit.start : hit.end] for hit in found if begin <= hit.start and hit.end <= begin + len(shown_text)
    ]
