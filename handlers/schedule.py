"""When a chat's digests come: computed on subscribing, and again when a setting moves them."""

from __future__ import annotations

from datetime import datetime

from bot.core.cadence import Cadence
from bot.core.errors import UserError
from bot.core.message import When
from bot.core.plan import audible_at, next_digest
from bot.core.times import when
from bot.core.until import parse_until
from handlers.call import Call


def next_due_at(call: Call, cadence: Cadence) -> datetime | None:
    """When a subscription at this cadence is next due in the call's chat; None for instant."""
    return next_digest(cadence, call.chat, call.now, call.services.timezone)


def arrives_at(call: Call, due_at: datetime, *, urgent: bool = False) -> datetime:
    """When a digest due then is sent: at the end of quiet hours that hold it, unless it is urgent."""
    return due_at if urgent else audible_at(call.chat, due_at, call.services.timezone)


def moment(call: Call, at: datetime) -> When:
    """A moment in the chat's local time."""
    return when(at, call.now, call.zone, call.words)


def ends_at(call: Call, text: str, instead: str) -> datetime:
    """When something that lasts for a while ends, as a person wrote it; UserError suggesting the command `instead`."""
    try:
        return parse_until(text, call.now, call.zone, call.digest_at)
    except UserError as error:
        error.suggestion = instead
        raise


def names_time(call: Call, text: str) -> bool:
    """Whether this says when something ends, if only a moment that is over or too far away."""
    try:
        parse_until(text, call.now, call.zone, call.digest_at)
    except UserError as error:
        return error.key != "readers.bad_until"
    return True


def replan(call: Call) -> datetime | None:
    """Moves what waits in the chat to where its settings now put it; returns when the next digest is sent."""
    next_at = reschedule(call)
    call.session.outbox.replan(call.chat.id, call.now, arrives_at(call, call.now))
    return next_at


def reschedule(call: Call) -> datetime | None:
    """Moves the chat's digests not yet due to where its settings now put them; returns when the next one is sent."""
    moved = []
    for entry in call.session.subscriptions.of_chat(call.chat.id):
        if entry.next_due_at is None:
            continue
        due_at = next_due_at(call, entry.cadence) if entry.next_due_at > call.now else entry.next_due_at
        if due_at != entry.next_due_at:
            call.session.subscriptions.reschedule(entry.id, due_at)
        if due_at is not None:
            moved.append(arrives_at(call, due_at, urgent=entry.urgent))
    return min(moved, default=None)
