"""The whole of Telegram around a newsroom: a strict server, people, and the bot as `newsbell run` builds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.core.model import Address, Chat
from bot.core.pacing import UNLIMITED
from bot.telegram import Telegram
from tests.botapi.people import People
from tests.botapi.server import BotApi, Shown, serving
from tests.handlers.newsroom import Newsroom

ANA = Address("telegram", "42")


@dataclass
class Chatroom:
    """A bot that is listening; `said` is what it told whoever runs it."""

    api: BotApi
    people: People
    room: Newsroom
    telegram: Telegram
    said: list[str] = field(default_factory=list)

    async def asks(self, text: str, chat: int = 42, **more: object) -> Shown:
        """Somebody says it; the answer's last message."""
        before = len(self.api.shown)
        update = await self.people.says(text, chat, **more)
        await self.done(update["update_id"])
        await self.telegram.settled(30)
        await self.api.until(lambda: len(self.api.shown) > before)
        return self.api.shown[-1]

    async def ignores(self, text: str, chat: int = 42, **more: object) -> None:
        """Somebody says it, and nothing is answered."""
        before = len(self.api.shown)
        update = await self.people.says(text, chat, **more)
        await self.done(update["update_id"])
        await self.telegram.settled(30)
        assert len(self.api.shown) == before, self.api.shown[-1].text

    async def presses(self, shown: Shown, label: str, user: int = 42) -> Shown:
        """Somebody presses a button; the last message there is then."""
        press = await self.people.presses(shown, label, user)
        await self.done(int(press.removeprefix("press")) + 2)
        await self.telegram.settled(30)
        assert press in self.api.answered
        return self.api.shown[-1]

    async def done(self, update_id: int) -> None:
        """The update is confirmed, which it is when it has been answered or cannot be for now."""
        await self.api.until(lambda: self.api.confirmed >= update_id)

    async def deliver(self) -> None:
        """What is due leaves through the bot's own sender."""
        app = self.room.app
        await app.deliver(self.room.now, app.delivery([self.telegram.sender], lambda _: True))

    def chat(self, address: Address = ANA) -> Chat:
        """The chat as it is stored."""
        return self.room.chat(address)


@asynccontextmanager
async def chatroom(api: BotApi, room: Newsroom) -> AsyncIterator[Chatroom]:
    """The bot of this newsroom, listening on this server."""
    async with serving(api), listening(api, room) as opened:
        yield opened


@asynccontextmanager
async def listening(api: BotApi, room: Newsroom) -> AsyncIterator[Chatroom]:
    """The bot of this newsroom on a server that runs already; ended, it has stopped in good order."""
    settings = replace(room.app.settings, telegram_token=api.token, telegram_api=api.url)
    app = replace(room.app, settings=settings)
    app.__dict__["services"] = room.services
    said: list[str] = []
    polls, stop = api.polls, asyncio.Event()
    async with app.network() as network:
        telegram = Telegram(app, network, said.append, lambda: room.now, pauses=(0.01, 0.01, 0.01))
        telegram.sender.pace.rates = UNLIMITED  # what paces is tested where time is simulated
        running = asyncio.ensure_future(telegram.run(stop))
        await api.until(lambda: api.polls > polls or running.done())
        try:
            yield Chatroom(api, People(api), room, telegram, said)
        finally:
            stop.set()
            await running
            await telegram.close()
