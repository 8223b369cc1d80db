"""The small rules of the shared values: addresses, errors as text, messages as plain text."""

from __future__ import annotations

import pytest

from bot.core.errors import BotError, QuerySyntaxError, UserError
from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Document,
    Heading,
    Item,
    Link,
    Message,
    Rows,
    Strong,
    line,
    spans,
    to_text,
)
from bot.core.model import Address
from bot.core.words import Words


@pytest.mark.parametrize("text", ["terminal:local", "telegram:-100123/45", "slack:C1/1699.001", "terminal:a:b"])
def test_an_address_reads_back(text: str) -> None:
    assert str(Address.parse(f" {text} ")) == text


@pytest.mark.parametrize("text", ["", "terminal", "terminal:", ":local", "terminal:/3"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="PLATFORM:CHAT"):
        Address.parse(text)


def test_an_error_speaks_the_persons_language_and_offers_a_way_out() -> None:
    error = UserError("times.bad_time", text="25:00", suggestion="23:00")
    assert str(error) == "“25:00” is not a time of day. Write 08:00, 8, 20h or 8 pm. Try: 23:00"
    assert error.say(Words("sr-Latn")).startswith("„25:00“ nije vreme.")
    assert isinstance(error, BotError)


def test_a_query_error_counts_positions_from_one_for_people() -> None:
    error = QuerySyntaxError("times.bad_time", 4, text="x")
    assert (error.position, error.details["position"]) == (4, 5)


def test_every_block_has_a_plain_text() -> None:
    message = Message(
        (
            Heading("Digest"),
            line("See ", Code("/help"), " or ", Link("this", "https://example.org")),
            Item(spans(Strong("One")), (line("below", quiet=True), line("again")), "1."),
            Card("Headline", "https://example.org/1", spans("Wire"), spans("Passage"), spans("Why")),
            Card("Bare", None, spans("Wire")),
            Rows(((spans("a"), spans("b")),), ("A", "B")),
            Document("saved.csv", "a,b", "text/csv"),
            Actions((Action("More", "/digest more"),)),
        )
    )
    assert to_text(message).splitlines() == [
        "Digest",
        "See /help or this",
        "1. One",
        "  below",
        "  again",
        "Headline",
        "Wire",
        "Passage",
        "Why",
        "https://example.org/1",
        "Bare",
        "Wire",
        "A | B",
        "a | b",
        "saved.csv",
        "[More: /digest more]",
    ]
