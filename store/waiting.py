"""What becomes of waiting deliveries when their subscription ends, comes back or changes: each still ends somewhere.

A digest line only ever waits for a live digest subscription, whose next digest takes it.
"""

from __future__ import annotations

import json
import sqlite3

from bot.core.reasons import UNSUBSCRIBED
from store import holding

HAND_ON = """
    UPDATE deliveries AS d
    SET subscription_id = heir.id, due_at = coalesce(heir.next_due_at, d.due_at),
        ready_at = coalesce(heir.next_due_at, d.ready_at)
    FROM subscriptions AS heir
    WHERE d.subscription_id = :left AND d.state = 'waiting' AND d.kind IN (:kind, 'digest') AND heir.id = (
        SELECT s.id FROM subscriptions s JOIN alerts a ON a.query_id = s.query_id
        WHERE s.chat_id = d.chat_id AND s.id <> :left AND s.ended_at IS NULL AND s.paused_at IS NULL
          AND (s.next_due_at IS NULL) = (d.kind = 'alert')
          AND a.story_id = d.story_id AND (NOT d.each OR a.article_id = d.article_id)
        ORDER BY s.next_due_at, s.number LIMIT 1
    )
"""
"""To another live subscription of the chat that speaks in the same way and matched the same story."""

CANCEL = """
    UPDATE deliveries SET state = 'cancelled', reason = :reason WHERE subscription_id = :left AND state = 'waiting'
"""

RESTORE = """
    UPDATE deliveries AS d SET state = 'waiting', reason = NULL
    WHERE subscription_id = :revived AND state = 'cancelled' AND reason = :reason AND NOT EXISTS (
        SELECT 1 FROM deliveries t
        WHERE t.chat_id = d.chat_id AND t.story_id = d.story_id
          AND t.state = 'sent' AND t.settled_at BETWEEN :ended_at AND :now
    )
"""

MOVE = """
    UPDATE deliveries AS d SET due_at = :due, ready_at = :due
    WHERE subscription_id = :moved AND kind = 'digest' AND state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM deliveries e
        WHERE e.chat_id = d.chat_id AND e.kind = 'digest' AND e.story_id IS NULL
          AND e.state IN ('waiting', 'leased') AND e.due_at >= d.due_at
    )
"""

MAKE_WAY = """
    DELETE FROM deliveries AS a WHERE kind = 'alert' AND state = 'cancelled' AND EXISTS (
        SELECT 1 FROM deliveries d
        WHERE d.subscription_id = :turned AND d.kind = 'digest' AND d.state = 'waiting'
          AND d.chat_id = a.chat_id AND d.story_id = a.story_id AND d.each = a.each
    ) AND chat_id = (SELECT chat_id FROM subscriptions WHERE id = :turned)
"""
"""A cancelled alert never keeps a line that lives from ringing."""

RING_INSTEAD = """
    UPDATE deliveries AS d SET kind = 'alert'
    WHERE subscription_id = :turned AND kind = 'digest' AND state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM deliveries a
        WHERE a.chat_id = d.chat_id AND a.story_id = d.story_id AND a.kind = 'alert' AND a.state <> 'cancelled'
          AND (NOT d.each OR a.article_id = d.article_id)
    )
"""

CANCEL_LINES = """
    UPDATE deliveries SET state = 'cancelled', reason = 'told as an alert'
    WHERE subscription_id = :turned AND kind = 'digest' AND state = 'waiting'
"""

CANCEL_ENVELOPES = """
    UPDATE deliveries SET state = 'cancelled', reason = 'no digest any more'
    WHERE chat_id = :chat AND kind = 'digest' AND state = 'waiting' AND story_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM subscriptions
        WHERE chat_id = :chat AND ended_at IS NULL AND paused_at IS NULL AND next_due_at IS NOT NULL
    )
"""


HAND_ON_FOLDED = """
    UPDATE deliveries AS d SET subscription_id = heir.id FROM subscriptions AS heir
    WHERE d.subscription_id = :left AND d.state = 'waiting' AND d.kind = 'digest' AND heir.id = (
        SELECT s.id FROM subscriptions s JOIN alerts a ON a.query_id = s.query_id
        WHERE s.chat_id = d.chat_id AND s.id <> :left AND s.ended_at IS NULL AND s.paused_at IS NULL
          AND s.next_due_at IS NULL AND a.story_id = d.story_id AND (NOT d.each OR a.article_id = d.article_id)
        ORDER BY s.number LIMIT 1
    ) AND EXISTS (SELECT 1 FROM subscriptions WHERE id = :left AND next_due_at IS NULL)
"""
"""What was folded into a digest stays there for another instant subscription that matched the same story."""

