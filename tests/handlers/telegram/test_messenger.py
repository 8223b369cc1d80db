"""Sending over the real client to a strict server, and what becomes of each refusal."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.core.compose import alert_card
from bot.core.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    NoPermission,
    Rejected,
    Throttled,
    Unavailable,
)
from bot.core.message import Action, Actions, Document, Message, Picture, line, plainer
from bot.core.model import Address
from handlers.telegram.client import client
from handlers.telegram.messenger import TelegramMessenger
from handlers.telegram.problems import delivery_error, pause_of
from tests.botapi.server import BotApi, Cut, Fails, Garbage, Outcome
from tests.core.test_compose import ENGLISH, LORRY
from tests.handlers.telegram.conftest import Line, Talk, connected

HERE = Address("telegram", "42")
GROUP = Address("telegram", "-1001", "7")
HELLO = Message((line("Hello."),))


def test_a_message_arrives_as_it_is_meant(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        reference = await here.messenger.send(GROUP, alert_card(LORRY, ENGLISH, [Action("Why?", "/why")]))
        [shown] = api.shown
        assert reference == str(shown.id)
        assert (shown.chat, shown.thread) == (-1001, 7)
        assert shown.text.startswith("Forty people found")
        assert shown.preview == "https://example.org/1"
        assert shown.buttons == [{"text": "Why?", "callback_data": "/why"}]
        assert not shown.silent

    talk(work)


def test_a_reply_answers_the_first_page_of_what_it_is_to_and_does_without_it(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        long = Message((line("word " * 1_500),), in_reply="4711,4712")
        await here.messenger.send(HERE, long)
        replies = [call.get("reply_parameters", "null") for name, call in api.calls if name == "sendMessage"]
        assert [*map(json.loads, replies)] == [{"message_id": 4711, "allow_sending_without_reply": True}, None]

    talk(work)


def test_what_is_silent_makes_no_sound_and_has_no_preview(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.send(HERE, Message((line("Digest"),), silent=True))
        assert api.shown[0].silent
        assert api.shown[0].preview is None

    talk(work)


def test_a_command_too_long_for_a_button_is_kept_by_a_key(api: BotApi, talk: Talk) -> None:
    command = "/subscribe " + " OR ".join(["граница"] * 9)

    async def work(here: Line) -> None:
        await here.messenger.send(HERE, Message((line("x"), Actions((Action("Ring", command), Action("No", "/no"))))))
        long, short = (button["callback_data"] for button in api.shown[0].buttons)
        assert short == "/no"
        assert here.kept == {long.removeprefix("#"): command}

    talk(work)


def test_files_go_as_documents(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        message = Message((line("Here it is."), Document("saved.csv", "naslov\nŽ\n", "text/csv")))
        reference = await here.messenger.send(HERE, message)
        text, file = api.shown
        assert text.text == "Here it is."
        assert file.file == ("saved.csv", "naslov\nŽ\n".encode())
        assert reference == f"{text.id},{file.id}"

    talk(work)


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)


def test_pictures_go_as_photos_with_their_words(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        words = "Stories a day: " + "👩‍👩‍👧‍👦" * 400
        message = Message((line("Trends"), Picture("trends.png", PNG, "image/png", words)), silent=True)
        reference = await here.messenger.send(GROUP, message)
        text, photo = api.shown
        assert reference == f"{text.id},{photo.id}"
        assert photo.file == ("trends.png", PNG)
        assert photo.text.startswith("Stories a day: 👩")
        assert len(photo.text) > 500
        assert (photo.thread, photo.silent) == (7, True)

    talk(work)


def test_a_picture_that_telegram_refuses_is_left_with_its_words(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        message = Message((Picture("trends.png", b"no picture", "image/png", "Stories a day: 3"),))
        with pytest.raises(Rejected):
            await here.messenger.send(HERE, message)
        await here.messenger.send(HERE, plainer(message))
        assert api.shown[0].text == "Stories a day: 3"

    talk(work)


def test_a_message_of_several_pages_goes_on_where_it_stopped(api: BotApi, talk: Talk) -> None:
    long = Message(tuple(line(f"Sentence {number}. " * 60) for number in range(12)))
    spent: list[Address] = []

    async def work(here: Line) -> None:
        here.messenger.spent = spent.append
        api.script["sendMessage"].extend([None, Garbage()])
        with pytest.raises(Unavailable):
            await here.messenger.send(HERE, long)
        first = len(api.shown)
        reference = await here.messenger.send(HERE, long)
        assert first == 1
        assert reference.split(",") == [str(shown.id) for shown in api.shown]
        assert len({shown.text for shown in api.shown}) == len(api.shown) >= 3
        assert len(spent) == len(api.shown)

    talk(work)


def test_an_edit_takes_the_place_of_what_was_sent(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        reference = await here.messenger.send(HERE, HELLO)
        await here.messenger.edit(HERE, reference, Message((line("Goodbye."),)))
        await here.messenger.edit(HERE, reference, Message((line("Goodbye."),)))  # says so already
        assert [(shown.text, shown.edits) for shown in api.shown] == [("Goodbye.", 1)]
        with pytest.raises(Rejected):
            await here.messenger.edit(HERE, "999", HELLO)
        with pytest.raises(Rejected):
            await here.messenger.edit(HERE, "100,101", HELLO)

    talk(work)


def test_a_plainer_message_has_no_parse_mode(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.send(HERE, plainer(Message((line("a <b> & c"),))))
        assert api.shown[0].text == "a <b> & c"
        assert "parse_mode" not in api.calls[-1][1]

    talk(work)


FORBIDDEN = [
    "Forbidden: bot was blocked by the user",
    "Forbidden: user is deactivated",
    "Forbidden: bot was kicked from the supergroup chat",
    "Forbidden: bot was kicked from the group chat",
    "Forbidden: bot is not a member of the channel chat",
    "Forbidden: bot can't initiate conversation with a user",
]
REFUSALS: list[tuple[Outcome, type[DeliveryError]]] = [
    *((Fails(403, text), ChatGone) for text in FORBIDDEN),
    (Fails(400, "Bad Request: chat not found"), ChatGone),
    (Fails(400, "Bad Request: PEER_ID_INVALID"), ChatGone),
    (Fails(400, "Bad Request: not enough rights to send text messages to the chat"), NoPermission),
    (Fails(400, "Bad Request: need administrator rights in the channel chat"), NoPermission),
    (Fails(400, "Bad Request: message thread not found"), NoPermission),
    (Fails(400, "Bad Request: TOPIC_CLOSED"), NoPermission),
    (Fails(403, "Forbidden: bot is restricted in the chat"), NoPermission),
    (Fails(400, "Bad Request: can't parse entities: unsupported start tag"), Rejected),
    (Fails(400, "Bad Request: message is too long"), Rejected),
    (Fails(400, "Bad Request: message text is empty"), Rejected),
    (Fails(400, "Bad Request: BUTTON_DATA_INVALID"), Rejected),
    (Fails(429, "Too Many Requests: retry after 7", {"retry_after": 7}), Throttled),
    (Fails(429, "Too Many Requests"), Throttled),
    (Fails(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1002}), ChatMoved),
    (Fails(401, "Unauthorized"), Throttled),
    (Fails(409, "Conflict: terminated by other getUpdates request"), Unavailable),
    (Fails(500, "Internal Server Error"), Unavailable),
    (Garbage(502), Unavailable),
    (Garbage(504), Unavailable),
    (Cut(after=False), Unavailable),
    (Cut(after=True), Unavailable),
]


@pytest.mark.parametrize(("outcome", "expected"), REFUSALS, ids=lambda value: getattr(value, "description", str(value)))
def test_every_refusal_says_what_to_do_next(
    api: BotApi, talk: Talk, outcome: Outcome, expected: type[DeliveryError]
) -> None:
    async def work(here: Line) -> None:
        api.script["sendMessage"].append(outcome)
        with pytest.raises(DeliveryError) as caught:
            await here.messenger.send(GROUP, HELLO)
        assert type(caught.value) is expected
        assert api.token not in str(caught.value)
        calls = [method for method, _ in api.calls].count("sendMessage")
        assert calls == 1, "the library tries nothing again"
        assert len(api.shown) == (outcome == Cut(after=True))

    talk(work)


def test_what_is_asked_for_is_kept(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        api.script["sendMessage"].extend([Fails(429, "", {"retry_after": 7}), Fails(429, ""), Fails(401, "")])
        api.script["sendMessage"].append(Fails(400, "", {"migrate_to_chat_id": -1002}))
        for wanted in (timedelta(seconds=7), timedelta(minutes=1)):
            with pytest.raises(Throttled) as throttled:
                await here.messenger.send(GROUP, HELLO)
            assert throttled.value.retry_after == wanted
            assert not throttled.value.everyone
        with pytest.raises(Throttled) as refused:
            await here.messenger.send(GROUP, HELLO)
        assert refused.value.everyone
        with pytest.raises(ChatMoved) as moved:
            await here.messenger.send(GROUP, HELLO)
        assert moved.value.new == Address("telegram", "-1002", "7")

    talk(work)


def test_an_edit_of_what_is_gone_is_rejected(api: BotApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        api.script["editMessageText"].append(Fails(400, "Bad Request: message can't be edited"))
        reference = await here.messenger.send(HERE, HELLO)
        with pytest.raises(Rejected):
            await here.messenger.edit(HERE, reference, Message((line("Goodbye."),)))

    talk(work)


@pytest.mark.parametrize("change", [str.upper, str.title, str.lower])
def test_refusals_are_compared_without_case(change: Callable[[str], str]) -> None:
    assert isinstance(delivery_error(BadRequest(change("chat not found")), HERE), ChatGone)
    assert isinstance(delivery_error(BadRequest(change("message thread not found")), HERE), NoPermission)


def test_the_library_s_own_pause_is_read_whatever_its_type() -> None:
    for seconds in (3, timedelta(seconds=3)):
        error = RetryAfter.__new__(RetryAfter)  # to make one warns of the type that is to change
        error.message = "Flood control exceeded"
        error._retry_after = seconds  # type: ignore[assignment]
        assert pause_of(error) == timedelta(seconds=3)
        found = delivery_error(error, HERE)
        assert isinstance(found, Throttled)


def test_a_lost_connection_is_no_refusal_although_a_refusal_is_a_network_error_to_the_library() -> None:
    assert issubclass(BadRequest, NetworkError)
    assert isinstance(delivery_error(TimedOut(), HERE), Unavailable)
    assert isinstance(delivery_error(NetworkError("x"), HERE), Unavailable)
    assert isinstance(delivery_error(TelegramError("x"), HERE), Unavailable)
    assert isinstance(delivery_error(BadRequest("x"), HERE), Rejected)


def test_nobody_there_is_unavailable() -> None:
    async def work() -> None:
        bot = client("1:x", "http://127.0.0.1:9")

        async def keep(_: object) -> None:
            """Nothing."""

        with pytest.raises(Unavailable):
            await TelegramMessenger(bot, keep).send(HERE, HELLO)
        await bot.shutdown()

    asyncio.run(work())


def test_no_line_of_the_log_has_the_token(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    api.token = "123456:very-secret"
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.DEBUG)

    async def work() -> None:
        async with connected(api) as here:
            await here.messenger.send(HERE, HELLO)
            for outcome in (Garbage(), Cut(after=False), Fails(401, "Unauthorized"), Fails(400, "Bad Request")):
                api.script["sendMessage"].append(outcome)
                with pytest.raises(DeliveryError) as caught:
                    await here.messenger.send(HERE, HELLO)
                logging.getLogger("newsbell").error("failed", exc_info=caught.value)

    asyncio.run(work())
    assert "failed" in caplog.text
    assert "very-secret" not in caplog.text
