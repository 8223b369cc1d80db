"""Report: reports that are due leave, one message a chat; claimed, sent and settled as deliveries are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.compose import Telling
from bot.core.errors import DeliveryError
from bot.core.message import Message
from bot.core.model import Address, State
from bot.core.plan import zone_of
from bot.core.ports import Store
from bot.core.reports import ReportClaim, told
from bot.core.words import Words
from bot.jobs.ledger import Ledger
from bot.jobs.outcomes import given_back

log = logging.getLogger(__name__)

LEASE_FOR = timedelta(minutes=5)
CLAIMS = 30
"""Chats a claim transaction takes."""

Post = Callable[[Address, Message], Awaitable[str]]
"""Sends and returns the platform's reference; raises DeliveryError."""


@dataclass(frozen=True)
class Reporting:
    """Sends what is due of reports through `post`, to the chats that `takes` takes; `ledger` records what was sent."""

    store: Store
    default_zone: str
    takes: Callable[[Address], bool]
    post: Post
    ledger: Ledger

    async def __call__(self, now: datetime) -> tuple[int, int]:
        """One pass; (messages a platform accepted, messages it did not)."""
        sent = failed = 0
        while claims := await asyncio.to_thread(self._claim, now):
            for claim in claims:
                accepted = await self._send(claim, now)
                sent, failed = sent + accepted, failed + (not accepted)
        return sent, failed

    def _claim(self, now: datetime) -> list[ReportClaim]:
        """The next claims; the usual pass, with nothing due, only reads."""
        if not self.store.read(lambda session: session.reports.claimable(now, self.takes)):
            return []
        return self.store.write(lambda session: session.reports.claim(now, now + LEASE_FOR, self.takes, CLAIMS))

    async def _send(self, claim: ReportClaim, now: datetime) -> bool:
        chat = claim.chat
        to = Telling(Words(chat.language or "en"), zone_of(chat, self.default_zone), now)
        try:
            reference = await self.post(chat.address, told(claim.reports, to))
        except Exception as error:
            if not isinstance(error, DeliveryError):
                log.exception("chat=%s report=failed", chat.address)
            failure = error
            await self.ledger.record(lambda session: given_back(session, session.reports, claim, now, failure), now)
            return False
        await self.ledger.record(
            lambda session: session.reports.settle(claim, State.SENT, now, message_ref=reference), now
        )
        return True
