"""TLS between a connection and who speaks through it: nothing is lost of what comes, however slowly it is taken."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

import pytest
import trustme

from bot.loops import on_loop
from bot.sources.web.http import trusted
from bot.sources.web.tls import Secured
from tests.sources.asking import pem
from tests.sources.misbehaving import answer, serving
from tests.sources.web.test_exchange import On

BODY = bytes(range(256)) * 4_000


class Slow(asyncio.Protocol):
    """Asks, takes one piece at a time, and notes what came and how it ended."""

    def __init__(self, ended: asyncio.Future[Exception | None]) -> None:
        self.pieces: list[bytes] = []
        self._ended = ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        self.pieces.append(data)
        self.transport.pause_reading()
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, self.transport.resume_reading)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended.set_result(exc)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("on", [asyncio.run, on_loop])
def test_the_end_is_told_when_all_that_came_before_was_taken(on: On, version: ssl.TLSVersion) -> None:
    authority, serverside = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serverside.maximum_version = version
    authority.issue_cert("127.0.0.1").configure_cert(serverside)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[Exception | None] = loop.create_future()
        speaker = Slow(ended)
        async with serving({"/": answer(200, BODY)}, context=serverside) as server, asyncio.timeout(20):
            secured = Secured(trusted(pem(authority)), "127.0.0.1", speaker)
            await loop.create_connection(lambda: secured, "127.0.0.1", server.port)
            assert await ended is None
        assert b"".join(speaker.pieces).partition(b"\r\n\r\n")[2] == BODY
        assert max(map(len, speaker.pieces)) <= 1 << 14 < len(BODY) / 50

    on(run())
