"""Tagging: which topics articles carry, a batch at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.matching.document import Document
from bot.matching.percolator import Percolator
from bot.matching.syntax import Node


class Tagger:
    """The topics as standing queries; it says what `Topics.tags` says of each document. Any thread may call it."""

    def __init__(self, definitions: Mapping[str, Node], percolator: Percolator) -> None:
        """Stands the definitions of topics, by their names, in a percolator of its own."""
        self._names = sorted(definitions)
        self._percolator = percolator
        for number, name in enumerate(self._names):
            percolator.add(number, definitions[name])

    def __call__(self, documents: Sequence[Document]) -> list[tuple[str, ...]]:
        """Of each document the names of the topics it has, sorted."""
        found: list[list[str]] = [[] for _ in documents]
        for number, index in self._percolator.percolate(documents):
            found[index].append(self._names[number])
        return [tuple(names) for names in found]
