"""How pauses are shown: a chat's own, and those of its single subscriptions."""

from __future__ import annotations

from bot.core.message import Code, Line, line
from bot.core.model import Subscription
from handlers.call import Call
from handlers.schedule import moment


def still_paused(call: Call) -> Line:
    """That nothing rings in the chat before its pause is over, and how to end it."""
    resume = Code("/resume")
    if call.chat.paused_until is None:
        return call.line("commands.still_paused", resume=resume)
    return call.line("readers.still_paused_until", until=moment(call, call.chat.paused_until), resume=resume)


def paused(call: Call, entry: Subscription) -> list[Line]:
    """That a subscription is paused by itself, until when, and what is held for it; nothing where it is not."""
    if entry.paused_at is None:
        return []
    since, until = moment(call, entry.paused_at), entry.paused_until
    if until is None:
        said = call.line("pauses.since", since=since)
    else:
        said = call.line("pauses.since_until", since=since, until=moment(call, until))
    held = call.session.pauses.held(entry.id)
    return [line(*said.spans, *([" · ", call.count("pauses.held", held)] if held else []))]


def heard(entries: list[Subscription]) -> list[Subscription]:
    """The subscriptions that are not paused."""
    return [entry for entry in entries if entry.paused_at is None]
