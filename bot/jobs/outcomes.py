"""What becomes of a claim: sent, to be tried again, dead with a reason; and of its chat: blocked, paused, moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.core.errors import ChatGone, ChatMoved, NoPermission, Rejected, Throttled
from bot.core.model import Chat, Claim, Kind, State
from bot.core.ports import Session
from bot.core.presence import leave, move, silence
from bot.core.retry import TRIES, retry_at

LONG = timedelta(seconds=30)
"""A pause from which it is kept in the store: a process that starts meanwhile has to know."""


class Held(Protocol):
    """What is leased to us for a chat: a delivery's claim, or one of reports."""

    @property
    def chat(self) -> Chat: ...
    @property
    def attempts(self) -> int: ...


H = TypeVar("H", bound=Held, contravariant=True)
C = TypeVar("C", bound=Held)


class Room(Protocol[H]):
    """Where claims are kept: deliveries' in the outbox, or reports'."""

    def settle(
        self, claim: H, state: State, now: datetime, *, message_ref: str | None = None, reason: str | None = None
    ) -> None: ...

    def postpone(self, claim: H, due_at: datetime, reason: str, *, tried: bool = True) -> None: ...


def failed(session: Session, claim: Claim, now: datetime, error: Exception) -> None:
    """What becomes of a delivery that failed; an edit that is refused is closed, the reader has lost nothing by it."""
    if isinstance(error, Rejected) and claim.kind is Kind.EDIT:  # it is gone, or says so already
        session.outbox.settle(claim, State.CANCELLED, now, reason=_reason(error))
    else:
        given_back(session, session.outbox, claim, now, error)


def given_back(session: Session, room: Room[C], claim: C, now: datetime, error: Exception) -> None:
    """Gives the claim back for later, or closes it as dead with the reason; a chat that left is paused, not lost."""
    reason = _reason(error)
    match error:
        case Throttled():  # no try is used up, as the message was not even looked at
            room.postpone(claim, now + error.retry_after, reason, tried=False)
            _stop(session, claim.chat, now, error)
        case NoPermission():
            silence(session, claim.chat.id, now, str(error))
            room.postpone(claim, now, reason, tried=False)
        case ChatGone():
            leave(session, claim.chat.id, now, str(error))
            room.postpone(claim, now, reason, tried=False)
        case ChatMoved(new=new) if claim.attempts + 1 < TRIES:
            move(session, claim.chat.id, new)
            room.postpone(claim, now, reason)
        case ChatMoved():
            room.settle(claim, State.DEAD, now, reason=reason)
        case _ if (again := retry_at(error, claim.attempts + 1, now)) is not None:
            room.postpone(claim, again, reason)
        case _:
            room.settle(claim, State.DEAD, now, reason=reason)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _stop(session: Session, chat: Chat, now: datetime, error: Throttled) -> None:
    """Keeps a long pause that the platform asked for."""
    if error.asked and error.retry_after >= LONG:
        until = now + error.retry_after
        session.chats.block(chat.id, until)
        if error.everyone:
            session.meta.set(stop_of(chat.address.platform), until.isoformat())


def stop_of(platform: str) -> str:
    """The name of the fact that keeps until when nothing may be sent to a platform."""
    return f"stopped_until:{platform}"


def stopped_until(session: Session, platform: str) -> datetime | None:
    """Until when nothing may be sent to the platform, None when that was never so."""
    value = session.meta.get(stop_of(platform))
    return datetime.fromisoformat(value) if value else None
