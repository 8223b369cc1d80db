"""`/channel`: giving a command in another chat of one's own, a channel or a group, without leaving this one."""

from __future__ import annotations

from bot.core.cadence import split_cadence
from bot.core.message import Action, Actions, Code, Message, Pick, Picks, Where
from handlers.call import Call
from handlers.reading import read
from handlers.registry import Group, command, registry

_OWN = ("start", "help", "channel")
"""Commands that are about whoever speaks, and make no sense elsewhere."""


@command(
    "channel",
    Group.RING,
    usage=("/channel TOPIC", "/channel QUERY daily 08:00", "/channel subscriptions", "/channel unsubscribe NUMBER"),
    examples=("/channel migration", "/channel balkans daily 08:00", "/channel settings timezone Belgrade"),
)
def channel(call: Call) -> Message:
    """Asks in which chat, and says so of a platform that cannot ask."""
    if not call.args:
        return _what(call)
    meant = _meant(call)
    if not call.request.picks:
        return Message((call.line("menus.say_there", command=Code(meant)),))
    picks = (
        Pick(call.say("menus.pick_channel"), Where.CHANNEL, meant),
        Pick(call.say("menus.pick_group"), Where.GROUP, meant),
    )
    return Message((call.line("menus.where", command=Code(meant)), Picks(picks)))


def _what(call: Call) -> Message:
    topics = Actions(tuple(Action(topic.title, f"/channel {topic.name}") for topic in call.services.topics))
    return Message((call.line("menus.channel_what", example=Code("/channel migration daily 08:00")), topics))


def _meant(call: Call) -> str:
    """The command that is to be given there: a subscription unless another verb is named; UserError for no query."""
    word, _, rest = call.args.partition(" ")
    found = registry().find(word)
    if found is not None and found.verb not in _OWN:
        return f"/{found.verb} {rest.strip()}".strip()
    read(call, split_cadence(call.args).query)
    return f"/subscribe {call.args}"
