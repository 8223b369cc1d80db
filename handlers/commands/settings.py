"""`/settings`: what is set, and changing it."""

from __future__ import annotations

import difflib
from dataclasses import replace

from bot.core.compose import zone_notice
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Heading, Message, Rows, Spans, Strong, spans
from handlers.call import Call
from handlers.changes import Did, former, remember, undo_button
from handlers.locking import NAME as LOCK
from handlers.locking import row, set_lock
from handlers.registry import Group, command
from handlers.schedule import moment, replan
from handlers.settings import SETTINGS, Setting, setting


@command(
    "settings",
    Group.CHAT,
    usage=("/settings", *(f"/settings {entry.name} {entry.example}" for entry in SETTINGS)),
    examples=("/settings timezone Belgrade", "/settings quiet 22:00-07:00", "/settings language sr"),
    writes=True,
    sentence=True,
    shows=True,
)
def settings(call: Call) -> Message:
    """Lists the settings, shows one, or changes one."""
    name, value = (*call.args.split(None, 1), "", "")[:2]
    if not name:
        return _listed(call)
    if call.request.shared and name.casefold() == LOCK:
        return set_lock(call, value)
    entry = setting(name)
    if entry is None:
        near = difflib.get_close_matches(name.casefold(), [known.name for known in SETTINGS], n=1)
        suggestion = f"/settings {near[0]} {value}".strip() if near else "/settings"
        raise UserError("commands.no_setting", name=name[:40], suggestion=suggestion)
    return _change(call, entry, value) if value else _one(call, entry)


def _listed(call: Call) -> Message:
    rows = tuple(
        (
            spans(Strong(call.say(f"commands.setting_{entry.name}"))),
            spans(entry.show(call)),
            spans(call.say(_origin(call, entry))),
            spans(Code(f"/settings {entry.name} {entry.example}")),
        )
        for entry in SETTINGS
    )
    own: tuple[tuple[Spans, ...], ...] = (row(call),) if call.request.shared else ()
    header = tuple(call.say(f"commands.column_{name}") for name in ("setting", "value", "origin", "change"))
    menu = (_button(call.say(f"commands.setting_{entry.name}"), f"/settings {entry.name}") for entry in SETTINGS)
    return Message((Heading(call.say("commands.settings")), Rows((*rows, *own), header), Actions(tuple(menu))))


def _origin(call: Call, entry: Setting) -> str:
    if entry.field == "timezone" and call.chat.zone_guessed:
        return "menus.guess"
    return "commands.chosen" if entry.is_set(call.chat) else "commands.default"


def _one(call: Call, entry: Setting) -> Message:
    """One setting as it is, and what else it could be."""
    choices = (
        _button(f"✓ {label}" if is_now else label, f"/settings {entry.name} {text}")
        for label, text, is_now in entry.offered(call)
    )
    return Message((*_is_now(call, entry), Actions(tuple(choices)), Actions((back_to_settings(call),))))


def _is_now(call: Call, entry: Setting) -> list[Block]:
    example = Code(f"/settings {entry.name} {entry.example}")
    name = call.say(f"commands.setting_{entry.name}")
    blocks: list[Block] = [call.line("commands.setting_is", name=name, value=Strong(entry.show(call)), example=example)]
    if entry.name == "timezone":
        key = "menus.city_or_place" if call.request.picks else "menus.city"
        blocks.append(call.line(key, quiet=True, example=Code("/settings timezone Sarajevo")))
    return blocks


def back_to_settings(call: Call) -> Action:
    """The way back from one setting to all of them."""
    return _button(call.say("menus.all_settings"), "/settings")


def _button(label: str, command: str) -> Action:
    return Action(label, command, in_place=True)


def _change(call: Call, entry: Setting, value: str) -> Message:
    try:
        chat = entry.read(call.chat, value)
    except UserError as error:
        error.suggestion = f"/settings {entry.name} {error.suggestion}" if error.suggestion else None
        raise
    if chat == call.chat:
        said, *menu = _one(call, entry).blocks
        return Message((said, call.line("commands.unchanged"), *menu))
    remember(call, Did.SET, **former(call.chat, *entry.fields))
    return _changed(call, replace(call, chat=chat), entry)


def _changed(before: Call, call: Call, entry: Setting) -> Message:
    """Stores the setting and says what it was, what it is, and what moves with it."""
    told = entry.timely and call.chat.zone_is_assumed and not call.chat.zone_told
    call.session.chats.save(replace(call.chat, zone_told=call.chat.zone_told or told))
    old, new = entry.show(before), entry.show(call)
    name = call.say(f"commands.setting_{entry.name}")
    blocks: list[Block] = [call.line("commands.setting_changed", name=name, old=old, new=Strong(new))]
    if entry.name == "quiet" and call.chat.quiet:
        blocks.append(call.line("commands.quiet_means", quiet=True, urgent=Code("urgent")))
    if entry.name == "max":
        blocks.append(call.line("readers.max_means", quiet=True, urgent=Code("urgent")))
    if entry.name == "outlets" and call.chat.outlets:
        blocks.append(call.line("stories.outlets_mean", quiet=True))
    if entry.timely and (next_at := replan(call)):
        blocks.append(call.line("commands.next_digest", at=moment(call, next_at)))
    if told:
        blocks.append(zone_notice(call.zone, call.now, call.words, guessed=call.chat.zone_guessed))
    return Message((*blocks, Actions((undo_button(call, in_place=True), back_to_settings(call)))))
