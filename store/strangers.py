"""Strangers: of many articles that are about to be looked for those that the archive has nothing of, found at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_AT_ONCE = 128
"""Articles of a statement: as many as a turn commits at the most."""

_KNOWN = """
    WITH asked (number, source_id, guid, url, hash) AS (VALUES {rows}) SELECT number FROM asked WHERE
    EXISTS (SELECT 1 FROM articles AS a WHERE a.source_id = asked.source_id AND a.guid = asked.guid)
    OR EXISTS (SELECT 1 FROM articles AS a WHERE a.canonical_url = asked.url)
    OR EXISTS (SELECT 1 FROM articles AS a WHERE a.copy_hash = asked.hash)
"""


class Traits(NamedTuple):
    """What an article may be known by."""

    source_id: int
    guid: str
    canonical_url: str | None
    copy_hash: bytes


class Strangers:
    """What one operation knows of the articles it is about to look for; what it adds itself is a stranger no more."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._strangers: set[Traits] = set()
        self._added: set[object] = set()

    def expect(self, asked: Sequence[Traits]) -> None:
        """Looks up many at once, which costs a fraction of one by one."""
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            self._strangers.update(some)
            self._strangers.difference_update([some[number] for number in self._known(some)])

    def has(self, traits: Traits) -> bool:
        """Whether it was expected, and nothing in the archive shares any of its traits."""
        return traits in self._strangers and self._added.isdisjoint(_each(traits))

    def add(self, traits: Traits) -> None:
        """An article of these traits is in the archive now."""
        self._added.update(_each(traits))

    def _known(self, some: Sequence[Traits]) -> list[int]:
        """Numbers of those with which something shares a trait; statements are of few sizes, so that they are kept."""
        size = 1 << (len(some) - 1).bit_length()
        rows = ", ".join([f"({number}, ?, ?, ?, ?)" for number in range(size)])
        values = [value for traits in some for value in traits] + [None] * (4 * (size - len(some)))
        return [number for (number,) in self._connection.execute(_KNOWN.format(rows=rows), values)]


def _each(traits: Traits) -> Iterator[object]:
    yield traits.source_id, traits.guid
    yield traits.copy_hash
    if traits.canonical_url is not None:
        yield traits.canonical_url
