"""Socket Mode: a connection that is always there, its refreshes without a gap, what is in its way said once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.core.errors import DeliveryError
from bot.core.stopping import unless
from handlers.slack.client import Client, hushed
from handlers.slack.problems import TokenRefused, name_of, pause_of, useless

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds between two tries while something is in the way."""

HEARTBEAT = 10.0
"""Seconds between two looks whether the other end is still there."""

FADES_FOR = 15.0
"""Seconds for which a connection that is being replaced is still listened to: Slack closes it within ten."""

TROUBLES = {
    "too_many_websockets": "it has ten connections of this app already; stop other programs that use SLACK_APP_TOKEN",
    "link_disabled": "Socket Mode is turned off; turn it on at api.slack.com/apps (Settings, Socket Mode)",
}
"""Reasons of a disconnection that do not pass by themselves."""

APP_TOKEN = "SLACK_APP_TOKEN"  # noqa: S105, the name of the setting

Say = Callable[[str], None]
_came_by: ContextVar[ClientWebSocketResponse | None] = ContextVar("came_by", default=None)


class Socket(AsyncBaseSocketModeClient):
    """The connection by which Slack tells the Bolt app what happens, until it is stopped.

    `say` is told in one line what is in the way, once as long as it stays the same, and when it is over.
    """

    def __init__(self, app: AsyncApp, client: Client, token: str, say: Say, pauses: Sequence[float] = PAUSES) -> None:
        self.app_token = token
        self.web_client = client.web
        self.logger = hushed()
        self.closed = self.trace_enabled = False
        self.message_listeners: list[Any] = []
        self.socket_mode_request_listeners = [self._dispatch]
        self._app = app
        self._client = client
        self._say = say
        self._pauses = pauses
        self._session: ClientWebSocketResponse | None = None
        self._tasks: set[asyncio.Future[Any]] = set()
        self._fading: set[asyncio.Future[Any]] = set()
        self._ready: Callable[[], None] | None = None
        self._said = ""
        self._failures = 0

    @property
    def reaches(self) -> bool:
        """Whether Slack could be reached when it was last tried."""
        return not self._failures

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Listens until `stop` is set; `ready` is told when Slack first says hello. Raises TokenRefused."""
        self._ready = ready
        try:
            while not stop.is_set():
                session = await self._connected(stop)
                if session is None:
                    continue
                self._session = session
                reason = await unless(stop, self._listen(session))
                if reason in TROUBLES:
                    await session.close()
                    await self.trouble(TROUBLES[reason], stop)
                elif reason == "refresh":
                    self._beside(self._fade(session), self._fading)
                elif not stop.is_set():
                    await unless(stop, asyncio.sleep(self._pauses[0]))
        finally:
            await self.close()

    async def close(self) -> None:
        """Ends the connection, when what it brought has been dealt with."""
        self.closed = True
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=2)
        for task in (*self._tasks, *self._fading):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._fading, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def send_message(self, message: str) -> None:
        """Acknowledges by the connection that the message came by, or the present one where that is closed."""
        session = _came_by.get()
        session = self._session if session is None or session.closed else session
        if session is not None:
            with suppress(ConnectionError, ClientError):  # Slack tells events again; a command's answer is lost
                await session.send_str(message)

    async def trouble(self, said: str, stop: asyncio.Event, least: float = 0.0) -> None:
        """Says what is in the way unless that was said, and waits before the next try."""
        pause = max(least, self._pauses[min(self._failures, len(self._pauses) - 1)])
        self._failures += 1
        if said != self._said:
            self._say(f"Slack: {said}; trying again")
            self._said = said
        await unless(stop, asyncio.sleep(pause))

    def well(self) -> None:
        """Everything works."""
        said, self._said, self._failures = self._said, "", 0
        if said:
            self._say("Slack: it works again")

    async def _connected(self, stop: asyncio.Event) -> ClientWebSocketResponse | None:
        """A new connection; None when there is none yet."""
        try:
            opened = await unless(stop, self.web_client.apps_connections_open(app_token=self.app_token))
            if opened is None:
                return None
            return await self._client.open().ws_connect(opened["url"], heartbeat=HEARTBEAT)
        except SlackApiError as error:
            if said := useless(error, APP_TOKEN):
                raise TokenRefused(said) from None
            pause = pause_of(error)
            said = "it asks for a pause" if pause else f"it answers {name_of(error) or 'nothing that can be read'}"
            await self.trouble(said, stop, pause.total_seconds() if pause else 0.0)
        except (ClientError, OSError, TimeoutError):
            await self.trouble(UNREACHABLE, stop)
        return None

    async def _listen(self, session: ClientWebSocketResponse) -> str:
        """Hands over what comes until the connection ends: why it did."""
        while True:
            message = await session.receive()
            if message.type is not WSMsgType.TEXT:
                return "closed"
            told = json.loads(message.data)
            if told.get("type") == "hello":
                self._greeted()
            elif told.get("type") == "disconnect":
                reason = str(told.get("reason"))
                return reason if reason in TROUBLES else "refresh"
            else:
                _came_by.set(session)
                self._beside(self.run_message_listeners(told, message.data), self._tasks)

    def _greeted(self) -> None:
        self.well()
        if self._ready is not None:
            self._ready()
            self._ready = None

    async def _fade(self, session: ClientWebSocketResponse) -> None:
        """What was already on its way by a connection that is being replaced still counts."""
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._listen(session), FADES_FOR)
        finally:
            await session.close()

    async def _dispatch(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Acts, and acknowledges; an answer whose connection is gone goes by its response URL."""
        response = await run_async_bolt_app(self._app, request)
        came_by, url = _came_by.get(), str(request.payload.get("response_url") or "")
        if came_by is not None and came_by.closed and response.body and url:
            with suppress(DeliveryError):  # the change stands, and Slack tells the person that nobody answered
                await self._client.respond(url, json.loads(response.body))
            response.body = ""
        await send_async_response(self, request, response, 0.0)

    def _beside(self, work: Awaitable[Any], tasks: set[asyncio.Future[Any]]) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)


UNREACHABLE = "it cannot be reached (is there a network? SLACK_API_URL?)"
