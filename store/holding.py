"""What a paused subscription would have told: held lines, which are out of everybody's way until it is resumed.

A held line is a cancelled one with the reason `PAUSED`: whoever else of the chat is owed the story takes its place.
"""

from __future__ import annotations

import sqlite3

from bot.core.reasons import MUTED, PAUSED, TOLD_MEANWHILE

LINE = "chat_id, subscription_id, story_id, article_id, kind, each, urgent, due_at, ready_at"

HELD = f"d.state = 'cancelled' AND d.reason = '{PAUSED}'"

KEEP = f"""
    INSERT INTO deliveries ({LINE}, state, reason)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'cancelled', '{PAUSED}' WHERE NOT EXISTS (
        SELECT 1 FROM deliveries
        WHERE chat_id = ?1 AND story_id = ?3 AND kind = ?5 AND state <> 'cancelled' AND (NOT ?6 OR article_id = ?4)
    )
    ON CONFLICT (chat_id, story_id, kind, each) DO UPDATE SET
        subscription_id = excluded.subscription_id, article_id = excluded.article_id, urgent = excluded.urgent,
        due_at = excluded.due_at, ready_at = excluded.ready_at, attempts = 0, reason = excluded.reason
    WHERE state = 'cancelled' AND coalesce(reason, '') <> '{PAUSED}' AND coalesce(reason, '') NOT GLOB '{MUTED}*'
"""  # noqa: S608
"""Unless the chat has a line of the story, or of the article when it rings for each; a mute goes on holding its own."""

HOLD = f"""
    UPDATE deliveries AS d SET state = 'cancelled', reason = '{PAUSED}'
    WHERE subscription_id = :paused AND state = 'waiting'
"""  # noqa: S608

HAND_TO_PAUSED = f"""
    UPDATE deliveries AS d SET subscription_id = heir.id, state = 'cancelled', reason = '{PAUSED}'
    FROM subscriptions AS heir
    WHERE d.subscription_id = :left AND d.state = 'waiting' AND heir.id = (
        SELECT s.id FROM subscriptions s JOIN alerts a ON a.query_id = s.query_id
        WHERE s.chat_id = d.chat_id AND s.id <> :left AND s.ended_at IS NULL AND s.paused_at IS NOT NULL
          AND (s.next_due_at IS NULL) = (d.kind = 'alert')
          AND a.story_id = d.story_id AND (NOT d.each OR a.article_id = d.article_id)
        ORDER BY s.number LIMIT 1
    )
"""  # noqa: S608

AWAITED = f"""
    (d.state IN ('waiting', 'leased') OR {HELD} AND EXISTS (
        SELECT 1 FROM subscriptions s WHERE s.id = d.subscription_id AND s.ended_at IS NULL
    ))
"""  # noqa: S608
"""Lines `d` that may still be told."""

OWN = f"""
    d.chat_id = s.chat_id AND {HELD} AND (d.subscription_id = s.id OR EXISTS (
        SELECT 1 FROM alerts a
        WHERE a.story_id = d.story_id AND a.query_id = s.query_id AND a.id > s.alert_mark
          AND (NOT d.each OR a.article_id = d.article_id) AND (s.next_due_at IS NULL) = (d.kind = 'alert')
    )) AND NOT EXISTS (
        SELECT 1 FROM deliveries t
        WHERE t.chat_id = d.chat_id AND t.story_id = d.story_id AND t.state = 'sent' AND t.settled_at >= s.paused_at
          AND (NOT d.each OR t.article_id = d.article_id)
    )
"""  # noqa: S608
"""Lines a paused subscription `s` would have told: also those held by another that matched the same, but for stories
the chat was told meanwhile."""

COUNT = f"SELECT count(*) FROM subscriptions s JOIN deliveries d ON {OWN} WHERE s.id = ?"  # noqa: S608

RELEASE = f"""
    UPDATE deliveries AS d SET state = 'waiting', reason = NULL, attempts = 0, subscription_id = s.id,
        due_at = CASE d.kind WHEN 'alert' THEN :audible ELSE coalesce(:due, :audible) END,
        ready_at = CASE d.kind WHEN 'alert' THEN :audible ELSE coalesce(:due, :audible) END
    FROM subscriptions s WHERE s.id = :resumed AND {OWN}
"""  # noqa: S608

TOLD = f"""
    UPDATE deliveries AS d SET reason = '{TOLD_MEANWHILE}' WHERE d.subscription_id = :resumed AND {HELD}
"""  # noqa: S608


def keep(connection: sqlite3.Connection, lines: list[tuple[int, int, int, int, str, int, bool, int, int]]) -> None:
    """Holds what paused subscriptions are owed."""
    connection.executemany(KEEP, lines)


def hold(connection: sqlite3.Connection, subscription_id: int) -> None:
    """Holds everything that waits for a subscription."""
    connection.execute(HOLD, {"paused": subscription_id})


def hand_to_paused(connection: sqlite3.Connection, subscription_id: int) -> None:
    """Lets paused subscriptions of the chat that matched it too hold what waits for this one, which has ended."""
    connection.execute(HAND_TO_PAUSED, {"left": subscription_id})


def held(connection: sqlite3.Connection, subscription_id: int) -> int:
    """How many lines are held for a paused subscription."""
    return int(connection.execute(COUNT, (subscription_id,)).fetchone()[0])


def release(connection: sqlite3.Connection, subscription_id: int, audible: int, due: int | None) -> int:
    """Lets what is held for a subscription, still paused, wait again; how many lines.

    Alerts are due at `audible`, lines of a digest at `due`.
    """
    values = {"resumed": subscription_id, "audible": audible, "due": due}
    released = connection.execute(RELEASE, values).rowcount
    connection.execute(TOLD, {"resumed": subscription_id})
    return released
