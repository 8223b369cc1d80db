"""What waits when settings change, a pause ends or newsbell was away: when it leaves now, or that it no longer does."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from bot.core.model import Chat
from bot.core.reasons import QUIET, TOO_LATE
from store.chats import CHAT, read_chat
from store.holds import hold
from store.times import moment

OPEN = "state IN ('waiting', 'leased')"
"""The condition by which SQLite finds what is open in its index."""

REPLAN = f"""
    UPDATE deliveries AS d SET ready_at = :audible,
        due_at = CASE WHEN story_id IS NOT NULL AND (:anew OR due_at > :now) THEN :audible ELSE due_at END
    WHERE chat_id = :chat AND {OPEN} AND state = 'waiting' AND NOT urgent AND (attempts = 0 OR :anew)
      AND (ready_at > :now OR :audible > :now OR :anew)
      AND (kind = 'alert' OR story_id IS NULL OR due_at <= (
          SELECT max(e.due_at) FROM deliveries e
          WHERE e.chat_id = d.chat_id AND e.kind = 'digest' AND e.story_id IS NULL AND e.state = 'waiting'
      ))
"""  # noqa: S608
"""Alerts, and the digest that is open with its lines; what is to be tried again keeps its turn."""

HELD = f"""
    SELECT id FROM deliveries
    WHERE chat_id = :chat AND {OPEN} AND state = 'waiting' AND kind = 'alert' AND NOT urgent AND ready_at = :audible
"""  # noqa: S608

QUIET_OVERDUE = f"""
    SELECT {CHAT} FROM chats c WHERE c.id > ? AND c.quiet IS NOT NULL AND c.paused_at IS NULL AND EXISTS (
        SELECT 1 FROM deliveries d
        WHERE d.chat_id = c.id AND d.{OPEN} AND d.state = 'waiting' AND d.ready_at <= ?
          AND NOT d.urgent AND d.attempts = 0
    ) ORDER BY c.id LIMIT ?
"""  # noqa: S608

WAITING = f"""
    SELECT DISTINCT chat_id FROM deliveries WHERE {OPEN} AND chat_id > ? ORDER BY chat_id LIMIT ?
"""  # noqa: S608

EXPIRE = f"""
    UPDATE deliveries AS d SET state = 'cancelled', reason = :reason
    WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND {OPEN} AND state = 'waiting'
      AND +story_id IS NOT NULL AND due_at < :before
      AND EXISTS (SELECT 1 FROM chats c WHERE c.id = d.chat_id AND c.paused_at IS NULL)
    RETURNING chat_id, due_at
"""  # noqa: S608


def replan(connection: sqlite3.Connection, chat_id: int, now: int, audible: int, anew: bool) -> None:
    """Lets what waits in a chat leave at `audible`: quiet hours or the zone are others, or a pause is over."""
    connection.execute(REPLAN, {"chat": chat_id, "now": now, "audible": audible, "anew": anew})
    if audible > now:
        held = connection.execute(HELD, {"chat": chat_id, "audible": audible}).fetchall()
        hold(connection, [line for (line,) in held], QUIET, moment(now), moment(audible))


def quiet_overdue(connection: sqlite3.Connection, now: int, after: int, limit: int) -> list[Chat]:
    """Chats with quiet hours that something not urgent is due in, by id from `after`."""
    return [read_chat(row) for row in connection.execute(QUIET_OVERDUE, (after, now, limit))]


def expire(
    connection: sqlite3.Connection, before: int, after: int, limit: int
) -> tuple[list[tuple[int, datetime]], int | None]:
    """Cancels what was due before then in the next chats, by id from `after`, except in paused ones.

    ((chat, when it was due) of each line, the id reached or None at the end).
    """
    chats = [chat_id for (chat_id,) in connection.execute(WAITING, (after, limit))]
    values = {"before": before, "chats": json.dumps(chats), "reason": TOO_LATE}
    expired = [(chat_id, moment(due_at)) for chat_id, due_at in connection.execute(EXPIRE, values)]
    return expired, chats[-1] if len(chats) == limit else None
