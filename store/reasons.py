"""Why things came as they did, or did not: what was recorded of it, a chat at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.core.reasons import QUIET, Hold, Matched
from store.holds import hold
from store.times import micros, moment

WAITING = """
    SELECT id FROM deliveries
    WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND story_id = :story AND kind = 'alert'
      AND state = 'waiting' AND due_at = :until
"""

HOLDS = """
    SELECT h.delivery_id, h.why, h.at, h.until_at FROM deliveries d JOIN holds h ON h.delivery_id = d.id
    WHERE d.chat_id = ? AND d.story_id = ? ORDER BY h.at, h.why
"""

MATCHED = """
    SELECT a.id, s.number, a.article_id, a.raised_at, a.fresh
    FROM alerts a JOIN subscriptions s ON s.query_id = a.query_id AND s.chat_id = ?
    WHERE a.story_id = ? AND s.ended_at IS NULL AND s.alert_mark < a.id ORDER BY a.id, s.number
"""

READ_THEN = """
    SELECT coalesce((
        SELECT reads FROM reads_before WHERE chat_id = c.id AND alert_id >= ? ORDER BY alert_id LIMIT 1
    ), c.reads) FROM chats c WHERE c.id = ?
"""


class Reasons:
    """The Reasons port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def hold_quiet(self, chat_ids: Sequence[int], story_id: int, now: datetime, until_at: datetime) -> None:
        """Records that quiet hours hold the alerts of a story which wait in these chats until then."""
        values = {"chats": json.dumps(chat_ids), "story": story_id, "until": micros(until_at)}
        lines = [line for (line,) in self._connection.execute(WAITING, values).fetchall()]
        hold(self._connection, lines, QUIET, now, until_at)

    def holds(self, chat_id: int, story_id: int) -> dict[int, list[Hold]]:
        """What held the chat's deliveries of a story back, by delivery, first things first."""
        found: dict[int, list[Hold]] = {}
        for delivery_id, why, at, until_at in self._connection.execute(HOLDS, (chat_id, story_id)):
            found.setdefault(delivery_id, []).append(Hold(why, moment(at), moment(until_at)))
        return found

    def matched(self, chat_id: int, story_id: int) -> list[Matched]:
        """The recorded matches of a story's articles with the chat's live subscriptions, oldest first."""
        rows = self._connection.execute(MATCHED, (chat_id, story_id))
        return [Matched(alert, number, article, moment(at), bool(fresh)) for alert, number, article, at, fresh in rows]

    def read_then(self, chat_id: int, alert_id: int) -> tuple[str, ...]:
        """The languages the chat read when this alert was raised."""
        (reads,) = self._connection.execute(READ_THEN, (alert_id, chat_id)).fetchone() or ("",)
        return tuple(reads.split(",")) if reads else ()

    def came(self, subscription_id: int, limit: int) -> list[int]:
        """The articles that were last sent because of a subscription, the latest first."""
        sql = """
            SELECT article_id FROM deliveries
            WHERE subscription_id = ? AND state = 'sent' AND story_id IS NOT NULL ORDER BY id DESC LIMIT ?
        """
        return [article_id for (article_id,) in self._connection.execute(sql, (subscription_id, limit))]

    def prune(self, before: datetime) -> int:
        """Forgets what held things back before then; returns how much that was."""
        return self._connection.execute("DELETE FROM holds WHERE at < ?", (micros(before),)).rowcount
