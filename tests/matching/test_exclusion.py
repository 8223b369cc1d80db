"""What to leave out: it removes unwanted articles, and never one that was wanted."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Archived, Article
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.exclusion import Exclusion, Seen, exclusion
from bot.matching.query import parse
from bot.matching.text import analyse

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def seen(title: str, text: str = "", source: str = "Wire") -> Seen:
    article = Article(title, title, text, source, language="en")
    return Archived(1, article, NOW, NOW, "en", 1), analyse(article)


def left_out(query: str, unwanted: list[Seen], wanted: list[Seen]) -> str | None:
    found = exclusion(parse(query), unwanted, wanted)
    return str(found.query) if found else None


def test_a_word_of_the_headline_that_nothing_wanted_has() -> None:
    unwanted = [seen("Frontex wins football cup", "The team of Frontex celebrated with border police.")]
    wanted = [seen("Frontex team celebrated at the border", "A cup of tea, said police, and a football.")]
    assert left_out("frontex", unwanted, wanted) == "frontex -wins"
    assert left_out("frontex", unwanted, []) in ("frontex -football", "frontex -wins")


def test_the_word_that_most_unwanted_share() -> None:
    unwanted = [seen(f"Frontex {first} football") for first in ("plays", "likes", "hosts")]
    assert left_out("frontex", unwanted, [seen("Frontex plays hosts")]) == "frontex -football"


def test_an_outlet_that_all_of_several_are_of() -> None:
    unwanted = [seen(f"Frontex {word}", source="Sport Daily") for word in ("aaaa", "bbbb", "cccc")]
    assert left_out("frontex", unwanted, [seen("Frontex dddd")]) == 'frontex -source:"Sport Daily"'
    assert left_out("frontex", unwanted, [seen("Frontex dddd", source="Sport Daily")]) == "frontex -aaaa"


def test_what_made_it_match_is_no_exclusion_and_nothing_may_be_left() -> None:
    assert left_out("frontex OR nato", [seen("Frontex and NATO")], []) is None
    assert left_out("fronte*", [seen("Frontex")], []) is None
    assert left_out("frontex", [seen("Frontex sails")], [seen("Frontex sails again")]) is None


def test_it_stands_beside_an_or_in_brackets() -> None:
    assert left_out("frontex OR nato", [seen("NATO football")], []) == "(frontex OR nato) -football"


words = st.sampled_from(("alpha", "bravo", "charlie", "delta", "echoes", "foxtrot"))
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, max_size=4))
def test_nothing_wanted_goes_and_as_much_unwanted_as_is_said(unwanted: list[str], wanted: list[str]) -> None:
    query = parse("hotel")
    bad, good = ([seen(f"hotel {text}") for text in some] for some in (unwanted, wanted))
    found: Exclusion | None = exclusion(query, bad, good)

    def kept(some: list[Seen], by: Exclusion) -> list[Document]:
        return [document for _, document in some if matches(by.query, document)]

    if found is not None:
        assert parse(str(found.query)) == found.query
        assert len(kept(good, found)) == len(good)
        assert len(bad) - len(kept(bad, found)) == found.removed > 0
    else:
        assert all(any(word in text for text in wanted) for some in unwanted for word in some.split())
