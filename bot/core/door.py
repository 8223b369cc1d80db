"""The door: who is let in, whose asking reaches the admins, and what a decision changes; each in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.access import (
    CARDS_FOR,
    CARDS_MOST,
    NOT_INVITED,
    WAITING_MOST,
    Access,
    Decision,
    Guest,
    Standing,
    Way,
    named,
    place_of,
)
from bot.core.errands import Notice
from bot.core.model import Address, Chat
from bot.core.plan import audible_at
from bot.core.ports import Session
from bot.core.presence import come_back
from bot.core.reports import Report

GATHER_FOR = timedelta(minutes=30)
"""How long those who ask beyond what cards there are gather for one message."""

MODE = "access"
"""The name of the fact that keeps who might use the bot when it last ran."""


@dataclass(frozen=True, slots=True)
class Door:
    """Who may use this newsbell, and who decides about it."""

    access: Access = Access.OPEN
    admins: frozenset[Address] = frozenset()
    default_zone: str = "UTC"

    def admits(self, session: Session, address: Address) -> bool:
        """Whether what the chat at this address subscribes to may ring there."""
        if self.access is Access.OPEN or place_of(address) in self.admins:
            return True
        guest = session.guests.at(address)
        if guest is None or guest.standing is not Standing.ADMITTED:
            return False
        return self.access is Access.INVITED or guest.way is Way.BROUGHT

    def hears(self, session: Session, address: Address, *, admin: bool) -> bool:
        """Whether what is said at this address, by an admin or not, is acted on."""
        if admin or self.access is not Access.ADMINS:
            return admin or self.admits(session, address)
        return place_of(address) in self.admins

    def settle_in(self, session: Session, address: Address, name: str, now: datetime, by: Address | None) -> None:
        """An admin brings the bot to a place, or sets something up there: it is let in."""
        if not self.admits(session, address):
            self.decide(session, address, Decision(Standing.ADMITTED, now, by, Way.BROUGHT), name)

    def knock(
        self, session: Session, address: Address, name: str, now: datetime, by: Address | None = None
    ) -> Guest | None:
        """The guest as it stands now that it has asked; None where asking leads nowhere, now or at all.

        The admins are asked once, in their own chats: by a card each or, where very many ask, in one message.
        """
        if self.access is not Access.INVITED:
            return None
        guest = session.guests.at(address)
        if guest is not None and not guest.may_ask(now):
            return guest
        _, waiting = session.guests.listed(Standing.ASKED, 1)
        if waiting >= WAITING_MOST:
            return None
        guest = session.guests.ask(place_of(address), named(name), now, by)
        for admin in sorted(self.admins, key=str):
            self._tell(session, session.chats.ensure(admin, now), guest, waiting + 1, now)
        return guest

    def _tell(self, session: Session, chat: Chat, guest: Guest, waiting: int, now: datetime) -> None:
        if session.cards.since(chat.id, now - CARDS_FOR) < CARDS_MOST:
            session.cards.owe(guest, chat.id, now)
            return
        gathering = session.reports.gathering_until(chat.id, now)
        due_at = gathering or audible_at(chat, now + GATHER_FOR, self.default_zone)
        session.reports.owe(chat.id, Report("access", "asked", {"waiting": waiting}), now, due_at)

    def enter(self, session: Session, address: Address, name: str, code: str, now: datetime) -> bool:
        """Lets a guest in by an invite, which is used up; False when it lets nobody in (any more)."""
        if self.access is not Access.INVITED or not session.guests.take_invite(code, now):
            return False
        self.decide(session, address, Decision(Standing.ADMITTED, now, way=Way.INVITE), name)
        return True

    def decide(self, session: Session, address: Address, decision: Decision, name: str = "") -> Guest:
        """Records a decision and what follows: cards say so, chats go on or wait, and who asked is told."""
        before = session.guests.at(address)
        guest = session.guests.decide(place_of(address), named(name), decision)
        session.cards.decided(guest.number, decision.at)
        in_vain = decision.standing is Standing.ADMITTED and not self.admits(session, address)
        if decision.standing is Standing.REVOKED:
            shut(session, session.chats.threads(address.platform, address.chat), decision.at)
        elif decision.standing is Standing.ADMITTED and not in_vain:
            let_on(session, address)
        waits = before is not None and before.standing is Standing.ASKED and decision.way is not Way.INVITE
        if waits and not in_vain:
            chat = session.chats.ensure(place_of(address), decision.at)
            session.outbox.notify(chat.id, Notice(f"access.{decision.standing}"), decision.at)
        return guest

    def settle(self, session: Session, now: datetime) -> None:
        """Brings every chat in line with who may use the bot from now on.

        Who was subscribed while everybody might be stays when that ends; admins see so, and may take it back.
        """
        if self.access is Access.INVITED and session.meta.get(MODE) in (None, Access.OPEN):
            for address in session.guests.unknown():
                if address not in self.admins:
                    session.guests.decide(address, "", Decision(Standing.ADMITTED, now, way=Way.BEFORE))
        if session.meta.get(MODE) != self.access:
            session.meta.set(MODE, self.access)
        for chat in session.guests.shut():
            if self.admits(session, chat.address):
                let_on(session, chat.address)
        if self.access is not Access.OPEN:
            going = session.guests.going(admitted=False)
            going += session.guests.going(admitted=True) if self.access is Access.ADMINS else []
            shut(session, [chat for chat in going if not self.admits(session, chat.address)], now)


def is_shut(chat: Chat) -> bool:
    """Whether the chat is paused as not invited."""
    return chat.paused_at is not None and chat.pause_reason == NOT_INVITED


def let_on(session: Session, address: Address) -> None:
    """Chats of the place that were paused as not invited go on."""
    for chat in session.chats.threads(address.platform, address.chat):
        if is_shut(chat):
            come_back(session, chat.id)


def shut(session: Session, chats: Collection[Chat], now: datetime) -> None:
    """Chats that may not use the bot wait with all they have; a pause of their own would end by itself."""
    for chat in chats:
        paused_at = chat.paused_at or now
        session.chats.save(replace(chat, paused_at=paused_at, pause_reason=NOT_INVITED, paused_until=None))
