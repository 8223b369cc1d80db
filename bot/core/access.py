"""Who may use the bot: guests with how they stand, invites that let in once, and the ports that keep both.

A guest is a place: a person's private chat, or a group with all its threads. An asking is answered by an admin once;
whoever decided, and when, is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.model import Address, Chat, State

ASK_AGAIN_FOR = timedelta(days=30)
"""How long after a refusal a guest's asking changes nothing."""

ASKED_FOR = timedelta(days=90)
"""How long an asking that nobody answers is kept, and one that was refused."""

INVITED_FOR = timedelta(days=7)
"""How long an invite lets in."""

WAITING_MOST = 1_000
"""Guests that wait at most: more would be a flood that nobody answers."""

CARDS_FOR = timedelta(hours=1)
CARDS_MOST = 5
"""Cards that an admin gets within that time; who asks beyond is told of in one message, together."""

NAME = 64
"""Characters of a guest's name that are kept."""

NOT_INVITED = "not invited"
"""The reason of a chat's pause that may not use the bot (any more): all it has waits."""

INVITE = "invite-"
"""What a code begins with, so that it is told from other things a link may say."""

LINK = "invite_link"
"""The name of the fact that keeps what an invite's link begins with, before its code, where a platform has such."""


class Access(StrEnum):
    """Who may use the bot: everybody, those let in, or admins."""

    OPEN = "open"
    INVITED = "invited"
    ADMINS = "admins"


class Standing(StrEnum):
    """How a guest stands."""

    ASKED = "asked"
    ADMITTED = "admitted"
    DENIED = "denied"
    REVOKED = "revoked"


class Way(StrEnum):
    """How a guest was let in."""

    ADMIN = "admin"
    INVITE = "invite"
    BEFORE = "before"
    """It was there while everybody might be."""
    BROUGHT = "brought"
    """An admin has brought the bot there, or set something up there."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A place that is no admin's; `number` is what admins call its asking by, `by` who brought the bot to a group."""

    number: int
    address: Address
    name: str
    standing: Standing
    asked_at: datetime
    by: Address | None = None
    decided_at: datetime | None = None
    decided_by: Address | None = None
    way: Way | None = None

    def may_ask(self, now: datetime) -> bool:
        """Whether its asking would reach the admins."""
        if self.standing is Standing.ASKED:
            return now >= self.asked_at + ASKED_FOR
        return self.decided_at is None or now >= self.decided_at + ASK_AGAIN_FOR


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a guest, who says so (None: nobody in particular) and when."""

    standing: Standing
    at: datetime
    by: Address | None = None
    way: Way | None = None


class Guests(Protocol):
    """Guests and invites. Every method may raise StoreError; threads of an address do not count."""

    def at(self, address: Address) -> Guest | None: ...

    def get(self, number: int) -> Guest | None: ...

    def ask(self, address: Address, name: str, now: datetime, by: Address | None) -> Guest:
        """Records an asking under a new number; cards of an earlier one are gone."""

    def decide(self, address: Address, name: str, decision: Decision) -> Guest:
        """Records a decision, also of a guest that never asked; an empty name keeps the one there is."""

    def listed(self, standing: Standing | None, limit: int, offset: int = 0) -> tuple[list[Guest], int]:
        """A page of those who stand so (None: all), who asked last first, and how many there are."""

    def unknown(self) -> list[Address]:
        """Places of chats that have live subscriptions and are no guests."""

    def shut(self) -> list[Chat]:
        """Chats that are paused as not invited."""

    def going(self, *, admitted: bool) -> list[Chat]:
        """The other chats: those of guests that are let in, or those of nobody who is."""

    def move(self, old: Address, new: Address) -> None:
        """The place has a new address; a guest already there stays as it is."""

    def forget(self, address: Address) -> None:
        """Removes the guest, and its name from what it decided about others."""

    def prune(self, before: datetime) -> int:
        """Drops those who asked before then and were not let in, and invites that were over then; how many guests."""

    def invite(self, code: str, by: Address, until_at: datetime) -> None:
        """Keeps an invite, by a digest of its code, until then."""

    def take_invite(self, code: str, now: datetime) -> bool:
        """Uses an invite up; False when there is none of this code, it was used, or it is over."""


@dataclass(frozen=True, slots=True)
class CardClaim:
    """A card in an admin's chat that is to show how a guest stands, leased to us; `reference` is where it stands."""

    id: int
    chat: Chat
    guest: Guest
    attempts: int
    reference: str | None
    leased_until: datetime = field(compare=False)


class Cards(Protocol):
    """What admins are shown of those who ask, claimed and settled as deliveries are; each may raise StoreError."""

    def owe(self, guest: Guest, chat_id: int, now: datetime) -> None:
        """Has the chat shown who asks."""

    def since(self, chat_id: int, at: datetime) -> int:
        """How many cards the chat was owed since then."""

    def decided(self, number: int, now: datetime) -> None:
        """Has every card of the asking show what was decided; one that never left does not leave any more."""

    def claimable(self, now: datetime, accept: Callable[[Address], bool]) -> bool:
        """Whether `claim` would take anything."""

    def claim(
        self, now: datetime, leased_until: datetime, accept: Callable[[Address], bool], limit: int
    ) -> list[CardClaim]:
        """Leases what is due in chats that are not paused and that `accept` takes, the one due longest first."""

    def settle(
        self,
        claim: CardClaim,
        state: State,
        now: datetime,
        *,
        message_ref: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Closes a claim; a card that was sent while its guest was decided about is due again at once."""

    def postpone(self, claim: CardClaim, due_at: datetime, reason: str, *, tried: bool = True) -> None:
        """Gives a claim back, one attempt older if `tried`."""


def is_code(text: str) -> bool:
    """Whether a text could be an invite's code."""
    rest = text.removeprefix(INVITE)
    return rest != text and 16 <= len(rest) <= 57 and all(letter.isalnum() or letter in "-_" for letter in rest)


def place_of(address: Address) -> Address:
    """The guest that speaks from this address: a group is one with all its threads."""
    return Address(address.platform, address.chat)


def named(text: str) -> str:
    """A name fit to be shown on a line: no control characters, no marks that turn its direction, and not too long."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= NAME else shown[: NAME - 1] + "…"
