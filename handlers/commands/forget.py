"""`/forget`: everything kept about the chat, shown, and removed when confirmed."""

from __future__ import annotations

from bot.core.message import Action, Actions, Code, Line, Message
from bot.core.times import listed
from handlers.call import Call
from handlers.registry import Group, command

YES = ("yes", "da", "да")
NOUNS = ("subscriptions", "deliveries", "mutes", "saved", "irrelevant", "follows")
"""Holdings worth counting out; the rest goes with the settings."""


@command("forget", Group.CHAT, usage=("/forget", "/forget yes"), examples=("/forget",), writes=True)
def forget(call: Call) -> Message:
    """Asks once, then removes every trace of the chat."""
    held = holdings(call)
    if call.args.casefold() in YES:
        call.session.chats.forget(call.chat.id)
        call.session.rules.forget(call.chat.address)
        call.session.conversations.forget(call.chat.address)
        if not call.session.chats.threads(call.chat.address.platform, call.chat.address.chat):
            call.session.guests.forget(call.chat.address)
        return Message((call.line("commands.forgotten", held=held), *_backups(call)))
    ask = call.line("commands.forget_ask", held=held, command=Code("/forget yes"))
    return Message((ask, *_backups(call), Actions((Action(call.say("commands.forget_it"), "/forget yes"),))))


def _backups(call: Call) -> list[Line]:
    """That copies of the database, if any are made, still have it for a while."""
    return [call.line("commands.forget_backups")] if call.services.backups else []


def holdings(call: Call) -> str:
    """What the store holds of the chat, as `your settings, 3 subscriptions and 12 deliveries`."""
    held = call.session.chats.holdings(call.chat.id)
    counted = [call.count(f"commands.held_{noun}", held[noun]) for noun in NOUNS if held.get(noun)]
    admitted = [call.say("commands.held_admission")] if call.session.guests.at(call.chat.address) else []
    return listed([call.say("commands.held_settings"), *counted, *admitted], call.words)
