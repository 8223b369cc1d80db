"""Articles' pages: a queue that outlives the process, and what sources said where the archive holds a page's text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from bot.core.model import Archived, Article
from bot.core.pages import AGAIN_FOR, PATIENCE_FOR, Ring, Unread, host_of
from store.times import micros, moment

_FURTHEST_FOR = PATIENCE_FOR + timedelta(days=1)
"""No page is ever due later than this; a time further off is damage, or a clock that was set back."""

ASK = """
    INSERT INTO pages (article_id, source_id, host, published_at, asked_at, due_at, rings)
    VALUES (:article, :source, :host, :published, :now, :now, :rings)
    ON CONFLICT (article_id) DO UPDATE SET
        source_id = excluded.source_id, host = excluded.host, published_at = excluded.published_at,
        asked_at = excluded.asked_at, due_at = max(excluded.due_at, coalesce(read_at, 0) + :again), leased = 0,
        tries = 0, rings = iif(said IS NULL, rings, excluded.rings), reason = NULL
    WHERE due_at IS NOT NULL OR source_id = excluded.source_id
"""
"""A page that was read, or given up, is not asked for again because another source words its summary otherwise."""

_DUE = """
    FROM pages WHERE due_at IS NOT NULL AND (due_at <= :now OR due_at > :furthest)
    AND host NOT IN (SELECT value FROM json_each(:busy))
    AND (:sources IS NULL OR source_id IN (SELECT value FROM json_each(:sources)))
"""
MAX_CANDIDATES = 256
KEYS = 13
"""Keys of a signature that are kept and looked up, of 43: each is a row, and a page of the file made dirty. Whole texts
of copies are more alike than summaries: with so many, 80 of 100 that share half of their word runs are found, of those
that share 70 % all but one."""

DUE = f"SELECT 1 {_DUE} LIMIT 1"
NEXT = f"SELECT article_id, max(published_at) {_DUE} GROUP BY host ORDER BY 2 DESC LIMIT :limit"
"""SQLite gives the article of the latest time (sqlite.org/lang_select.html, bare columns)."""

LEASE = "UPDATE pages SET due_at = ?, leased = 1, tries = tries + 1, claims = claims + 1 WHERE article_id = ?"
LEASED = """
    SELECT article_id, url, host, title, coalesce(said, text), rings, tries, asked_at, claims, language
    FROM pages JOIN articles ON articles.id = article_id WHERE article_id = ?
"""
CANDIDATES = """
    SELECT story_id, signature FROM page_signatures JOIN articles ON id = article_id WHERE article_id IN (
        SELECT k.article_id FROM json_each(?) CROSS JOIN page_keys AS k ON k.key = value
    ) AND added_at >= ? ORDER BY added_at DESC, article_id DESC LIMIT ?
"""
JOIN = """
    UPDATE articles SET story_id = :story WHERE id = :article
    AND NOT EXISTS (SELECT 1 FROM articles AS other WHERE other.story_id = :own AND other.id <> :article)
    AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.story_id = :own)
    AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.story_id = :own)
    AND NOT EXISTS (SELECT 1 FROM follows WHERE follows.story_id = :own)
