"""A chat platform on loopback: a strict server in a thread of its own, and the messenger that speaks to it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from bot.core.errors import Throttled, Unavailable
from bot.core.message import Message, to_text
from bot.core.model import Address
from bot.core.pacing import Rates
from bot.core.ports import Limits
from tests.strict import Enforcer

PLATFORM = "loopback"


@dataclass
class Server:
    """Accepts messages, as (seconds, chat, text), or answers 429 when `enforcer` says so."""

    enforcer: Enforcer | None = None
    url: str = ""
    accepted: list[tuple[float, str, str]] = field(default_factory=list)
    refused: int = 0

    async def send(self, request: web.Request) -> web.Response:
        """One message."""
        said = await request.json()
        at = time.monotonic()
        pause = self.enforcer.pause(said["chat"], at) if self.enforcer else 0.0
        if pause:
            self.refused += 1
            return web.json_response({"retry_after": pause}, status=429)
        self.accepted.append((at, said["chat"], said["text"]))
        return web.json_response({"reference": str(len(self.accepted))})

    def per_chat(self) -> Counter[str]:
        """How many messages each chat got."""
        return Counter(chat for _, chat, _ in self.accepted)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """The server, listening on a free port of loopback."""
    ready, finish = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        application = web.Application()
        application.router.add_post("/send", server.send)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}/send"
        loops.append(asyncio.get_running_loop())
        ready.set()
        await finish.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        loops[0].call_soon_threadsafe(finish.set)
        thread.join(10)


class HttpMessenger:
    """Speaks to such a server."""

    def __init__(self, url: str, session: ClientSession, rates: Rates) -> None:
        self.platform = PLATFORM
        self.limits = Limits(rates=rates)
        self._url = url
        self._session = session

    async def send(self, address: Address, message: Message) -> str:
        """One message; Throttled on 429, Unavailable on what is no answer."""
        said = {"chat": address.chat, "text": to_text(message)}
        try:
            async with self._session.post(self._url, json=said, timeout=ClientTimeout(10)) as response:
                answer = await response.json()
        except (ClientError, TimeoutError) as error:
            raise Unavailable(str(error)) from error
        if response.status == 429:
            raise Throttled(timedelta(seconds=answer["retry_after"]))
        return str(answer["reference"])

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Nothing was ever edited here."""
        raise AssertionError("no edits")
