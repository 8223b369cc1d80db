"""Mutes: what a chat does not want to hear of, and what became of what it would have heard."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.core.reader_ports import Mute, Pending
from bot.core.reasons import MUTED
from store import waiting
from store.times import micros, moment

MUTE = "id, chat_id, what, label, created_at, until_at, ended_at"
LIVE = "ended_at IS NULL AND (until_at IS NULL OR until_at > :now)"

KEYS = f"""
    SELECT DISTINCT value FROM json_each(:keys) WHERE EXISTS (SELECT 1 FROM mutes WHERE what = value AND {LIVE})
"""  # noqa: S608
"""Those of the keys that anybody has muted: hardly ever any, so that only then a look at each chat is due."""

HOLD = f"""
    UPDATE deliveries AS d INDEXED BY deliveries_story SET state = 'cancelled', reason = :reason || m.id
    FROM mutes m JOIN json_each(:chats) c ON m.chat_id = c.value
    WHERE m.what = :what AND m.{LIVE}
      AND d.chat_id = m.chat_id AND d.story_id = :story AND d.article_id = :article AND d.state = 'waiting'
"""  # noqa: S608

PENDING = """
    SELECT d.id, d.story_id, d.article_id, (
        SELECT json_group_array(DISTINCT a.article_id) FROM alerts a JOIN subscriptions s ON s.query_id = a.query_id
        WHERE a.story_id = d.story_id AND s.chat_id = d.chat_id AND s.ended_at IS NULL AND NOT d.each
          AND a.article_id <> d.article_id AND (a.fresh OR d.kind = 'digest')
    )
    FROM deliveries d WHERE d.chat_id = ? AND d.state = 'waiting' AND d.story_id IS NOT NULL ORDER BY d.id
"""

RELEASE = """
    UPDATE deliveries AS d SET state = 'waiting', reason = NULL
    WHERE chat_id = :chat AND state = 'cancelled' AND reason = :reason AND NOT EXISTS (
        SELECT 1 FROM deliveries t
        WHERE t.chat_id = d.chat_id AND t.story_id = d.story_id AND t.state = 'sent' AND t.settled_at >= :since
    )
    RETURNING subscription_id
"""


class Mutes:
    """The Mutes port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, chat_id: int, what: str, label: str, now: datetime, until_at: datetime | None) -> Mute:
        """Mutes, or moves the end of the chat's mute of the same that is in force."""
        values = {"chat": chat_id, "what": what, "label": label, "now": micros(now), "until": micros(until_at)}
        over = "UPDATE mutes SET ended_at = until_at WHERE chat_id = :chat AND what = :what AND until_at <= :now"
        self._connection.execute(f"{over} AND ended_at IS NULL", values)
        sql = f"""
            INSERT INTO mutes (chat_id, what, label, created_at, until_at) VALUES (:chat, :what, :label, :now, :until)
            ON CONFLICT (chat_id, what) WHERE ended_at IS NULL
            DO UPDATE SET until_at = excluded.until_at, label = excluded.label
            RETURNING {MUTE}
        """  # noqa: S608
        return _mute(self._connection.execute(sql, values).fetchone())

    def get(self, mute_id: int) -> Mute | None:
        """The mute with this id, also one that is over."""
        found = self._some("id = :id", {"id": mute_id})
        return found[0] if found else None

    def live(self, chat_id: int, now: datetime) -> list[Mute]:
        """The chat's mutes in force, oldest first."""
        return self._some(f"chat_id = :chat AND {LIVE}", {"chat": chat_id, "now": micros(now)})

    def end(self, mute_id: int, now: datetime) -> None:
        """Takes a mute back; what it cancelled stays so."""
        self._connection.execute(
            "UPDATE mutes SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (micros(now), mute_id)
        )

    def reinstate(self, mute: Mute) -> None:
        """Puts a mute back as it was, unless the chat has muted the same again."""
        sql = "UPDATE OR IGNORE mutes SET until_at = ?, ended_at = ? WHERE id = ?"
        self._connection.execute(sql, (micros(mute.until_at), micros(mute.ended_at), mute.id))

    def hold(self, chat_ids: Sequence[int], story_id: int, article_id: int, keys: Iterable[str], now: datetime) -> int:
        """Cancels the waiting lines of an article in those of the chats that have muted one of its keys; how many."""
        values: dict[str, Any] = {"keys": json.dumps(list(keys)), "now": micros(now)}
        muted = [what for (what,) in self._connection.execute(KEYS, values)]
        values |= {"chats": json.dumps(chat_ids), "story": story_id, "article": article_id, "reason": MUTED}
        return sum(self._connection.execute(HOLD, values | {"what": what}).rowcount for what in muted)

    def pending(self, chat_id: int) -> list[Pending]:
        """Everything that waits in a chat."""
        rows = self._connection.execute(PENDING, (chat_id,))
        return [
            Pending(line, story, article, tuple(sorted(json.loads(others)))) for line, story, article, others in rows
        ]

    def silence(self, mute_id: int, delivery_ids: Iterable[int]) -> None:
        """Cancels these lines, where they wait, because of the mute."""
        sql = "UPDATE deliveries SET state = 'cancelled', reason = ? WHERE id = ? AND state = 'waiting'"
        self._connection.executemany(sql, ((f"{MUTED}{mute_id}", delivery_id) for delivery_id in delivery_ids))

    def retell(self, delivery_id: int, article_id: int) -> None:
        """Lets a line that waits tell of another article of its story."""
        sql = "UPDATE deliveries SET article_id = ? WHERE id = ? AND state = 'waiting'"
        self._connection.execute(sql, (article_id, delivery_id))

    def release(self, mute_id: int) -> int:
        """Lets what the mute cancelled wait again, but for stories told since; how many lines do."""
        mute = self.get(mute_id)
        if mute is None:
            return 0
        values = {"chat": mute.chat_id, "reason": f"{MUTED}{mute_id}", "since": micros(mute.created_at)}
        released = [row[0] for row in self._connection.execute(RELEASE, values).fetchall()]
        for subscription_id in set(released):
            self._await_digest(subscription_id)
            waiting.settle_waiting(self._connection, subscription_id)
        return len(released)

    def _await_digest(self, subscription_id: int) -> None:
        """Lines of a digest that has gone without them are due with the next one."""
        sql = "SELECT next_due_at FROM subscriptions WHERE id = ? AND next_due_at IS NOT NULL AND ended_at IS NULL"
        for (next_due_at,) in self._connection.execute(sql, (subscription_id,)).fetchall():
            waiting.move(self._connection, subscription_id, next_due_at)

    def held(self, mute_id: int) -> int:
        """How many lines the mute has cancelled that are still so."""
        sql = """
            SELECT count(*) FROM deliveries d JOIN mutes m ON m.chat_id = d.chat_id
            WHERE m.id = ?1 AND d.state = 'cancelled' AND d.reason = ?2
        """
        return int(self._connection.execute(sql, (mute_id, f"{MUTED}{mute_id}")).fetchone()[0])

    def _some(self, condition: str, values: dict[str, Any]) -> list[Mute]:
        sql = f"SELECT {MUTE} FROM mutes WHERE {condition} ORDER BY id"  # noqa: S608
        return [_mute(row) for row in self._connection.execute(sql, values)]


def _mute(row: Sequence[Any]) -> Mute:
    mute_id, chat_id, what, label, *times = row
    created_at, until_at, ended_at = map(moment, times)
    assert created_at is not None
    return Mute(mute_id, chat_id, what, label, created_at, until_at, ended_at)
