"""A Bot API server and a client of it, over real HTTP; every test ends with no call that the Bot API does not know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from handlers.telegram.client import client
from handlers.telegram.messenger import TelegramMessenger
from tests.botapi.server import BotApi, serving


@dataclass
class Line:
    """One client of one server."""

    api: BotApi
    messenger: TelegramMessenger
    kept: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def connected(api: BotApi) -> AsyncIterator[Line]:
    """The server runs, and a messenger talks to it."""
    async with serving(api):
        bot = client(api.token, api.url)
        kept: dict[str, str] = {}

        async def keep(commands: Mapping[str, str]) -> None:
            kept.update(commands)

        line = Line(api, TelegramMessenger(bot, keep), kept)
        try:
            await bot.initialize()
            yield line
        finally:
            await bot.shutdown()


Talk = Callable[[Callable[[Line], Awaitable[None]]], None]


@pytest.fixture
def api() -> Iterator[BotApi]:
    """The server; no test leaves a call behind that it should not have got."""
    made = BotApi()
    yield made
    assert made.violations == []


@pytest.fixture
def talk(api: BotApi) -> Talk:
    """Runs a coroutine with a messenger to the server."""

    def run(work: Callable[[Line], Awaitable[None]]) -> None:
        async def body() -> None:
            async with connected(api) as line:
                await work(line)

        asyncio.run(body())

    return run
