"""Long polling: updates are fetched, handed over, and confirmed only when what they asked for has taken effect."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, TelegramError

from bot.core.stopping import unless
from handlers.telegram.problems import Flood
from handlers.telegram.updates import ALLOWED, Happening, read

log = logging.getLogger(__name__)

WAIT, ANSWER_WAIT = 25, 20
"""Seconds that Telegram keeps a question for updates open, and that its answer may then take to come."""

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
"""Seconds between two tries while something is in the way."""

Say = Callable[[str], None]
Act = Callable[[Sequence[Happening]], Awaitable[None]]


class TokenRefused(Exception):
    """Telegram does not know the token: trying again cannot help."""


class Polling:
    """Asks for updates until it is stopped; `act` returns when what they mean has taken effect.

    `verbs` are what a group may say without naming the bot. `say` is told in one line what is in the way, once as long
    as it stays the same, and when it is over.
    """

    def __init__(self, bot: Bot, act: Act, say: Say, verbs: Collection[str], pauses: Sequence[float] = PAUSES) -> None:
        self._bot = bot
        self._act = act
        self._say = say
        self._verbs = frozenset(verbs)
        self._pauses = pauses
        self._said = ""
        self._failures = 0
        self.reaches = True
        """Whether Telegram could be reached when it was last tried."""

    async def connect(self, stop: asyncio.Event) -> bool:
        """Makes sure of the token and that updates may be polled, however long it takes; False when stopped before.

        Raises TokenRefused.
        """
        while not stop.is_set():
            try:
                await self._bot.initialize()
                await self._bot.delete_webhook()
            except InvalidToken:
                raise TokenRefused from None  # its text holds the token
            except TelegramError as error:
                await self._trouble(error, stop)
            else:
                self._well()
                return True
        return False

    async def run(self, stop: asyncio.Event) -> None:
        """Fetches and hands over until `stop` is set. Raises TokenRefused."""
        offset: int | None = None
        while not stop.is_set():
            try:
                updates = await unless(stop, self._fetch(offset))
            except InvalidToken:
                raise TokenRefused from None  # its text holds the token
            except TelegramError as error:
                await self._trouble(error, stop)
                continue
            self._well()
            if updates:
                happenings = map(self._read, updates)
                await self._act([happening for happening in happenings if happening is not None])
                offset = updates[-1]["update_id"] + 1

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        """The updates as they came: the library's own method gives up all of them when it cannot read one."""
        asked = {"offset": offset, "timeout": WAIT, "allowed_updates": ALLOWED}
        updates: Any = await self._bot._post("getUpdates", asked, read_timeout=WAIT + ANSWER_WAIT)
        if not isinstance(updates, list) or not all(map(_is_update, updates)):
            raise TelegramError("it answers what is no list of updates")
        return updates

    def _read(self, update: dict[str, Any]) -> Happening | None:
        """What it means; one that cannot be read is logged and confirmed, as it would come again for ever."""
        try:
            return read(Update.de_json(update, self._bot), self._bot.username, self._verbs)
        except Exception:
            log.exception("update=%s unreadable", update.get("update_id"))
            return None

    async def _trouble(self, error: TelegramError, stop: asyncio.Event) -> None:
        """Says what is in the way unless that was said, and waits before the next try."""
        pause = self._pauses[min(self._failures, len(self._pauses) - 1)]
        self._failures += 1
        self.reaches = not _is_unreachable(error)
        if isinstance(error, Flood):
            pause = max(pause, error.retry_after.total_seconds())
        if (said := _said(error)) != self._said:
            self._say(f"Telegram: {said}; trying again")
            self._said = said
        await unless(stop, asyncio.sleep(pause))

    def _well(self) -> None:
        said = self._said
        self._said, self._failures, self.reaches = "", 0, True
        if said:
            self._say("Telegram: it works again")


def _is_update(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _said(error: TelegramError) -> str:
    """What is in the way, in words that name no address and no token."""
    match error:
        case Conflict():
            return "another program polls with this bot's token; stop it, or make another bot with @BotFather"
        case Flood():
            return "it asks for a pause"
        case _ if _is_unreachable(error):
            return "it cannot be reached (is there a network? TELEGRAM_API_URL?)"
    return f"it answers {error.message!r}"


def _is_unreachable(error: TelegramError) -> bool:
    """A refusal is a NetworkError to the library, too."""
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)
