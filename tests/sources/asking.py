"""A client and a server for as long as one question takes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
import trustme

from bot.core.errors import SourceError
from bot.sources.web.answers import FEED, Answer, Ask
from bot.sources.web.hosts import Gate
from bot.sources.web.http import Client
from tests.sources.misbehaving import Behaviour, Server, serving

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
FEED_BODY = b"<rss><channel><title>Wire</title></channel></rss>"
T = TypeVar("T")


@asynccontextmanager
async def client(**options: Any) -> AsyncIterator[Client]:
    gate = options.pop("gate", None) or Gate(gap_for=timedelta(0))
    context = options.pop("context", None) or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with Client("newsbell/1", gate, private=options.pop("private", True), context=context, **options) as http:
        yield http


def pem(authority: trustme.CA) -> str:
    """Whom to trust, as `trusted` takes it."""
    return authority.cert_pem.bytes().decode()


def get(behaviours: dict[str, Behaviour], path: str = "/", ask: Ask = FEED, user: str = "", **options: Any) -> Answer:
    """The answer of one server to one GET."""
    return look(behaviours, lambda http, server: http.get(server.url(path, user), NOW, ask), **options)


def look(behaviours: dict[str, Behaviour], use: Callable[[Client, Server], Awaitable[T]], **options: Any) -> T:
    async def run() -> T:
        async with serving(behaviours) as server, client(**options) as http:
            return await use(http, server)

    return asyncio.run(run())


def problem(behaviours: dict[str, Behaviour], path: str = "/", ask: Ask = FEED, **options: Any) -> SourceError:
    """What a GET fails with: always a SourceError, of one line that names the address."""
    with pytest.raises(SourceError) as caught:
        get(behaviours, path, ask, **options)
    assert "\n" not in str(caught.value)
    return caught.value
