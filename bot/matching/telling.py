"""What a person is told of an article: its headline and passage with the matched words marked, and why they get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.core.compose import Reason, Told
from bot.core.message import Spans
from bot.core.model import Archived, Article, Subscription
from bot.matching.evaluate import matches
from bot.matching.explain import Hit, excerpt, headline, hits, terms
from bot.matching.query import parse
from bot.matching.syntax import Node, TopicIs
from bot.matching.text import document_of
from bot.matching.topics import Topics

PASSAGE = 240
"""Characters of an article shown at most."""


@dataclass(frozen=True, slots=True)
class Interest:
    """A query somebody has, what to call it (a topic's title or the query), and its subscription's number if any."""

    label: str
    query: Node
    number: int | None = None

    @property
    def is_topic(self) -> bool:
        """Whether it is a topic and nothing else."""
        return isinstance(self.query, TopicIs)

    @classmethod
    def of(cls, query: Node, topics: Topics, number: int | None = None) -> Self:
        """The interest in a query."""
        topic = topics.get(query.name) if isinstance(query, TopicIs) else None
        return cls(topic.title if topic else str(query), query, number)

    @classmethod
    def of_subscription(cls, subscription: Subscription, topics: Topics) -> Self:
        """The interest a subscription stands for."""
        return cls.of(parse(subscription.query), topics, subscription.number)


def told(
    archived: Archived,
    interests: Sequence[Interest],
    topics: Topics,
    *,
    outlets: Sequence[str] = (),
    already: bool = False,
    width: int = PASSAGE,
) -> Told:
    """The article as it is told to somebody with these interests; those it does not match are left out.

    `outlets` are all that carry its story; `already` whether the story was alerted before.
    """
    document = document_of(archived)
    met = [entry for entry in interests if matches(entry.query, document)]
    found = [hits(entry.query, document, topics.definitions) for entry in met]
    every = [hit for some in found for hit in some]
    return Told(
        archived,
        _headline(archived.article, every),
        _passage(archived.article, every, width),
        tuple(_reason(entry, some, archived) for entry, some in zip(met, found, strict=True)),
        tuple(outlets),
        already,
    )


def _repeated(article: Article) -> int:
    """How much of the text its headline already is: all of the headline where the text begins with it, else nothing."""
    return len(article.title) if article.text.startswith(article.title) else 0


def _headline(article: Article, found: Sequence[Hit]) -> Spans:
    """The headline, marked also where the match is in the text that it repeats."""
    skip = _repeated(article)
    return headline(article.title, [replace(hit, part="title") if hit.end <= skip else hit for hit in found])


def _passage(article: Article, found: Sequence[Hit], width: int) -> Spans:
    """The passage to show, without what the headline already says."""
    skip = _repeated(article)
    beyond = [replace(hit, start=hit.start - skip, end=hit.end - skip) for hit in found if hit.start >= skip]
    return excerpt(article.text[skip:], [hit for hit in beyond if hit.part == "body"], width)


def _reason(interest: Interest, found: Sequence[Hit], archived: Archived) -> Reason:
    article = archived.article
    words = dict.fromkeys(form for _, form in terms(article.text, article.title, found))
    return Reason(interest.label, tuple(words), interest.number, interest.is_topic)
