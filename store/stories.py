"""Stories, and the signatures by which a new article finds the one it belongs to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.matching.lookup import Lookup
from bot.matching.neighbours import Neighbours, keys_of, peers
from bot.matching.openings import Openings
from store.times import micros

MAX_CANDIDATES = 256
"""Newest articles compared; a key that thousands share (one page served for every address) must not cost more."""

_LEARNED = 20_000
"""Signatures read at a time when a process begins."""


@dataclass(frozen=True, slots=True)
class _Expected:
    """What shares a key with a signature: articles from before this operation, newest first, and signatures in it."""

    sharing: list[int]
    alike: list[bytes]


class Stories:
    """The Stories port on one connection.

    `neighbours` and `openings` are what this process knows of the signatures and gists there are, given to one
    operation that writes after the other: they learn what was committed since, by whatever process, and nothing of what
    is being written.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        neighbours: Neighbours | None = None,
        openings: Openings | None = None,
    ) -> None:
        self._connection = connection
        self._committed = neighbours or Neighbours()
        self._openings = openings or Openings()
        self._lookup = Lookup(self._openings, self._opened)
        self._caught_up = False
        self._expected: dict[bytes, _Expected] = {}
        self._added: dict[bytes, list[int]] = {}

    def new(self, now: datetime) -> int:
        """The id of a new, empty story."""
        cursor = self._connection.execute("INSERT INTO stories (created_at) VALUES (?)", (micros(now),))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def expect(self, signatures: Sequence[bytes], gists: Sequence[bytes] = ()) -> None:
        """Looks up at once, which costs far less, what `candidates` and `of_event` will be asked for one by one."""
        self._catch_up()
        self._lookup.expect(gists)
        asked = list(dict.fromkeys([*self._expected, *signatures]))
        rows, keys = keys_of(asked)
        found, alike = self._committed.sharing(rows, keys), peers(rows, keys)
        for row, signature in enumerate(asked):
            others = [asked[other] for other in alike.get(row, ())]
            self._expected[signature] = _Expected(found.get(row, []), [signature, *others])

    def candidates(self, signature: bytes, since: datetime) -> list[tuple[int, bytes]]:
        """(story id, signature) of articles added since then that share a key, the newest first, bounded."""
        if signature not in self._expected:
            self.expect([signature])
        expected = self._expected[signature]
        added = [article_id for other in expected.alike for article_id in self._added.get(other, ())]
        sharing = [*sorted(added, reverse=True), *expected.sharing][:MAX_CANDIDATES]
        if not sharing:
            return []
        rows = self._connection.execute(
            "SELECT story_id, signature FROM signatures WHERE article_id IN (SELECT value FROM json_each(?))"
            " AND added_at >= ? ORDER BY added_at DESC, article_id DESC",
            (json.dumps(sharing), micros(since)),
        )
        return rows.fetchall()

    def of_event(self, gist: bytes, since: datetime) -> int | None:
        """The story whose first article, added since then, tells of the same event in other words; None if none."""
        self._catch_up()
        sql = "SELECT story_id FROM signatures WHERE article_id = ? AND added_at >= ?"
        for article_id in self._lookup.accounts(gist):
            if row := self._connection.execute(sql, (article_id, micros(since))).fetchone():
                return int(row[0])
        return None

    def add(self, article_id: int, story_id: int, signature: bytes, now: datetime, *, gist: bytes = b"") -> None:
        """Lets later articles find this one's story, by its gist where it opened it.

        An article is signed once.
        """
        if signature not in self._expected:
            self.expect([signature])
        keyed = self._lookup.add(article_id, gist) if gist else None
        self._connection.execute(
            "INSERT INTO signatures (article_id, story_id, added_at, signature, gist) VALUES (?, ?, ?, ?, ?)",
            (article_id, story_id, micros(now), signature, keyed),
        )
        self._added.setdefault(signature, []).append(article_id)

    def prune(self, before: datetime) -> int:
        """Drops signatures added before then; returns how many articles' were dropped."""
        return self._connection.execute("DELETE FROM signatures WHERE added_at < ?", (micros(before),)).rowcount

    def _opened(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """The gists of those of the articles that have one."""
        rows = self._connection.execute(
            "SELECT article_id, gist FROM signatures WHERE article_id IN (SELECT value FROM json_each(?))"
            " AND gist IS NOT NULL",
            (json.dumps(numbers),),
        )
        return dict(rows.fetchall())

    def _catch_up(self) -> None:
        """Learns what was committed since the last operation, and forgets what was pruned."""
        if self._caught_up:
            return
        self._caught_up = True
        (first,) = self._connection.execute("SELECT min(article_id) FROM signatures").fetchone()
        self._committed.forget(first or 0)
        self._openings.forget(first or 0)
        select = "SELECT article_id, signature, gist FROM signatures WHERE article_id > ? ORDER BY article_id"
        rows = self._connection.execute(select, (self._committed.last,))
        while read := list(islice(rows, _LEARNED)):
            numbers, signatures, gists = zip(*read, strict=True)
            self._committed.learn(numbers, signatures)
            opened = [(number, gist) for number, gist in zip(numbers, gists, strict=True) if gist]
            self._openings.learn([number for number, _ in opened], [gist for _, gist in opened])
