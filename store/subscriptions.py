"""Subscriptions: who hears of which query, and when next."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.core.cadence import Cadence, parse_cadence
from bot.core.errors import StoreError
from bot.core.model import Alert, Audience, Chat, Manner, Subscription
from bot.core.reasons import MUTED
from store import waiting
from store.alerts import ON_THEIR_WAY
from store.chats import CHAT, read_chat, read_habits
from store.queries import Queries
from store.times import micros, moment

SUBSCRIPTION = (
    "s.id, s.chat_id, s.number, s.query_id, q.text, s.created_at, s.cadence, s.urgent, s.every, s.next_due_at,"
    " s.paused_at, s.paused_until"
)
"""The columns `read_subscription` reads, of `s` joined with `q`."""
JOINED = "subscriptions s JOIN queries q ON q.id = s.query_id"

INSERT = """
    INSERT INTO subscriptions
        (chat_id, number, query_id, created_at, alert_mark, cadence, urgent, every, next_due_at)
    VALUES (
        :chat, (SELECT coalesce(max(number), 0) + 1 FROM subscriptions WHERE chat_id = :chat), :query, :now,
        (SELECT coalesce(max(id), 0) FROM alerts), :cadence, :urgent, :every, :due
    )
"""

NEXT = "SELECT id FROM subscriptions WHERE query_id = ? AND id > ? ORDER BY id LIMIT ?"

AUDIENCE = f"""
    SELECT s.id, s.chat_id, s.cadence, s.urgent, s.every, s.next_due_at, s.paused_at IS NOT NULL,
        c.timezone, c.reads, c.digest_at, c.quiet
    FROM subscriptions s JOIN chats c ON c.id = s.chat_id
    WHERE s.query_id = :query AND s.id > :after AND s.id <= :last AND s.ended_at IS NULL AND s.alert_mark < :alert
      AND (:leads OR s.every OR c.reads <> '' OR s.alert_mark >= (
          SELECT leader FROM alerts WHERE id = :alert
      ) OR EXISTS (
          SELECT 1 FROM deliveries d WHERE d.chat_id = s.chat_id AND d.story_id = :story AND d.state = 'cancelled'
            AND d.reason GLOB '{MUTED}*'
      ))
    ORDER BY s.id
"""  # noqa: S608

DUE = f"""
    SELECT {SUBSCRIPTION}, {CHAT} FROM {JOINED} JOIN chats c ON c.id = s.chat_id
    WHERE s.next_due_at <= :now AND s.next_due_at IS NOT NULL AND s.ended_at IS NULL AND s.paused_at IS NULL
      AND s.chat_id IN (
        SELECT due.chat_id FROM subscriptions due JOIN chats d ON d.id = due.chat_id
        WHERE due.next_due_at <= :now AND due.next_due_at IS NOT NULL AND due.ended_at IS NULL
          AND due.paused_at IS NULL AND d.paused_at IS NULL
        ORDER BY due.next_due_at LIMIT :limit
    )
    ORDER BY s.chat_id, s.number
