"""`/resume`: everything, or one subscription, is heard again, with what was held."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.core.message import Action, Actions, Block, Line, Message, line
from bot.core.model import Kind, State, Subscription
from bot.core.pausing import unpause
from bot.matching.resuming import resume as hear
from handlers.call import Call
from handlers.changes import Did, former, remember, undo_button
from handlers.commands.pause import PAUSED, former_pause
from handlers.commands.subscriptions import listed, numbered, one
from handlers.held import heard, still_paused
from handlers.registry import Group, command
from handlers.schedule import arrives_at, moment

BUTTONS = 8
"""Paused subscriptions that get a button of their own."""

_NUMBER = re.compile(r"#?([0-9]{1,9})")


@command(
    "resume",
    Group.RING,
    usage=("/resume", "/resume NUMBER"),
    examples=("/resume", "/resume 2"),
    writes=True,
)
def resume(call: Call) -> Message:
    """Lets everything, or one subscription, through again and says what was held."""
    if found := _NUMBER.fullmatch(call.args):
        return _resume_one(call, numbered(call, found[1]))
    if call.chat.paused_at is None:
        return _nothing_else(call)
    remember(call, Did.RESUMED, **former(call.chat, *PAUSED))
    awake = replace(call.chat, paused_at=None, pause_reason=None, paused_until=None)
    call.session.chats.save(awake)
    held = unpause(call.session, awake, call.now, call.services.timezone)
    later = call.session.outbox.counts(call.chat.id).get((Kind.DIGEST, State.WAITING), 0)
    blocks: list[Block] = [call.line("commands.resumed", since=moment(call, call.chat.paused_at))]
    if held:
        blocks.append(_coming(call, held, arrives_at(replace(call, chat=awake), call.now)))
    later -= _of_digests_due(call)
    if later > 0:
        blocks.append(call.line("commands.held_for_digest", held=call.count("commands.stories", later)))
    if not held and later <= 0:
        blocks.append(call.line("commands.nothing_held"))
    if still := _paused_ones(call):
        blocks += [call.line("pauses.still", what=", ".join(str(entry.number) for entry in still)), _buttons(call)]
    return Message(tuple(blocks))


def _coming(call: Call, held: int, coming_at: datetime) -> Line:
    """When what was held leaves: now, or when quiet hours end."""
    stories = call.count("commands.stories", held)
    if coming_at > call.now:
        return call.line("readers.held_quiet", held=stories, at=moment(call, coming_at))
    return call.line("commands.held", held=stories)


def _of_digests_due(call: Call) -> int:
    """Lines of digests that are due and so come now."""
    entries = heard(call.session.subscriptions.of_chat(call.chat.id))
    due = [entry for entry in entries if entry.next_due_at is not None and entry.next_due_at <= call.now]
    return sum(call.session.outbox.lines_of(entry.id) for entry in due)


def _paused_ones(call: Call) -> list[Subscription]:
    entries = call.session.subscriptions.of_chat(call.chat.id)
    return [entry for entry in entries if entry.paused_at is not None]


def _buttons(call: Call) -> Actions:
    return Actions(
        tuple(
            Action(call.say("pauses.resume_one", number=entry.number), f"/resume {entry.number}")
            for entry in _paused_ones(call)[:BUTTONS]
        )
    )


def _nothing_else(call: Call) -> Message:
    """That the chat is not paused, and which of its subscriptions are."""
    still = _paused_ones(call)
    if not still:
        return Message((call.line("commands.not_paused"),))
    return Message((line(call.count("pauses.by_themselves", len(still))), *listed(call, still), _buttons(call)))


def _resume_one(call: Call, entry: Subscription) -> Message:
    if entry.paused_at is None:
        return one(call, entry, call.line("pauses.not_paused", number=entry.number))
    remember(call, Did.RESUMED_ONE, entry.id, **former_pause(entry))
    held = hear(call.session, call.chat, entry, call.now, call.services.timezone)
    now = numbered(call, str(entry.number))
    said = [
        call.line("pauses.resumed", number=entry.number, since=moment(call, entry.paused_at)),
        _held(call, now, held) if held else call.line("commands.nothing_held"),
    ]
    if call.chat.paused_at is not None:
        said.append(still_paused(call))
    return Message((*one(call, now, *said).blocks, Actions((undo_button(call, in_place=True),))))


def _held(call: Call, entry: Subscription, held: int) -> Line:
    """What was held for one subscription, and when that comes."""
    if entry.next_due_at is None or entry.next_due_at <= call.now:
        return _coming(call, held, arrives_at(call, call.now, urgent=entry.urgent))
    at = moment(call, arrives_at(call, entry.next_due_at, urgent=entry.urgent))
    return call.line("pauses.held_for_digest", at=at, held=call.count("commands.stories", held))
