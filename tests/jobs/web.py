"""A web of scripted answers: values, no sockets; feeds as tests write them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from bot.core.errors import Missing
from bot.core.model import POLLED, Source, SourceKind
from bot.jobs.pages import Pages, Reading
from bot.jobs.scan import Scan, Scanned
from bot.jobs.whole import Whole
from bot.sources.feeds.values import Feed
from bot.sources.fulltext import Reading as Found
from bot.sources.fulltext import fulltext
from bot.sources.pages import ArticlePages
from bot.sources.polled import Polled
from bot.sources.reading import read
from bot.sources.web.answers import FEED, Answer, Ask, Validators
from bot.sources.web.robots import Robots
from tests.jobs.conftest import NOW, Newsbell

WIRE = "https://wire.example/feed"


@dataclass(frozen=True)
class Entry:
    """An item of a feed as a test writes it."""

    guid: str
    title: str
    text: str = ""
    at: datetime | None = NOW
    url: str | None = None


def rss(*entries: Entry, language: str = "en") -> bytes:
    """An RSS feed of these items."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{escape(entry.guid)}</guid><title>{escape(entry.title)}</title>"
        f"<link>{escape(entry.url or f'https://wire.example/{entry.guid}')}</link>"
        f"<description>{escape(entry.text or f'{entry.title}, officials said on Tuesday.')}</description>"
        + (f"<pubDate>{format_datetime(entry.at)}</pubDate>" if entry.at else "")
        + "</item>"
        for entry in entries
    )
    head = f"<title>Wire</title><language>{language}</language>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


@dataclass
class Web:
    """An `Http` that answers as scripted: a body, an error, or an event to wait for before the body."""

    pages: dict[str, bytes | Exception] = field(default_factory=dict)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        """What is scripted; unchanged bodies are a 304 when they were asked for with what they came with."""
        if ask.permit is not None:
            await ask.permit(url, now)
        self.asked.append(url)
        self.asks.append(ask)
        if url in self.slow:
            await self.slow[url].wait()
        page = self.pages.get(url, Missing(f"{url}: answers 404 Not Found"))
        if isinstance(page, Exception):
            raise page
        home = self.moved.get(url, url)
        kind = "text/html" if page.startswith(b"<html") else "application/rss+xml"
        answer = Answer(200, home, body=page, content_type=kind, moved_to=self.moved.get(url))
        known = Validators(home, f'"{answer.digest}"')
        if ask.known == known:
            return replace(answer, status=304, body=None, validators=known)
        return replace(answer, validators=known)


async def reader(kind: SourceKind, body: bytes, content_type: str | None, base_url: str | None) -> Feed:
    """Reads here and now."""
    return read(kind, body, content_type, base_url)


async def extractor(page: bytes, title: str, summary: str, charset: str | None) -> Found:
    """Extracts here and now."""
    return fulltext(page, title, summary, charset)


@dataclass
class Desk:
    """A newsbell whose polled sources are asked over a scripted web."""

    bell: Newsbell
    web: Web = field(default_factory=Web)

    def add(self, location: str = WIRE, kind: SourceKind = SourceKind.FEED, name: str = "Wire") -> Source:
        """A source that was never asked."""
        return self.bell.app.store.write(lambda session: session.sources.ensure(kind, location, name))

    def shows(self, *entries: Entry, url: str = WIRE) -> None:
        """From now on the feed shows these."""
        self.web.pages[url] = rss(*entries)

    @property
    def polling(self) -> Scan:
        """The scan of polled sources."""
        polled = Polled(self.web, reader)
        fulltext = self.bell.app.settings.fulltext
        return replace(self.bell.app.scan, fetchers=dict.fromkeys(POLLED, polled), pages=fulltext)

    @property
    def pages(self) -> Pages:
        """What reads articles' pages."""
        app = self.bell.app
        reader = ArticlePages(self.web, Robots(self.web), extractor)
        return Pages(app.store, Whole(app.intake), reader, app.scan.turns, app.settings.fulltext)

    def scan(self, after: timedelta = timedelta(0), names: Iterable[str] = ("Wire",)) -> Scanned:
        """One pass over the named sources, due or not."""
        return asyncio.run(self.polling(NOW + after, tuple(names)))

    def read(self, after: timedelta = timedelta(0)) -> Reading:
        """One pass over the pages that are due."""
        return asyncio.run(self.pages.read(NOW + after))

    def source(self, name: str = "Wire") -> Source:
        """The source as it is stored."""
        (found,) = self.bell.app.store.read(lambda session: session.sources.named(name))
        return found

    def archive(self) -> list[tuple[str, str, str, str, str | None]]:
        """Everything the archive holds, in a comparable form."""
        held = self.bell.app.store.read(lambda session: session.articles.after(0, 10_000))
        return sorted(
            (entry.article.guid, entry.article.title, entry.article.text, entry.article.source, entry.article.language)
            for entry in held
        )


def later(**span: float) -> datetime:
    """NOW and so much."""
    return (NOW + timedelta(**span)).astimezone(UTC)