"""  # noqa: S608


class Subscriptions:
    """The Subscriptions port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._queries = Queries(connection)

    def add(
        self,
        chat: Chat,
        query: str,
        now: datetime,
        *,
        cadence: str,
        urgent: bool,
        every: bool,
        next_due_at: datetime | None,
    ) -> Subscription:
        """Subscribes, or changes the chat's live subscription to the same canonical query; `cadence` is its text."""
        query_id = self._queries.stand(query)
        live = "s.chat_id = ? AND s.query_id = ? AND s.ended_at IS NULL"
        known = self._some(live, (chat.id, query_id))
        if known:
            sql = "UPDATE subscriptions SET cadence = ?, urgent = ?, every = ? WHERE id = ?"
            self._connection.execute(sql, (cadence, urgent, every, known[0].id))
            self.reschedule(known[0].id, next_due_at)
        else:
            values = {"cadence": cadence, "urgent": urgent, "every": every, "due": micros(next_due_at)}
            self._connection.execute(INSERT, values | {"chat": chat.id, "query": query_id, "now": micros(now)})
        return self._some(live, (chat.id, query_id))[0]

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """The chat's live subscriptions by number."""
        return self._some("s.chat_id = ? AND s.ended_at IS NULL", (chat_id,))

    def get(self, subscription_id: int) -> Subscription | None:
        """The subscription with this id, live or ended."""
        found = self._some("s.id = ?", (subscription_id,))
        return found[0] if found else None

    def end(self, subscription_id: int, now: datetime) -> None:
        """Ends it and cancels what waits because of it alone; its number is never used again."""
        sql = "UPDATE subscriptions SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING query_id"
        row = self._connection.execute(sql, (micros(now), subscription_id)).fetchone()
        if row:
            waiting.settle_waiting(self._connection, subscription_id)
            self._queries.review(row[0])

    def revive(self, subscription_id: int, now: datetime) -> None:
        """Undoes `end` with its old number; what `end` cancelled waits again unless told since.

        Nothing happens when the chat has subscribed to the same query again.
        """
        ended = "SELECT ended_at, query_id FROM subscriptions WHERE id = ? AND ended_at IS NOT NULL"
        row = self._connection.execute(ended, (subscription_id,)).fetchone()
        again = "UPDATE OR IGNORE subscriptions SET ended_at = NULL WHERE id = ?"
        if row and self._connection.execute(again, (subscription_id,)).rowcount:
            self._queries.review(row[1])
            waiting.restore(self._connection, subscription_id, row[0], micros(now))

    def rephrase(self, subscription_id: int, query: str) -> list[tuple[int, int, bool]]:
        """Gives it another query (canonical text), which no other live one of its chat has; all else stays.

        Returns (article id, story id, fresh) of the old query's alerts that have not reached it yet.
        """
        sql = "SELECT query_id, alert_mark FROM subscriptions WHERE id = ?"
        old, mark = self._connection.execute(sql, (subscription_id,)).fetchone()
        values = {"query": old, "mark": mark, "subscription": subscription_id}
        rows = self._connection.execute(ON_THEIR_WAY, values).fetchall()
        update = "UPDATE subscriptions SET query_id = ? WHERE id = ?"
        self._connection.execute(update, (self._queries.stand(query), subscription_id))
        self._queries.review(old)
        return [(article_id, story_id, bool(fresh)) for article_id, story_id, fresh in rows]

    def reschedule(self, subscription_id: int, next_due_at: datetime | None) -> None:
        """Moves its next digest, and the digest lines waiting for it, to then (a chat changed its times).

        None is for one that has become instant: its lines ring when they were due, unless another digest takes them.
        """
        self._set_due(subscription_id, next_due_at)
        if next_due_at is not None:
            waiting.move(self._connection, subscription_id, micros(next_due_at))
        waiting.settle_waiting(self._connection, subscription_id)

    def advance(self, subscription_id: int, next_due_at: datetime) -> None:
        """Sets its next digest, leaving the lines of the one that is due now where they are."""
        self._set_due(subscription_id, next_due_at)

    def audiences(self, alert: Alert, after: int, limit: int) -> tuple[list[Audience], int, int | None]:
        """Looks at the next `limit` subscriptions of an alert's query, by id from `after`, for those it is owed to.

        (These by manner, how many were looked at, the id reached or None at the end.) It is owed to those that are
        live and were made before the alert; when it does not lead, only to `every` ones, those made after the story
        first rang, those of chats that may not read the language it first rang in, and those a mute kept it from. A
        chat is among them once.
        """
        values = {"query": alert.query_id, "alert": alert.id, "story": alert.story_id, "leads": alert.leads}
        looked_at = self._connection.execute(NEXT, (alert.query_id, after, limit)).fetchall()
        last = looked_at[-1][0] if looked_at else after
        values |= {"after": after, "last": last}
        listeners: defaultdict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
        for row in self._connection.execute(AUDIENCE, values):
            listeners[row[2:]].append(row[:2])
        audiences = [Audience(_read_manner(manner), tuple(told)) for manner, told in listeners.items()]
        return audiences, len(looked_at), last if len(looked_at) == limit else None

    def due(self, now: datetime, limit: int) -> list[tuple[Subscription, Chat]]:
        """Live digest subscriptions that are not paused, nor their chats, with `next_due_at <= now`, by chat.

        Of `limit` of them, those due longest, and of every other one that is due in the same chats.
        """
        return with_chats(self._connection.execute(DUE, {"now": micros(now), "limit": limit}))

    def count(self) -> int:
        """How many are live."""
        return int(self._connection.execute("SELECT count(*) FROM subscriptions WHERE ended_at IS NULL").fetchone()[0])

    def _set_due(self, subscription_id: int, next_due_at: datetime | None) -> None:
        sql = "UPDATE subscriptions SET next_due_at = ? WHERE id = ?"
        self._connection.execute(sql, (micros(next_due_at), subscription_id))

    def _some(self, condition: str, values: Sequence[object]) -> list[Subscription]:
        sql = f"SELECT {SUBSCRIPTION} FROM {JOINED} WHERE {condition} ORDER BY s.number"  # noqa: S608
        return [read_subscription(row) for row in self._connection.execute(sql, values)]


def read_subscription(row: Sequence[Any]) -> Subscription:
    """The Subscription in a row that begins with the `SUBSCRIPTION` columns."""
    subscription_id, chat_id, number, query_id, query, created_at, cadence, urgent, every, *times = row
    next_due_at, paused_at, paused_until = map(moment, times)
    return Subscription(
        id=subscription_id,
        chat_id=chat_id,
        number=number,
        query_id=query_id,
        query=query,
        created_at=moment(created_at),
        cadence=_cadence(cadence),
        urgent=bool(urgent),
        every=bool(every),
        next_due_at=next_due_at,
        paused_at=paused_at,
        paused_until=paused_until,
    )


WIDTH = SUBSCRIPTION.count(",") + 1


def with_chats(rows: sqlite3.Cursor) -> list[tuple[Subscription, Chat]]:
    """What is in rows of `SUBSCRIPTION` and `CHAT` columns."""
    return [(read_subscription(row[:WIDTH]), read_chat(row[WIDTH:])) for row in rows]


@lru_cache(maxsize=4096)
def _read_manner(row: tuple[Any, ...]) -> Manner:
    """The Manner in an `AUDIENCE` row, after its ids."""
    cadence, urgent, every, next_due_at, paused, timezone, *habits = row
    spoken = _cadence(cadence), bool(urgent), bool(every), moment(next_due_at), bool(paused)
    return Manner(*spoken, timezone, *read_habits(*habits))


@lru_cache(maxsize=1024)
def _cadence(text: str) -> Cadence:
    cadence = parse_cadence(text)
    if cadence is None:
        raise StoreError(f"a subscription has the cadence {text!r}, which this newsbell cannot read")
    return cadence
