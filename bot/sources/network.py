"""The network of one event loop: HTTP and the workers that parse, opened when first needed and closed with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from bot.core.model import Article, SourceKind
from bot.sources.web.answers import FEED, Answer, Ask, Http
from bot.sources.web.hosts import Gate

if TYPE_CHECKING:
    from bot.matching.analysis import Analysis
    from bot.sources.discovery import Candidate
    from bot.sources.feeds.values import Feed
    from bot.sources.fulltext import Reading
    from bot.sources.workers import Workers

PARSE_FOR = timedelta(seconds=5)
EXTRACT_FOR = timedelta(seconds=10)
"""How long the extraction of one page may take, of which what a worker imports for its first one is part."""
ANALYSE_FOR = timedelta(seconds=30)
"""The same of a batch of articles, which takes a tenth of a second once the models of languages are read; who had no
answer would do it all again."""

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
        self._workers: dict[Callable[[], object], Any] = {}
        """By what imports the function that they run."""

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
        workers = await self._running(_reader, 2, PARSE_FOR)
        return await workers(kind, body, content_type, base_url)

    async def extract(self, page: bytes, title: str, summary: str, charset: str | None) -> Reading:
        """See `bot.sources.fulltext.fulltext`; runs in a worker process, one page after the other."""
        workers = await self._running(_extractor, 1, EXTRACT_FOR)
        return await workers(page, title, summary, charset)

    async def analyse(self, articles: Sequence[Article]) -> Sequence[Analysis]:
        """See `bot.matching.analysis.analysed_whole`; runs in one worker process.

        Raises Unreadable when that fails. One is faster than what takes its results in, and holds the models of
        languages, 90 MB.
        """
        workers = await self._running(_analyst, 1, ANALYSE_FOR)
        return await workers(articles)

    async def _running(self, imported: Callable[[], Callable[P, R]], size: int, limit_for: timedelta) -> Workers[P, R]:
        """The workers that run what is `imported`, opened when first asked for; importing takes a while."""
        async with self._opening:
            if imported not in self._workers:
                workers = _workers(await asyncio.to_thread(imported), size, limit_for)
                self._workers[imported] = await self._open.enter_async_context(workers)
            running: Workers[P, R] = self._workers[imported]
        return running

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


def _reader() -> Callable[[SourceKind, bytes, str | None, str | None], Feed]:
    from bot.sources.reading import read

    return read


def _extractor() -> Callable[[bytes, str, str, str | None], Reading]:
    from bot.sources.fulltext import fulltext

    return fulltext


def _analyst() -> Callable[[Sequence[Article]], list[Analysis]]:
    from bot.matching.analysis import analysed_whole

    return analysed_whole


def _workers(function: Callable[P, R], size: int, limit_for: timedelta = PARSE_FOR) -> Workers[P, R]:
    from bot.sources.workers import Workers

    return Workers(function, size=size, limit_for=limit_for)
