"""`/pause` and `/resume`: everything waits, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

from bot.core.errors import UserError
from bot.core.message import Action, Actions, Code, Message
from bot.core.model import Kind, State
from handlers.call import Call
from handlers.changes import Did, former, remember
from handlers.registry import Group, command
from handlers.schedule import moment

PAUSED = "paused_at", "pause_reason"


@command("pause", Group.RING, usage=("/pause",), examples=("/pause",), writes=True)
def pause(call: Call) -> Message:
    """Holds everything back until `/resume`."""
    if call.args:
        raise UserError("commands.pause_has_no_end", suggestion="/pause")
    resume_it = Actions((Action(call.say("commands.resume_it"), "/resume"),))
    if call.chat.paused_at is not None:
        return Message((call.line("commands.paused_already", since=moment(call, call.chat.paused_at)), resume_it))
    remember(call, Did.PAUSED, **former(call.chat, *PAUSED))
    call.session.chats.save(replace(call.chat, paused_at=call.now, pause_reason=None))
    return Message((call.line("commands.paused", resume=Code("/resume")), resume_it))


@command("resume", Group.RING, usage=("/resume",), examples=("/resume",), writes=True)
def resume(call: Call) -> Message:
    """Lets everything through again and says what was held."""
    if call.chat.paused_at is None:
        return Message((call.line("commands.not_paused"),))
    remember(call, Did.RESUMED, **former(call.chat, *PAUSED))
    call.session.chats.save(replace(call.chat, paused_at=None, pause_reason=None))
    waiting = call.session.outbox.counts(call.chat.id)
    held = waiting.get((Kind.ALERT, State.WAITING), 0)
    digests = waiting.get((Kind.DIGEST, State.WAITING), 0)
    blocks = [call.line("commands.resumed", since=moment(call, call.chat.paused_at))]
    if held:
        blocks.append(call.line("commands.held", held=call.count("commands.stories", held)))
    if digests:
        blocks.append(call.line("commands.held_for_digest", held=call.count("commands.stories", digests)))
    if not held and not digests:
        blocks.append(call.line("commands.nothing_held"))
    return Message(tuple(blocks))
