"""Claims of stories that ring again: one story of a chat a message, no more often than every so often."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.ceiling import gathered_until
from bot.core.model import Address, Claim, Kind
from bot.core.reasons import CEILING
from store.chats import Chats
from store.claims import DELIVERY, claim_of, quiet_story_until, rung_lately
from store.holds import hold
from store.parking import park
from store.times import micros

READY = """
    SELECT d.chat_id, d.story_id, c.paused_at IS NOT NULL, c.platform, c.chat, c.thread
    FROM deliveries d JOIN chats c ON c.id = d.chat_id
    WHERE d.state IN ('waiting', 'leased') AND d.further > 0
      AND d.ready_at <= :now AND (c.blocked_until IS NULL OR c.blocked_until <= :now)
    ORDER BY d.ready_at, d.id
"""

GATHERED = """
    SELECT max(ready_at) FROM deliveries
    WHERE chat_id = :chat AND story_id = :story AND kind = 'alert' AND state IN ('waiting', 'leased') AND further < 0
"""
"""What waits of the story with its chat's alerts: more of it waits with that."""

THEIRS = """
    chat_id = :chat AND story_id = :story AND kind = 'alert' AND state IN ('waiting', 'leased')
    AND further > 0 AND ready_at <= :now
"""

LEASE = f"""
    UPDATE deliveries SET state = 'leased', attempts = attempts + (state = 'leased'), ready_at = :until
    WHERE {THEIRS} RETURNING {DELIVERY}
"""  # noqa: S608

HOLD = f"""
    UPDATE deliveries SET state = 'waiting', ready_at = :until, further = CASE WHEN :gathered THEN -further
        ELSE further END
    WHERE {THEIRS} RETURNING id
"""  # noqa: S608
"""Until the story may ring again or, gathered with its chat's alerts, until that chat may."""

TOLD_BY = """
    SELECT message_ref FROM deliveries
    WHERE chat_id = :chat AND story_id = :story AND kind = 'alert' AND state = 'sent' AND further = 0
      AND message_ref IS NOT NULL
    ORDER BY settled_at, id LIMIT 1
"""


def is_ready(connection: sqlite3.Connection, kind: Kind, now: datetime, accept: Callable[[Address], bool]) -> bool:
    """Whether `claim` has something to do: lease, park, or hold until it may ring."""
    del kind
    return next(_ready(connection, now, accept), None) is not None


def claim(
    connection: sqlite3.Connection,
    kind: Kind,
    now: datetime,
    leased_until: datetime,
    accept: Callable[[Address], bool],
    limit: int,
) -> list[Claim]:
    """Leases for `limit` messages at most, one a chat; what may not ring yet is put where it waits."""
    del kind
    claims: dict[int, Claim] = {}
    for chat_id, story_id, is_paused in list(_ready(connection, now, accept)):
        if len(claims) == limit:
            break
        if is_paused:
            park(connection, (chat_id,), micros(now))
        elif chat_id not in claims and not _held(connection, chat_id, story_id, now):
            claims[chat_id] = _lease(connection, chat_id, story_id, now, leased_until)
    return list(claims.values())


def _ready(
    connection: sqlite3.Connection, now: datetime, accept: Callable[[Address], bool]
) -> Iterator[tuple[int, int, bool]]:
    """(chat, story, whether the chat is paused) of what is ready, each once, the one ready longest first."""
    seen: set[tuple[int, int]] = set()
    for chat_id, story_id, is_paused, *place in connection.execute(READY, {"now": micros(now)}):
        if (chat_id, story_id) not in seen and (is_paused or accept(Address(*place))):
            seen.add((chat_id, story_id))
            yield chat_id, story_id, bool(is_paused)


def _held(connection: sqlite3.Connection, chat_id: int, story_id: int, now: datetime) -> bool:
    """Lets a story wait that rang again too lately, or whose chat has rung as often as it wants."""
    values: dict[str, int | None] = {"chat": chat_id, "story": story_id, "now": micros(now)}
    until = quiet_story_until(connection, chat_id, story_id)
    if until is not None and until > now:
        connection.execute(HOLD, values | {"until": micros(until), "gathered": False}).fetchall()
        return True
    (gathered_at,) = connection.execute(GATHERED, values).fetchone()
    if gathered_at is not None:
        connection.execute(HOLD, values | {"until": gathered_at, "gathered": True}).fetchall()
        return True
    chat, rung = Chats(connection).get(chat_id), rung_lately(connection, [chat_id], now).get(chat_id)
    gathers = gathered_until(*rung, chat.max_per_hour, now) if chat is not None and rung is not None else None
    if gathers is not None:
        held = connection.execute(HOLD, values | {"until": micros(gathers), "gathered": True}).fetchall()
        hold(connection, [line for (line,) in held], CEILING, now, gathers)
    return gathers is not None


def _lease(connection: sqlite3.Connection, chat_id: int, story_id: int, now: datetime, until: datetime) -> Claim:
    values = {"chat": chat_id, "story": story_id, "now": micros(now), "until": micros(until)}
    rows = connection.execute(LEASE, values).fetchall()
    chat = Chats(connection).get(chat_id)
    assert chat is not None
    told_by = connection.execute(TOLD_BY, values).fetchone()
    claimed = claim_of(chat, Kind.AGAIN, sorted(rows), now, until)
    return replace(claimed, in_reply=told_by[0] if told_by else None)
