"""A server over TLS on many loopback addresses, in a process of its own, and how a client finds and trusts it."""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol, cast

import trustme
import uvloop

from bot.sources.web.hosts import AT_ONCE
from bot.sources.web.http import trusted

LISTENERS = tuple(f"127.0.0.{number}" for number in range(1, 33))
SPAWN = multiprocessing.get_context("spawn")


class Pages(Protocol):
    """What the server answers; it goes to the server's process as a pickle."""

    def answer(self, number: int, head: bytes) -> bytes:
        """The whole answer of the host of this number to a request's head; nothing hangs up."""


@dataclass(frozen=True)
class Site:
    """Where the hosts are: `N.feeds.example`, each at one of some addresses; `authority` is whom to trust."""

    ports: tuple[int, ...]
    authority: str

    def url(self, number: int) -> str:
        """The feed of a host."""
        return f"https://{number}.feeds.example:{self.ports[number % len(self.ports)]}/feed.xml"

    def context(self) -> ssl.SSLContext:
        """What connections to it are verified by."""
        return trusted(self.authority)


@contextmanager
def serving(pages: Pages) -> Iterator[Site]:
    """The server, for as long as the context lasts."""
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder) / "server.pem"
        authority.issue_cert("*.feeds.example").private_key_and_cert_chain_pem.write_to_path(chain)
        here, there = SPAWN.Pipe()
        server = SPAWN.Process(target=_serve, args=(str(chain), pages, there), daemon=True)
        server.start()
        try:
            yield Site(tuple(here.recv()), authority.cert_pem.bytes().decode())
        finally:
            server.terminate()
            server.join()


async def resolve(host: str, _port: int) -> list[str]:
    """The address of a host, without asking anybody."""
    return [LISTENERS[int(host.partition(".")[0]) % len(LISTENERS)]]


class _Exchange(asyncio.Protocol):
    """Answers one request and hangs up, as clients of thousands of hosts have it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._transport: asyncio.Transport | None = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class

    def data_received(self, data: bytes) -> None:
        self._head += data
        if self._head.endswith(b"\r\n\r\n") and self._transport is not None:
            number = self._head.partition(b"\r\nHost: ")[2].partition(b".")[0]
            self._transport.write(self._pages.answer(int(number), self._head))
            self._transport.close()


def _serve(chain: str, pages: Pages, pipe: Connection) -> None:
    """Listens on every loopback address and tells their ports."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        listening = [
            await loop.create_server(lambda: _Exchange(pages), host, 0, ssl=context, backlog=AT_ONCE * 2)
            for host in LISTENERS
        ]
        pipe.send([each.sockets[0].getsockname()[1] for each in listening])
        await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
