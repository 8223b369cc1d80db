"""Parking: what waits for a chat that is paused is put out of the way, so that nobody looks at it again and again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime

from bot.core.reasons import PAUSE
from store.holds import hold
from store.times import micros, moment

PARKED = micros(datetime(9999, 1, 1, tzinfo=UTC))
"""When what is parked is ready: never."""

PARK = f"""
    UPDATE deliveries SET state = 'waiting', attempts = attempts + (state = 'leased'), ready_at = {PARKED}
    WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND kind IN ('alert', 'digest')
      AND state IN ('waiting', 'leased') AND ready_at <= :now
    RETURNING id, story_id
"""  # noqa: S608

UNPARK = f"""
    UPDATE deliveries SET ready_at = due_at
    WHERE chat_id = :chat AND kind IN ('alert', 'digest') AND state IN ('waiting', 'leased') AND ready_at >= {PARKED}
"""  # noqa: S608


def park(connection: sqlite3.Connection, chat_ids: Collection[int], now: int) -> None:
    """Puts what is ready for these chats, which are paused, out of the way."""
    if not chat_ids:
        return
    rows = connection.execute(PARK, {"chats": json.dumps(list(chat_ids)), "now": now}).fetchall()
    hold(connection, [line for line, story_id in rows if story_id is not None], PAUSE, moment(now))


def unpark(connection: sqlite3.Connection, chat_id: int) -> None:
    """What was parked for the chat is ready from when it was due."""
    connection.execute(UNPARK, {"chat": chat_id})
