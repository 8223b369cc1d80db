"""A newsbell without its terminal: a real database, a scripted platform, time as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import Settings
from bot.core.cadence import parse_cadence
from bot.core.message import Message, to_text
from bot.core.model import Address, Article, Chat, SourceKind, Subscription
from bot.core.plan import next_digest
from bot.core.ports import Limits, Session
from bot.jobs.deliver import Delivered
from bot.jobs.intake import Taken
from tests.few_topics import few_topics
from tests.fresh import fresh_store

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def article(title: str = "Frontex opens an office in Skopje", **values: object) -> Article:
    """An article of today, unless told otherwise."""
    base = {"guid": title, "text": f"{title}, officials said on Tuesday.", "source": "Sample Post", "language": "en"}
    return Article(**{**base, "title": title, **values})  # type: ignore[arg-type]


@dataclass
class Platform:
    """A messenger that does what it is told: each send takes the next of `answers`, an error to raise or None."""

    platform: str = "terminal"
    limits: Limits = field(default_factory=Limits)
    sent: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Exception | None] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    edited: list[tuple[str, str]] = field(default_factory=list)
    edits: list[Message] = field(default_factory=list)

    async def send(self, address: Address, message: Message) -> str:
        """Accepts, or fails as scripted."""
        if self.answers and (error := self.answers.pop(0)) is not None:
            raise error
        self.sent.append((str(address), to_text(message)))
        self.messages.append(message)
        return str(len(self.sent))

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Changes what was sent, or fails as scripted."""
        if self.answers and (error := self.answers.pop(0)) is not None:
            raise error
        self.edited.append((reference, to_text(message)))
        self.edits.append(message)


@dataclass
class Newsbell:
    """The app and its platform, with what tests do to them in a word each."""

    app: App
    platform: Platform = field(default_factory=Platform)

    def chat(self, name: str = "local", **settings: object) -> Chat:
        """The chat of this name, with settings."""

        def make(session: Session) -> Chat:
            from dataclasses import replace

            chat = replace(session.chats.ensure(Address("terminal", name), NOW), **settings)  # type: ignore[arg-type]
            session.chats.save(chat)
            return chat

        return self.app.store.write(make)

    def subscribe(
        self, query: str, *, chat: str = "local", cadence: str = "instant", urgent: bool = False, every: bool = False
    ) -> Subscription:
        """A subscription made at NOW."""
        made, parsed = self.chat_of(chat), parse_cadence(cadence)
        assert parsed is not None
        due = next_digest(parsed, made, NOW, "UTC")
        return self.app.store.write(
            lambda session: session.subscriptions.add(
                made, query, NOW, cadence=str(parsed), urgent=urgent, every=every, next_due_at=due
            )
        )

    def chat_of(self, name: str) -> Chat:
        """The chat as it is stored now."""
        return self.app.store.write(lambda session: session.chats.ensure(Address("terminal", name), NOW))

    def take(self, *articles: Article, now: datetime = NOW, ring: bool = True) -> list[Taken]:
        """Hands articles in from one source."""
        source = self.app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
        return list(self.app.intake.take(articles, source, now, ring=ring))

    def deliver(self, now: datetime = NOW) -> Delivered:
        """Everything due leaves."""
        deliver = self.app.deliverer(self.platform, lambda address: True)
        return asyncio.run(self.app.deliver(now, deliver))

    def scan(self, now: datetime = NOW) -> list[str]:
        """One pass over the sources; returns the titles of what was taken."""
        return [entry.archived.article.title for entry in asyncio.run(self.app.scan(now)).taken]

    @property
    def texts(self) -> list[str]:
        """What was sent, in order."""
        return [text for _, text in self.platform.sent]


def empty(database: Path, folder: Path | None = None) -> App:
    """The app on a new database."""
    settings = Settings(database, folder, None, timedelta(seconds=60), "UTC", frozenset())
    return App(settings, fresh_store(database), few_topics())


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Newsbell]:
    """An empty newsbell with a watched folder `inbox`, not yet looked at."""
    app = empty(tmp_path / "n.db", tmp_path / "inbox")
    app.prepare(NOW)
    yield Newsbell(app)
    app.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrivals never wait for company, which many looks one after another have too little of: it is real time."""
    monkeypatch.setattr("bot.jobs.turns.PAUSE_SECONDS", 0)
