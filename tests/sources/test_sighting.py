"""What is remembered of a source from look to look, and who an item is."""

from __future__ import annotations

import pytest

from bot.sources.feeds.values import Feed, FeedKind, Item
from bot.sources.sighting import REMEMBERED, Memory, Part, articles_of, joined, sight
from bot.sources.web.answers import Validators


def feed(*items: Item, language: str | None = None) -> Feed:
    return Feed(FeedKind.RSS, language=language, items=items)


def test_a_memory_is_read_as_it_was_written() -> None:
    seen = sight(feed(Item("1", title="One"), Item("2", title="Two")), "Wire", Memory())
    memory = Memory(seen.marks, {"https://a.example/1.xml": Part(Validators("https://a.example/1.xml", '"x"'), "d")})
    assert Memory.parse(str(memory)) == memory
    assert sight(feed(Item("1", title="One"), Item("2", title="Two")), "Wire", memory).articles == ()


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "{}", '{"marks": 1, "parts": 3}', '{"marks":"","parts":{"u":[1]}}']
)
def test_a_damaged_memory_is_none_or_harmless(text: str) -> None:
    assert len(sight(feed(Item("1", title="One")), "Wire", Memory.parse(text)).articles) == 1


def test_what_is_newest_comes_last_and_only_what_was_never_seen_is_new() -> None:
    before = Memory(sight(feed(Item("1", title="One")), "Wire", Memory()).marks)
    seen = sight(feed(Item("2", title="Two"), Item("1", title="One, corrected")), "Wire", before)
    assert [article.guid for article in seen.articles] == ["1", "2"]
    assert seen.new == 1


def test_an_item_is_known_by_its_guid_else_its_address_else_its_headline() -> None:
    items = feed(
        Item("a", url="https://x.example/1", title="One"),
        Item("b", url="https://x.example/2?utm_source=y", title="Two"),
        Item("b", url="https://x.example/3", title="Three"),
        Item(None, title="Four"),
    )
    one, two, three, four = (article.guid for article in articles_of(items, "Wire"))
    assert (one, two, three) == ("a", "x.example/2", "x.example/3")
    assert four.startswith("hash:")


def test_a_language_is_the_items_else_the_feeds() -> None:
    said, unsaid = articles_of(feed(Item("1", title="A", language="sr"), Item("2", title="B"), language="en"), "Wire")
    assert (said.language, unsaid.language) == ("sr", "en")
    assert articles_of(feed(Item("1", title="A")), "Wire")[0].language is None


def test_a_summary_stands_in_for_a_text_and_an_item_that_says_nothing_is_no_article() -> None:
    first, second = articles_of(
        feed(Item("1", summary="S"), Item("2", summary="S", text="T"), Item("3", url="https://x.example/")), "Wire"
    )
    assert (first.text, second.text) == ("S", "T")


def test_the_oldest_marks_are_forgotten_past_the_limit() -> None:
    marks = joined(({str(number): "x" for number in range(REMEMBERED)}, {"0": "y", "new": "z"}))
    assert len(marks) == REMEMBERED
    assert marks["0"] == "y"
    assert "1" not in marks
