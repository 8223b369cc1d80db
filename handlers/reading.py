"""What a person's query means in this chat, and the remarks that belong to reading it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.core.cadence import Wish, split_cadence
from bot.core.errors import UserError
from bot.core.message import Code, Line
from bot.core.model import Topic
from bot.matching.query import hint, normalise, parse, split_dates
from bot.matching.syntax import Node, TopicIs
from bot.matching.telling import Interest
from bot.matching.topics import Topics
from handlers.call import Call


@dataclass(frozen=True)
class Reading:
    """A query as typed and its tree; `topic` is the topic it was taken for though the text only names one."""

    typed: str
    node: Node
    topic: Topic | None = None

    @cached_property
    def canonical(self) -> str:
        """The canonical text."""
        return str(self.node)

    @cached_property
    def standing(self) -> Node | None:
        """The query without its dates, which only a search knows; None when it is nothing but dates."""
        return split_dates(self.node)[0]

    @cached_property
    def literal(self) -> str:
        """For a topic, the query that means its name as a plain word."""
        dates = [str(date) for date in split_dates(self.node)[1]]
        name = " ".join(word for word in normalise(self.typed).split() if not word.lower().startswith(DATED))
        return " ".join((f'"{name}"', *dates))


DATED = ("since:", "before:")


def read(call: Call, text: str, *, dates: bool = False) -> Reading:
    """Reads a query; QuerySyntaxError, or UserError for an unknown topic or nothing to read."""
    node = call.services.topics.read(text, dates=dates)
    match split_dates(node)[0]:
        case TopicIs(name) if "topic:" not in normalise(text).lower():
            return Reading(text, node, call.services.topics.get(name))
    return Reading(text, node)


def remarks(call: Call, reading: Reading, verb: str) -> list[Line]:
    """What should be said about how a query was read: that it is a topic, or that `or` is only a word."""
    if reading.topic is not None:
        plain = Code(f"/{verb} {reading.literal}")
        return [call.line("commands.as_topic", quiet=True, topic=reading.topic.title, plain=plain)]
    if meant := hint(reading.typed):
        return [call.line("commands.operator", quiet=True, suggestion=Code(f"/{verb} {meant}"))]
    return []


def sendable(query: str) -> str:
    """A query as it can be sent with `subscribe`: in brackets where its last words would be taken for a cadence."""
    try:
        alone = split_cadence(query) == Wish(query)
    except UserError:
        alone = False
    return query if alone else f"({query})"


def caseless(query: str) -> str:
    """What canonical texts share that differ in nothing but the case of their words; operators are capitals."""
    words = query.split()
    return " ".join(word if word == "OR" or word.startswith("NEAR/") else word.casefold() for word in words)


def label(topics: Topics, canonical: str) -> str:
    """What to call a query kept as canonical text: the topic's title, or the query itself."""
    return Interest.of(parse(canonical), topics).label
