"""A Slack for tests: real HTTP and a real websocket on a port of its own, strict about every call, failing as scripted.

It knows channels, people, messages, views and envelopes; `violations` are calls that Slack does not describe, blocks
it would refuse and markup that wakes somebody, which no test should leave behind. Its clock is passed in, so that rates
can be enforced without waiting.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.slackapi.methods import Methods
from tests.slackapi.state import Cut, Envelope, Fails, Garbage
from tests.slackapi.table import Violation, errors_of, method_of, read_call


@dataclass
class SlackApi(Methods):
    """The server's state; see `serving`."""

    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    opened: int = 0
    """Connections there ever were."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        method = request.match_info["method"]
        given = await _arguments(request)
        self.calls.append((method, given))
        try:
            return await self._call(method, given, request)
        except Fails as failure:
            return self._refused(failure)
        except Garbage as garbage:
            return web.Response(status=garbage.code, text="<html>Bad Gateway</html>", content_type="text/html")
        except Violation as violation:
            self.violations.append(str(violation))
            return self._refused(Fails("invalid_arguments"))

    async def _call(self, method: str, given: dict[str, Any], request: web.Request) -> web.StreamResponse:
        self._authorize(method, request.headers.get("Authorization", ""))
        call = read_call(method, given)
        outcome = self.script[method].popleft() if self.script[method] else None
        if outcome is not None and outcome != Cut(after=True):
            if isinstance(outcome, Cut):
                return _cut(request)
            if isinstance(outcome, Fails):
                assert outcome.error in errors_of(method), f"{method} never answers {outcome.error}"
            raise outcome
        if self.clock is not None and (pause := self.tiers.pause(method, self.clock())):
            raise Fails("ratelimited", retry_after=max(1, round(pause + 0.5)))
        result = getattr(self, f"do_{method.replace('.', '_')}")(call)
        await self.tell()
        if outcome is not None:
            return _cut(request)
        return web.json_response({"ok": True, **result}, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(sorted(self.scopes))}

    def _authorize(self, method: str, header: str) -> None:
        if self.dead is not None:
            raise self.dead
        app = method == "apps.connections.open"
        if header.removeprefix("Bearer ") != (self.app_token if app else self.bot_token):
            raise Fails("invalid_auth" if header else "not_authed")
        scope = method_of(method)["scope"]
        granted = self.app_scopes if app else self.scopes
        if scope and scope not in granted:
            raise Fails("missing_scope", {"needed": scope, "provided": ",".join(sorted(granted))})

    def _refused(self, failure: Fails) -> web.Response:
        body = {"ok": False, "error": failure.error, **failure.more}
        headers = self._headers()
        if failure.retry_after is not None:
            headers["Retry-After"] = str(failure.retry_after)
        return web.json_response(body, status=failure.status, headers=headers)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Something is posted to a response URL."""
        body, key = await request.json(), request.match_info["key"]
        self.calls.append(("response_url", body))
        envelope, used = self.responses[key]
        outcome = self.script["response_url"].popleft() if self.script["response_url"] else None
        if isinstance(outcome, Cut) and not outcome.after:
            return _cut(request)
        if isinstance(outcome, Garbage):
            return web.Response(status=outcome.code, text="no")
        if used >= 5:
            return web.Response(status=404, text="used_url")
        self.responses[key] = (envelope, used + 1)
        try:
            self.show_response(envelope, body)
        except Fails as failure:
            return web.Response(status=404, text=failure.error)
        await self.tell()
        return _cut(request) if outcome is not None else web.Response(text="ok")

    async def take_upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        key = request.match_info["key"]
        self.uploads[key] = (self.uploads[key][0], await request.read())
        return web.Response(text="OK")

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A websocket: envelopes go out, acknowledgements come in."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.opened += 1
        if len(self.sockets) >= 10:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return socket
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets), "debug_info": {}})
        await self.tell()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await self._acknowledged(json.loads(message.data), socket)
        with suppress(ValueError):
            self.sockets.remove(socket)
        await self.tell()
        return socket

    async def _acknowledged(self, ack: dict[str, Any], socket: web.WebSocketResponse) -> None:
        envelope = self.envelopes[ack["envelope_id"]]
        payload = ack.get("payload")
        if payload and not envelope.takes_payload:
            self.violations.append(f"an answer to {envelope.kind}: {payload}")
        if payload and envelope.link is not socket:
            self.violations.append(f"an answer to {envelope.kind} by another connection")
        envelope.acks += 1
        envelope.acked_at = envelope.acked_at or asyncio.get_running_loop().time()
        envelope.ack = payload or {}
        if payload and envelope.kind == "slash_commands":
            with suppress(Fails):
                self.show_response(envelope, payload)
        await self.tell()

    async def hand_out(self, envelope: Envelope) -> None:
        """Sends an envelope down the newest connection, when there is one."""
        self.envelopes[envelope.id] = envelope
        await self.until(lambda: self.sockets)
        envelope.sent_at = envelope.sent_at or asyncio.get_running_loop().time()
        envelope.link = self.sockets[-1]
        await self.sockets[-1].send_json(envelope.body)

    async def disconnect(self, reason: str) -> None:
        """Announces that every connection will be closed."""
        for socket in tuple(self.sockets):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "wss-1"}})

    async def break_off(self) -> None:
        """Every connection is reset."""
        for socket in tuple(self.sockets):
            transport = socket._req.transport if socket._req is not None else None  # no public way to reset one
            if transport is not None:
                transport.abort()
        await self.until(lambda: not self.sockets)

    async def tell(self) -> None:
        """Something has changed."""
        async with self.changed:
            self.changed.notify_all()

    async def until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Waits until it is so; fails when it never is."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(condition)


@asynccontextmanager
async def serving(api: SlackApi) -> AsyncIterator[SlackApi]:
    """The server on a free port of this machine, its address in `api.url`."""
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", api.handle)
    app.router.add_post("/response/{key}", api.respond)
    app.router.add_post("/upload/{key}", api.take_upload)
    app.router.add_get("/link", api.link)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    api.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    api.url = f"{api.base}/api/"
    try:
        yield api
    finally:
        for socket in tuple(api.sockets):
            await socket.close()
        await runner.cleanup()


async def _arguments(request: web.Request) -> dict[str, Any]:
    """A call's arguments, whichever of Slack's three ways they come in."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.method == "POST":
        given |= dict(await request.post())
    given.pop("token", None)
    return given


def _cut(request: web.Request) -> web.Response:
    """Ends the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
