"""`/pause`: everything, or one subscription, waits, and nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.message import Action, Actions, Code, Line, Message
from bot.core.model import Subscription
from handlers.call import Call
from handlers.changes import Did, former, remember, undo_button
from handlers.commands.subscriptions import numbered, one
from handlers.reading import caseless, label
from handlers.registry import Group, command
from handlers.schedule import ends_at, moment, names_time

PAUSED = "paused_at", "pause_reason", "paused_until"

_ONE = re.compile(r"#?([0-9]{1,9})(?:\s+(\S.*))?", re.DOTALL)


@command(
    "pause",
    Group.RING,
    usage=(
        "/pause",
        "/pause 3d",
        "/pause until 2026-12-24",
        "/pause until 2026-12-24 18:00",
        "/pause NUMBER",
        "/pause NUMBER 3d",
    ),
    examples=("/pause", "/pause 3d", "/pause until monday", "/pause 2", "/pause 2 1w"),
    writes=True,
)
def pause(call: Call) -> Message:
    """Holds everything, or one subscription, back: until then or until `/resume`."""
    if (meant := _one_of_them(call)) is not None:
        return _pause_one(call, *meant)
    until_at = ends_at(call, call.args, _instead(call)) if call.args else None
    chat = call.chat
    if chat.paused_at is not None and chat.paused_until == until_at and not chat.pause_reason:
        return Message((_paused_already(call), _resume_it(call)))
    remember(call, Did.PAUSED, **former(chat, *PAUSED))
    since = chat.paused_at or call.now
    call.session.chats.save(replace(chat, paused_at=since, pause_reason=None, paused_until=until_at))
    if until_at is not None:
        said = call.line("readers.paused_until", until=moment(call, until_at), resume=Code("/resume"))
    elif chat.paused_at is not None:
        said = call.line("readers.paused_endless", since=moment(call, since))
    else:
        said = call.line("commands.paused", resume=Code("/resume"))
    return Message((said, Actions((*_resume_it(call).actions, undo_button(call)))))


def _one_of_them(call: Call) -> tuple[Subscription, str] | None:
    """The subscription that is meant by its number, and for how long; None where everything is.

    `3 days` is a time; `#3 days`, and a number that no unit follows, is a subscription.
    """
    found = _ONE.fullmatch(call.args)
    if found is None or (found[2] and names_time(call, call.args)):
        return None
    return numbered(call, found[1]), found[2] or ""


def _instead(call: Call) -> str:
    """What to write instead of what is no time: the number of the subscription that is called so."""
    named = caseless(call.args)
    for entry in call.session.subscriptions.of_chat(call.chat.id):
        if named in (caseless(entry.query), caseless(label(call.services.topics, entry.query))):
            return f"/pause {entry.number}"
    return "/pause 3d"


def _pause_one(call: Call, entry: Subscription, span: str) -> Message:
    number = entry.number
    until_at = ends_at(call, span, f"/pause {number} 3d") if span else None
    if entry.paused_at is not None and entry.paused_until == until_at:
        return one(call, entry, call.line("pauses.already"))
    remember(call, Did.PAUSED_ONE, entry.id, **former_pause(entry))
    call.session.pauses.begin(entry.id, entry.paused_at or call.now, until_at)
    key = "pauses.paused_until" if until_at else "pauses.paused"
    until = moment(call, until_at) if until_at else None
    said = call.line(key, number=number, until=until, resume=Code(f"/resume {number}"))
    shown = one(call, numbered(call, str(number)), said)
    return Message((*shown.blocks, Actions((undo_button(call, in_place=True),))))


def former_pause(entry: Subscription) -> dict[str, object]:
    """A subscription's pause as JSON values, for `/undo`."""
    return {
        name: value and value.isoformat()
        for name, value in (("paused_at", entry.paused_at), ("paused_until", entry.paused_until))
    }


def _resume_it(call: Call) -> Actions:
    return Actions((Action(call.say("commands.resume_it"), "/resume"),))


def _paused_already(call: Call) -> Line:
    chat = call.chat
    since = moment(call, chat.paused_at or call.now)
    if chat.paused_until is None:
        return call.line("commands.paused_already", since=since)
    return call.line("readers.paused_already_until", since=since, until=moment(call, chat.paused_until))
