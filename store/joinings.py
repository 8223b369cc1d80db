"""Joinings: how near articles were to the stories they joined, and whom those are to be told again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.core.following import Further, Joining, Owing
from bot.core.model import Archived, Chat, Nearness
from store.chats import CHAT, read_chat
from store.times import micros, moment

OUTLETS = f"""
    SELECT count(DISTINCT a.outlet) FROM articles a LEFT JOIN joinings j ON j.article_id = a.id
    WHERE a.story_id = :story AND a.id <> :without AND coalesce(j.nearness, 0) <> {Nearness.COPY:d}
"""  # noqa: S608

RECORD = """
    INSERT OR IGNORE INTO joinings (article_id, story_id, nearness, outlets, joined_at, followed_to, heard_to)
    VALUES (:article, :story, :nearness, :outlets, :now,
        CASE WHEN :rings AND EXISTS (SELECT 1 FROM follows WHERE story_id = :story) THEN 0 END,
        CASE WHEN :rings AND :outlets AND EXISTS (SELECT 1 FROM deliveries WHERE story_id = :story) THEN 0 END)
"""

NEXT = """
    SELECT article_id, story_id, outlets, joined_at, followed_to, heard_to FROM joinings
    WHERE followed_to IS NOT NULL OR heard_to IS NOT NULL ORDER BY article_id LIMIT 1
"""

FOLLOWERS = f"""
    SELECT {CHAT} FROM follows f JOIN chats c ON c.id = f.chat_id
    WHERE f.story_id = :story AND f.chat_id > :after AND f.since_at <= :at ORDER BY f.chat_id LIMIT :limit
"""  # noqa: S608

TOLD = "SELECT id FROM deliveries WHERE story_id = :story AND id > :after ORDER BY id LIMIT :limit"

HEARERS = f"""
    SELECT {CHAT}, s.id, d.article_id
    FROM deliveries d JOIN chats c ON c.id = d.chat_id JOIN subscriptions s ON s.id = d.subscription_id
    WHERE d.story_id = :story AND d.id > :after AND d.id <= :last AND d.kind = 'alert' AND d.each = 0
      AND d.state = 'sent' AND d.settled_at <= :at AND c.outlets = :outlets
      AND s.ended_at IS NULL AND s.paused_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.chat_id = d.chat_id AND f.story_id = d.story_id)
    ORDER BY d.id
"""  # noqa: S608

OWE = """
    INSERT INTO deliveries
        (chat_id, subscription_id, story_id, article_id, kind, each, due_at, ready_at, further)
    SELECT :chat, :subscription, :story, :article, 'alert', :each, :due, :due, :further WHERE NOT EXISTS (
        SELECT 1 FROM deliveries WHERE chat_id = :chat AND story_id = :story AND kind = 'alert'
          AND article_id = :article AND state <> 'cancelled' AND (:each > 0 OR each = article_id)
    )
    ON CONFLICT DO NOTHING
"""
"""An article that the chat was told, or will be, rings no second time; nor does the number of outlets, ever.

The number of outlets rings by an article that is new to the chat, or by the one that it was told the story by: not by
one that rings for each article anyway.
"""

RUNG = """
    SELECT article_id, abs(further) FROM deliveries
    WHERE chat_id = ? AND story_id = ? AND kind = 'alert' AND further <> 0 AND state <> 'cancelled'
"""

MATCHED = """
    SELECT DISTINCT article_id FROM alerts WHERE story_id = ? AND query_id IN (SELECT value FROM json_each(?))
    ORDER BY article_id