HAS_DIGEST = """
    SELECT 1 FROM subscriptions
    WHERE chat_id = :chat AND ended_at IS NULL AND paused_at IS NULL AND next_due_at IS NOT NULL LIMIT 1
"""

FOLDED = """
    SELECT DISTINCT d.subscription_id FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
    WHERE d.chat_id = :chat AND d.kind = 'digest' AND d.state IN ('waiting', 'leased') AND d.state = 'waiting'
      AND s.ended_at IS NULL AND s.next_due_at IS NULL
"""

CLEAR_DIGEST = """
    DELETE FROM deliveries AS d WHERE chat_id = :chat AND kind = 'digest' AND state = 'cancelled' AND EXISTS (
        SELECT 1 FROM deliveries a
        WHERE a.id IN (SELECT value FROM json_each(:lines)) AND a.story_id = d.story_id AND a.each = d.each
    )
"""

FOLD = """
    UPDATE OR IGNORE deliveries SET kind = 'digest', state = 'waiting', ready_at = :now, reason = NULL
    WHERE id IN (SELECT value FROM json_each(:lines))
"""

CANCEL_FOLDED = """
    UPDATE deliveries SET state = 'cancelled', reason = 'told in a digest'
    WHERE id IN (SELECT value FROM json_each(:lines)) AND kind = 'alert'
"""


def settle_waiting(connection: sqlite3.Connection, subscription_id: int) -> None:
    """Puts right what waits for a subscription after any change of it; what waits for nobody is cancelled."""
    sql = "SELECT chat_id, ended_at, paused_at, next_due_at FROM subscriptions WHERE id = ?"
    row = connection.execute(sql, (subscription_id,)).fetchone()
    if row is None:  # its chat was forgotten or merged
        return
    chat_id, ended_at, paused_at, next_due_at = row
    if ended_at is not None:
        _release(connection, subscription_id)
    elif paused_at is not None:
        _hand_on(connection, subscription_id)
        holding.hold(connection, subscription_id)
    elif next_due_at is None:
        _ring_instead(connection, subscription_id)
    close_envelopes(connection, chat_id)


def close_envelopes(connection: sqlite3.Connection, chat_id: int) -> None:
    """Cancels the open digest of a chat that has no digest subscription any more; what was folded into it rings."""
    connection.execute(CANCEL_ENVELOPES, {"chat": chat_id})
    if connection.execute(HAS_DIGEST, {"chat": chat_id}).fetchone() is None:
        for (subscription_id,) in connection.execute(FOLDED, {"chat": chat_id}).fetchall():
            _ring_instead(connection, subscription_id)


def fold(connection: sqlite3.Connection, chat_id: int, line_ids: list[int], now: int) -> bool:
    """Puts alert lines into the chat's next digest; False when it has no digest subscription, and nothing is done.

    They stay with their instant subscriptions, and ring after all when the chat's last digest subscription ends.
    """
    if connection.execute(HAS_DIGEST, {"chat": chat_id}).fetchone() is None:
        return False
    values = {"chat": chat_id, "lines": json.dumps(line_ids), "now": now}
    for statement in (CLEAR_DIGEST, FOLD, CANCEL_FOLDED):
        connection.execute(statement, values)
    return True


def restore(connection: sqlite3.Connection, subscription_id: int, ended_at: int, now: int) -> None:
    """Lets what the subscription's end cancelled wait again, except stories its chat was told since."""
    values = {"revived": subscription_id, "reason": UNSUBSCRIBED, "ended_at": ended_at, "now": now}
    connection.execute(RESTORE, values)


def move(connection: sqlite3.Connection, subscription_id: int, due: int) -> None:
    """Moves the digest lines that wait for a subscription, except those of a digest that is open already."""
    connection.execute(MOVE, {"moved": subscription_id, "due": due})


def _release(connection: sqlite3.Connection, subscription_id: int) -> None:
    """Hands what waits for an ended subscription to another of the chat that matched it too; cancels the rest."""
    _hand_on(connection, subscription_id)
    holding.hand_to_paused(connection, subscription_id)
    connection.execute(CANCEL, {"left": subscription_id, "reason": UNSUBSCRIBED})


def _hand_on(connection: sqlite3.Connection, subscription_id: int) -> None:
    connection.execute(HAND_ON, {"left": subscription_id, "kind": "alert"})
    connection.execute(HAND_ON_FOLDED, {"left": subscription_id})


def _ring_instead(connection: sqlite3.Connection, subscription_id: int) -> None:
    """Lets the digest lines of an instant subscription ring when they were due, unless another digest takes them."""
    connection.execute(HAND_ON, {"left": subscription_id, "kind": "digest"})
    for statement in (MAKE_WAY, RING_INSTEAD, CANCEL_LINES):
        connection.execute(statement, {"turned": subscription_id})
