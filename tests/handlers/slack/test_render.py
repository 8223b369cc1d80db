"""How messages look in Slack, and that no article can make one that Slack refuses, that wakes or misleads anybody."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.compose import alert_card
from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Document,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Rows,
    Text,
    When,
    line,
    plainer,
    spans,
)
from bot.core.pieces import cleaned
from handlers.slack.markup import URL, linkable
from handlers.slack.render import BLOCKS, Page, Rendered, blocks_of, render, slim
from handlers.slack.spoken import Speech, is_public, unmarked
from tests.core.test_compose import ENGLISH, LORRY
from tests.handlers.telegram.test_render import ANY_BLOCK, FOUR, MESSAGES, said_in_order
from tests.slackapi.blocks import check_message
from tests.slackapi.mrkdwn import Read, read

GOLDEN = Path(__file__).parents[2] / "golden"
SPEECH = Speech(verbs=frozenset(("search", "subscribe", "settings", "digest", "why", "mute", "save", "help")))


def as_shown(page: Page) -> str:
    """A page as a file can hold it: its text, then its blocks, one a line."""
    return page.text + "\n---\n" + "\n".join(json.dumps(block, ensure_ascii=False) for block in page.blocks)


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name: str) -> None:
    rendered = render(MESSAGES[name], SPEECH)
    text = "\n\n=====\n\n".join(map(as_shown, rendered.pages))
    text += "".join(f"\nfile: {file.name}" for file in rendered.files) + "\n"
    path = GOLDEN / f"slack_{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert_valid(rendered)


def assert_valid(rendered: Rendered) -> str:
    """Slack would take every page, and nobody is woken; all that is read."""
    seen = ""
    for page in rendered.pages:
        assert 1 <= len(page.text) <= 4000
        assert page.text.strip()
        beside = read(page.text)
        assert not beside.wakes
        assert not beside.links
        seen += (check_message(list(page.blocks)) if page.blocks else beside.text) + "\n"
    return seen


def links(rendered: Rendered) -> list[tuple[str, str]]:
    """Every link of the message, as (label, URL)."""
    texts = re.findall(r'"text": "((?:[^"\\]|\\.)*)"', json.dumps([page.blocks for page in rendered.pages]))
    return [link for text in texts for link in read(json.loads(f'"{text}"')).links]


def letters(text: str) -> str:
    """What is read, whatever blanks, marks and joints it is set with."""
    return re.sub(r"[\s\xa0\u200b*`·:]+", "", cleaned(text))


PINGS = (
    "<!channel>", "<!here>", "<!everyone|x>", "<@U1>", "<#C1|desk>", "<!subteam^S1>", "@channel", "<https://evil.example|ok>",
    "<!date^1^{date}|x>", "&lt;!channel&gt;", "a|b>c", "```", "`*_~", "https://e.org/|x><!channel>",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_BLOCK, min_size=1, max_size=5), st.sampled_from(PINGS), st.booleans())
def test_slack_takes_whatever_an_article_holds_and_it_reads_as_it_is(
    blocks: list[object], ping: str, is_plain: bool
) -> None:
    hostile = Card(ping, f"https://example.org/{ping}", spans(ping), spans(Mark(ping)), spans(Code(ping)))
    message = Message((*blocks, hostile), plain=is_plain)  # type: ignore[arg-type]
    rendered = render(message, SPEECH)
    seen = assert_valid(rendered)
    said = Message(tuple(block for block in message.blocks if not isinstance(block, Actions)))
    shown = re.sub(r"^\+\d+ ↓$", "", seen, flags=re.MULTILINE)
    assert letters(shown) in (letters(said_in_order(said)), letters(said_in_order(slim(said))))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.sampled_from(PINGS))
@example('"><script>', "<https://evil.example|ok>")
def test_a_link_leads_to_its_article_whatever_the_headline_says(text: str, ping: str) -> None:
    card = Card(f"{ping} {text}", "https://example.org/a|b>c<d", spans(text, ping), spans(Mark(text + ping)))
    for label, url in links(render(Message((card, Item((Link(text + ping, "https://example.org/2"),)))), SPEECH)):
        assert url in ("https://example.org/a%7Cb%3Ec%3Cd", "https://example.org/2")
        assert letters(label) in (letters(f"{ping} {text}"), letters(text + ping))


def test_a_page_of_channel_pings_pings_nobody() -> None:
    message = Message((Heading("<!channel>"), line("<!here> <@U1>"), Rows(((spans("<#C1>"), spans("<!channel>")),))))
    [page] = render(message, SPEECH).pages
    assert "&lt;!channel&gt;" in page.text
    assert "<!channel>" not in json.dumps(page.blocks)


@pytest.mark.parametrize("text", ["<" * 10_000, "&" * 10_000, "👩‍👩‍👧‍👦" * 900, "Ж" * 9_000, "`" * 9_000])
def test_ten_thousand_of_anything(text: str) -> None:
    card = Card(text, "https://example.org/1", spans("Outlet"), spans(Mark(text)), spans("Matched ", Code(text)))
    rendered = render(Message((card,)), SPEECH)
    assert_valid(rendered)


def big_digest(stories: int, excerpt: int) -> Message:
    items = [
        Item((Link(f"Headline {number} " + "of a story " * 10, f"https://example.org/{number}"),),
             (line("Outlet · today", quiet=True), line("Words of the passage. " * excerpt)))
        for number in range(stories)
    ]  # fmt: skip
    return Message((Heading("Digest"), *items, line("Footer", quiet=True), Actions(FOUR)))


def test_a_digest_too_long_loses_its_passages_first_and_no_story() -> None:
    [whole] = render(big_digest(20, 5), SPEECH).pages
    [slim] = render(big_digest(20, 60), SPEECH).pages
    assert "Words of the passage" in json.dumps(whole.blocks)
    assert "Words of the passage" not in json.dumps(slim.blocks)
    assert all(f"Headline {number} " in json.dumps(slim.blocks) for number in range(20))


def test_what_still_does_not_fit_is_n_more_in_the_thread() -> None:
    rendered = render(big_digest(120, 60), SPEECH)
    assert_valid(rendered)
    first, *later = rendered.pages
    assert len(first.blocks) <= BLOCKS
    assert first.blocks[-1]["type"] == "actions"
    [more] = [block for block in first.blocks if "↓" in json.dumps(block, ensure_ascii=False)]
    assert f"+{sum(len(page.blocks) for page in later)} ↓" == more["elements"][0]["text"]
    together = json.dumps([page.blocks for page in rendered.pages])
    assert all(f"Headline {number} " in together for number in range(120))
    assert all(block["type"] != "actions" for page in later for block in page.blocks)


def test_commands_read_as_they_are_typed_in_slack() -> None:
    [page] = render(Message((line("Try ", Code("/search kosovo"), " or ", Code("/x")),)), SPEECH).pages
    assert page.blocks[0]["text"]["text"] == "Try `/newsbell search kosovo` or `/x`"
    assert page.text == "Try /newsbell search kosovo or /x"
    own = line("Search: /search kosovo. See https://e.org/search/help, and/or /x.")
    [page] = render(Message((own, Item(spans("/search is down")))), SPEECH).pages
    assert "Search: /newsbell search kosovo. See https://e.org/search/help, and/or /x." in page.text
    assert "• /search is down" in page.text
    other = Speech("/bell", SPEECH.verbs)
    assert "`/bell search x`" in json.dumps(blocks_of(Message((line(Code("/search x")),)), other, "say"))


def test_a_moment_is_shown_in_the_reader_s_own_zone() -> None:
    at = datetime(2026, 3, 29, 6, 56, tzinfo=UTC)
    message = Message((line("Next: ", When(at, "Europe/Belgrade", "today 08:56 <x>")),))
    [page] = render(message, SPEECH).pages
    written = page.blocks[0]["text"]["text"]
    assert written == "Next: <!date^1774767360^{date_short_pretty} {time}|today 08:56 &lt;x&gt;>"
    assert read(written) == Read("Next: today 08:56 <x>", dates=[1774767360])
    assert page.text == "Next: today 08:56 &lt;x&gt;"
    far = When(at + timedelta(days=99_999), "UTC", "one day")
    assert "<!date" not in json.dumps(render(Message((line(far),)), SPEECH).pages[0].blocks)


def test_a_mark_within_a_word_is_still_a_mark() -> None:
    [page] = render(Message((line(Text("in"), Mark("side"), Text("out ok "), Mark("end"), Text(".")),)), SPEECH).pages
    assert page.blocks[0]["text"]["text"] == "in\u200b*side*\u200bout ok *end*."


def test_a_place_in_a_query_is_pointed_at_below_it() -> None:
    [page] = render(Message((line("No."), line(Code("starmer NEAR/5")), line(Code("       ^")))), SPEECH).pages
    assert "```starmer NEAR/5\n       ^```" in page.blocks[0]["text"]["text"]


def test_quiet_lines_are_set_small() -> None:
    [page] = render(Message((line("Said."), Line(spans("Hint."), quiet=True))), SPEECH).pages
    assert [block["type"] for block in page.blocks] == ["section", "context"]


def test_buttons_hold_their_commands_and_keep_to_the_limits() -> None:
    many = Actions(tuple(Action(f"Button {number} " * 20, f"/b {'x' * 3000}{number}") for number in range(60)))
    rendered = render(Message((line("x"), many)), SPEECH)
    assert_valid(rendered)
    rows = [block for block in rendered.pages[0].blocks if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [25, 25, 10]
    assert len({element["action_id"] for row in rows for element in row["elements"]}) == 60
    assert all(element["value"].startswith("#") for row in rows for element in row["elements"])


def test_a_plainer_message_has_no_blocks() -> None:
    [page] = render(plainer(alert_card(LORRY, ENGLISH, FOUR)), SPEECH).pages
    assert page.blocks == ()
    assert "Forty people" in page.text


def test_a_file_goes_beside_the_text() -> None:
    rendered = render(Message((line("Here:"), Document("saved.csv", "a,b\n", "text/csv"))), SPEECH)
    assert [page.text for page in rendered.pages] == ["Here:"]
    assert [file.name for file in rendered.files] == ["saved.csv"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "ftp://example.org", "https://e.org/" + "a" * URL])
def test_what_is_no_address_is_not_linked(url: str) -> None:
    assert linkable(url) is None


def test_nothing_to_say_still_is_a_message() -> None:
    assert render(Message(()), SPEECH).pages[0].text == "…"
    assert render(Message((line("\u2028"),)), SPEECH).pages[0].blocks


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("search kosovo", "/search kosovo"),
        ("Search: kosovo", "/search kosovo"),
        ("kosovo", "kosovo"),
        ("kosovo border", "kosovo border"),
        ("serch kosovo", "/serch kosovo"),
        ("", ""),
        ("/search kosovo", "/search kosovo"),
        ('"border force" -x', '"border force" -x'),
    ],
)
def test_what_is_typed_behind_the_slash_command(typed: str, meant: str) -> None:
    assert SPEECH.meant(typed) == meant


def test_everybody_sees_what_is_asked_for_in_public() -> None:
    assert is_public("public search kosovo") == (True, "search kosovo")
    assert is_public("search public") == (False, "search public")
    assert is_public("public") == (False, "public")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("source:<http://bbc.co.uk|bbc.co.uk>", "source:bbc.co.uk"),
        ("<https://example.org|a page>", "https://example.org"),
        ("<#C1|desk> <@U2|ana> <!here>", "#desk @ana @here"),
        ("<mailto:a@e.org|a@e.org>", "a@e.org"),
    ],
)
def test_what_slack_makes_of_typed_text_is_undone(sent: str, typed: str) -> None:
    assert unmarked(sent) == typed
