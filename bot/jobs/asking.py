"""Asking: cards of those who ask leave to the admins, and are edited once somebody has decided."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.access import CardClaim, Standing
from bot.core.asked import card
from bot.core.compose import Telling
from bot.core.errors import DeliveryError, Rejected
from bot.core.message import Message
from bot.core.model import Address, State
from bot.core.plan import audible_at, zone_of
from bot.core.ports import Session, Store
from bot.core.words import Words
from bot.jobs.ledger import Ledger
from bot.jobs.outcomes import given_back

log = logging.getLogger(__name__)

LEASE_FOR = timedelta(minutes=5)
CLAIMS = 30
"""Cards a claim transaction takes."""

Post = Callable[[Address, Message, str | None], Awaitable[str]]
"""Sends or, with a reference, edits; returns the platform's reference; raises DeliveryError."""


@dataclass(frozen=True)
class Asking:
    """Has cards of `takes`' chats show how those who ask stand, through `post`."""

    store: Store
    default_zone: str
    takes: Callable[[Address], bool]
    post: Post
    edits: Callable[[Address], bool]
    """Whether what stands in the chat can be edited; where it cannot, a decision of others comes anew."""
    ledger: Ledger

    async def __call__(self, now: datetime) -> tuple[int, int]:
        """One pass; (cards a platform accepted, cards it did not)."""
        sent = failed = 0
        while claims := await asyncio.to_thread(self._claim, now):
            for claim in claims:
                accepted = await self._show(claim, now)
                sent, failed = sent + accepted, failed + (not accepted)
        return sent, failed

    def _claim(self, now: datetime) -> list[CardClaim]:
        """The next claims; the usual pass, with nothing due, only reads."""
        if not self.store.read(lambda session: session.cards.claimable(now, self.takes)):
            return []
        return self.store.write(lambda session: session.cards.claim(now, now + LEASE_FOR, self.takes, CLAIMS))

    async def _show(self, claim: CardClaim, now: datetime) -> bool:
        guest, address, reference = claim.guest, claim.chat.address, claim.reference
        if reference is None and guest.standing is not Standing.ASKED:
            await self._settle(claim, State.CANCELLED, now, "decided")
            return True
        if not self.edits(address):
            reference = None
            if guest.decided_by == address:  # who has just been told so
                await self._settle(claim, State.SENT, now, None)
                return True
        try:
            reference = await self.post(address, self._message(claim, now), reference)
        except Exception as error:
            if not isinstance(error, DeliveryError):
                log.exception("chat=%s card=failed", claim.chat.address)
            failure = error
            await self.ledger.record(lambda session: _failed(session, claim, now, failure), now)
            return False
        await self._settle(claim, State.SENT, now, None, reference)
        return True

    def _message(self, claim: CardClaim, now: datetime) -> Message:
        chat = claim.chat
        to = Telling(Words(chat.language or "en"), zone_of(chat, self.default_zone), now)
        return card(claim.guest, to, silent=audible_at(chat, now, self.default_zone) > now)

    async def _settle(
        self, claim: CardClaim, state: State, now: datetime, reason: str | None, reference: str | None = None
    ) -> None:
        await self.ledger.record(
            lambda session: session.cards.settle(claim, state, now, message_ref=reference, reason=reason), now
        )


def _failed(session: Session, claim: CardClaim, now: datetime, error: Exception) -> None:
    """An edit that is refused is closed: the card is gone, or its chat shows what comes in only."""
    if isinstance(error, Rejected) and claim.reference is not None:
        session.cards.settle(claim, State.SENT, now, reason=str(error))
    else:
        given_back(session, session.cards, claim, now, error)
