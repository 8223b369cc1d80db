"""The whole of Slack around a newsroom: a strict server, people, and the bot as `newsbell run` builds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.errors import ConfigError
from bot.core.model import Address, Chat
from bot.core.pacing import UNLIMITED
from bot.slack import Slack
from tests.handlers.newsroom import Newsroom
from tests.slackapi.people import People
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import Envelope, Shown

ANA = Address("slack", "U1")
DESK = Address("slack", "C1")


@dataclass
class Slackroom:
    """A bot that is listening; `said` is what it told whoever runs it."""

    api: SlackApi
    people: People
    room: Newsroom
    slack: Slack
    running: asyncio.Future[None]
    said: list[str] = field(default_factory=list)

    async def done(self, envelope: Envelope) -> Envelope:
        """It is acknowledged, and answered if it ever will be."""
        await self.api.until(lambda: envelope.acks)
        await self.slack.settled(30)
        return envelope

    async def commands(self, text: str, user: str = "U1", channel: str = "") -> Shown:
        """A slash command; the answer's last message."""
        return await self.answered(self.people.commands(text, user, channel))

    async def writes(self, text: str, user: str = "U1", **more: Any) -> Shown:
        """A message in the conversation with the bot; the answer's last message."""
        return await self.answered(self.people.writes(text, user, **more))

    async def mentions(self, text: str, user: str = "U1", channel: str = "C1", thread: str | None = None) -> Shown:
        """A mention; the answer's last message."""
        return await self.answered(self.people.mentions(text, user, channel, thread))

    async def presses(self, shown: Shown, label: str, user: str = "U1") -> Shown:
        """A button; the last message there is then."""
        await self.done(await self.people.presses(shown, label, user))
        return self.api.shown[-1]

    async def answered(self, happens: Any) -> Shown:
        """The last message when what happens is acknowledged and answered; fails where nothing is answered."""
        before = len(self.api.shown)
        await self.done(await happens)
        assert len(self.api.shown) > before, "nothing was answered"
        return self.api.shown[-1]

    async def ignores(self, happens: Any) -> None:
        """It is acknowledged, and nothing is answered."""
        before = len(self.api.shown)
        await self.done(await happens)
        assert len(self.api.shown) == before, self.api.shown[-1].seen

    async def deliver(self) -> None:
        """What is due leaves through the bot's own sender."""
        app = self.room.app
        await app.deliver(self.room.now, app.delivery([self.slack.sender], lambda _: True))

    def chat(self, address: Address = ANA) -> Chat:
        """The chat as it is stored."""
        return self.room.chat(address)

    def subscriptions(self, address: Address = ANA) -> list[str]:
        """The queries a chat is subscribed to."""
        read = self.room.app.store.read
        chat = read(lambda session: session.chats.at(address))
        return [entry.query for entry in read(lambda s: s.subscriptions.of_chat(chat.id))] if chat else []


@asynccontextmanager
async def slackroom(api: SlackApi, room: Newsroom) -> AsyncIterator[Slackroom]:
    """The bot of this newsroom, listening on this server."""
    async with serving(api), listening(api, room) as opened:
        yield opened


@asynccontextmanager
async def listening(api: SlackApi, room: Newsroom) -> AsyncIterator[Slackroom]:
    """The bot of this newsroom on a server that runs already; ended, it has stopped in good order."""
    settings = replace(room.app.settings, slack_token=api.bot_token, slack_app_token=api.app_token, slack_api=api.url)
    app = replace(room.app, settings=settings)
    app.__dict__["services"] = room.services
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        telling.append(asyncio.ensure_future(api.tell()))

    telling: list[asyncio.Future[None]] = []
    opened, stop = api.opened, asyncio.Event()
    async with app.network() as network:
        slack = Slack(app, network, say, lambda: room.now, pauses=(0.01, 0.01, 0.01))
        slack.sender.pace.rates = UNLIMITED  # what paces is tested where time is simulated
        running = asyncio.ensure_future(slack.run(stop))
        running.add_done_callback(lambda _: telling.append(asyncio.ensure_future(api.tell())))
        await api.until(lambda: api.opened > opened or running.done())
        try:
            yield Slackroom(api, People(api), room, slack, running, said)
        finally:
            stop.set()
            with suppress(ConfigError):
                await running
            await asyncio.gather(*telling)
            await slack.close()
