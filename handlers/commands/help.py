"""`/help`: every command in a line, one command in full, and the query language on a screen."""

from __future__ import annotations

from bot.core.errors import UnknownCommand
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from handlers.call import Call
from handlers.registry import Command, Group, command, registry

QUERY_FORMS = (
    ("migrants balkans", "words"),
    ('"border force"', "phrase"),
    ('migra*   "border fund*"', "prefix"),
    ("serbia OR kosovo", "either"),
    ("frontex -football", "without"),
    ("fund* NEAR/8 border*", "near"),
    ('"border funds serbia"~8', "proximity"),
    ("title:frontex", "title"),
    ("source:bbc  lang:sr  topic:migration", "filters"),
    ("since:7d  before:2026-11-01", "dates"),
)
"""What the query language offers: a form, and the phrase `help.query_NAME` that says what it finds."""


@command(
    "help",
    Group.CHAT,
    usage=("/help", "/help COMMAND", "/help query"),
    examples=("/help search", "/help query"),
    sentence=True,
)
def help_(call: Call) -> Message:
    """The list, or one command or the query language."""
    word = call.args.split()[0] if call.args else ""
    if not word:
        return _everything(call)
    if word.casefold() in ("query", "queries", "upit", "упит"):
        return _queries(call)
    found = registry().find(word)
    if found is not None:
        return _one(call, found)
    near = registry().nearest(word.removeprefix("/"))
    if near is None:
        return _everything(call)
    raise UnknownCommand("commands.unknown_near", verb=f"/{word.removeprefix('/')[:40]}", suggestion=f"/help {near}")


def _everything(call: Call) -> Message:
    blocks: list[Block] = [Heading(call.say("help.title"))]
    for group in Group:
        blocks.append(Line(spans(Strong(call.say(f"help.group_{group}")))))
        shown = (entry for entry in registry() if entry.group is group and (call.request.admin or not entry.admins))
        blocks += [_listed(call, entry) for entry in shown]
    hours, mute = Code("/settings quiet 22:00-07:00"), Code("/mute source:example.org 7d")
    blocks.append(call.line("help.silence", pause=Code("/pause"), hours=hours, mute=mute))
    blocks.append(call.line("help.further", quiet=True, command=Code("/help subscribe"), query=Code("/help query")))
    return Message((*blocks, Actions((Action(call.say("help.query_button"), "/help query"),))))


def _listed(call: Call, entry: Command) -> Item:
    return Item(spans(Code(f"/{entry.verb}"), "  ", call.say(entry.summary)))


def _one(call: Call, entry: Command) -> Message:
    blocks: list[Block] = [Heading(f"/{entry.verb}"), Line(spans(call.say(entry.summary)))]
    blocks.append(call.line("help.usage"))
    blocks += [Item(spans(Code(form))) for form in entry.usage]
    blocks.append(call.line("help.examples"))
    blocks += [Item(spans(Code(example))) for example in entry.examples]
    if entry.aliases:
        aliases = ", ".join(f"/{alias}" for alias in entry.aliases)
        blocks.append(call.line("help.aliases", quiet=True, aliases=Code(aliases)))
    return Message(tuple(blocks))


def _queries(call: Call) -> Message:
    rows = [Item(spans(Code(form), "  ", call.say(f"help.query_{name}"))) for form, name in QUERY_FORMS]
    blocks: list[Block] = [Heading(call.say("help.query_heading")), *rows, call.line("help.query_notes", quiet=True)]
    return Message((*blocks, Actions((Action(call.say("commands.try_it"), '/search "border force" OR frontex'),))))
