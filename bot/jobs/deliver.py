"""Deliver: claim what is due, compose, send, settle; nothing is marked done before the platform has answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import ChatGone, ChatMoved, DeliveryError
from bot.core.message import Message
from bot.core.model import Address, Claim, State
from bot.core.ports import Messenger, Session, Store
from bot.core.retry import retry_at
from bot.jobs.facts import Composed, Composer
from bot.jobs.report import Reporting

log = logging.getLogger(__name__)

LEASE_FOR = timedelta(minutes=5)
"""How long a claim is ours: far longer than any send takes, short enough that a crash costs little."""

CLAIMS = 30
"""Messages a claim transaction takes."""


@dataclass
class Delivered:
    """What one delivery pass did: messages a platform accepted, and messages it did not."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Deliver:
    """Sends what is due to the platforms it has messengers for; `accept` narrows it to some chats."""

    store: Store
    composer: Composer
    messengers: Mapping[str, Messenger]
    accept: Callable[[Address], bool]

    async def __call__(self, now: datetime) -> Delivered:
        """One pass: everything due at `now` is sent, postponed or dead when it returns."""
        delivered = Delivered()
        while claims := await asyncio.to_thread(self._claim, now):
            for claim in claims:
                await self._send(claim, now, delivered)
        sent, failed = await Reporting(self.store, self.composer.default_zone, self._takes, self._post)(now)
        return Delivered(delivered.sent + sent, delivered.failed + failed)

    def _claim(self, now: datetime) -> list[Claim]:
        """The next claims; the usual pass, with nothing due, only reads and holds up no writer."""
        if not self.store.read(lambda session: session.outbox.claimable(now, self._takes)):
            return []
        return self.store.write(lambda session: session.outbox.claim(now, now + LEASE_FOR, self._takes, CLAIMS))

    def _takes(self, address: Address) -> bool:
        return address.platform in self.messengers and self.accept(address)

    async def _send(self, claim: Claim, now: datetime, delivered: Delivered) -> None:
        try:
            composed = await asyncio.to_thread(self._compose, claim, now)
            reference = await self._post(claim.chat.address, composed.message) if composed else None
        except Exception as error:
            if not isinstance(error, DeliveryError):
                log.exception("chat=%s delivery=failed", claim.chat.address)
            delivered.failed += 1
            failure = error
            await asyncio.to_thread(self.store.write, lambda session: _failed(session, claim, now, failure))
            return
        delivered.sent += composed is not None
        await asyncio.to_thread(self.store.write, lambda session: _done(session, claim, now, reference, composed))

    def _compose(self, claim: Claim, now: datetime) -> Composed | None:
        return self.store.read(lambda session: self.composer.compose(session, claim, now))

    async def _post(self, address: Address, message: Message) -> str:
        return await self.messengers[address.platform].send(address, message)


def _done(session: Session, claim: Claim, now: datetime, reference: str | None, composed: Composed | None) -> None:
    """Settles as sent or, where there was nothing to say, as cancelled."""
    if composed is None:
        session.outbox.settle(claim, State.CANCELLED, now, reason="empty")
    else:
        session.outbox.settle(claim, State.SENT, now, message_ref=reference, reason=composed.reason)
        composed.keep(session, claim, now)


def _failed(session: Session, claim: Claim, now: datetime, error: Exception) -> None:
    """Gives the claim back for later, or closes it as dead with the reason; a chat that left is paused, not lost."""
    reason = f"{type(error).__name__}: {error}"
    match error:
        case ChatGone():
            chat = session.chats.get(claim.chat.id) or claim.chat  # its settings may have changed since the claim
            session.chats.save(replace(chat, paused_at=now, pause_reason=str(error)))
            session.outbox.postpone(claim, now, reason)
        case ChatMoved(new=new):
            session.chats.move(claim.chat.id, new)
            session.outbox.postpone(claim, now, reason)
        case _:
            again = retry_at(error, claim.attempts + 1, now)
            if again is None:
                session.outbox.settle(claim, State.DEAD, now, reason=reason)
            else:
                session.outbox.postpone(claim, again, reason)
