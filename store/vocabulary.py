"""The words of the full text: which were met in texts of which language, and which share a stem.

A word stands in the index with the tag of its stem (`bot.matching.encoding`), so one stream of tokens answers both what
was written and what it is a form of: the forms that a stem has are looked up here when a query is compiled. Words are
never forgotten: one that no text has any more finds nothing.

When a word was last met is kept too, roughly and never too early: of the thousand words that begin alike, a few dozen
stand in what was published lately, and no other needs to be looked for there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from bot.matching.document import Document
from bot.matching.encoding import encode, indexed, label, tagged
from bot.matching.stemming import tag_of
from store.learned import Learned

SPAN = (6 * 3_600) << 10
"""Positions (`store.fulltext`) told apart in when a word was last met: six hours of them.

Less would make more writes, more would make more words seem to be there: this is 2 % of ingest.
"""

_ADD = """INSERT INTO fulltext_words (word, tag, stem, seen)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), ?2
    FROM json_each(?1) WHERE true
    ON CONFLICT (word, tag) DO UPDATE SET seen = excluded.seen WHERE seen < excluded.seen AND stem = excluded.stem
    RETURNING word, tag"""
_RESTEM = """UPDATE fulltext_words SET stem = ?3, seen = max(seen, ?4)
    WHERE word = ?1 AND tag = ?2 AND (stem <> ?3 OR seen < ?4)"""
"""For a word that another stemmer gave another stem: an update that names the stem writes its index anew, always."""
_ADD_OUTLETS = """INSERT OR IGNORE INTO fulltext_outlets (name, tag)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)"""
_OUTLETS = -1
"""When outlets are taken to be seen, among what was learned: no word is."""
_END = "\U0010ffff"
"""What no word holds and every other letter stands before."""


def hosts(host: str) -> Iterator[str]:
    """The labels of a host and of the domains above it."""
    parts = host.split(".")
    for start in range(len(parts) - 1):
        yield label("host", ".".join(parts[start:]))


class Vocabulary:
    """The words of one connection's index, as they are during one operation.

    With `since`, a position, only those that may stand there or later are known to it: all there are from there on.
    """

    def __init__(self, connection: sqlite3.Connection, learned: Learned | None = None, *, since: int = 0) -> None:
        self._connection = connection
        self._since = since // SPAN
        self._learned = learned or Learned()

    def add(self, placed: Sequence[tuple[Document, int]]) -> None:
        """Takes up the words of documents that stand at positions.

        Those of earlier ones are remembered, so a rollback ends its use.
        """
        by_time: dict[int, set[str]] = {}
        for document, position in placed:
            words = by_time.setdefault(position // SPAN, set())
            for part in (document.title, document.body):
                words.update(indexed(part).words)
        self.add_outlets({(document.source, document.host, document.language) for document, _ in placed})
        for seen, words in by_time.items():
            self._add(words, seen)

    def _add(self, words: set[str], seen: int) -> None:
        met = (written.partition(" ") for written in self._learned.new(words, seen))
        rows = sorted((word, stem.partition("_")[0], stem) for word, _, stem in met)
        added = set(self._connection.execute(_ADD, (json.dumps(rows), seen)))
        self._connection.executemany(_RESTEM, [(*row, seen) for row in rows if row[:2] not in added])

    def add_outlets(self, outlets: Iterable[tuple[Sequence[str], str, str | None]]) -> None:
        """Takes up that outlets, each the words of its name and its host, had an article in a language."""
        names = {
            f"{name} {tag_of(language)}"
            for source, host, language in outlets
            for name in (*map(encode, source), *hosts(host))
        }
        if new := self._learned.new(names, _OUTLETS):
            self._connection.execute(_ADD_OUTLETS, (json.dumps([name.split(" ") for name in sorted(new)]),))

    def outlet_tags(self, words: Sequence[str], host: str) -> frozenset[str]:
        """The tags of stems of the texts that outlets had whose name holds these words, or whose host this is."""
        found = [self._outlet_tags(encode(word)) for word in words]
        named = frozenset.intersection(*found) if found else frozenset()
        return named | self._outlet_tags(label("host", host))

    def _outlet_tags(self, name: str) -> frozenset[str]:
        select = "SELECT tag FROM fulltext_outlets WHERE name = ?"
        return frozenset(tag for (tag,) in self._connection.execute(select, (name,)))

    def tags(self, word: str) -> frozenset[str]:
        """The tags an encoded word was met with, "" where it was met without a stem."""
        select = "SELECT tag FROM fulltext_words WHERE word = ? AND seen >= ?"
        return frozenset(tag for (tag,) in self._connection.execute(select, (word, self._since)))

    def forms(self, stems: Iterable[str]) -> dict[str, list[str]]:
        """By tag, the encoded words that have one of the stems."""
        found: dict[str, list[str]] = {}
        asked: list[object] = [*sorted(stems)]
        places = ", ".join("?" * len(asked))
        select = f"SELECT tag, word FROM fulltext_words WHERE stem <> '' AND stem IN ({places})"  # noqa: S608
        if self._since:
            select, asked = f"{select} AND seen >= ?", [*asked, self._since]
        for tag, word in self._connection.execute(select, asked):
            found.setdefault(tag, []).append(word)
        return found

    def beginning(self, letters: str, most: int, tag: str = "") -> list[str]:
        """Tokens of the words that begin so (encoded) in texts with stems of the tag, or in any; `most` of them."""
        select = (
            "SELECT word, tag FROM fulltext_words"
            " WHERE word >= ? AND word < ? AND (? = '' OR tag IN (?, '')) AND seen >= ? LIMIT ?"
        )
        asked = (letters, letters + _END, tag, tag, self._since, most)
        return [tagged(*found) for found in self._connection.execute(select, asked)]
