"""`/pause` and `/resume`: everything waits, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from bot.core.message import Action, Actions, Code, Line, Message
from bot.core.model import Kind, State
from bot.core.pausing import unpause
from handlers.call import Call
from handlers.changes import Did, former, remember, undo_button
from handlers.registry import Group, command
from handlers.schedule import arrives_at, ends_at, moment

PAUSED = "paused_at", "pause_reason", "paused_until"


@command(
    "pause",
    Group.RING,
    usage=("/pause", "/pause 3d", "/pause until 2026-12-24", "/pause until 2026-12-24 18:00"),
    examples=("/pause", "/pause 3d", "/pause until monday"),
    writes=True,
)
def pause(call: Call) -> Message:
    """Holds everything back, until then or until `/resume`."""
    until_at = ends_at(call, call.args, "/pause 3d") if call.args else None
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


def _resume_it(call: Call) -> Actions:
    return Actions((Action(call.say("commands.resume_it"), "/resume"),))


def _paused_already(call: Call) -> Line:
    chat = call.chat
    since = moment(call, chat.paused_at or call.now)
    if chat.paused_until is None:
        return call.line("commands.paused_already", since=since)
    return call.line("readers.paused_already_until", since=since, until=moment(call, chat.paused_until))


def still_paused(call: Call) -> Line:
    """That nothing rings before the pause is over, and how to end it."""
    resume = Code("/resume")
    if call.chat.paused_until is None:
        return call.line("commands.still_paused", resume=resume)
    return call.line("readers.still_paused_until", until=moment(call, call.chat.paused_until), resume=resume)


@command("resume", Group.RING, usage=("/resume",), examples=("/resume",), writes=True)
def resume(call: Call) -> Message:
    """Lets everything through again and says what was held."""
    if call.chat.paused_at is None:
        return Message((call.line("commands.not_paused"),))
    remember(call, Did.RESUMED, **former(call.chat, *PAUSED))
    awake = replace(call.chat, paused_at=None, pause_reason=None, paused_until=None)
    call.session.chats.save(awake)
    held = unpause(call.session, awake, call.now, call.services.timezone)
    later = call.session.outbox.counts(call.chat.id).get((Kind.DIGEST, State.WAITING), 0)
    blocks = [call.line("commands.resumed", since=moment(call, call.chat.paused_at))]
    coming_at = arrives_at(replace(call, chat=awake), call.now)
    if held and coming_at > call.now:
        coming = moment(call, coming_at)
        blocks.append(call.line("readers.held_quiet", held=call.count("commands.stories", held), at=coming))
    elif held:
        blocks.append(call.line("commands.held", held=call.count("commands.stories", held)))
    later -= _of_digests_due(call)
    if later > 0:
        blocks.append(call.line("commands.held_for_digest", held=call.count("commands.stories", later)))
    if not held and later <= 0:
        blocks.append(call.line("commands.nothing_held"))
    return Message(tuple(blocks))


def _of_digests_due(call: Call) -> int:
    """Lines of digests that are due and so come now."""
    due = [
        entry
        for entry in call.session.subscriptions.of_chat(call.chat.id)
        if entry.next_due_at is not None and entry.next_due_at <= call.now
    ]
    return sum(call.session.outbox.lines_of(entry.id) for entry in due)
