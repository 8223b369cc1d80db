"""`/subscriptions`: what the chat hears of, when, and how to stop it."""

from __future__ import annotations

from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Subscription
from bot.core.times import say_cadence
from handlers.call import Call
from handlers.commands.pause import still_paused
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import arrives_at, moment

BUTTONS = 6
"""Subscriptions that get a button of their own; further ones are ended by number."""


@command("subscriptions", Group.RING, usage=("/subscriptions",), examples=("/subscriptions",), aliases=("list",))
def subscriptions(call: Call) -> Message:
    """The chat's subscriptions by number."""
    entries = call.session.subscriptions.of_chat(call.chat.id)
    if not entries:
        return nothing(call)
    blocks: list[Block] = [Heading(call.count("commands.subscriptions", len(entries))), *listed(call, entries)]
    if call.chat.paused_at is not None:
        blocks.append(still_paused(call))
    return Message((*blocks, buttons(call, entries)))


def nothing(call: Call) -> Message:
    """That there are no subscriptions, and how to make one."""
    example = Code("/subscribe migration")
    return Message((call.line("commands.no_subscriptions", topics=Code("/topics"), example=example),))


def listed(call: Call, entries: list[Subscription]) -> list[Item]:
    """An item a subscription: number, query, when it rings, when next."""
    return [_item(call, entry) for entry in entries]


def buttons(call: Call, entries: list[Subscription]) -> Actions:
    """A button to end each of the first subscriptions."""
    shown = entries[:BUTTONS]
    return Actions(
        tuple(Action(call.say("commands.end", number=entry.number), f"/unsubscribe {entry.number}") for entry in shown)
    )


def _item(call: Call, entry: Subscription) -> Item:
    name = label(call.services.topics, entry.query)
    below = [Line(spans(terms(call, entry)))]
    if entry.next_due_at is not None:
        at = moment(call, arrives_at(call, entry.next_due_at, urgent=entry.urgent))
        below.append(call.line("commands.next_digest", quiet=True, at=at))
    return Item(spans(Strong(name) if name != entry.query else Code(name)), tuple(below), f"{entry.number}.")


def terms(call: Call, entry: Subscription) -> str:
    """A subscription's cadence and flags in words."""
    flags = [call.say(f"commands.flag_{flag}") for flag in ("urgent", "every") if getattr(entry, flag)]
    return ", ".join([say_cadence(entry.cadence, call.words, call.digest_at), *flags])
