"""What waits when settings change, a pause ends or newsbell was away: when it leaves now, or that it no longer does."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.model import Chat
from store.chats import CHAT, read_chat
from store.times import moment

REPLAN = """
    UPDATE deliveries AS d SET ready_at = :audible,
        due_at = CASE WHEN story_id IS NOT NULL AND (:anew OR due_at > :now) THEN :audible ELSE due_at END
    WHERE chat_id = :chat AND state = 'waiting' AND NOT urgent AND (attempts = 0 OR :anew)
      AND (ready_at > :now OR :audible > :now OR :anew)
      AND (kind = 'alert' OR story_id IS NULL OR due_at <= (
          SELECT max(e.due_at) FROM deliveries e
          WHERE e.chat_id = d.chat_id AND e.kind = 'digest' AND e.story_id IS NULL AND e.state = 'waiting'
      ))
"""
"""Alerts, and the digest that is open with its lines; what is to be tried again keeps its turn."""

QUIET_OVERDUE = f"""
    SELECT {CHAT} FROM chats c WHERE c.id > ? AND c.quiet IS NOT NULL AND c.paused_at IS NULL AND EXISTS (
        SELECT 1 FROM deliveries d
        WHERE d.chat_id = c.id AND d.state = 'waiting' AND d.ready_at <= ? AND NOT d.urgent AND d.attempts = 0
    ) ORDER BY c.id LIMIT ?
"""  # noqa: S608

EXPIRE = """
    UPDATE deliveries SET state = 'cancelled', reason = :reason WHERE id IN (
        SELECT d.id FROM deliveries d JOIN chats c ON c.id = d.chat_id
        WHERE d.state = 'waiting' AND d.story_id IS NOT NULL AND d.due_at < :before AND c.paused_at IS NULL
        LIMIT :limit
    ) RETURNING chat_id, due_at
"""

TOO_LATE = "too late"
"""The reason of what newsbell was away for too long to send."""


def replan(connection: sqlite3.Connection, chat_id: int, now: int, audible: int, anew: bool) -> None:
    """Lets what waits in a chat leave at `audible`: quiet hours or the zone are others, or a pause is over."""
    connection.execute(REPLAN, {"chat": chat_id, "now": now, "audible": audible, "anew": anew})


def quiet_overdue(connection: sqlite3.Connection, now: int, after: int, limit: int) -> list[Chat]:
    """Chats with quiet hours that something not urgent is due in, by id from `after`."""
    return [read_chat(row) for row in connection.execute(QUIET_OVERDUE, (after, now, limit))]


def expire(connection: sqlite3.Connection, before: int, limit: int) -> list[tuple[int, datetime]]:
    """Cancels up to `limit` lines due before then in chats that are not paused: (chat, when it was due) of each."""
    values = {"before": before, "limit": limit, "reason": TOO_LATE}
    return [(chat_id, moment(due_at)) for chat_id, due_at in connection.execute(EXPIRE, values)]
