"""`/subscriptions`: what the chat hears of, when, and how to change or stop it."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cadence import INSTANT, Wish, parse_cadence, split_cadence
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Subscription
from bot.core.times import say_cadence
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.held import paused, still_paused
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import arrives_at, moment, next_due_at

BUTTONS = 8
"""Subscriptions that get a button of their own; further ones are named by number."""

OFFERED = ("instant", "daily", "weekdays 08:00", "weekly mon 08:00")
"""When a subscription may ring, as its menu offers it."""


@command(
    "subscriptions",
    Group.RING,
    usage=("/subscriptions", "/subscriptions NUMBER", "/subscriptions NUMBER daily 08:00"),
    examples=("/subscriptions", "/subscriptions 1", "/subscriptions 1 weekly Mon 08:00"),
    aliases=("list",),
    writes=True,
    shows=True,
)
def subscriptions(call: Call) -> Message:
    """The chat's subscriptions by number, or one of them, or when that one rings from now on."""
    entries = call.session.subscriptions.of_chat(call.chat.id)
    if not entries:
        return nothing(call)
    number, _, wish = call.args.partition(" ")
    if not number:
        return _listed(call, entries)
    entry = numbered(call, number.lstrip("#"))
    return _change(call, entry, wish.strip()) if wish else one(call, entry)


def numbered(call: Call, number: str) -> Subscription:
    """The chat's subscription with this number; UserError where it has none."""
    entries = call.session.subscriptions.of_chat(call.chat.id)
    entry = next((entry for entry in entries if str(entry.number) == (number.lstrip("0") or "0")), None)
    if entry is None:
        raise UserError("menus.no_subscription", number=number[:20], suggestion="/subscriptions")
    return entry


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


def one(call: Call, entry: Subscription, *said: Line) -> Message:
    """One subscription, and what can be done with it."""
    number, cadence = entry.number, str(entry.cadence)
    times = (_button(_said(call, text), _to(entry, text)) for text in OFFERED if text != cadence)
    urgency = _to(replace(entry, urgent=not entry.urgent), cadence)
    paused_alone = entry.paused_at is not None
    hold = ("pauses.resume_it", f"/resume {number}") if paused_alone else ("pauses.pause_it", f"/pause {number}")
    more = (
        _button(call.say(hold[0]), hold[1]),
        _button(call.say("menus.urgent_off" if entry.urgent else "menus.urgent_on"), urgency),
        _button(call.say("menus.remove"), f"/unsubscribe {number}"),
        _button(call.say("commands.all_subscriptions"), "/subscriptions"),
    )
    hint = call.line("menus.type_a_time", quiet=True, example=Code(f"/subscriptions {number} daily 07:30"))
    return Message((*said, _item(call, entry), hint, Actions(tuple(times)), Actions(more)))


def _listed(call: Call, entries: list[Subscription]) -> Message:
    blocks: list[Block] = [Heading(call.count("commands.subscriptions", len(entries))), *listed(call, entries)]
    holds = call.chat.paused_at is not None
    if holds:
        blocks.append(still_paused(call))
    menu = (_button(_label(call, entry), f"/subscriptions {entry.number}") for entry in entries[:BUTTONS])
    hold = ("commands.resume_it", "/resume") if holds else ("menus.pause_all", "/pause")
    return Message((*blocks, Actions(tuple(menu)), Actions((Action(call.say(hold[0]), hold[1]),))))


def _change(call: Call, entry: Subscription, text: str) -> Message:
    """Stores when it rings from now on; `/undo` takes it back."""
    wish = _wish(entry, text)
    cadence = wish.cadence or entry.cadence
    if (cadence, wish.urgent, wish.every) == (entry.cadence, entry.urgent, entry.every):
        return one(call, entry, call.line("commands.unchanged"))
    was = {"query": entry.query, "cadence": str(entry.cadence), "urgent": entry.urgent, "every": entry.every}
    now = call.session.subscriptions.add(
        call.chat,
        entry.query,
        call.now,
        cadence=str(cadence),
        urgent=wish.urgent,
        every=wish.every,
        next_due_at=entry.next_due_at if cadence == entry.cadence else next_due_at(call, cadence),
    )
    remember(call, Did.CHANGED, entry.id, **was)
    changed = call.line("commands.when_changed", old=terms(call, entry), new=Strong(terms(call, now)))
    return Message((*one(call, now, changed).blocks, Actions((undo_button(call, in_place=True),))))


def _wish(entry: Subscription, text: str) -> Wish:
    """When, as it is written behind a query; UserError for what is no such thing."""
    try:
        wish = split_cadence(f"x {text}")
    except UserError as error:
        error.suggestion = f"/subscriptions {entry.number} daily 08:00"
        raise
    if wish.query != "x" or wish == Wish("x"):
        suggestion = f"/subscriptions {entry.number} daily 08:00"
        raise UserError("menus.no_cadence", text=text[:40], suggestion=suggestion)
    return wish


def _button(label: str, command: str) -> Action:
    return Action(label, command, in_place=True)


def _said(call: Call, cadence: str) -> str:
    return say_cadence(parse_cadence(cadence) or INSTANT, call.words, call.digest_at)


def _to(entry: Subscription, cadence: str) -> str:
    """The command that gives it another time and leaves the rest as it is."""
    flags = [flag for flag in ("urgent", "every") if getattr(entry, flag)]
    return " ".join(("/subscriptions", str(entry.number), cadence, *flags))


def _label(call: Call, entry: Subscription) -> str:
    return f"{entry.number}. {label(call.services.topics, entry.query)}"


def _item(call: Call, entry: Subscription) -> Item:
    name = label(call.services.topics, entry.query)
    below = [Line(spans(terms(call, entry)))]
    below += paused(call, entry)
    if entry.next_due_at is not None and entry.paused_at is None:
        at = moment(call, arrives_at(call, entry.next_due_at, urgent=entry.urgent))
        below.append(call.line("commands.next_digest", quiet=True, at=at))
    return Item(spans(Strong(name) if name != entry.query else Code(name)), tuple(below), f"{entry.number}.")


def terms(call: Call, entry: Subscription) -> str:
    """A subscription's cadence and flags in words."""
    flags = [call.say(f"commands.flag_{flag}") for flag in ("urgent", "every") if getattr(entry, flag)]
    return ", ".join([say_cadence(entry.cadence, call.words, call.digest_at), *flags])
