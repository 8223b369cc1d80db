"""A chat against a real database that holds ten articles: what a person types, and what comes back as plain lines."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.core.errors import Rejected
from bot.core.message import Message, to_text
from bot.core.model import Address, Article, Chat, SourceKind
from bot.core.ports import Limits
from bot.core.space import Room, Space
from handlers.dispatch import dispatch
from handlers.request import Request
from handlers.services import Services
from store.database import open_store
from tests.few_topics import few_topics

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
"""A Monday."""

HERE = Path(__file__).parent
LOCAL = Address("terminal", "local")


@dataclass
class Paper:
    """A messenger that keeps what it is given, as `write` writes it: the text alone, unless it is told otherwise."""

    write: Callable[[Address, Message], str] = lambda _, message: to_text(message)
    platform: str = "terminal"
    limits: Limits = field(default_factory=Limits)
    printed: list[str] = field(default_factory=list)

    async def send(self, address: Address, message: Message) -> str:
        """Accepts everything."""
        self.printed.append(self.write(address, message))
        return str(len(self.printed))

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """What is printed stays."""
        raise Rejected("printed")


@dataclass
class Newsroom:
    """An installation and one person at its terminal."""

    app: App
    services: Services
    now: datetime = NOW
    paper: Paper = field(default_factory=Paper)

    def answer(self, text: str, *, admin: bool = False, address: Address = LOCAL) -> Message:
        """The answer to what somebody says now."""
        return dispatch(Request(address, text, self.now, admin), self.services)

    def say(self, text: str, *, admin: bool = False, address: Address = LOCAL) -> str:
        """The answer as plain lines."""
        return to_text(self.answer(text, admin=admin, address=address))

    def chat(self, address: Address = LOCAL) -> Chat:
        """The chat as it is stored."""
        found = self.app.store.read(lambda session: session.chats.at(address))
        assert found is not None
        return found

    def take(self, *articles: Article) -> None:
        """Articles arrive now, from a fetched source, and ring."""
        source = self.app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
        list(self.app.intake.take(articles, source, self.now))

    def deliver(self) -> list[str]:
        """What is due now, as it is printed."""
        before = len(self.paper.printed)
        asyncio.run(self.app.deliver(self.now, self.app.deliverer(self.paper, lambda _: True)))
        return self.paper.printed[before:]

    def wait(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)


def articles() -> list[Article]:
    """The ten articles."""
    rows = [json.loads(line) for line in (HERE / "articles.jsonl").read_text().splitlines()]
    return [Article(**{**row, "published_at": datetime.fromisoformat(row["published_at"])}) for row in rows]


SPACE = Space(Room(412_000_000, 3_100_000, 44_000_000_000))
"""What every newsroom takes of its disk, and what is free there."""


def found(path: Path) -> None:
    """Makes the database at `path`, its articles archived an hour before NOW without ringing."""
    earlier = NOW - timedelta(hours=1)
    app = _app(path, earlier)
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.FOLDER, "/news", "news"))
    list(app.intake.take(articles(), source, earlier, ring=False))
    app.close()


def open_newsroom(path: Path, template: Path) -> Newsroom:
    """A newsroom on a copy of a database that `found` has made; close its app."""
    shutil.copy(template, path)
    app = _app(path, NOW)
    services = Services(
        app.store, app.topics, "UTC", Path("inbox"), "1.2.3", space=lambda _: SPACE, opml=app.services.opml
    )
    return Newsroom(app, services)


def _app(path: Path, now: datetime) -> App:
    settings = Settings(path, None, None, timedelta(seconds=60), "UTC", frozenset())
    return App(settings, open_store(path, now=now), few_topics())
