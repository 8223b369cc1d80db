"""Deliver: claim what is due, compose, send, settle; nothing is marked done before the platform has answered."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.errors import DeliveryError, Rejected
from bot.core.lanes import Lane
from bot.core.message import Message, apart, plainer
from bot.core.model import Address, Claim, Kind, State
from bot.core.ports import Limits, Session, Store
from bot.jobs.asking import Asking
from bot.jobs.facts import Composed, Composer
from bot.jobs.ledger import Ledger
from bot.jobs.outcomes import failed, stopped_until
from bot.jobs.report import Reporting
from bot.jobs.sender import Sender

log = logging.getLogger(__name__)

LEASE_FOR = timedelta(minutes=5)
"""How long a claim is ours: far longer than any send takes, short enough that a crash costs little."""

CLAIMS = 30
"""Messages of one kind that are under way at most: a second's worth, so that what comes later joins its chat's next."""

REPORT_FOR = 10.0
"""Seconds between two looks for reports while a backlog is delivered."""

LANES = {
    Kind.ALERT: Lane.ALERT,
    Kind.AGAIN: Lane.ALERT,
    Kind.DIGEST: Lane.DIGEST,
    Kind.EDIT: Lane.EDIT,
    Kind.NOTICE: Lane.BROADCAST,
}
"""Where each kind waits for its turn."""

Clock = Callable[[], datetime]


@dataclass
class Delivered:
    """What one delivery pass did: messages a platform accepted, messages it did not, and edits."""

    sent: int = 0
    failed: int = 0
    edited: int = 0


@dataclass
class Deliver:
    """Sends what is due to the platforms it has senders for; `accept` narrows it to some chats.

    A pass works at the `now` it is given or, with a `clock`, goes on for as long as something is due by that.
    """

    store: Store
    composer: Composer
    senders: Mapping[str, Sender]
    accept: Callable[[Address], bool]
    clock: Clock | None = None
    _stopped: bool = field(default=False, init=False)
    _began: bool = field(default=False, init=False)

    async def __call__(self, now: datetime) -> Delivered:
        """One pass: when it returns, everything due that its platform permits is sent, postponed or dead."""
        await self._begin(now)
        clock = self.clock or (lambda: now)
        passing = asyncio.ensure_future(_Pass(self, clock).run())
        told = [0, 0]
        try:
            while True:
                await asyncio.wait([passing], timeout=REPORT_FOR)
                told = [sum(pair) for pair in zip(told, await self._report(clock()), strict=True)]
                if passing.done():
                    break
        finally:
            passing.cancel()
        delivered = await passing
        return replace(delivered, sent=delivered.sent + told[0], failed=delivered.failed + told[1])

    async def _report(self, now: datetime) -> tuple[int, int]:
        """What is due of reports and cards leaves behind everything else; (messages accepted, messages not)."""
        at, zone = asyncio.get_running_loop().time(), self.composer.default_zone

        def takes(address: Address) -> bool:
            return self.takes(address, at)

        accepted = refused = 0
        ledger = Ledger(self.store, lambda: self._stopped)
        asking = Asking(self.store, zone, takes, self._tell, lambda to: self._limits(to).edits, ledger)
        for telling in (Reporting(self.store, zone, takes, self._tell, ledger), asking):
            try:
                told = (0, 0) if self._stopped else await telling(now)
            except Exception:  # what is under way of deliveries has to come to its end
                log.exception("reports=failed")
            else:
                accepted, refused = accepted + told[0], refused + told[1]
        return accepted, refused

    async def _tell(self, address: Address, message: Message, reference: str | None = None) -> str:
        """Sends what is no delivery or, with a reference, puts it in the place of what was sent."""
        sender = self.senders[address.platform]
        if reference is None:
            return await sender.call(Lane.BROADCAST, address, lambda: sender.messenger.send(address, message))
        await sender.call(Lane.EDIT, address, lambda: sender.messenger.edit(address, reference, message))
        return reference

    def _limits(self, address: Address) -> Limits:
        return self.senders[address.platform].messenger.limits

    def stop(self) -> None:
        """Claims nothing more; what has not left goes back to the store, what has is settled, and the pass ends."""
        self._stopped = True
        for sender in self.senders.values():
            sender.flush()

    def abandon(self) -> None:
        """What is under way counts as tried and goes back to the store, whatever its platform does."""
        for sender in self.senders.values():
            sender.abandon()

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        return self._stopped

    async def _begin(self, now: datetime) -> None:
        """Heeds the pauses that platforms asked an earlier process for."""
        if self._began:
            return
        self._began = True
        stops = await asyncio.to_thread(
            self.store.read, lambda session: {name: stopped_until(session, name) for name in self.senders}
        )
        for platform, until in stops.items():
            if until is not None and until > now:
                self.senders[platform].stop(until - now)

    def claim(self, now: datetime, room: Mapping[Kind, int], takes: Callable[[Address], bool]) -> list[Claim]:
        """The next claims; the usual pass, with nothing due, only reads and holds up no writer."""
        if not self.store.read(lambda session: session.outbox.claimable(now, takes, list(room))):
            return []
        return self.store.write(lambda session: _claim(session, now, room, takes))

    def takes(self, address: Address, at: float) -> bool:
        """Whether a message to the chat could leave now (the loop's time): threads may ask."""
        sender = self.senders.get(address.platform)
        return sender is not None and sender.permits(address, at) and self.accept(address)


def _claim(session: Session, now: datetime, room: Mapping[Kind, int], takes: Callable[[Address], bool]) -> list[Claim]:
    """At most one claim a chat: while it is under way the chat gets nothing else, so that its order is kept."""
    claims: list[Claim] = []
    taken: set[Address] = set()

    def accept(address: Address) -> bool:
        return address not in taken and takes(address)

    for kind, limit in room.items():
        new = session.outbox.claim(now, now + LEASE_FOR, accept, limit, (kind,))
        taken.update(claim.chat.address for claim in new)
        claims += new
    return claims


def _said(session: Session, claim: Claim, composed: Composed, reference: str, now: datetime) -> None:
    """Settles what was sent for another reason than what it holds."""
    session.outbox.settle(claim, State.SENT, now, message_ref=reference, reason=composed.reason)
    composed.keep(session, claim, now)


class _Pass:
    """One pass: what is under way in it, and what it did."""

    def __init__(self, deliver: Deliver, clock: Clock) -> None:
        self._deliver = deliver
        self._clock = clock
        self._ledger = Ledger(deliver.store, lambda: deliver.stopped)
        self._under_way: dict[asyncio.Task[None], Claim] = {}
        self._delivered = Delivered()

    async def run(self) -> Delivered:
        """Claims, and lets each claim run, until nothing is left that may be sent now."""
        try:
            while True:
                await self._refill()
                if not self._under_way:
                    return self._delivered
                done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del self._under_way[task]
        except Exception:  # the store refused: what is under way must not be sent and forgotten
            await asyncio.gather(*self._under_way)
            raise
        finally:
            for task in self._under_way:
                task.cancel()

    async def _refill(self) -> None:
        """Claims more of the kinds of which little is left."""
        held = Counter(claim.kind for claim in self._under_way.values())
        room = {kind: CLAIMS - held[kind] for kind in LANES if held[kind] <= CLAIMS // 2}
        if not room or self._deliver.stopped:
            return
        at, busy = asyncio.get_running_loop().time(), {claim.chat.address for claim in self._under_way.values()}
        claims = await asyncio.to_thread(
            self._deliver.claim,
            self._clock(),
            room,
            lambda address: address not in busy and self._deliver.takes(address, at),
        )
        for claim in claims:
            self._under_way[asyncio.ensure_future(self._run(claim))] = claim

    async def _run(self, claim: Claim) -> None:
        """One claim from composing to settling; what cannot even be settled comes back when its lease has lapsed."""
        try:
            try:
                composed = await asyncio.to_thread(self._compose, claim)
                reference = await self._post(claim, composed.message) if composed else None
            except Exception as error:
                await self._failed(claim, error)
            else:
                await self._done(claim, composed, reference)
        except Exception:
            log.exception("chat=%s settling=failed", claim.chat.address)

    def _compose(self, claim: Claim) -> Composed | None:
        composer, now = self._deliver.composer, self._clock()
        if claim.kind is Kind.EDIT and not self._sender(claim).messenger.limits.edits:
            return None
        return self._deliver.store.read(lambda session: composer.compose(session, claim, now))

    async def _post(self, claim: Claim, message: Message) -> str:
        """Sends it, once more as no reply or in a plainer form if it is rejected as it is."""
        others = [plainer(message)] if claim.kind is not Kind.EDIT else []
        others[:0] = [apart(message)] if message.in_reply else []
        while True:
            try:
                return await self._call(claim, message)
            except Rejected as error:
                if not others:
                    raise
                log.warning("chat=%s rejected=%r", claim.chat.address, str(error))
                message = others.pop(0)

    async def _call(self, claim: Claim, message: Message) -> str:
        sender, address = self._sender(claim), claim.chat.address
        reference = claim.reference
        if reference is None:
            return await sender.call(LANES[claim.kind], address, lambda: sender.messenger.send(address, message))
        await sender.call(Lane.EDIT, address, lambda: sender.messenger.edit(address, reference, message))
        return reference

    async def _done(self, claim: Claim, composed: Composed | None, reference: str | None) -> None:
        """Settles as sent or, where there was nothing to say, as cancelled."""
        now = self._clock()
        if composed is None or reference is None:
            await self._ledger.record(
                lambda session: session.outbox.settle(claim, State.CANCELLED, now, reason="empty"), now
            )
            return
        if composed.reason is None:
            await self._ledger.sent(claim, reference, now, lambda session: composed.keep(session, claim, now))
        else:
            await self._ledger.record(lambda session: _said(session, claim, composed, reference, now), now)
        if claim.kind is Kind.EDIT:
            self._delivered.edited += 1
        else:
            self._delivered.sent += 1

    async def _failed(self, claim: Claim, error: Exception) -> None:
        if not isinstance(error, DeliveryError):
            log.error("chat=%s delivery=failed", claim.chat.address, exc_info=error)
        now = self._clock()
        self._delivered.failed += 1
        await self._ledger.record(lambda session: failed(session, claim, now, error), now)

    def _sender(self, claim: Claim) -> Sender:
        return self._deliver.senders[claim.chat.address.platform]
