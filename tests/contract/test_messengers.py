"""The Messenger port: what every platform's messenger promises, whatever it speaks to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count

import pytest
from aiohttp import ClientSession

from bot.cli.live import JsonLines
from bot.core.errors import DeliveryError, Rejected, Throttled, Unavailable
from bot.core.message import Message, Text, line, plainer
from bot.core.model import Address
from bot.core.pacing import UNLIMITED, Rates
from bot.core.ports import Messenger
from handlers.console.messenger import ConsoleMessenger
from tests.botapi.server import BotApi
from tests.botapi.server import Cut as BotApiCut
from tests.handlers.slack.test_messenger import connected as slack_connected
from tests.handlers.telegram.conftest import connected
from tests.slackapi.server import SlackApi
from tests.slackapi.state import Channel, Cut
from tests.soak.loopback import HttpMessenger, Server, serving
from tests.strict import Enforcer, StrictPlatform

Opened = Callable[[], AbstractAsyncContextManager[Messenger]]

MESSAGES = (
    Message((line("news"),)),
    Message((line("quiet news"),), silent=True),
    Message((line(Text("\x1b[2J <b>&amp; \u202e 𝕏 " + "long " * 2_000)),)),
    plainer(Message((line("plain news"),))),
)


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: str(next(numbers))


@asynccontextmanager
async def console() -> AsyncIterator[Messenger]:
    yield ConsoleMessenger(
        lambda _: None, numbered(), width=lambda: 80, color=False, own=Address("terminal", "local"), bell="\a"
    )


@asynccontextmanager
async def json_lines() -> AsyncIterator[Messenger]:
    yield JsonLines(numbered())


@asynccontextmanager
async def strict() -> AsyncIterator[Messenger]:
    yield StrictPlatform(latency=0)


@asynccontextmanager
async def loopback() -> AsyncIterator[Messenger]:
    with serving(Server()) as server:
        async with ClientSession() as session:
            yield HttpMessenger(server.url, session, UNLIMITED)


@asynccontextmanager
async def telegram() -> AsyncIterator[Messenger]:
    api = BotApi()
    async with connected(api) as line:
        yield line.messenger
    assert api.violations == []


@asynccontextmanager
async def slack() -> AsyncIterator[Messenger]:
    api = SlackApi()
    api.channels |= {f"chat{number}": Channel(f"chat{number}", "x", {"UBOT"}) for number in range(9)}
    api.channels["local"] = Channel("local", "x", {"UBOT"})
    async with slack_connected(api) as line:
        yield line.messenger
    assert api.violations == []


EVERY = pytest.mark.parametrize("opened", [console, json_lines, strict, loopback, telegram, slack])


@EVERY
def test_every_message_is_accepted_and_has_a_reference_of_its_own(opened: Opened) -> None:
    async def send() -> list[str]:
        async with opened() as messenger:
            chats = [Address(messenger.platform, f"chat{number}", "") for number in range(len(MESSAGES))]
            return [await messenger.send(chat, message) for chat, message in zip(chats, MESSAGES, strict=True)]

    references = asyncio.run(send())
    assert len(set(references)) == len(MESSAGES)
    assert all(isinstance(reference, str) and reference for reference in references)


@EVERY
def test_it_says_what_its_platform_permits(opened: Opened) -> None:
    async def look() -> None:
        async with opened() as messenger:
            assert messenger.platform
            assert messenger.limits.text >= 4096
            assert isinstance(messenger.limits.rates, Rates)
            assert messenger.limits.rates.in_flight >= 1

    asyncio.run(look())


@pytest.mark.parametrize("opened", [console, json_lines, strict, telegram, slack])
def test_where_it_says_so_it_edits_and_elsewhere_it_refuses(opened: Opened) -> None:
    async def edit() -> None:
        async with opened() as messenger:
            chat = Address(messenger.platform, "local")
            reference = await messenger.send(chat, MESSAGES[0])
            if messenger.limits.edits:
                await messenger.edit(chat, reference, MESSAGES[1])
            else:
                with pytest.raises(Rejected):
                    await messenger.edit(chat, reference, MESSAGES[1])

    asyncio.run(edit())


def closed(_: str) -> None:
    raise OSError("closed")


@asynccontextmanager
async def closed_console() -> AsyncIterator[Messenger]:
    yield ConsoleMessenger(closed, numbered(), width=lambda: 80, color=False, own=Address("terminal", "local"))


@asynccontextmanager
async def nobody_listening() -> AsyncIterator[Messenger]:
    with serving(Server()) as server:
        url = server.url
    async with ClientSession() as session:
        yield HttpMessenger(url, session, UNLIMITED)


@asynccontextmanager
async def too_fast() -> AsyncIterator[Messenger]:
    with serving(Server(enforcer=Enforcer(overall=1))) as server:
        async with ClientSession() as session:
            messenger = HttpMessenger(server.url, session, UNLIMITED)
            await messenger.send(Address(messenger.platform, "first"), MESSAGES[0])
            yield messenger


@asynccontextmanager
async def telegram_unreachable() -> AsyncIterator[Messenger]:
    api = BotApi()
    async with connected(api) as line:
        api.script["sendMessage"].append(BotApiCut(after=False))
        yield line.messenger


@asynccontextmanager
async def telegram_too_fast() -> AsyncIterator[Messenger]:
    api = BotApi(clock=lambda: 0.0)
    async with connected(api) as line:
        for _ in range(3):
            await line.messenger.send(Address("telegram", "local"), MESSAGES[0])
        yield line.messenger


@asynccontextmanager
async def slack_unreachable() -> AsyncIterator[Messenger]:
    api = SlackApi()
    async with slack_connected(api) as line:
        api.script["chat.postMessage"].append(Cut(after=False))
        yield line.messenger


@asynccontextmanager
async def slack_too_fast() -> AsyncIterator[Messenger]:
    api = SlackApi(clock=lambda: 0.0, channels={"local": Channel("local", "x", {"UBOT"})})
    async with slack_connected(api) as line:
        for _ in range(3):
            await line.messenger.send(Address("slack", "local"), MESSAGES[0])
        yield line.messenger


@pytest.mark.parametrize(
    ("opened", "error"),
    [
        (closed_console, Unavailable),
        (nobody_listening, Unavailable),
        (too_fast, Throttled),
        (telegram_unreachable, Unavailable),
        (telegram_too_fast, Throttled),
        (slack_unreachable, Unavailable),
        (slack_too_fast, Throttled),
    ],
)
def test_what_goes_wrong_is_a_delivery_error_that_says_what_to_do(opened: Opened, error: type[DeliveryError]) -> None:
    async def send() -> None:
        async with opened() as messenger:
            with pytest.raises(error):
                await messenger.send(Address(messenger.platform, "local"), MESSAGES[0])

    asyncio.run(send())
