"""What becomes of a claim: sent, to be tried again, dead with a reason; and of its chat: blocked, paused, moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.errors import ChatGone, ChatMoved, NoPermission, Rejected, Throttled
from bot.core.model import Claim, Kind, State
from bot.core.ports import Session
from bot.core.presence import leave, move, silence
from bot.core.retry import TRIES, retry_at

LONG = timedelta(seconds=30)
"""A pause from which it is kept in the store: a process that starts meanwhile has to know."""


def failed(session: Session, claim: Claim, now: datetime, error: Exception) -> None:
    """Gives the claim back for later, or closes it as dead with the reason; a chat that left is paused, not lost."""
    reason = f"{type(error).__name__}: {error}"
    match error:
        case Throttled():
            _throttled(session, claim, now, error)
        case NoPermission():
            silence(session, claim.chat.id, now, str(error))
            session.outbox.postpone(claim, now, reason, tried=False)
        case ChatGone():
            leave(session, claim.chat.id, now, str(error))
            session.outbox.postpone(claim, now, reason, tried=False)
        case ChatMoved(new=new) if claim.attempts + 1 < TRIES:
            move(session, claim.chat.id, new)
            session.outbox.postpone(claim, now, reason)
        case ChatMoved():
            session.outbox.settle(claim, State.DEAD, now, reason=reason)
        case Rejected() if claim.kind is Kind.EDIT:  # it is gone, or says so already: the reader has lost nothing
            session.outbox.settle(claim, State.CANCELLED, now, reason=reason)
        case _:
            _try_again(session, claim, now, error, reason)


def _try_again(session: Session, claim: Claim, now: datetime, error: Exception, reason: str) -> None:
    again = retry_at(error, claim.attempts + 1, now)
    if again is None:
        session.outbox.settle(claim, State.DEAD, now, reason=reason)
    else:
        session.outbox.postpone(claim, again, reason)


def _throttled(session: Session, claim: Claim, now: datetime, error: Throttled) -> None:
    """Waits as long as asked; no try is used up, as the message was not even looked at."""
    until = now + error.retry_after
    session.outbox.postpone(claim, until, f"Throttled: {error}", tried=False)
    if error.asked and error.retry_after >= LONG:
        session.chats.block(claim.chat.id, until)
        if error.everyone:
            session.meta.set(stop_of(claim.chat.address.platform), until.isoformat())


def stop_of(platform: str) -> str:
    """The name of the fact that keeps until when nothing may be sent to a platform."""
    return f"stopped_until:{platform}"


def stopped_until(session: Session, platform: str) -> datetime | None:
    """Until when nothing may be sent to the platform, None when that was never so."""
    value = session.meta.get(stop_of(platform))
    return datetime.fromisoformat(value) if value else None
