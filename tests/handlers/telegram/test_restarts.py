"""The process dies at every moment between a command and its confirmation: it is carried out once, and answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import fields, replace

import pytest

from bot.core.message import Message, line
from bot.core.model import Address
from bot.core.pacing import UNLIMITED
from bot.core.ports import Session
from bot.owing import _PLAIN, Heard
from bot.telegram import Telegram
from handlers.request import Request
from handlers.task import Answer
from tests.botapi.people import People
from tests.botapi.server import BotApi, serving
from tests.handlers.conftest import room, template
from tests.handlers.newsroom import NOW, Newsroom
from tests.handlers.telegram.chatroom import ANA, listening
from tests.handlers.telegram.test_conversations import subscriptions

__all__ = ["room", "template"]


class Killed(BaseException):
    """What nothing catches."""


Break = Callable[[Telegram], None]


def before_effect(telegram: Telegram) -> None:
    """It has the update, and dies."""

    def answer(request: Request) -> Answer:
        raise Killed

    telegram._app.__dict__["answer"] = answer


def after_effect(telegram: Telegram) -> None:
    """It has committed, and dies before it says so."""
    real = telegram._app.answer

    def answer(request: Request) -> Answer:
        real(request)
        raise Killed

    telegram._app.__dict__["answer"] = answer


def before_answer(telegram: Telegram) -> None:
    """The answer must wait for so long that Telegram is asked for more meanwhile, and then it dies."""

    async def send(address: Address, message: Message) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    telegram.sender.messenger.send = send  # type: ignore[method-assign]


def after_answer(telegram: Telegram) -> None:
    """Telegram has the answer, and it dies before it has noted that."""
    real = telegram.sender.messenger.send

    async def send(address: Address, message: Message) -> str:
        await real(address, message)
        raise Killed

    telegram.sender.messenger.send = send  # type: ignore[method-assign]


def before_confirmation(telegram: Telegram) -> None:
    """Everything is done, and it dies before Telegram is told."""
    real = telegram._polling._act

    async def act(happenings: object) -> None:
        await real(happenings)  # type: ignore[arg-type]
        raise Killed

    telegram._polling._act = act


@asynccontextmanager
async def doomed(api: BotApi, room: Newsroom, breaks: Break) -> AsyncIterator[asyncio.Future[None]]:
    """The bot until its death, of which it is not told: nothing that it does then reaches the store or Telegram."""
    app = replace(room.app, settings=replace(room.app.settings, telegram_token=api.token, telegram_api=api.url))
    app.__dict__["services"] = room.services
    async with app.network() as network:
        telegram = Telegram(app, network, lambda _: None, lambda: room.now, pauses=(0.01,))
        telegram.sender.pace.rates = UNLIMITED
        breaks(telegram)
        running = asyncio.ensure_future(telegram.run(asyncio.Event()))
        try:
            yield running
        finally:
            for task in (*telegram._conversation._under_way, running):
                task.cancel()
            with suppress(asyncio.CancelledError, Killed):
                await running
            await telegram.close()


def test_what_was_heard_reads_back_as_it_was() -> None:
    full = Request(
        Address("telegram", "-1001", "7"), "/why «x»", NOW, True, "Ana", "e", ANA, False, True, "Desk", "sr", False
    )
    assert {field.name for field in fields(Request)} == set(_PLAIN) | {"address", "now", "speaker"}
    for heard in (Heard(full, "17", ANA, line("In Desk:", quiet=True)), Heard(Request(ANA, "x", NOW))):
        assert Heard.parse(str(heard), NOW) == heard


@pytest.mark.parametrize(("text", "begins"), [("/subscribe kosovo", "Subscribed"), ("/search kosovo", "`kosovo`")])
@pytest.mark.parametrize(
    "breaks",
    [before_effect, after_effect, before_answer, after_answer, before_confirmation],
    ids=lambda way: way.__name__,
)
def test_whenever_it_dies_a_command_is_carried_out_once_and_answered(
    api: BotApi, room: Newsroom, breaks: Break, text: str, begins: str
) -> None:
    async def work() -> None:
        async with serving(api):
            people = People(api)
            async with doomed(api, room, breaks) as running:
                update = await people.says(text)
                await _has_died(api, running, breaks, update["update_id"])
            async with listening(api, room) as here:
                here.people.numbers = people.numbers
                await here.done(update["update_id"])
                await here.telegram.settled(30)
                await here.asks("/start")
                said = [shown.text for shown in api.shown]
                assert said.pop().startswith("Welcome")
                _well(breaks, text, begins.replace("`", ""), said)
                assert subscriptions(here, ANA) == (["kosovo"] if text.startswith("/sub") else [])
                left = here.room.app.store.read(_owed)
                assert left == {}

    asyncio.run(work())


def _owed(session: Session) -> dict[str, str]:
    return session.conversations.unanswered()


async def _has_died(api: BotApi, running: asyncio.Future[None], breaks: Break, update_id: int) -> None:
    """It has come as far as it comes."""
    if breaks in (before_answer, after_answer):
        await api.until(lambda: api.confirmed >= update_id)
    else:
        await asyncio.wait([running], timeout=20)
        assert api.confirmed < update_id


def _well(breaks: Break, text: str, begins: str, said: list[str]) -> None:
    """One answer, by whichever process; only a death between Telegram's answer and our note of it makes two."""
    changes = text.startswith("/subscribe")
    carried_out = f"{text} was carried out"
    if breaks is after_answer:
        assert len(said) == 2
        assert said[0].startswith(begins)
        assert said[1].startswith(carried_out if changes else begins)
        return
    [answer] = said
    lost = changes and breaks in (after_effect, before_answer)
    assert answer.startswith(carried_out if lost else begins)
