"""How messages look in Telegram, and that no article can make one that Telegram refuses or that reads otherwise."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.compose import Group, alert_card, alerts, digest
from bot.core.following import Further
from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Document,
    Heading,
    Item,
    Link,
    Mark,
    Message,
    Rows,
    Span,
    Strong,
    Text,
    line,
    plainer,
    spans,
    to_text,
)
from bot.core.retelling import retold
from handlers.telegram.pieces import LIMIT, cleaned
from handlers.telegram.render import ENTITIES, HREF, Page, render
from tests.botapi.markup import parse, units
from tests.core.test_compose import EIGHT, ENGLISH, FUND, GROUPS, LORRY, TALKS, UNDATED, again
from tests.handlers.test_console_render import BLOCKS

GOLDEN = Path(__file__).parents[2] / "golden"

FOUR = tuple(
    Action(label, f"/{label.split()[0].lower()} 1") for label in ("Follow", "Mute story", "Save", "Irrelevant")
)
MESSAGES = {
    "alert": alert_card(LORRY, ENGLISH, FOUR),
    "alert_grown": alert_card(replace(LORRY, grown=("Save Herald", "Granica info")), ENGLISH, FOUR),
    "again": retold(again(LORRY), "Lorry stopped at Horgoš", 2, ENGLISH),
    "again_several": retold(again(LORRY, FUND), "Lorry stopped at Horgoš", 3, ENGLISH),
    "again_outlets": retold(again(LORRY, further=Further.OUTLETS), "Lorry stopped at Horgoš", 8, ENGLISH),
    "alert_bare": alerts([UNDATED], ENGLISH),
    "alerts": alerts([LORRY, FUND, TALKS, UNDATED], ENGLISH),
    "digest": digest(GROUPS, ENGLISH, since=EIGHT - timedelta(days=1), due_at=EIGHT, more="/digest page:2"),
    "digest_empty": digest([Group("Migration", (), 0)], ENGLISH, due_at=EIGHT),
    **{f"block_{name}": Message(blocks) for name, blocks in BLOCKS.items()},
}


def as_shown(page: Page) -> str:
    """A page as a file can hold it: its HTML, its buttons, and what is previewed."""
    rows = "".join("\n" + " ".join(f"[{action.label}: {action.command}]" for action in row) for row in page.rows)
    return page.text + rows + (f"\npreview: {page.preview}" if page.preview else "")


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name: str) -> None:
    rendered = render(MESSAGES[name])
    text = "\n\n=====\n\n".join(map(as_shown, rendered.pages))
    text += "".join(f"\npick: {pick.label} {pick.where} {pick.command}" for pick in rendered.picks)
    text += "".join(f"\nfile: {file.name}" for file in rendered.files) + ("\nsilent" if rendered.silent else "") + "\n"
    path = GOLDEN / f"telegram_{name}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert_valid(MESSAGES[name])


def assert_valid(message: Message) -> str:
    """Telegram would take every page; returns all that is read."""
    rendered = render(message)
    seen = ""
    for page in rendered.pages:
        text, entities = (page.text, []) if rendered.plain else parse(page.text)
        assert 1 <= units(text) <= LIMIT
        assert text.strip()
        assert len(entities) <= ENTITIES
        assert all(0 < len(row) <= 8 for row in page.rows)
        assert sum(map(len, page.rows)) <= 100
        seen += text + "\n"
    return seen


def letters(text: str) -> str:
    """What is read, whatever blanks it is set with."""
    return re.sub(r"[\s\xa0]+", "", cleaned(text))


TRAPS = "<>&\"'/=#;abc \n\t\u200b\u200d\u202e\u05d0\u0627\u0301\U0001f468\U0001f3fd\ud83d\udc00\x00\x1b"
MARKUP = ["</a>", "<b>", "&amp;", "&#60;", "&quot;", "<tg-time unix=1>", "]]>", "<!--", "a" * 300]
NASTY = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.text(st.sampled_from(TRAPS), max_size=60),
    st.sampled_from([*MARKUP, "\U0001f469\u200d\U0001f467" * 40]),
)
LONG = st.builds(lambda text, times: (text or "x") * times, NASTY, st.sampled_from([1, 1, 1, 3, 200]))
URLS = st.one_of(st.just("https://example.org/?a=1&b=\"<x>'"), NASTY.map("https://example.org/{}".format), NASTY)
SPANS: st.SearchStrategy[tuple[Span, ...]] = st.lists(
    st.one_of(st.builds(Text, LONG), st.builds(Strong, NASTY), st.builds(Mark, NASTY), st.builds(Code, NASTY),
              st.builds(Link, NASTY, URLS)),
    min_size=1, max_size=6,
).map(tuple)  # fmt: skip
ANY_BLOCK = st.one_of(
    st.builds(Heading, LONG),
    st.builds(lambda parts: line(*parts), SPANS),
    st.builds(lambda parts, below: Item(parts, (line(*below),)), SPANS, SPANS),
    st.builds(Card, LONG, st.none() | URLS, SPANS, SPANS, SPANS),
    st.builds(lambda a, b: Rows(((a, b), (b, a))), SPANS, SPANS),
    st.builds(lambda label, command: Actions((Action(label, command),) * 11), NASTY, NASTY),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_BLOCK, min_size=1, max_size=5), st.booleans())
def test_telegram_takes_whatever_an_article_holds_and_it_reads_as_it_is(blocks: list[object], is_plain: bool) -> None:
    message = Message(tuple(blocks), plain=is_plain)  # type: ignore[arg-type]
    seen = assert_valid(message)
    said = Message(tuple(block for block in message.blocks if not isinstance(block, Actions)))
    expected = said_in_order(said)
    if re.search(r"\w", expected):
        assert letters(seen).replace("·", "").replace(":", "") == expected.replace("·", "").replace(":", "")


def said_in_order(message: Message) -> str:
    """Every word of the blocks, as `to_text` has them without what only it writes."""
    bare = [replace(block, url=None) if isinstance(block, Card) else block for block in message.blocks]
    rows = [block for block in bare if not isinstance(block, Rows)]
    assert to_text(Message(tuple(rows))) is not None
    parts: list[str] = []
    for block in bare:
        if isinstance(block, Rows):
            shown = [[letters("".join(span.text for span in cell)) for cell in row] for row in block.rows]
            parts += ["".join(row) for row in shown]
        else:
            parts.append(to_text(Message((block,))))
    return letters("".join(parts))


@pytest.mark.parametrize("text", ["<" * 10_000, "&" * 10_000, "👩‍👩‍👧‍👦" * 900, "é" * 9_000, "Ж" * 9_000])
def test_ten_thousand_of_anything(text: str) -> None:
    card = Card(text, "https://example.org/1", spans("Outlet"), spans(Mark(text)), spans("Matched ", Code(text)))
    seen = assert_valid(Message((card,)))
    assert letters(seen) == letters(text + "Outlet" + text + "Matched " + text)


def test_a_long_text_is_cut_behind_sentences() -> None:
    sentences = " ".join(f"This is sentence number {number} of a long report." for number in range(400))
    pages = render(Message((line(sentences),))).pages
    assert len(pages) > 3
    for page in pages:
        assert page.text.startswith("This is")
        assert page.text.rstrip().endswith("report.")


def test_no_page_ends_within_an_emoji_of_several_parts() -> None:
    family = "👩🏽‍👩🏿‍👧‍👦"
    for page in render(Message((line(family * 1000),))).pages:
        assert page.text.replace(family, "") == ""


def test_a_digest_too_long_for_a_message_goes_on_between_two_stories() -> None:
    item = Item((Link("A headline " * 12, "https://example.org/a"),), (line("Outlet · today", quiet=True),))
    message = Message((Heading("Digest"), line(Strong("Migration"), " · 60"), *[item] * 60, Actions(FOUR)))
    pages = render(message).pages
    assert len(pages) > 1
    assert all(page.text.count("<blockquote expandable>") == 1 for page in pages)
    assert all(parse(page.text)[0].rstrip().endswith("today") for page in pages)
    assert [bool(page.rows) for page in pages] == [False] * (len(pages) - 1) + [True]


def test_more_than_a_hundred_formatted_stretches_are_two_messages() -> None:
    message = Message(tuple(line(Code(str(number))) for number in range(150)))
    assert len(render(message).pages) == 2
    assert_valid(message)


def test_only_an_alert_has_a_preview_and_at_most_four_buttons() -> None:
    many = Actions(tuple(Action(f"B{number}", f"/b {number}") for number in range(9)))
    alert, listed = alerts([LORRY], ENGLISH), alerts([LORRY, FUND], ENGLISH)
    [page] = render(Message((*alert.blocks, many))).pages
    assert page.preview == "https://example.org/1"
    assert sum(map(len, page.rows)) == 4
    [page] = render(Message((*listed.blocks, many))).pages
    assert page.preview is None
    assert sum(map(len, page.rows)) == 9


def test_a_plainer_message_has_no_markup_at_all() -> None:
    rendered = render(plainer(alert_card(LORRY, ENGLISH, FOUR)))
    [page] = rendered.pages
    assert rendered.plain
    assert "<" not in page.text
    assert page.rows == ()
    assert page.preview is None


def test_a_file_goes_beside_the_text() -> None:
    rendered = render(Message((line("Here:"), Document("saved.csv", "a,b\n", "text/csv"))))
    assert [page.text for page in rendered.pages] == ["Here:"]
    assert [file.name for file in rendered.files] == ["saved.csv"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "ftp://example.org", "https://e.org/" + "a" * HREF])
def test_what_is_no_address_is_not_linked(url: str) -> None:
    assert render(Message((line(Link("words", url)),))).pages[0].text == "words"


def test_nothing_that_can_be_seen_still_is_a_message() -> None:
    assert render(Message((line("\u200b\u2060"),))).pages[0].text == "…"
