"""`/topics`: what is watched, and how much of it there is."""

from __future__ import annotations

from datetime import timedelta

from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Topic
from bot.matching.syntax import TopicIs
from handlers.call import Call
from handlers.registry import Group, command

WEEK = timedelta(days=7)


@command("topics", Group.READ, usage=("/topics",), examples=("/topics",))
def topics(call: Call) -> Message:
    """Each topic with its numbers, whether the chat has it, and a way to subscribe."""
    closing = call.line("commands.topics_or_query", quiet=True, example=Code('/subscribe "border force"'))
    return listed_topics(call, Heading(call.say("commands.topics")), closing)


def listed_topics(call: Call, opening: Heading | Line, *closing: Line) -> Message:
    """The topics between an opening and a closing line, with a button for each the chat does not have."""
    known = list(call.services.topics)
    if not known:
        return Message((opening, call.line("commands.no_topics")))
    had = {entry.query: entry.number for entry in call.session.subscriptions.of_chat(call.chat.id)}
    numbers = {topic.name: had.get(str(TopicIs(topic.name))) for topic in known}
    items = [_item(call, topic, numbers[topic.name]) for topic in known]
    blocks: list[Block] = [opening, *items, *closing]
    actions = [
        Action(call.say("commands.subscribe_to", topic=topic.title), f"/subscribe {topic.name}")
        for topic in known
        if numbers[topic.name] is None
    ]
    return Message((*blocks, Actions(tuple(actions)))) if actions else Message(tuple(blocks))


def _item(call: Call, topic: Topic, number: int | None) -> Item:
    query = TopicIs(topic.name)
    languages = call.chat.reads
    week = call.session.search.newest(query, call.now, limit=1, languages=languages, since=call.now - WEEK)
    ever = call.session.search.newest(query, call.now, limit=1, languages=languages)
    counts = call.line(
        "commands.topic_counts",
        quiet=True,
        week=_number(week.total, week.capped),
        ever=_number(ever.total, ever.capped),
    )
    below = [Line(spans(topic.description)), counts]
    if number is not None:
        below.append(call.line("commands.topic_had", quiet=True, number=number))
    return Item((Strong(topic.title), *spans("  ", Code(topic.name))), tuple(below))


def _number(total: int, capped: bool) -> str:
    return f"{total:,}+" if capped else f"{total:,}"
