"""`/unsubscribe`: by number, by query or everything; never by accident, and always to be undone."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace

from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Message
from bot.core.model import Subscription
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.commands.forget import YES
from handlers.commands.subscriptions import buttons, listed, nothing
from handlers.reading import caseless, label
from handlers.registry import Group, command

_NUMBERS = re.compile(r"(?:#?[0-9]{1,9}(?:[\s,;&]+|$))+")
_ALL = ("all", "everything", "sve")


@command(
    "unsubscribe",
    Group.RING,
    usage=("/unsubscribe NUMBER", "/unsubscribe TOPIC", "/unsubscribe QUERY", "/unsubscribe all"),
    examples=("/unsubscribe 2", "/unsubscribe migration"),
    aliases=("remove", "stop"),
    writes=True,
    sentence=True,
)
def unsubscribe(call: Call) -> Message:
    """Ends subscriptions; asks which when none is named, and once more before ending all."""
    entries = call.session.subscriptions.of_chat(call.chat.id)
    if not entries:
        return nothing(call)
    if not call.args:
        return _which(call, entries)
    what, _, answer = call.args.casefold().partition(" ")
    if what in _ALL and (not answer or answer in YES):
        return _end(call, entries, [], sure=True) if answer else _sure(call, entries)
    asked, sure = _confirmed(call)
    if _NUMBERS.fullmatch(asked.args):
        return _by_number(asked, entries, sure=sure)
    return _end(call, [_by_query(asked, entries)], [], sure=sure)


def _confirmed(call: Call) -> tuple[Call, bool]:
    """In a chat that several people share, what is asked for without the `yes` that ends what others made."""
    asked, _, answer = call.args.rpartition(" ")
    if call.request.shared and asked and answer.casefold() in YES:
        return replace(call, args=asked.strip()), True
    return call, False


def _which(call: Call, entries: list[Subscription]) -> Message:
    """The list and, for whoever wants silence, what brings it."""
    hint = call.line("commands.stop_all", quiet=True, pause=Code("/pause"), all=Code("/unsubscribe all"))
    return Message((call.line("commands.unsubscribe_which"), *listed(call, entries), hint, buttons(call, entries)))


def _sure(call: Call, entries: list[Subscription]) -> Message:
    ask = call.count("commands.unsubscribe_all", len(entries))
    yes = Action(call.say("commands.yes_all"), "/unsubscribe all yes")
    pause = Action(call.say("commands.pause_it"), "/pause")
    return Message((call.line("commands.sure", ask=ask, command=Code(yes.command)), Actions((yes, pause))))


def _by_number(call: Call, entries: list[Subscription], *, sure: bool) -> Message:
    wanted = list(dict.fromkeys(int(number) for number in re.findall(r"[0-9]+", call.args)))
    found = [entry for entry in entries if entry.number in wanted]
    unknown = [number for number in wanted if number not in {entry.number for entry in found}]
    if found:
        return _end(call, found, unknown, sure=sure)
    named = [entry for entry in entries if entry.query == call.args]
    if named:
        return _end(call, named, [], sure=sure)
    missing = call.line("commands.no_number", numbers=", ".join(map(str, unknown)))
    return Message((missing, *listed(call, entries), buttons(call, entries)))


def _by_query(call: Call, entries: list[Subscription]) -> Subscription:
    """The subscription to this topic or query; UserError with the most similar one."""
    by_query = {caseless(entry.query): entry for entry in entries}
    canonical = _canonical(call)
    if canonical and (found := by_query.get(caseless(canonical))):
        return found
    near = difflib.get_close_matches(caseless(call.args[:200]), _names(call, entries), n=1)
    suggestion = f"/unsubscribe {_names(call, entries)[near[0]].query}" if near else "/subscriptions"
    raise UserError("commands.not_subscribed", query=call.args[:80], suggestion=suggestion)


def _names(call: Call, entries: list[Subscription]) -> dict[str, Subscription]:
    """What the subscriptions may be called."""
    topics = call.services.topics
    return {caseless(name): entry for entry in entries for name in (entry.query, label(topics, entry.query))}


def _canonical(call: Call) -> str | None:
    try:
        return str(call.services.topics.read(call.args))
    except UserError:
        return None


def _of_others(call: Call, entries: list[Subscription]) -> list[Subscription]:
    """Those that somebody else made in a chat that several people share."""
    if not call.request.shared:
        return []
    makers = ((entry, call.session.rules.maker(entry.id)) for entry in entries)
    return [entry for entry, maker in makers if maker not in (None, call.request.speaker)]


def _end(call: Call, ended: list[Subscription], unknown: list[int], *, sure: bool) -> Message:
    """Ends them; asks first where somebody else made one."""
    if (others := _of_others(call, ended)) and not sure:
        yes = Action(call.say("slack.end_it"), f"/unsubscribe {', '.join(str(entry.number) for entry in ended)} yes")
        lines = [
            call.line("slack.of_another", number=entry.number, query=label(call.services.topics, entry.query))
            for entry in others
        ]
        return Message((*lines, call.line("slack.end_anyway", command=Code(yes.command)), Actions((yes,))))
    for entry in ended:
        call.session.subscriptions.end(entry.id, call.now)
    remember(call, Did.UNSUBSCRIBED, *(entry.id for entry in ended))
    blocks: list[Block] = [
        call.line("commands.unsubscribed", number=entry.number, query=label(call.services.topics, entry.query))
        for entry in ended
    ]
    if unknown:
        blocks.append(call.line("commands.no_number", numbers=", ".join(map(str, unknown))))
    left = Action(call.say("commands.all_subscriptions"), "/subscriptions", in_place=True)
    return Message((*blocks, Actions((undo_button(call, in_place=True), left))))
