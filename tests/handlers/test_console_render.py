"""How messages look in a terminal, and that no article can make them look otherwise."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from bot.core.message import (
    Action,
    Actions,
    Block,
    Card,
    Code,
    Document,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Pick,
    Picks,
    Picture,
    Rows,
    Strong,
    Text,
    When,
    Where,
    line,
    spans,
)
from bot.core.retelling import retold
from handlers.console.render import NARROWEST, render
from tests.core.test_compose import ENGLISH, LORRY, again

GOLDEN = Path(__file__).parents[1] / "golden"

LONG_URL = "https://example.org/news/2026/11/20/" + "-".join(["border"] * 14) + "?page=2&utm_source=feed#top"
SENTENCE = "More officers will stand at the crossing from December on, the ministry told reporters on Friday."

CARD = Card(
    "Ministry sends more officers to the crossing before the holidays begin in December",
    LONG_URL,
    spans("Granica info · ", When(datetime(2026, 11, 20, tzinfo=UTC), "Europe/Belgrade", "today 09:30"), " · English"),
    spans("More ", Mark("officers"), " will stand at the ", Mark("crossing"), " from December on, the ministry said."),
    spans("Matched ", Strong("Border funding"), " (officers, crossing)"),
)  # fmt: skip
ITEM = Item(
    (Link("Queues at the crossing are the longest in years, hauliers say", LONG_URL),),
    (line("Adriatic Courier · 20 Nov · English", quiet=True), line("The ", Mark("queues"), " began on Monday.")),
    "1.",
)

BLOCKS: dict[str, tuple[Block, ...]] = {
    "picture": (
        line("The week:"),
        Picture("trends.png", b"\x89PNG", "image/png", "Migration: 3, 8, 21 stories a day; Balkans: 4, 4, 5."),
        Picks((Pick("A channel …", Where.CHANNEL, "/subscribe migration"),)),
    ),
    "heading": (
        Heading("Migration"),
        line("Three stories."),
        Heading("Граница " * 15),
        line("None."),
    ),
    "line": (
        line("Type ", Code("/help search"), " shows ", Strong("every"), " form, so does ", Link("a page", LONG_URL)),
        line(SENTENCE, " ", SENTENCE, quiet=True),
        line(Code('/search "border force" OR frontex')),
        line(Link("https://example.org/", "https://example.org/")),
        line(Code("starmer NEAR/5\n              ^")),
    ),
    "item": (
        ITEM,
        Item(spans("A second, shorter one"), (line(SENTENCE),), "10."),
        Heading("Without anything below"),
        Item(spans("One ", Code("/topics"))),
        Item(spans(SENTENCE)),
    ),
    "card": (line("A new story:"), CARD, Actions((Action("Why this?", "/why 7"), Action("Stop", "/unsubscribe 2")))),
    "rows": (
        line("What you hear of:"),
        Rows(
            (
                (spans("1"), spans(Code("topic:migration")), spans("as it happens")),
                (spans("12"), spans(Code('"border force" OR frontex')), spans("every day at 08:00")),
                (spans("13"), spans(Code(" OR ".join(["граница", "kufi", "σύνορα"] * 4))), spans("Mondays at 08:00")),
            ),
            ("No.", "Query", "When"),
        ),
        Rows(((spans("Articles"), spans("1,204")), (spans("Sources"), spans("3")))),
    ),
    "rows_too_wide": (
        Rows(
            ((spans("3"), spans(SENTENCE[:40]), spans(SENTENCE[:45])), (spans("4"), spans("second"), spans("row"))),
            ("No.", "A rather long name", "Another name"),
        ),
        Rows(tuple((spans(word), spans(word * 2), spans(word * 3)) for word in ("unbreakable" * 2, "short"))),
    ),
    "document": (
        line("Two stories."),
        Document("kosovo.csv", f'headline,url\n"A story, told",{LONG_URL}\nB,\n', "text/csv"),
        line("That is all."),
    ),
    "actions": (
        line("What next?"),
        Actions((Action("More", "/search kosovo page:2"), Action("Ring me for this", "/subscribe kosovo"))),
        Actions((Action("A query longer than the line", "/subscribe " + " OR ".join(["kosovo"] * 12)),)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_look_as_they_should(name: str) -> None:
    """Set UPDATE_GOLDEN=1 to write what is rendered now, and look at the difference."""
    shown = render(Message(BLOCKS[name]), width=80, color=False)
    path = GOLDEN / f"console_{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
EVERYTHING = Message(tuple(block for blocks in BLOCKS.values() for block in blocks))


def words_of(shown: str) -> list[str]:
    """The words without the signs that stand for colour, and without the bar that the lines of a card begin with."""
    return re.sub("[*`│]", "", shown).split()


def test_a_reply_says_that_it_is_one() -> None:
    reply = replace(retold(again(LORRY), "Lorry stopped at Horgoš", 2, ENGLISH), in_reply="7")
    shown = render(reply, width=80, color=False)
    path = GOLDEN / "console_again.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    assert shown.startswith("↳ ")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_colour_adds_nothing_but_colour(width: int) -> None:
    coloured = render(EVERYTHING, width=width, color=True)
    assert ESCAPE.search(coloured)
    assert words_of(ESCAPE.sub("", coloured)) == words_of(render(EVERYTHING, width=width, color=False))


def test_colour_tells_marks_and_commands_apart() -> None:
    shown = render(
        Message((line("a ", Mark("word"), " and ", Code("/help"), " ", Strong("now")),)), width=80, color=True
    )
    assert shown == "a \x1b[1;33mword\x1b[0m and \x1b[36m/help\x1b[0m \x1b[1mnow\x1b[0m\n"


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(EVERYTHING, width=80, color=True)
    for name, value in {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    assert render(EVERYTHING, width=80, color=True) == before


UNBROKEN = re.compile(r"https?://|→|unbreakable|/subscribe|──|headline,")


@pytest.mark.parametrize("width", [10, 24, 40, 79, 80, 120, 200])
@pytest.mark.parametrize("color", [False, True])
def test_lines_fit_and_urls_and_commands_stay_whole(width: int, color: bool) -> None:
    shown = ESCAPE.sub("", render(EVERYTHING, width=width, color=color))
    too_long = [row for row in shown.splitlines() if cell_len(row) > max(width, NARROWEST) and not UNBROKEN.search(row)]
    assert too_long == []
    assert shown.count(LONG_URL) == 4
    assert "→ /subscribe " + " OR ".join(["kosovo"] * 12) in shown


def test_an_empty_message_shows_nothing() -> None:
    assert render(Message(()), width=80, color=True) == ""
    assert render(Message((Line(()), line("  "), Actions(()), Rows(()))), width=80, color=True) == ""


HOSTILE = st.text(
    st.sampled_from("ab \n\t\r\x00\x07\x08\x0b\x1b\x7f\x85\x9b[]31mJ;\u2028\u202e\u2066\u200b\ufeff\ud800*`日🙂é\u0301")
    | st.characters(),
    max_size=40,
)
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@settings(deadline=None)
@given(text=HOSTILE, width=st.integers(24, 120), color=st.booleans())
def test_no_article_can_send_an_escape_or_break_the_layout(text: str, width: int, color: bool) -> None:
    card = Card(text, "https://x/" + text, spans(text), spans(Mark(text), text), (Strong(text),))
    item = Item((Link(text, "https://x/" + text), Text(text)), (line(text, Mark(text)),), "1.")
    rows = Rows(((spans(text), (Code(text),)),), (text, text))
    others = (Heading(text), line(text), Actions((Action(text, text),)), Document(text, text, "text/csv"))
    shown = ESCAPE.sub("", render(Message((card, item, rows, *others)), width=width, color=color))
    assert not FORBIDDEN.search(shown)
    shown.encode("utf-8")
    lines = shown.split("\n")
    opening = lines[: next(number for number, row in enumerate(lines) if not row)]
    assert all(row.startswith("│") for row in opening)
    assert all(cell_len(row) <= width for row in opening if "https://" not in row)


@settings(deadline=None)
@given(text=st.text("[]/bold red=link!:smile", min_size=1, max_size=30).filter(str.strip))
def test_markup_and_emoji_codes_are_words(text: str) -> None:
    assert render(Message((Line((Text(text),)),)), width=100, color=False).strip() == text.strip()
