"""Chats that go away, come back or move: paused with the reason and resumed, never deleted and never by guessing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.errands import Notice
from bot.core.model import Address, Kind, State
from bot.core.ports import Session


def leave(session: Session, chat_id: int, now: datetime, reason: str) -> None:
    """The platform has no way to the chat any more: it waits with all it has until it is back.

    One that is paused already stays as it is: its own pause must not end because it comes back.
    """
    chat = session.chats.get(chat_id)
    if chat is not None and chat.paused_at is None:
        session.chats.save(replace(chat, paused_at=now, pause_reason=reason or "away"))


def come_back(session: Session, chat_id: int) -> bool:
    """The chat was heard of again (a command, a membership): True when it had been away, and goes on from here.

    What was held for it comes in one message that says since when.
    """
    chat = session.chats.get(chat_id)
    if chat is None or not chat.is_away:
        return False
    held = session.outbox.counts(chat_id).get((Kind.ALERT, State.WAITING), 0)
    since = chat.paused_at if held else None
    session.chats.save(replace(chat, paused_at=None, pause_reason=None, held_since=since))
    return True


def silence(session: Session, chat_id: int, now: datetime, reason: str) -> None:
    """The bot is in the chat but may not write there: it is paused, and its owner told elsewhere, if one is known."""
    chat = session.chats.get(chat_id)
    if chat is None or chat.paused_at is not None:
        return
    leave(session, chat_id, now, reason)
    if chat.owner is not None and chat.owner != chat.address:
        owner = session.chats.ensure(chat.owner, now)
        details = {"chat": str(chat.address), "reason": reason}
        session.outbox.notify(owner.id, Notice("cards.may_not_write", details), now)


def stand(
    session: Session,
    platform: str,
    chat: str,
    now: datetime,
    *,
    here: bool,
    reason: str = "",
    by: Address | None = None,
    joined: bool = True,
) -> None:
    """The bot is in a place, or not, and may speak there unless there is a `reason`: all its chats pause or go on.

    `by` is who let it in or, where it has not just `joined`, who changed that, and is told elsewhere when it may not
    speak there, unless somebody is already.
    """
    chats = session.chats.threads(platform, chat)
    if here and not chats:
        chats = [session.chats.ensure(Address(platform, chat), now)]
    for found in chats:
        if here and by not in (None, found.address) and (joined or found.owner is None):
            session.chats.save(replace(found, owner=by))
        if not here:
            leave(session, found.id, now, reason)
        elif reason:
            silence(session, found.id, now, reason)
        else:
            come_back(session, found.id)


def move(session: Session, chat_id: int, new: Address) -> None:
    """The chat lives at another address now, with everything it has; safe to hear of twice."""
    chat = session.chats.get(chat_id)
    if chat is not None and chat.address != new:
        session.guests.move(chat.address, new)
        session.chats.move(chat_id, new)
