"""Two chats that turn out to be one."""

from __future__ import annotations

import sqlite3

from bot.core.reasons import PAUSED
from store.parking import unpark
from store.waiting import settle_waiting

MAKE_WAY = """
    DELETE FROM deliveries AS d WHERE chat_id = :target AND state = 'cancelled' AND EXISTS (
        SELECT 1 FROM deliveries s
        WHERE s.chat_id = :source AND s.story_id = d.story_id AND s.kind = d.kind AND s.each = d.each
    )
"""
"""A cancelled line never keeps one that lives from moving."""

TWIN = """
    SELECT id FROM subscriptions WHERE chat_id = :target AND query_id = :query AND ended_at IS NULL AND :live
"""

MOVE = """
    UPDATE subscriptions SET chat_id = :target, number = CASE
        WHEN EXISTS (SELECT 1 FROM subscriptions WHERE chat_id = :target AND number = :number)
        THEN (SELECT max(number) + 1 FROM subscriptions WHERE chat_id IN (:target, :source)) ELSE number END
    WHERE id = :id
"""


UNHOLD = f"""
    UPDATE deliveries SET state = 'waiting', reason = NULL
    WHERE subscription_id = :twin AND state = 'cancelled' AND reason = '{PAUSED}'
      AND EXISTS (SELECT 1 FROM subscriptions WHERE id = :twin AND paused_at IS NULL)
"""  # noqa: S608
"""What one chat's pause held is let go where the other chat's subscription is heard."""


def merge(connection: sqlite3.Connection, source: int, target: int) -> None:
    """Moves what chat `source` has to chat `target` and removes it; the target keeps its settings and its numbers.

    A subscription both have stays the target's; a story both were owed stays as the target has it.
    """
    both = {"source": source, "target": target}
    connection.execute(MAKE_WAY, both)
    connection.execute("UPDATE OR IGNORE deliveries SET chat_id = :target WHERE chat_id = :source", both)
    connection.execute("UPDATE OR IGNORE errands SET chat_id = :target WHERE chat_id = :source", both)
    sql = "SELECT id, number, query_id, ended_at IS NULL FROM subscriptions WHERE chat_id = ? ORDER BY number"
    for subscription_id, number, query_id, live in connection.execute(sql, (source,)).fetchall():
        values = both | {"id": subscription_id, "number": number, "query": query_id, "live": live}
        twin = connection.execute(TWIN, values).fetchone()
        if twin is None:
            connection.execute(MOVE, values)
        else:
            repoint = "UPDATE deliveries SET subscription_id = ? WHERE subscription_id = ?"
            connection.execute(repoint, (twin[0], subscription_id))
            connection.execute(UNHOLD, {"twin": twin[0]})
            settle_waiting(connection, twin[0])
    for table in ("mutes", "saved", "irrelevant", "leftovers", "prefaces", "reports", "cards", "follows"):
        connection.execute(f"UPDATE OR IGNORE {table} SET chat_id = :target WHERE chat_id = :source", both)  # noqa: S608
    connection.execute("DELETE FROM chats WHERE id = ?", (source,))
    unpark(connection, target)  # if the target is paused it is parked again when somebody looks