"""

_POSITIONS = {Further.ACCOUNT: "followed_to", Further.OUTLETS: "heard_to"}


class Joinings:
    """The Joinings port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def record(self, archived: Archived, nearness: Nearness, now: datetime, *, rings: bool) -> None:
        """The article joined its story that near, once; what is an account of its own and `rings` waits to be told."""
        own = nearness is not Nearness.COPY
        values = {
            "article": archived.id,
            "story": archived.story_id,
            "nearness": nearness,
            "outlets": self._added(archived) if own else 0,
            "now": micros(now),
            "rings": rings and own,
        }
        self._connection.execute(RECORD, values)

    def _added(self, archived: Archived) -> int:
        """How many independent outlets carry its story with it, 0 where its own did already."""
        before = self._outlets(archived.story_id, archived.id)
        after = self._outlets(archived.story_id, 0)
        return after if after > before else 0

    def match(self, story_id: int, other_id: int) -> None:
        """Two stories turned out to be one when both had been heard of: who was told of either is told of neither."""
        both = [(story_id, other_id), (other_id, story_id)]
        self._connection.executemany("INSERT OR IGNORE INTO twins (story_id, other_id) VALUES (?, ?)", both)

    def nearness(self, article_id: int) -> Nearness | None:
        """How near the article was to the story it joined; None where it opened one."""
        row = self._connection.execute("SELECT nearness FROM joinings WHERE article_id = ?", (article_id,)).fetchone()
        return Nearness(row[0]) if row else None

    def outlets(self, story_id: int) -> int:
        """How many outlets have an account of the story that is no copy: copies of one account are no others."""
        return self._outlets(story_id, 0)

    def _outlets(self, story_id: int, without: int) -> int:
        values = {"story": story_id, "without": without}
        return int(self._connection.execute(OUTLETS, values).fetchone()[0])

    def next(self) -> Joining | None:
        """The oldest that is still to be told to somebody."""
        row = self._connection.execute(NEXT).fetchone()
        if row is None:
            return None
        article_id, story_id, outlets, joined_at, followed_to, heard_to = row
        further, reached = (Further.ACCOUNT, followed_to) if followed_to is not None else (Further.OUTLETS, heard_to)
        return Joining(article_id, story_id, outlets, moment(joined_at), further, reached)

    def followers(self, joining: Joining, limit: int) -> tuple[list[Chat], int | None]:
        """The next chats that followed its story when it joined; (they, the position reached or None at the end)."""
        chats = [read_chat(row) for row in self._connection.execute(FOLLOWERS, _values(joining) | {"limit": limit})]
        return chats, chats[-1].id if len(chats) == limit else None

    def hearers(self, joining: Joining, limit: int) -> tuple[list[tuple[Chat, int, int]], int | None]:
        """Of the next deliveries that told its story those of chats that want to hear of so many outlets.

        ((Chat, subscription id, article id) of each, the position reached or None at the end.) Chats that follow the
        story, and those whose subscription has ended or is paused, are not among them.
        """
        values = _values(joining) | {"limit": limit}
        looked_at = self._connection.execute(TOLD, values).fetchall()
        last = looked_at[-1][0] if looked_at else joining.reached
        rows = self._connection.execute(HEARERS, values | {"last": last, "outlets": joining.outlets})
        hearers = [(read_chat(row[:-2]), row[-2], row[-1]) for row in rows]
        return hearers, last if len(looked_at) == limit else None

    def owe(self, joining: Joining, owed: Iterable[Owing]) -> int:
        """Adds what is not owed or told yet, by article, and for outlets once a (chat, story); how many were new."""
        each = joining.article_id if joining.further is Further.ACCOUNT else -1
        common: dict[str, int | None] = {"story": joining.story_id, "each": each, "further": joining.further}
        rows = (
            common
            | {
                "chat": entry.chat_id,
                "subscription": entry.subscription_id,
                "article": entry.article_id,
                "due": micros(entry.due_at),
            }
            for entry in owed
        )
        return self._connection.executemany(OWE, rows).rowcount

    def told(self, joining: Joining, reached: int | None) -> None:
        """Keeps how far its telling has got; None when this audience is through."""
        sql = f"UPDATE joinings SET {_POSITIONS[joining.further]} = ? WHERE article_id = ?"  # noqa: S608
        self._connection.execute(sql, (reached, joining.article_id))

    def rung(self, chat_id: int, story_id: int) -> dict[int, Further]:
        """The articles by which the chat was, or will be, told the story again, and why."""
        rows = self._connection.execute(RUNG, (chat_id, story_id))
        return {article_id: Further(further) for article_id, further in rows}

    def matched(self, story_id: int, query_ids: Sequence[int]) -> list[int]:
        """The story's articles that matched any of these queries, in the order they came."""
        rows = self._connection.execute(MATCHED, (story_id, json.dumps(list(query_ids))))
        return [article_id for (article_id,) in rows]

    def lead(self, delivery_id: int, article_id: int) -> None:
        """Records by which article of its story a delivery told it."""
        self._connection.execute("UPDATE deliveries SET article_id = ? WHERE id = ?", (article_id, delivery_id))


def _values(joining: Joining) -> dict[str, int]:
    return {"story": joining.story_id, "after": joining.reached, "at": micros(joining.joined_at)}
