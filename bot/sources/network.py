"""The network of one event loop: HTTP and the workers that parse, opened when first needed and closed with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Self, TypeAlias, TypeVar

from bot.core.model import Article, SourceKind
from bot.sources.web.answers import FEED, Answer, Ask, Http
from bot.sources.web.hosts import Gate

if TYPE_CHECKING:
    from bot.matching.analysis import Analysis
    from bot.sources.discovery import Candidate
    from bot.sources.feeds.values import Feed
    from bot.sources.fulltext import Reading
    from bot.sources.workers import Workers

    Readers: TypeAlias = Workers[[SourceKind, bytes, str | None, str | None], Feed]
    Extractors: TypeAlias = Workers[[bytes, str, str, str | None], Reading]
    Analysts: TypeAlias = Workers[[Sequence[Article]], list[Analysis]]

PARSE_FOR = timedelta(seconds=5)
EXTRACT_FOR = timedelta(seconds=10)
"""How long the extraction of one page may take, of which what a worker imports for its first one is part."""

P = ParamSpec("P")
R = TypeVar("R")


class Network:
    """An `Http`, and a reader of what it brings, to be entered with `async with` on the loop that uses it.

    Nothing is imported, started or connected before something is asked, so that who needs no network pays for none.
    """

    def __init__(self, version: str, contact: str = "", *, private: bool = False, gate: Gate | None = None) -> None:
        self._version, self._contact, self._private = version, contact, private
        self._gate = gate or Gate()
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._client: Http | None = None
        self._readers: Readers | None = None
        self._extractors: Extractors | None = None
        self._analysts: Analysts | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        """See `Http.get`."""
        async with self._opening:
            if self._client is None:
                self._client = await self._connected()
        return await self._client.get(url, now, ask)

    async def read(self, kind: SourceKind, body: bytes, content_type: str | None, base_url: str | None) -> Feed:
        """See `bot.sources.reading.read`; runs in a worker process, which is killed when it takes too long."""
        async with self._opening:
            if self._readers is None:
                reading = await asyncio.to_thread(import_module, "bot.sources.reading")
                readers: Readers = _workers(reading.read, 2)
                self._readers = await self._open.enter_async_context(readers)
            read = self._readers
        return await read(kind, body, content_type, base_url)

    async def extract(self, page: bytes, title: str, summary: str, charset: str | None) -> Reading:
        """See `bot.sources.fulltext.fulltext`; runs in a worker process, one page after the other."""
        async with self._opening:
            if self._extractors is None:
                fulltext = await asyncio.to_thread(import_module, "bot.sources.fulltext")
                extractors: Extractors = _workers(fulltext.fulltext, 1, EXTRACT_FOR)
                self._extractors = await self._open.enter_async_context(extractors)
            extract = self._extractors
        return await extract(page, title, summary, charset)

    async def analyse(self, articles: Sequence[Article]) -> Sequence[Analysis]:
        """See `bot.matching.analysis.analysed`; runs in a worker process, and raises Unreadable when that fails."""
        async with self._opening:
            if self._analysts is None:
                analysis = await asyncio.to_thread(import_module, "bot.matching.analysis")
                analysts: Analysts = _workers(analysis.analysed, 2)
                self._analysts = await self._open.enter_async_context(analysts)
            analyse = self._analysts
        return await analyse(articles)

    async def leads(self, body: bytes, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
        """See `bot.sources.reading.leads`; runs in a worker process of its own."""
        reading = await asyncio.to_thread(import_module, "bot.sources.reading")
        worker: Workers[[bytes, str | None, str], tuple[Candidate, ...]]
        async with _workers(reading.leads, 1) as worker:
            return await worker(body, content_type, base_url)

    async def _connected(self) -> Http:
        """The client; what it imports, and the authorities it reads, take a while, and others go on meanwhile."""
        http = await asyncio.to_thread(import_module, "bot.sources.web.http")
        context = await asyncio.to_thread(http.trusted)
        agent = http.user_agent(self._version, self._contact)
        client = http.Client(agent, self._gate, private=self._private, context=context)
        entered: Http = await self._open.enter_async_context(client)
        return entered


def _workers(function: Callable[P, R], size: int, limit_for: timedelta = PARSE_FOR) -> Workers[P, R]:
    from bot.sources.workers import Workers

    return Workers(function, size=size, limit_for=limit_for)
