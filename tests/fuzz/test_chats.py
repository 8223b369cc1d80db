"""Whatever people type, and whatever platforms send: nothing fails but what is said to be wrong."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import User

from bot.core.message import Message, to_text
from bot.core.model import Address
from handlers.console.inbound import LINE_LIMIT, lines
from handlers.console.render import render as to_terminal
from handlers.registry import registry
from handlers.request import Request
from handlers.slack.client import Client
from handlers.slack.inbound import Inbound
from handlers.slack.spoken import Speech
from handlers.telegram.client import client
from handlers.telegram.inbound import Polling
from handlers.telegram.updates import Happening, Heard
from tests.fuzz.soup import bytes_soup, damaged, fuzzed, soup
from tests.growth import grows_in_step, repeated
from tests.handlers.newsroom import NOW, Newsroom, found, open_newsroom

VERBS = tuple(f"/{command.verb} " for command in registry())
WORDS = (
    *VERBS, *VERBS, "migration", "kosovo", "1", "2", "0", "-1", "99999999999999999999", "²", "daily 08:00",
    "weekly Mon", "urgent", "every", "08:00", "25:00", "timezone ", "quiet 22:00-07:00", "max ", "language sr",
    "reads en,sr", "page:", "page:2", "since:7d", '"', "(", ")", " OR ", "-", "*", "NEAR/3", "https://",
    "http://[", "off", "on", "saved", "subscriptions", "yes", "terminal:local", "telegram:-1/2", " ", "#",
    "@newsbell_bot", "сачувано", "\t",
)  # fmt: skip


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("fuzz")
    found(folder / "template.db")
    newsroom = open_newsroom(folder / "news.db", folder / "template.db")
    yield newsroom
    newsroom.app.close()


@contextmanager
def nothing_fails() -> Iterator[None]:
    """No error is logged meanwhile: what fails inside is caught at the edge, said to be a fault of ours, and logged."""
    failed: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            failed.append(logging.Formatter().format(record))

    keeping = Keeping(logging.ERROR)
    logging.getLogger().addHandler(keeping)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(keeping)
    assert failed == []


def said(room: Newsroom, text: str, *, admin: bool = False) -> Message:
    """The answer to a line, whatever it is."""
    request = Request(Address("terminal", "fuzz"), text, NOW, admin, metered=False)
    with nothing_fails():
        return room.app.answer(request).message


@fuzzed
@given(st.lists(soup(*WORDS, most=6), min_size=1, max_size=4), st.booleans())
def test_whatever_is_typed_is_answered(room: Newsroom, typed: Sequence[str], admin: bool) -> None:
    for text in typed:
        answer = said(room, text, admin=admin)
        assert to_text(answer).strip()
        assert "\0" not in to_terminal(answer, width=80, color=False)


@fuzzed
@given(bytes_soup(b"/search ", b"\n", b"\r", b"\0", b"\xff", b"\xd0\x91", b"a" * 20_000, b"\x1b[2J", b"\x04", b"\x1a"))
def test_whatever_comes_through_a_pipe_is_lines(data: bytes) -> None:
    class Pipe(io.StringIO):
        def fileno(self) -> int:
            raise io.UnsupportedOperation

        def read(self, size: int | None = -1, /) -> str:
            return super().read(7_000)

    async def work() -> list[str]:
        return [line async for line in lines(Pipe(data.decode("utf-8", "replace")), interactive=False)]

    for line in asyncio.run(work()):
        assert line.isprintable() or not any(character in "\0\n\r\x1b" for character in line)
        assert len(line.encode()) <= LINE_LIMIT + 3


USER = {"id": 42, "is_bot": False, "first_name": "Ana", "language_code": "sr"}
PRIVATE = {"id": 42, "type": "private", "first_name": "Ana"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Desk", "is_forum": True}
MESSAGE = {
    "message_id": 7,
    "date": 1_773_000_000,
    "chat": PRIVATE,
    "from": USER,
    "text": "/search kosovo",
    "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
}
UPDATES: list[dict[str, Any]] = [
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 2, "edited_message": {**MESSAGE, "chat": GROUP, "text": "/why@newsbell_bot", "message_thread_id": 5}},
    {
        "update_id": 3,
        "channel_post": {**MESSAGE, "chat": {"id": -1002, "type": "channel", "title": "C"}, "sender_chat": GROUP},
    },
    {
        "update_id": 4,
        "message": {**MESSAGE, "reply_to_message": {**MESSAGE, "text": "Frontex"}, "is_topic_message": True},
    },
    {"update_id": 5, "message": {**MESSAGE, "text": "", "location": {"latitude": 44.8, "longitude": 20.4}}},
    {
        "update_id": 6,
        "message": {**MESSAGE, "document": {"file_id": "a", "file_unique_id": "b", "file_name": "s.opml"}},
    },
    {"update_id": 7, "message": {**MESSAGE, "chat": GROUP, "migrate_to_chat_id": -1003}},
    {"update_id": 8, "message": {**MESSAGE, "chat_shared": {"request_id": 1, "chat_id": -1001, "title": "Desk"}}},
    {
        "update_id": 9,
        "callback_query": {"id": "1", "from": USER, "chat_instance": "1", "message": MESSAGE, "data": "/mute 1"},
    },
    {"update_id": 10, "inline_query": {"id": "1", "from": USER, "query": "kosovo", "offset": "2"}},
    {
        "update_id": 11,
        "my_chat_member": {
            "chat": GROUP,
            "from": USER,
            "date": 1_773_000_000,
            "old_chat_member": {"status": "left", "user": USER},
            "new_chat_member": {"status": "member", "user": USER},
        },
    },
]


@pytest.fixture(scope="module")
def polling() -> Polling:
    async def act(_: Sequence[Happening]) -> None:
        """Nothing is acted on."""

    bot = client("123456:fuzz-fuzz-fuzz-fuzz", "http://127.0.0.1:9")
    bot._bot_user = User(1, "newsbell", is_bot=True, username="newsbell_bot")
    return Polling(bot, act, lambda _: None, [command.verb for command in registry()])


@fuzzed
@given(damaged(UPDATES))
def test_whatever_telegram_sends_is_understood_or_passed_over(
    room: Newsroom, polling: Polling, update: dict[str, Any]
) -> None:
    if not isinstance(update, dict):
        return  # `_fetch` takes nothing else
    happening = polling._read(update)
    if isinstance(happening, Heard) and isinstance(happening.text, str):
        said(room, happening.text)


COMMAND = {"command": "/newsbell", "text": "search kosovo", "user_id": "U1", "channel_id": "C1", "channel_name": "desk",
           "trigger_id": "1", "response_url": "https://example.org/r"}  # fmt: skip
BUTTON = {
    "type": "block_actions", "user": {"id": "U1"}, "channel": {"id": "C1", "name": "desk"}, "trigger_id": "1",
    "container": {"type": "message"}, "message": {"ts": "1.2", "thread_ts": "1.1", "text": "x", "blocks": []},
    "actions": [{"action_id": "say:1", "value": "/mute 1", "action_ts": "1.3"}], "response_url": "https://example.org/r",
}  # fmt: skip
SHORTCUT = {**BUTTON, "type": "message_action", "action_ts": "1", "message": {"text": "Frontex", "blocks": [
    {"type": "section", "text": {"type": "mrkdwn", "text": "<https://example.org/a|A>"}},
    {"type": "actions", "elements": [{"value": "/save 3"}]}]}}  # fmt: skip
FORM = {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "hash": "h", "callback_id": "subscribe",
        "private_metadata": "C1", "state": {"values": {"query": {"a": {"type": "plain_text_input", "value": "kosovo"}},
        "when": {"a": {"type": "static_select", "selected_option": {"value": "instant"}}},
        "more": {"a": {"type": "checkboxes", "selected_options": [{"value": "urgent"}]}}}}}}  # fmt: skip
SPOKEN = {"type": "event_callback", "event_id": "E1", "event": {"type": "app_mention", "user": "U1", "channel": "C1",
          "text": "<@UBOT> search kosovo", "ts": "1.1"}}  # fmt: skip
JOINED = {
    "type": "event_callback",
    "event_id": "E2",
    "event": {"type": "member_joined_channel", "user": "UBOT", "channel": "C1"},
}
HOME = {"type": "event_callback", "event_id": "E3", "event": {"type": "app_home_opened", "user": "U1", "channel": "D1"}}
READERS = ("command", "pressed", "asked_why", "submitted", "event")
ENVELOPES: list[dict[str, Any]] = [COMMAND, BUTTON, SHORTCUT, FORM, SPOKEN, JOINED, HOME]


@pytest.fixture(scope="module")
def inbound() -> Inbound:
    async def act(happening: Any) -> dict[str, Any] | None:
        """Nothing is acted on."""
        heard.append(happening)
        return None

    heard: list[Any] = []
    speech = Speech("/newsbell", [command.verb for command in registry()])
    made = Inbound(Client("xoxb-fuzz", "http://127.0.0.1:9/api/"), "xapp-fuzz", speech, act, lambda _: None)
    made.bot = "UBOT"
    made.heard = heard  # type: ignore[attr-defined]
    return made


def acknowledged(inbound: Inbound, body: Any, reader: str) -> None:
    """Slack is told once that this came, whatever it is."""
    from handlers.slack import events

    answers: list[object] = []

    async def ack(*answer: object) -> None:
        answers.append(answer)

    def read(body: Any, speech: Speech) -> Any:
        return events.event(body, speech, "UBOT") if reader == "event" else getattr(events, reader)(body, speech)

    asyncio.run(inbound._listener(read)(ack, body))  # type: ignore[arg-type]
    assert len(answers) == 1, "Slack would send it again for ever"


@fuzzed
@given(damaged(ENVELOPES), st.sampled_from(READERS))
def test_whatever_slack_sends_is_acknowledged_and_passed_over_or_understood(
    room: Newsroom, inbound: Inbound, body: dict[str, Any], reader: str
) -> None:
    acknowledged(inbound, body, reader)
    text = getattr(inbound.heard[-1], "text", None) if inbound.heard else None  # type: ignore[attr-defined]
    if isinstance(text, str):
        said(room, text)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("body", [None, [], 7, "text", {}])
def test_what_is_no_object_at_all_is_acknowledged_and_passed_over(inbound: Inbound, body: Any, reader: str) -> None:
    acknowledged(inbound, body, reader)


@pytest.mark.parametrize(
    "piece", ["/", "/search ", "a ", '"', "<@U1>", "&amp;", "08:00 ", "-", "daily ", "е\u0301", "page:2 ", "@"]
)
def test_a_line_twice_as_long_takes_no_more_than_three_times_as_long(room: Newsroom, piece: str) -> None:
    speech = Speech("/newsbell", [command.verb for command in registry()])

    def answer(text: str) -> None:
        speech.within(speech.meant(text))
        said(room, f"/subscribe {text}")

    grows_in_step(repeated(piece), answer, 4_000, 16_000)
