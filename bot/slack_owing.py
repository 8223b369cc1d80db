"""What is remembered of Slack: what is not answered yet, for the next process to find, and what was said in threads."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.core.errors import StoreError
from bot.core.model import Address
from bot.core.ports import Session, Store
from bot.owing import platform_of
from handlers.slack.events import Heard, Reply
from handlers.slack.messenger import PLATFORM

log = logging.getLogger(__name__)


class Owing:
    """Keeps sayings until `Conversation.follow` has seen them answered; what was answered before is not kept again."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, heard: Heard) -> None:
        """Returns when it would be answered after a restart, too, or when that cannot be had."""
        now = self._clock()

        def work(session: Session) -> None:
            if session.conversations.owes_answer(heard.event) or not session.conversations.has_acted(heard.event):
                session.conversations.keep_unanswered({heard.event: written(heard)}, now)

        try:
            await asyncio.to_thread(self._store.write, work)
        except StoreError as error:  # it is answered all the same, if there is no restart
            log.warning("chat=%s kept=no %s", heard.address, error)

    async def left(self) -> list[Heard]:
        """What an earlier process kept, in the order it was said."""
        kept = await asyncio.to_thread(self._store.read, lambda session: session.conversations.unanswered())
        found = [(event, _read(said)) for event, said in kept.items() if platform_of(said) == PLATFORM]
        for event in (event for event, heard in found if heard is None):
            log.warning("event=%s unreadable", event)
        return [heard for _, heard in found if heard is not None]


class Told:
    """What was said below messages, kept as what was acted on is: for longer than messages are edited."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def has(self, key: str) -> bool:
        """Whether it was said."""
        digest = _digest(key)
        return await asyncio.to_thread(self._store.read, lambda session: session.conversations.has_acted(digest))

    async def keep(self, keys: Iterable[str]) -> None:
        """Remembers that it was."""
        now = self._clock()

        def work(session: Session) -> None:
            for key in keys:
                session.conversations.acted(_digest(key), now)

        await asyncio.to_thread(self._store.write, work)


def _digest(key: str) -> str:
    """What is kept of where something was said: it tells nobody where."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()


def written(heard: Heard) -> str:
    """The saying as JSON."""
    return json.dumps(asdict(heard) | {"address": str(heard.address)}, ensure_ascii=False)


def _read(text: str) -> Heard | None:
    """The saying that was `written`; None when another version of newsbell wrote it."""
    try:
        said: Mapping[str, Any] = json.loads(text)
        return Heard(**{**said, "address": Address.parse(said["address"]), "reply": Reply(**said["reply"])})
    except (KeyError, TypeError, ValueError):
        return None
