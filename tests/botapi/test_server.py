"""The Bot API server of the tests is as strict as it says: what it lets pass is what the others rely on."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.botapi.markup import CannotParse, parse
from tests.botapi.server import BotApi, serving
from tests.botapi.table import Violation, check_commands, read_call

SEND = {"chat_id": "42", "text": "Hello"}


def keyboard(*rows: list[dict[str, str]]) -> str:
    return json.dumps({"inline_keyboard": list(rows)})


BUTTON = {"text": "x", "callback_data": "/x"}


@pytest.mark.parametrize(
    "call",
    [
        SEND,
        {**SEND, "disable_notification": "true", "message_thread_id": "7"},
        {**SEND, "link_preview_options": '{"is_disabled": true}'},
        {**SEND, "reply_markup": keyboard([BUTTON] * 8, [{"text": "x", "url": "https://example.org"}])},
    ],
)
def test_what_the_table_describes_passes(call: dict[str, Any]) -> None:
    assert read_call("sendMessage", call)["chat_id"] == 42


@pytest.mark.parametrize(
    "call",
    [
        {"chat_id": "42"},
        {"text": "x"},
        {**SEND, "colour": "red"},
        {**SEND, "disable_notification": "yes"},
        {**SEND, "disable_notification": "1"},
        {**SEND, "message_thread_id": '"7"'},
        {**SEND, "link_preview_options": '{"disabled": true}'},
        {**SEND, "link_preview_options": "[]"},
        {**SEND, "reply_markup": keyboard([BUTTON] * 9)},
        {**SEND, "reply_markup": keyboard(*[[BUTTON] * 8] * 13)},
        {**SEND, "reply_markup": keyboard([])},
        {**SEND, "reply_markup": keyboard([{"text": "x"}])},
        {**SEND, "reply_markup": keyboard([{"text": " ", "callback_data": "x"}])},
        {**SEND, "reply_markup": keyboard([{**BUTTON, "url": "https://example.org"}])},
        {**SEND, "reply_markup": keyboard([{"text": "x", "callback_data": "ж" * 33}])},
        {**SEND, "reply_markup": keyboard([{"text": "x", "callback_data": ""}])},
    ],
)
def test_what_it_does_not_is_refused(call: dict[str, Any]) -> None:
    with pytest.raises(Violation):
        read_call("sendMessage", call)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(Violation):
        read_call("sendPigeon", {})


@pytest.mark.parametrize("name", ["Start", "sta-rt", "", "x" * 33])
def test_commands_have_plain_names(name: str) -> None:
    with pytest.raises(Violation):
        check_commands([{"command": name, "description": "x"}])


@pytest.mark.parametrize(
    "html",
    [
        "a < b", "a > b", "a & b", "&nbsp;", "&#60;", "<b>x", "x</b>", "<b><i>x</b></i>", "<h1>x</h1>",
        '<b class="x">y</b>', "<a>x</a>", '<a href="javascript:x">y</a>', '<a href="https://e.org/ x">y</a>',
        "<code><b>x</b></code>",
        "<b><code>x</code></b>", "<b><b>x</b></b>", "<blockquote><blockquote>x</blockquote></blockquote>",
        '<tg-time unix="soon">x</tg-time>', '<tg-time unix="1" format="xx">x</tg-time>', "<tg-time>x</tg-time>",
    ],
)  # fmt: skip
def test_markup_that_is_none_is_refused(html: str) -> None:
    with pytest.raises(CannotParse):
        parse(html)


def test_markup_is_read_in_utf_16_units() -> None:
    text, entities = parse('\U0001f514 <b>a &lt; b</b> <a href="https://e.org/?a=1&amp;b=2">x</a>')
    assert text == "\U0001f514 a < b x"
    assert [(entity.tag, entity.offset, entity.length) for entity in entities] == [("b", 3, 5), ("a", 9, 1)]
    assert entities[1].value == "https://e.org/?a=1&b=2"


def test_it_paces_chats_groups_and_everybody() -> None:
    api, now = BotApi(), 0.0
    api.clock = lambda: now

    async def work() -> None:
        nonlocal now

        async def send(chat: int) -> int:
            call = {"chat_id": str(chat), "text": "x"}
            async with session.post(f"{api.url}/bot1:x/sendMessage", data=call) as answer:
                body = await answer.json()
                return int(body.get("parameters", {}).get("retry_after", 0))

        async with serving(api), aiohttp.ClientSession() as session:
            assert [bool(await send(42)) for _ in range(4)] == [False] * 3 + [True]
            now += 1
            assert not await send(42)
            now += 100
            assert [bool(await send(1000 + number)) for number in range(31)] == [False] * 30 + [True]
            paused = []
            for _ in range(21):
                now += 2
                paused.append(await send(-5))
            assert [bool(pause) for pause in paused] == [False] * 20 + [True]
            assert paused[-1] == pytest.approx(60 - 20 * 2, abs=2)

    asyncio.run(work())
    assert api.violations == []


def test_updates_are_handed_out_until_they_are_confirmed() -> None:
    api = BotApi()

    async def work() -> None:
        async with serving(api), aiohttp.ClientSession() as session:

            async def ask(**call: int) -> list[int]:
                async with session.post(f"{api.url}/bot1:x/getUpdates", data=call) as answer:
                    return [update["update_id"] for update in (await answer.json())["result"]]

            for number in (5, 6):
                await api.push({"update_id": number})
            assert await ask() == [5, 6]
            assert await ask(limit=1) == [5]
            assert await ask(offset=6) == [6]
            assert await ask(offset=7) == []
            waiting = asyncio.ensure_future(ask(offset=7, timeout=20))
            await api.until(lambda: api.polls == 5)
            await api.push({"update_id": 8})
            assert await waiting == [8]

    asyncio.run(work())
