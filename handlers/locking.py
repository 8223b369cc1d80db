"""`/settings lock`: in a chat that several people share, whether only admins may change what it gets."""

from __future__ import annotations

from bot.core.errors import NotAllowed, UserError
from bot.core.message import Code, Message, Spans, Strong, spans
from bot.core.typed import loose
from handlers.call import Call
from handlers.settings import OFF, ON

NAME = "lock"


def row(call: Call) -> tuple[Spans, ...]:
    """The setting as the list of settings shows it."""
    return (
        spans(Strong(call.say("slack.setting_lock"))),
        spans(_shown(call)),
        spans(call.say("commands.chosen" if _is_locked(call) else "commands.default")),
        spans(Code(f"/settings {NAME} {'off' if _is_locked(call) else 'on'}")),
    )


def set_lock(call: Call, value: str) -> Message:
    """Shows the lock, or sets it; NotAllowed for whoever is no admin."""
    typed = loose(value)
    if typed and typed not in (*ON, *OFF):
        raise UserError("commands.on_or_off", text=value[:40], suggestion=f"/settings {NAME} on")
    if not typed:
        example, name = Code(f"/settings {NAME} on"), call.say("slack.setting_lock")
        return Message((call.line("commands.setting_is", name=name, value=Strong(_shown(call)), example=example),))
    if not call.request.rules:
        raise NotAllowed("slack.lock_admins")
    if typed in ON:
        call.session.rules.lock(call.chat.id, call.now)
        return Message((call.line("slack.locked", off=Code(f"/settings {NAME} off")),))
    call.session.rules.unlock(call.chat.id)
    return Message((call.line("slack.unlocked"),))


def _is_locked(call: Call) -> bool:
    return call.session.rules.is_locked(call.chat.id)


def _shown(call: Call) -> str:
    return call.say("commands.on" if _is_locked(call) else "commands.off")
