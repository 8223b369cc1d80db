"""One GET over HTTP/1.1 on a connection of its own, to an address that was checked; aiohttp reads what comes.

Its session is left out: it keeps connections, cookies and proxies, of which there are none here, and was a sixth of all
the work of looking at ten thousand sources.

`aiohttp.client_proto` is the inside of aiohttp and may change with any minor version: pyproject.toml holds it to one.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import cast

import aiohappyeyeballs
import aiohttp
from aiohttp.client_proto import ResponseHandler

from bot.core.errors import Forbidden
from bot.sources.web.addresses import IP, Resolve, Target, addresses_of, refusal

_SECOND_TRY = 0.25
"""Seconds after which the next of a host's addresses is tried too (RFC 8305, 5)."""
_NOT_YET = frozenset(range(100, 200)) - {101}
"""Statuses that announce another answer (RFC 9110, 15.2); 101 does not, and was not asked for."""
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

Address = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
"""As socket.getaddrinfo gives it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an answer, and its body as it arrives, still compressed."""

    status: int
    headers: Mapping[str, str]
    content: aiohttp.StreamReader


@dataclass(frozen=True, slots=True)
class Line:
    """How servers are reached; `private` lets every address be connected to. Times are in seconds."""

    resolve: Resolve
    context: ssl.SSLContext
    private: bool
    request_for: float
    connect_for: float

    @asynccontextmanager
    async def get(self, target: Target, headers: Mapping[str, str]) -> AsyncIterator[Reply]:
        """What a target answers, for as long as the context lasts; all of that is within the time of a request.

        Raises SourceError for an address that may not be connected to, ValueError for headers that cannot be sent, and
        what aiohttp, TLS and the network do: aiohttp.ConnectionTimeoutError and TimeoutError when the time is over.
        """
        async with asyncio.timeout(self.request_for):
            handler, reply = await self._answered(target, _written(target, headers))
            try:
                yield reply
            finally:
                handler.close()

    async def _answered(self, target: Target, request: bytes) -> tuple[ResponseHandler, Reply]:
        """The head of the answer; who hangs up before it is asked once more, as a busy server does so now and then."""
        try:
            return await self._asked(target, request)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            return await self._asked(target, request)

    async def _asked(self, target: Target, request: bytes) -> tuple[ResponseHandler, Reply]:
        handler = await self._connected(target)
        try:
            return handler, await handler.ask(request)
        except BaseException:
            handler.close()
            raise

    async def _connected(self, target: Target) -> _Handler:
        try:
            async with asyncio.timeout(self.connect_for):
                return await self._connected_somewhere(target)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError from error

    async def _connected_somewhere(self, target: Target) -> _Handler:
        """A connection to one of the target's addresses, all of which were checked: the first where one comes about."""
        addresses = await addresses_of(target.host, target.port, self.resolve, private=self.private)
        left = [_address(address, target.port) for address in addresses]
        while True:
            try:
                return await self._secured(await self._socket_to(left), target)
            except OSError:
                aiohappyeyeballs.pop_addr_infos_interleave(left, 1)
                if not left:
                    raise

    async def _secured(self, connected: socket.socket, target: Target) -> _Handler:
        loop, secure = asyncio.get_running_loop(), target.scheme == "https"
        _, handler = await loop.create_connection(
            partial(_Handler, loop),
            sock=connected,
            ssl=self.context if secure else None,
            server_hostname=target.host if secure else None,
        )
        return handler

    async def _socket_to(self, addresses: list[Address]) -> socket.socket:
        """A socket connected to one of the addresses; where there are several, the second does not wait for long."""
        if len(addresses) > 1:
            for info in addresses:
                self._admit(info)  # of what its sockets raise the race keeps only what the network does
            return await aiohappyeyeballs.start_connection(
                addresses, happy_eyeballs_delay=_SECOND_TRY, interleave=1, socket_factory=self._socket
            )
        made = self._socket(addresses[0])
        try:
            made.setblocking(False)
            await asyncio.get_running_loop().sock_connect(made, addresses[0][4])
        except BaseException:
            made.close()
            raise
        return made

    def _socket(self, info: Address) -> socket.socket:
        """The socket of one connection: whatever came before, no other address is ever connected to."""
        self._admit(info)
        return socket.socket(*info[:3])

    def _admit(self, info: Address) -> None:
        where = info[4][0]
        if not self.private and (what := refusal(ip_address(where))) is not None:
            raise Forbidden(f"{where} is {what}")


class _Handler(ResponseHandler):
    """The connection's protocol, which asks one thing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport; that it sends at once is what every event loop sees to (asyncio and uvloop)."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class

    async def ask(self, request: bytes) -> Reply:
        """The head of the answer to a request."""
        if self.transport is None:
            raise aiohttp.ServerDisconnectedError
        self.set_response_params(read_until_eof=True, auto_decompress=False)
        self.transport.write(request)
        while True:
            message, content = await self.read()
            if message.code not in _NOT_YET:
                return Reply(message.code, message.headers, content)


def _address(address: IP, port: int) -> Address:
    text = str(address)
    if address.version == 4:
        return socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (text, port)
    return socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (text, port, 0, 0)


def _written(target: Target, headers: Mapping[str, str]) -> bytes:
    """The request as it is sent (RFC 9112, 3); ValueError where a header would end before its end."""
    fields = {"Host": target.site.partition("://")[2], **headers, "Connection": "close"}
    lines = [f"GET {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    if any(_UNSENDABLE.search(line) for line in lines):
        raise ValueError("a header cannot be sent")
    return "\r\n".join([*lines, "", ""]).encode()
