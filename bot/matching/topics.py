"""Curated topics: named standing queries, what they stand for and how a person names them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Self

from bot.core.errors import UserError
from bot.core.model import Topic
from bot.matching.canonical import write
from bot.matching.document import Document
from bot.matching.evaluate import Reader
from bot.matching.query import parse, split_dates
from bot.matching.syntax import And, Node, Not, Or, TopicIs
from bot.matching.text import ANALYSER_VERSION
from bot.matching.topic_files import leaves, read_folder, spelling, spellings
from bot.matching.typography import normalise

_OPERATORS = {"AND", "OR", "NOT"}


class Topics:
    """The topics of one installation, in order of their names."""

    def __init__(self, topics: Iterable[tuple[Topic, Node]]) -> None:
        pairs = sorted(topics, key=lambda pair: pair[0].name)
        self._topics = {topic.name: topic for topic, _ in pairs}
        self._names = {key: topic.name for topic, _ in pairs for key in spellings(topic)}
        self.definitions: Mapping[str, Node] = MappingProxyType({topic.name: query for topic, query in pairs})
        """What each topic stands for."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The topics in a folder's .toml files; ConfigError lists every problem of every file."""
        return cls(read_folder(folder))

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics.values())

    def __len__(self) -> int:
        return len(self._topics)

    def get(self, name: str) -> Topic | None:
        """The topic of this very name."""
        return self._topics.get(name)

    def named(self, text: str) -> Topic | None:
        """The topic whose name, title or alias the whole of `text` is; case, diacritics and script do not count."""
        return self._called(normalise(text))

    def _called(self, typed: str) -> Topic | None:
        if _OPERATORS & set(typed.split()):
            return None
        return self._topics.get(self._names.get(spelling(typed), ""))

    def definition(self, name: str) -> Node:
        """What a topic stands for; KeyError for a name there is not."""
        return self.definitions[name]

    def version(self, name: str) -> str:
        """A fingerprint that changes when the topic may tag differently: with its definition or with the analyser."""
        text = f"{ANALYSER_VERSION}\n{self._topics[name].query}"
        return blake2b(text.encode(), digest_size=8).hexdigest()

    def tags(self, document: Document) -> tuple[str, ...]:
        """Names of the topics the document has, sorted."""
        reader = Reader(document)
        return tuple(name for name, query in self.definitions.items() if reader.matches(query))

    def read(self, text: str, *, dates: bool = False) -> Node:
        """The query a person means: a topic where the whole text, dates aside, names one, else what it says.

        `topic:` takes titles and aliases too and holds the name in the result; an unknown one raises UserError.
        Raises QuerySyntaxError as `parse` does.
        """
        typed = normalise(text)
        if topic := self._called(typed):
            return TopicIs(topic.name)
        query = parse(text, dates=dates)
        if ":" not in typed:
            return query  # it has no field: neither a date nor a topic
        _, bounds = split_dates(query)
        if bounds and (topic := self.named(_undated(text))):
            return And((TopicIs(topic.name), *bounds))
        for leaf in leaves(query):
            if isinstance(leaf, TopicIs) and not self.named(leaf.name):
                raise self._unknown(leaf.name, query)
        return _renamed(query, self._nearest)

    def _unknown(self, name: str, query: Node) -> UserError:
        """The error for a topic there is not; it suggests the query with the nearest topics there are."""
        mended = _renamed(query, self._nearest)
        usable = all(leaf.name in self._topics for leaf in leaves(mended) if isinstance(leaf, TopicIs))
        key = "topics.unknown" if self._topics else "topics.none"
        suggestion = write(mended) if usable else None
        return UserError(key, suggestion=suggestion, name=name, names=", ".join(self._topics))

    def _nearest(self, name: str) -> str:
        """The name of the topic `name` means or looks most like; `name` itself when it looks like none."""
        key = spelling(normalise(name))
        near = [key] if key in self._names else difflib.get_close_matches(key, self._names, n=1)
        return self._names[near[0]] if near else name


def _undated(text: str) -> str:
    """What was typed without its dates."""
    return " ".join(word for word in normalise(text).split() if not word.lower().startswith(("since:", "before:")))


def _renamed(query: Node, name_of: Callable[[str], str]) -> Node:
    """The query with the names in its `topic:` filters replaced."""
    match query:
        case TopicIs(name):
            return TopicIs(name_of(name))
        case And(children) | Or(children):
            return replace(query, children=tuple(_renamed(child, name_of) for child in children))
        case Not(child):
            return Not(_renamed(child, name_of))
        case _:
            return query
