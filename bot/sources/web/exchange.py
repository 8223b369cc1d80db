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
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar, cast

import aiohappyeyeballs
import aiohttp
from aiohttp.client_proto import ResponseHandler

from bot.core.errors import Forbidden
from bot.sources.web.addresses import IP, Resolve, Target, addresses_of, refusal
from bot.sources.web.tls import Secured

_SECOND_TRY = 0.25
"""Seconds after which the next of a host's addresses is tried too (RFC 8305, 5)."""
_NOT_YET = frozenset(range(100, 200)) - {101}
"""Statuses that announce another answer (RFC 9110, 15.2); 101 does not, and was not asked for."""
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

T = TypeVar("T")
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

    async def get(self, target: Target, headers: Mapping[str, str], read: Callable[[Reply], Awaitable[T]]) -> T:
        """What `read` makes of what a target answers; all of that is within the time of a request.

        Raises SourceError for an address that may not be connected to, ValueError for headers that cannot be sent, and
        what aiohttp, TLS and the network do: aiohttp.ConnectionTimeoutError and TimeoutError when the time is over.
        """
        async with asyncio.timeout(self.request_for):
            handler, reply = await self._answered(target, _written(target, headers))
            try:
                return await read(reply)
            finally:
                handler.close()

    async def _answered(self, target: Target, request: bytes) -> tuple[ResponseHandler, Reply]:
        """The head of the answer; who hangs up before it is asked once more, as a busy server does so now and then."""
        try:
            return await self._asked(target, request)
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            return await self._asked(target, request)

    async def _asked(self, target: Target, request: bytes) -> tuple[_Handler, Reply]:
        """The head of the answer, from the first of the target's addresses where a connection comes about."""
        try:
            async with asyncio.timeout(self.connect_for) as patience:
                addresses = await addresses_of(target.host, target.port, self.resolve, private=self.private)
                left = [_address(address, target.port) for address in addresses]
                while True:
                    handler = _Handler(asyncio.get_running_loop(), request, patience)
                    try:
                        return handler, await self._replied(left, target, handler)
                    except OSError:
                        aiohappyeyeballs.pop_addr_infos_interleave(left, 1)
                        if handler.has_asked or not left:
                            raise
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError from error

    async def _replied(self, addresses: list[Address], target: Target, handler: _Handler) -> Reply:
        secure = target.scheme == "https"
        transport = await self._connected(addresses, Secured(self.context, target.host, handler) if secure else handler)
        try:
            return await handler.reply()
        except BaseException:
            transport.abort()
            raise

    async def _connected(self, addresses: list[Address], protocol: asyncio.Protocol) -> asyncio.Transport:
        """A connection to one of the addresses; where there are several, the second does not wait for long.

        Whatever came before, no other address is ever connected to.
        """
        for *_, (where, *_) in addresses:
            if not self.private and (what := refusal(ip_address(where))) is not None:
                raise Forbidden(f"{where} is {what}")
        loop = asyncio.get_running_loop()
        if len(addresses) == 1:
            transport, _ = await loop.create_connection(lambda: protocol, *addresses[0][4][:2])
            return transport
        connected = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=_SECOND_TRY, interleave=1)
        transport, _ = await loop.create_connection(lambda: protocol, sock=connected)
        return transport


class _Handler(ResponseHandler):
    """The connection's protocol, which asks one thing as soon as it can; then `patience` has come to its end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, request: bytes, patience: asyncio.Timeout) -> None:
        super().__init__(loop)
        self._request, self._patience = request, patience
        self.has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks; that it is sent at once is what every event loop sees to (asyncio and uvloop)."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class
        self.set_response_params(read_until_eof=True, auto_decompress=False)
        self.transport.write(self._request)
        self.has_asked = True
        with suppress(RuntimeError):  # it came too late
            self._patience.reschedule(None)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Ends the answer; where nothing was asked, why is kept as it is."""
        if self.has_asked:
            super().connection_lost(exc)
        else:
            self.set_exception(exc or ConnectionResetError())

    async def reply(self) -> Reply:
        """The head of the answer."""
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
    if _UNSENDABLE.search("\t".join(lines)):
        raise ValueError("a header cannot be sent")
    return "\r\n".join([*lines, "", ""]).encode()
