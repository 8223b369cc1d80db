"""The ledger: what becomes of messages is written down at once, and together with what ends at the same moment."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.core.errors import StoreError
from bot.core.model import Claim
from bot.core.ports import Session, Store

log = logging.getLogger(__name__)

AGAIN_AFTER = 2.0
"""Seconds until a commit that something is in the way of is tried again: a stop waits for no more than that."""

Work = Callable[[Session], object]
Entry = tuple[Work | tuple[Claim, str], datetime, asyncio.Future[None], Work]


class Ledger:
    """Commits outcomes: while one transaction is being written the next ones gather, and none waits for a timer.

    The shorter the time between a platform's answer and the commit, the fewer messages a crash can repeat. What is in a
    commit's way and may pass (no room, another program) is waited out until `ends` says so: whatever was sent would be
    sent again otherwise.
    """

    def __init__(self, store: Store, ends: Callable[[], bool] = lambda: False) -> None:
        self._store = store
        self._ends = ends
        self._entries: list[Entry] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, claim: Claim, reference: str, now: datetime, also: Work) -> None:
        """Settles as sent, and does what follows from it."""
        await self._enter((claim, reference), now, also)

    async def record(self, work: Work, now: datetime) -> None:
        """Settles in any other way."""
        await self._enter(work, now, lambda _: None)

    async def _enter(self, what: Work | tuple[Claim, str], now: datetime, also: Work) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._entries.append((what, now, done, also))
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write())
        await asyncio.shield(done)

    async def _write(self) -> None:
        try:
            while self._entries:
                entries, self._entries = self._entries, []
                await self._commit(entries)
        finally:
            self._writing = None

    async def _commit(self, entries: list[Entry]) -> None:
        """All of them in one transaction or, where that fails, each in its own: one must not spoil the others'."""
        try:
            await self._lasting(lambda session: _apply(session, entries))
        except Exception as error:
            if len(entries) == 1:
                _tell(entries, error)
            else:
                for entry in entries:
                    await self._commit([entry])
        else:
            _tell(entries, None)

    async def _lasting(self, work: Work) -> None:
        while True:
            try:
                await asyncio.to_thread(self._store.write, work)
            except StoreError as error:
                if not error.passing or self._ends():
                    raise
                log.warning("settling=waits %s", error)
            else:
                return
            await asyncio.sleep(AGAIN_AFTER)


def _tell(entries: list[Entry], error: Exception | None) -> None:
    for _, _, done, _ in entries:
        if not done.done():
            done.set_result(None) if error is None else done.set_exception(error)


def _apply(session: Session, entries: list[Entry]) -> None:
    sent = [(what, now) for what, now, _, _ in entries if isinstance(what, tuple)]
    for now in dict.fromkeys(now for _, now in sent):
        session.outbox.sent([entry for entry, at in sent if at == now], now)
    for what, _, _, also in entries:
        if not isinstance(what, tuple):
            what(session)
        also(session)