"""
OURS = "WHERE article_id = ? AND leased AND claims = ?"


class Pages:
    """The Pages port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def said(self, archived: Archived) -> Article:
        """The article as its source gave it, also where the archive holds its page's text."""
        select = "SELECT said FROM pages WHERE article_id = ? AND said IS NOT NULL"
        found = self._connection.execute(select, (archived.id,)).fetchone()
        return replace(archived.article, text=found[0]) if found else archived.article

    def say(self, article_id: int, text: str) -> None:
        """Keeps what the source says now of an article whose page's text is in the archive."""
        self._connection.execute("UPDATE pages SET said = ? WHERE article_id = ?", (text, article_id))

    def ask(self, archived: Archived, source_id: int, now: datetime, rings: Ring) -> None:
        """Has the article's page read: now or, when it has just been read, a while later; who is at it has lost it.

        Of a page that is asked for again before it was ever read, what it `rings` stays.
        """
        values = {
            "article": archived.id,
            "source": source_id,
            "host": host_of(archived.article.url),
            "published": micros(archived.published_at),
            "now": micros(now),
            "rings": rings,
            "again": AGAIN_FOR // timedelta(microseconds=1),
        }
        self._connection.execute(ASK, values)

    def drop(self, article_id: int) -> None:
        """The article needs no page any more: its source says all of it."""
        self._connection.execute("DELETE FROM pages WHERE article_id = ?", (article_id,))

    def due(self, now: datetime, busy: Collection[str] = (), sources: Collection[int] | None = None) -> bool:
        """Whether `claim` would take anything."""
        return self._connection.execute(DUE, _values(now, busy, sources)).fetchone() is not None

    def claim(
        self,
        now: datetime,
        leased_until: datetime,
        limit: int,
        *,
        busy: Collection[str] = (),
        sources: Collection[int] | None = None,
    ) -> list[Unread]:
        """Leases pages that are due, one a host at most and none of `busy` hosts: the newest; a lapsed lease is due.

        `sources` keeps those of the articles of these sources.
        """
        values = _values(now, busy, sources) | {"limit": limit}
        chosen = [article_id for article_id, _ in self._connection.execute(NEXT, values)]
        return [self._lease(article_id, leased_until) for article_id in chosen]

    def took(self, unread: Unread, said: str, now: datetime) -> bool:
        """Closes a claim whose text goes into the archive, beside what the source says; False if no longer ours."""
        update = "UPDATE pages SET due_at = NULL, leased = 0, read_at = ?, said = ?, reason = NULL "
        return self._close(update, unread, micros(now), said)

    def give_up(self, unread: Unread, reason: str) -> bool:
        """Closes a claim that brings nothing, for this reason; False when it was no longer ours."""
        return self._close("UPDATE pages SET due_at = NULL, leased = 0, reason = ? ", unread, reason)

    def postpone(self, unread: Unread, due_at: datetime, reason: str = "", *, tried: bool = True) -> None:
        """Gives a claim back, due then; `tried` says whether it counts as a try."""
        update = "UPDATE pages SET due_at = ?, leased = 0, tries = tries - ?, reason = ? "
        self._close(update, unread, micros(due_at), not tried, reason or None)

    def waiting(self) -> int:
        """How many pages are still to be read."""
        (count,) = self._connection.execute("SELECT count(*) FROM pages WHERE due_at IS NOT NULL").fetchone()
        return int(count)

    def sign(self, archived: Archived, keys: Iterable[int], signature: bytes) -> None:
        """Lets other articles find this one's story by its page's text, beside what its source said."""
        self._connection.execute("DELETE FROM page_signatures WHERE article_id = ?", (archived.id,))
        insert = "INSERT INTO page_signatures (article_id, added_at, signature) VALUES (?, ?, ?)"
        self._connection.execute(insert, (archived.id, micros(archived.first_seen_at), signature))
        insert = "INSERT OR IGNORE INTO page_keys (key, article_id) VALUES (?, ?)"
        self._connection.executemany(insert, [(key, archived.id) for key in sorted(islice(keys, KEYS))])

    def candidates(self, keys: Iterable[int], since: datetime) -> list[tuple[int, bytes]]:
        """(story id, signature) of the pages of articles added since then that share a key, the newest, bounded."""
        values = (json.dumps(list(islice(keys, KEYS))), micros(since), MAX_CANDIDATES)
        return self._connection.execute(CANDIDATES, values).fetchall()

    def join(self, archived: Archived, story_id: int) -> bool:
        """Puts the article into another story; False, and nothing, if its own has others or may have been heard of."""
        values = {"article": archived.id, "own": archived.story_id, "story": story_id}
        if not self._connection.execute(JOIN, values).rowcount:
            return False
        self._connection.execute("UPDATE signatures SET story_id = :story WHERE article_id = :article", values)
        return True

    def prune(self, before: datetime) -> int:
        """Forgets what was asked for before then and brought nothing, read or not; returns how many."""
        delete = "DELETE FROM pages WHERE said IS NULL AND asked_at < ?"
        return self._connection.execute(delete, (micros(before),)).rowcount

    def prune_signatures(self, before: datetime) -> int:
        """Drops signatures of the pages of articles added before then; returns how many."""
        delete = "DELETE FROM page_signatures WHERE added_at < ?"
        return self._connection.execute(delete, (micros(before),)).rowcount

    def _lease(self, article_id: int, leased_until: datetime) -> Unread:
        self._connection.execute(LEASE, (micros(leased_until), article_id))
        return _unread(self._connection.execute(LEASED, (article_id,)).fetchone(), leased_until)

    def _close(self, update: str, unread: Unread, *values: object) -> bool:
        return self._connection.execute(update + OURS, (*values, unread.article_id, unread.claim)).rowcount > 0


def _values(now: datetime, busy: Collection[str], sources: Collection[int] | None) -> dict[str, object]:
    return {
        "now": micros(now),
        "furthest": micros(now + _FURTHEST_FOR),
        "busy": json.dumps(sorted(busy)),
        "sources": None if sources is None else json.dumps(sorted(sources)),
    }


def _unread(row: tuple[Any, ...], leased_until: datetime) -> Unread:
    article_id, url, host, title, said, rings, tries, asked_at, claim, language = row
    asked = moment(asked_at)
    return Unread(article_id, url or "", host, title, said, Ring(rings), tries, asked, leased_until, claim, language)
