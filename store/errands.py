"""Errands: what else goes to a chat, edits of messages that have more to tell and notices; leased and closed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot.core.errands import Growth, Notice
from bot.core.model import Address, Claim, Kind, State
from store.chats import Chats
from store.claims import DELIVERY, read_delivery
from store.times import micros, moment

EDITED_FOR = timedelta(hours=48)
"""How long a message is kept up to date: Telegram lets bots edit about that long, and nobody scrolls back further."""

EDIT_AFTER, EDIT_EVERY = timedelta(minutes=1), timedelta(minutes=5)
"""How long what is new gathers before a message is edited, and how long at least between two edits of it."""

RAISE = """
    INSERT INTO growths (story_id, article_id, raised_at) VALUES (?, ?, ?)
    ON CONFLICT (story_id, article_id) DO UPDATE SET raised_at = excluded.raised_at, reached = 0
"""

NEXT = (
    "SELECT story_id, article_id, raised_at, reached FROM growths WHERE reached IS NOT NULL ORDER BY raised_at LIMIT 1"
)

TELLERS = """
    SELECT id, chat_id, message_ref, settled_at FROM deliveries
    WHERE story_id = :story AND kind = 'alert' AND state = 'sent' AND message_ref IS NOT NULL AND id > :after
    ORDER BY id LIMIT :limit
"""

WISH = """
    INSERT INTO errands (chat_id, kind, about, begun_at, ready_at)
    SELECT d.chat_id, 'edit', d.message_ref, d.settled_at, :ready FROM deliveries d
    WHERE d.id = :id AND d.settled_at >= :since AND d.each IN (0, :article)
    ON CONFLICT (chat_id, about) WHERE kind = 'edit' DO UPDATE SET
        again = state = 'leased', attempts = CASE state WHEN 'leased' THEN attempts ELSE 0 END,
        ready_at = CASE WHEN state IN ('waiting', 'leased') THEN ready_at
            ELSE max(excluded.ready_at, coalesce(settled_at, 0) + :every) END,
        state = CASE state WHEN 'leased' THEN state ELSE 'waiting' END
"""

READY = """
    SELECT e.id, c.platform, c.chat, c.thread FROM errands e JOIN chats c ON c.id = e.chat_id
    WHERE e.kind = :kind AND e.state IN ('waiting', 'leased') AND e.ready_at <= :now
      AND c.paused_at IS NULL AND (c.blocked_until IS NULL OR c.blocked_until <= :now)
    ORDER BY e.ready_at, e.id
"""

LEASE = """
    UPDATE errands SET state = 'leased', attempts = attempts + (state = 'leased'), ready_at = :leased_until
    WHERE id IN (SELECT value FROM json_each(:ids)) RETURNING id, chat_id, about, begun_at, attempts
"""

SETTLE = """
    UPDATE errands SET state = CASE WHEN again THEN 'waiting' ELSE :state END, settled_at = :now, reason = :reason,
        ready_at = CASE WHEN again THEN :next ELSE ready_at END, attempts = CASE WHEN again THEN 0 ELSE attempts END,
        again = 0
    WHERE id = :id AND state = 'leased' AND ready_at = :leased_until
"""

POSTPONE = """
    UPDATE errands SET state = 'waiting', attempts = attempts + :tried, ready_at = :ready, reason = :reason, again = 0
    WHERE id = :id AND state = 'leased' AND ready_at = :leased_until
