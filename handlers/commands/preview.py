"""`/preview`: what a subscription would have brought, before subscribing."""

from __future__ import annotations

from datetime import timedelta

from bot.core.compose import item
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Message, Strong
from bot.matching.telling import Interest, told
from handlers.call import Call
from handlers.reading import read, remarks, sendable
from handlers.registry import Group, command
from handlers.stories import by_story

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
LOOKED_AT = 1_000
"""Newest articles of the month that are counted at most."""

EXAMPLES = 3


@command(
    "preview",
    Group.READ,
    usage=("/preview QUERY",),
    examples=("/preview frontex", '/preview "border fund*" NEAR/8 serbia'),
    sentence=True,
)
def preview(call: Call) -> Message:
    """How many alerts the last week and month would have brought, with examples."""
    if not call.args:
        raise UserError("commands.preview_what", suggestion="/preview frontex")
    reading = read(call, call.args)
    page = call.session.search.newest(
        reading.node, call.now, limit=LOOKED_AT, languages=call.chat.reads, since=call.now - MONTH
    )
    stories = by_story(page.hits)
    week = sum(story[0].published_at >= call.now - WEEK for story in stories)
    more = "+" if page.more else ""
    blocks: list[Block] = [
        call.line(
            "commands.would_have_brought",
            query=Code(call.args),
            week=Strong(call.count("commands.alerts", week, more=more if week == len(stories) else "")),
            month=Strong(call.count("commands.alerts", len(stories), more=more)),
        )
    ]
    interests = [Interest.of(reading.node, call.services.topics)]
    for story in stories[:EXAMPLES]:
        outlets = [archived.article.source for archived in story]
        blocks.append(item(told(story[0], interests, call.services.topics, outlets=outlets), call.telling))
    subscribe = Action(call.say("commands.ring_me"), f"/subscribe {sendable(reading.canonical)}")
    daily = Action(call.say("commands.daily_instead"), f"/subscribe {sendable(reading.canonical)} daily")
    return Message((*blocks, *remarks(call, reading, "preview"), Actions((subscribe, daily))))
