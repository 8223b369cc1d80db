"""Filters: what an article carries beside its words, as features."""

from __future__ import annotations

from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.percolator.features import Features
from bot.matching.syntax import Node, TopicIs

_MOST = 1 << 12
"""Outlets, hosts and languages remembered together before all are forgotten."""


class Carried:
    """Which filters a document passes; outlets met before are remembered."""

    def __init__(self, features: Features) -> None:
        self._filters = features.filters
        self._known: dict[tuple[str | None, tuple[str, ...], str], list[int]] = {}
        self._asked: frozenset[type[Node]] = frozenset()
        self._size = 0

    def asks(self, kind: type[Node]) -> bool:
        """Whether any filter is of this kind."""
        self._refresh()
        return kind in self._asked

    def by(self, document: Document) -> list[int]:
        """The features of the filters it passes, its topics among them."""
        if not self._filters:
            return []
        self._refresh()
        key = document.language, document.source, document.host
        if key not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = [
                feature
                for node, feature in self._filters.items()
                if not isinstance(node, TopicIs) and matches(node, document)
            ]
        topics = [self._filters[node] for name in document.topics if (node := TopicIs(name)) in self._filters]
        return self._known[key] + topics

    def _refresh(self) -> None:
        if len(self._filters) != self._size:
            self._size = len(self._filters)
            self._asked = frozenset(map(type, self._filters))
            self._known.clear()
