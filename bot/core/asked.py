"""How an asking is shown to admins: as a card that asks for a decision or tells it, and as a line of a list."""

from __future__ import annotations

from bot.core.access import Guest, Standing, Way
from bot.core.compose import Telling
from bot.core.message import Action, Actions, Code, Line, Message, Spans, Strong, filled, spans
from bot.core.times import when

WAYS = {Way.INVITE: "invited", Way.BEFORE: "before", Way.BROUGHT: "brought"}
"""Phrases of those who were let in by nobody's answer to an asking."""


def card(guest: Guest, to: Telling, *, silent: bool = False) -> Message:
    """Who asks, with two buttons; once it is decided, who decided and when instead of them."""
    asks = Line(_asks(guest, to))
    if guest.standing is not Standing.ASKED:
        return Message((asks, Line(stands(guest, to))), silent)
    decide = tuple(
        Action(to.words.say(f"access.{verb}_it"), f"/access {verb} {guest.number}") for verb in ("approve", "deny")
    )
    return Message((asks, Actions(decide)), silent)


def _asks(guest: Guest, to: Telling) -> Spans:
    """A group is brought to by somebody."""
    by = guest.by
    key = "person" if by is None or by == guest.address else "group"
    return filled(to.words.phrase(f"access.{key}_asks"), who=who(guest), by=Code(str(by)))


def who(guest: Guest) -> Spans:
    """The guest by name, if it has one, and by the id that the settings would name it by."""
    by_id = Code(str(guest.address))
    return (Strong(guest.name), *spans(" ("), by_id, *spans(")")) if guest.name else (by_id,)


def stands(guest: Guest, to: Telling) -> Spans:
    """How the guest stands, since when and by whose word."""
    at = when(guest.decided_at or guest.asked_at, to.now, to.zone, to.words)
    if guest.standing is Standing.ASKED:
        return filled(to.words.phrase("access.waits"), at=at)
    by = spans(Code(str(guest.decided_by))) if guest.decided_by else spans(to.words.say("access.somebody"))
    key = WAYS.get(guest.way, str(guest.standing)) if guest.way else str(guest.standing)
    return filled(to.words.phrase(f"access.was_{key}"), by=by, at=at)
