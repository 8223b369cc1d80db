"""A web server on a loopback address that behaves exactly as badly as a test says."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    """By lower-case name."""


Writer = asyncio.StreamWriter
Behaviour = Callable[[Asked, Writer], Awaitable[None]]


@dataclass
class Server:
    """Answers a path by its behaviour, any other with 404; strict: a request that is not HTTP/1.1 fails the test."""

    host: str = "127.0.0.1"
    port: int = 0
    scheme: str = "http"
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    hurt: list[str] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0

    def url(self, path: str = "/", user: str = "") -> str:
        return f"{self.scheme}://{user}{self.host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            await self._answer(head, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except (ValueError, KeyError) as problem:
            self.hurt.append(repr(problem))
        finally:
            self._at_once -= 1
            writer.close()

    async def _answer(self, head: str, writer: Writer) -> None:
        line, *rest = head.removesuffix("\r\n\r\n").split("\r\n")
        method, path, version = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (entry.partition(":") for entry in rest)}
        if (method, version) != ("GET", "HTTP/1.1") or "host" not in headers or not path.startswith("/"):
            raise ValueError(line)
        asked = Asked(path, headers)
        self.asked.append(asked)
        await self.behaviours.get(path.partition("?")[0], answer(404))(asked, writer)
        await writer.drain()


@asynccontextmanager
async def serving(
    behaviours: dict[str, Behaviour], *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> AsyncIterator[Server]:
    """A server for as long as it is needed; what it was asked wrongly fails the test at the end."""
    server = Server(host, scheme="https" if context else "http", behaviours=behaviours)
    listening = await asyncio.start_server(server.serve, host, 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
    assert server.hurt == []


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Behaviour:
    """A well-formed answer; header names are written with underscores; `Content_Length` may lie."""

    async def behave(asked: Asked, writer: Writer) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"Content-Length": str(len(body)), **given}
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value != "-")
        writer.write(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body)

    return behave


def raw(data: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the connection."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(data)

    return behave


def redirect(location: str, status: int = 302) -> Behaviour:
    """A redirect to there."""
    return answer(status, Location=location)


def stall(start: bytes, over: asyncio.Event) -> Behaviour:
    """So much of an answer, and then nothing until the test is over."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(start)
        await writer.drain()
        await over.wait()

    return behave


def reset(start: bytes) -> Behaviour:
    """So much of an answer, and then a TCP reset."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(start)
        await writer.drain()
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return behave


def endless(head: bytes, piece: bytes, sent: list[int]) -> Behaviour:
    """A body that never ends; `sent` counts its pieces."""

    async def behave(asked: Asked, writer: Writer) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            sent.append(len(piece))

    return behave
