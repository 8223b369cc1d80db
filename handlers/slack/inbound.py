"""The Bolt app: whatever Slack tells of is read, acted on, and acknowledged when it has taken effect."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from handlers.slack import events
from handlers.slack.client import Client, hushed
from handlers.slack.events import Happening
from handlers.slack.manifest import SCOPES
from handlers.slack.messenger import TOKEN
from handlers.slack.problems import TokenRefused, name_of, pause_of, useless
from handlers.slack.socket import PAUSES, UNREACHABLE, Say, Socket
from handlers.slack.spoken import Speech

log = logging.getLogger(__name__)

Act = Callable[[Happening], Awaitable[dict[str, Any] | None]]
"""Returns what goes with the acknowledgement, when what happened has taken effect."""


class Inbound:
    """The bot's ears: `connect` makes sure of the tokens, `run` listens."""

    def __init__(
        self, client: Client, app_token: str, speech: Speech, act: Act, say: Say, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._speech = speech
        self._act = act
        self._say = say
        self._pauses = pauses
        self._socket: Socket | None = None
        self.bot = ""
        """The bot's own user id."""
        self.name = ""

    @property
    def reaches(self) -> bool:
        """Whether Slack could be reached when it was last tried."""
        return self._socket is not None and self._socket.reaches

    async def run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        """Listens until `stop` is set; `ready` is told when it does. Raises TokenRefused."""
        app = self._app()
        socket = self._socket = Socket(app, self._client, self._app_token, self._say, self._pauses)
        if await self._known(socket, stop):
            await socket.serve(stop, ready)

    async def _known(self, socket: Socket, stop: asyncio.Event) -> bool:
        """Makes sure of the bot's token and its scopes, however long it takes; False when stopped before."""
        while not stop.is_set():
            try:
                self._client.open()
                answer: Any = await self._client.web.auth_test()
            except SlackApiError as error:
                if said := useless(error, TOKEN):
                    raise TokenRefused(said) from None
                pause = pause_of(error)
                await socket.trouble(
                    "it asks for a pause" if pause else f"it answers {name_of(error) or 'nothing that can be read'}",
                    stop,
                    pause.total_seconds() if pause else 0.0,
                )
            except Exception:  # whatever the libraries raise for a network that is not there
                await socket.trouble(UNREACHABLE, stop)
            else:
                _check_scopes(answer.headers)
                self.bot, self.name = str(answer["user_id"]), str(answer.get("user") or "newsbell")
                socket.well()
                return True
        return False

    def _app(self) -> AsyncApp:
        """Listeners for everything; each returns before Slack gives up waiting."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            """One workspace, one token, known to be good."""
            token = self._client.web.token
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=self.bot, bot_token=token)

        app = AsyncApp(
            client=self._client.web, authorize=authorize, process_before_response=True, logger=hushed(),
            request_verification_enabled=False, ssl_check_enabled=False, url_verification_enabled=False,
        )  # fmt: skip
        anything = re.compile(".*", re.DOTALL)
        app.command(anything)(self._listener(events.command))
        app.action(anything)(self._listener(events.pressed))
        app.shortcut(anything)(self._listener(events.asked_why))
        app.view(anything)(self._listener(events.submitted))
        app.event(anything)(self._listener(lambda body, speech: events.event(body, speech, self.bot)))
        return app

    def _listener(self, read: Callable[[Any, Speech], Happening | None]) -> Callable[..., Awaitable[None]]:
        async def listen(ack: AsyncAck, body: dict[str, Any]) -> None:
            happening: Happening | None = None
            try:
                happening = read(body, self._speech)
            except Exception:  # what cannot be read now could not be read the next time either
                kind = (body.get("type") or body.get("command")) if isinstance(body, dict) else type(body).__name__
                log.exception("slack=unreadable type=%s", kind)
            answer = await self._act(happening) if happening is not None else None
            await ack(answer) if answer else await ack()

        return listen


def _check_scopes(headers: Any) -> None:  # noqa: ANN401
    """TokenRefused naming every scope that is missing; a server that names none has no say in it."""
    told = next((value for key, value in dict(headers).items() if key.lower() == "x-oauth-scopes"), None)
    granted = {scope.strip() for scope in told.split(",")} if told else set(SCOPES)
    if missing := [f"{scope} ({what_for})" for scope, what_for in SCOPES.items() if scope not in granted]:
        which = "the scope" if len(missing) == 1 else "the scopes"
        raise TokenRefused(
            f"{TOKEN} lacks {which} {', '.join(missing)}; add at api.slack.com/apps and install the app again"
        )