"""


def raise_growth(connection: sqlite3.Connection, story_id: int, article_id: int, now: datetime) -> None:
    """The story has more to say (`article_id` 0), or one of its articles reads otherwise now."""
    connection.execute(RAISE, (story_id, article_id, micros(now)))


def next_growth(connection: sqlite3.Connection) -> tuple[Growth, int] | None:
    """The growth raised longest ago that is not fully expanded, with the delivery its expansion has reached."""
    row = connection.execute(NEXT).fetchone()
    return None if row is None else (Growth(row[0], row[1], moment(row[2])), row[3])


def expand_growth(connection: sqlite3.Connection, growth: Growth, after: int, limit: int, now: datetime) -> int:
    """Wishes edits of the next `limit` messages that told the story lately; returns how many it looked at."""
    values = {"story": growth.story_id, "article": growth.article_id, "after": after, "limit": limit}
    tellers = connection.execute(TELLERS, values).fetchall()
    common = {
        "article": growth.article_id,
        "ready": micros(growth.raised_at + EDIT_AFTER),
        "since": micros(now - EDITED_FOR),
        "every": EDIT_EVERY // timedelta(microseconds=1),
    }
    connection.executemany(WISH, (common | {"id": row[0]} for row in tellers))
    reached = tellers[-1][0] if len(tellers) == limit else None
    sql = "UPDATE growths SET reached = ? WHERE story_id = ? AND article_id = ?"
    connection.execute(sql, (reached, growth.story_id, growth.article_id))
    return len(tellers)


def add_notice(connection: sqlite3.Connection, chat_id: int, notice: Notice, now: datetime) -> None:
    """Something to say to a chat that nobody there asked for."""
    about = json.dumps([notice.key, dict(notice.details)], ensure_ascii=False)
    sql = "INSERT INTO errands (chat_id, kind, about, begun_at, ready_at) VALUES (?, 'notice', ?, ?, ?)"
    connection.execute(sql, (chat_id, about, micros(now), micros(now)))


def is_ready(connection: sqlite3.Connection, kind: Kind, now: datetime, accept: Callable[[Address], bool]) -> bool:
    """Whether `claim` would take anything."""
    return next(_ready_errands(connection, kind, now, accept), None) is not None


def _ready_errands(
    connection: sqlite3.Connection, kind: Kind, now: datetime, accept: Callable[[Address], bool]
) -> Iterator[int]:
    """Errands of this kind that could be run now, the one ready longest first."""
    for errand_id, *place in connection.execute(READY, {"kind": kind.value, "now": micros(now)}):
        if accept(Address(*place)):
            yield errand_id


def claim(
    connection: sqlite3.Connection,
    kind: Kind,
    now: datetime,
    leased_until: datetime,
    accept: Callable[[Address], bool],
    limit: int,
) -> list[Claim]:
    """Leases `limit` errands at most; an edit of what was told too long ago is cancelled."""
    ids = json.dumps(list(islice(_ready_errands(connection, kind, now, accept), limit)))
    rows = connection.execute(LEASE, {"ids": ids, "leased_until": micros(leased_until)}).fetchall()
    claims = [_claim(connection, kind, row, now, leased_until) for row in sorted(rows)]
    late = [entry for entry in claims if kind is Kind.EDIT and entry.due_at < now - EDITED_FOR]
    for entry in late:
        settle(connection, entry, State.CANCELLED, now, "told too long ago")
    return [entry for entry in claims if entry not in late]


def _claim(
    connection: sqlite3.Connection, kind: Kind, row: tuple[int, int, str, int, int], now: datetime, until: datetime
) -> Claim:
    errand_id, chat_id, about, begun_at, attempts = row
    chat = Chats(connection).get(chat_id)
    assert chat is not None
    told = f"SELECT {DELIVERY} FROM deliveries WHERE chat_id = ? AND message_ref = ? ORDER BY id"  # noqa: S608
    edit = kind is Kind.EDIT
    deliveries = tuple(map(read_delivery, connection.execute(told, (chat_id, about)))) if edit else ()
    return Claim(
        chat=chat,
        kind=kind,
        deliveries=deliveries,
        due_at=moment(begun_at),
        envelope_ids=(errand_id,),
        attempts=attempts,
        leased_until=until,
        claimed_at=now,
        reference=about if edit else None,
        notice=None if edit else Notice(*json.loads(about)),
    )


def settle(connection: sqlite3.Connection, claim: Claim, state: State, now: datetime, reason: str | None) -> None:
    """Closes the errand, unless an edit was wanted again meanwhile: then it waits until it may be edited again."""
    values = {"state": state.value, "now": micros(now), "reason": reason, "next": micros(now + EDIT_EVERY)}
    connection.execute(SETTLE, values | _ours(claim))


def postpone(connection: sqlite3.Connection, claim: Claim, due_at: datetime, reason: str | None, tried: bool) -> None:
    """Gives the errand back, ready then."""
    values = {"ready": micros(due_at), "reason": reason, "tried": tried}
    connection.execute(POSTPONE, values | _ours(claim))


def prune(connection: sqlite3.Connection, now: datetime) -> None:
    """Drops what no longer counts: edits and growths of what was told too long ago, and notices long closed."""
    before = (micros(now - EDITED_FOR),)
    connection.execute("DELETE FROM errands WHERE settled_at < ? AND state IN ('sent', 'cancelled')", before)
    connection.execute("DELETE FROM errands WHERE kind = 'edit' AND state = 'waiting' AND begun_at < ?", before)
    connection.execute("DELETE FROM growths WHERE raised_at < ?", before)


def _ours(claim: Claim) -> dict[str, int | None]:
    return {"id": claim.envelope_ids[0], "leased_until": micros(claim.leased_until)}
