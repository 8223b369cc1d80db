"""What is left of a message to try when a platform rejects it as it is: every word, no markup, no button."""

from __future__ import annotations

from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Rows,
    Strong,
    Text,
    line,
    plainer,
    spans,
    to_text,
)

CARD = Card(
    "Frontex opens", "https://example.org/1", spans("Wire"), (Mark("Frontex"), Text(" opens")), spans("Matched")
)
MESSAGE = Message(
    (
        Heading("2 new stories"),
        CARD,
        Item((Link("Bridge shut", "https://example.org/2"),), (line("Post", quiet=True),)),
        line(Strong("Also"), " ", Code("/digest"), " ", Link("https://example.org/3", "https://example.org/3")),
        Rows(((spans("a"), spans("b")),)),
        Actions((Action("Mute", "/mute 1"),)),
    ),
    silent=True,
)


def test_every_word_and_address_stays_and_nothing_else() -> None:
    plain = plainer(MESSAGE)
    assert (plain.plain, plain.silent) == (True, True)
    assert all(
        isinstance(block, Line) and all(isinstance(span, Text) for span in block.spans) for block in plain.blocks
    )
    assert to_text(plain).splitlines() == [
        "2 new stories",
        "Frontex opens",
        "Wire",
        "Frontex opens",
        "Matched",
        "https://example.org/1",
        "• Bridge shut",
        "  Post",
        "https://example.org/2",
        "Also /digest https://example.org/3",
        "a | b",
    ]


def test_plainer_than_plain_is_the_same() -> None:
    assert plainer(plainer(MESSAGE)) == plainer(MESSAGE)
