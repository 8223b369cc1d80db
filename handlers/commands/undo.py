"""`/undo`: takes back the chat's last change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.cadence import parse_cadence
from bot.core.message import Action, Actions, Line, Message
from bot.core.model import Subscription
from bot.core.pausing import unpause
from bot.matching.resuming import resume
from handlers.call import Call
from handlers.changes import Change, Did, restored
from handlers.commands.settings import back_to_settings
from handlers.commands.subscriptions import terms
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import moment, next_due_at, replan, reschedule
from handlers.settings import SETTINGS, Setting
from handlers.undoing import take_back


@command("undo", Group.CHAT, usage=("/undo",), examples=("/undo",), writes=True)
def undo(call: Call) -> Message:
    """Reverses the last change of any kind, once."""
    kept = call.session.chats.take_undo(call.chat.id)
    if kept is None:
        return Message((call.line("commands.nothing_to_undo"),))
    change = Change.parse(kept)
    match change.did:
        case Did.SUBSCRIBED:
            return Message(tuple(_end(call, change)))
        case Did.UNSUBSCRIBED:
            return Message((*_revive(call, change), Actions((_all(call),))))
        case Did.CHANGED:
            return Message((_change_back(call, change), Actions((_all(call),))))
        case Did.SET:
            return Message((*_set_back(call, change), Actions((back_to_settings(call),))))
        case Did.PAUSED | Did.RESUMED:
            return Message((_pause_back(call, change),))
        case Did.PAUSED_ONE | Did.RESUMED_ONE:
            return Message((*_one_back(call, change), Actions((_all(call),))))
        case _:
            return Message(tuple(take_back(call, change)))


def _all(call: Call) -> Action:
    return Action(call.say("commands.all_subscriptions"), "/subscriptions", in_place=True)


def _touched(call: Call, change: Change) -> list[Subscription]:
    found = [call.session.subscriptions.get(subscription_id) for subscription_id in change.subscriptions]
    return [entry for entry in found if entry is not None and entry.chat_id == call.chat.id]


def _end(call: Call, change: Change) -> list[Line]:
    lines = []
    for entry in _touched(call, change):
        call.session.subscriptions.end(entry.id, call.now)
        lines.append(call.line("commands.undone_subscribed", number=entry.number, query=_name(call, entry)))
    return lines


def _revive(call: Call, change: Change) -> list[Line]:
    lines = []
    for entry in _touched(call, change):
        call.session.subscriptions.revive(entry.id, call.now)
        if entry.next_due_at is not None and entry.next_due_at <= call.now:
            call.session.subscriptions.reschedule(entry.id, next_due_at(call, entry.cadence))
        lines.append(call.line("commands.undone_unsubscribed", number=entry.number, query=_name(call, entry)))
    reschedule(call)
    return lines


def _change_back(call: Call, change: Change) -> Line:
    was = change.was
    cadence = parse_cadence(str(was["cadence"]))
    entry = call.session.subscriptions.add(
        call.chat,
        str(was["query"]),
        call.now,
        cadence=str(was["cadence"]),
        urgent=bool(was["urgent"]),
        every=bool(was["every"]),
        next_due_at=next_due_at(call, cadence) if cadence else None,
    )
    when = terms(call, entry)
    return call.line("commands.undone_changed", number=entry.number, query=_name(call, entry), when=when)


def _pause_back(call: Call, change: Change) -> Line:
    """Pauses again, or not; what was held leaves when nothing holds it any more."""
    chat = restored(call.chat, change.was)
    call.session.chats.save(chat)
    if chat.paused_at is None:
        unpause(call.session, chat, call.now, call.services.timezone)
        return call.line("commands.undone_paused")
    if chat.paused_until is not None:
        return call.line("readers.undone_until", until=moment(call, chat.paused_until))
    return call.line("commands.undone_resumed")


def _one_back(call: Call, change: Change) -> list[Line]:
    """Pauses a subscription again as it was, or hears it again."""
    since, until = (_moment(change.was.get(name)) for name in ("paused_at", "paused_until"))
    lines = []
    for entry in _touched(call, change):
        if since is None:
            if entry.paused_at is not None:
                resume(call.session, call.chat, entry, call.now, call.services.timezone)
            lines.append(call.line("pauses.undone", number=entry.number))
            continue
        call.session.pauses.begin(entry.id, since, until)
        key = "pauses.undone_until" if until else "pauses.undone_resumed"
        lines.append(call.line(key, number=entry.number, until=moment(call, until) if until else None))
    return lines


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value is not None else None


def _set_back(call: Call, change: Change) -> list[Line]:
    back = replace(call, chat=restored(call.chat, change.was))
    back.session.chats.save(back.chat)
    lines = [_as_it_was(back, entry) for entry in SETTINGS if entry.field in change.was]
    timely = any(entry.timely for entry in SETTINGS if entry.field in change.was)
    if timely and (next_at := replan(back)):
        lines.append(back.line("commands.next_digest", at=moment(back, next_at)))
    return lines


def _as_it_was(call: Call, entry: Setting) -> Line:
    return call.line("commands.undone_set", name=call.say(f"commands.setting_{entry.name}"), value=entry.show(call))


def _name(call: Call, entry: Subscription) -> str:
    return label(call.services.topics, entry.query)
