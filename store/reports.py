"""Reports in the outbox: owed, claimed, settled; of reports about one thing only the latest waits."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from bot.core.model import Address, State
from bot.core.reports import Report, ReportClaim
from store.chats import Chats
from store.times import micros, moment

OVERTAKEN = "overtaken"
"""The reason of one that a later report about the same thing has made old."""

OVERTAKE = """
    UPDATE reports SET state = 'cancelled', reason = ?, settled_at = ?
    WHERE chat_id = ? AND about = ? AND state = 'waiting'
"""

OWE = """
    INSERT INTO reports (chat_id, about, key, details, raised_at, due_at, ready_at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""

CLAIMABLE = """
    SELECT n.chat_id, c.platform, c.chat, c.thread FROM reports n JOIN chats c ON c.id = n.chat_id
    WHERE n.state IN ('waiting', 'leased') AND n.ready_at <= :now AND c.paused_at IS NULL
    ORDER BY n.ready_at, n.id
"""

LEASE = """
    UPDATE reports SET state = 'leased', attempts = attempts + (state = 'leased'), ready_at = :leased_until
    WHERE chat_id = :chat AND state IN ('waiting', 'leased') AND ready_at <= :now
    RETURNING id, about, key, details, attempts
"""
"""A lease that lapsed counts as a try, as those of deliveries do."""

SETTLE = """
    UPDATE reports SET state = ?, settled_at = ?, message_ref = ?, reason = ?
    WHERE id = ? AND state = 'leased' AND ready_at = ?
"""

CANCEL_OVERTAKEN = """
    UPDATE reports AS n SET state = 'cancelled', reason = :reason, settled_at = raised_at
    WHERE id = :id AND state = 'leased' AND ready_at = :held AND EXISTS (
        SELECT 1 FROM reports w WHERE w.chat_id = n.chat_id AND w.about = n.about AND w.state = 'waiting'
    )
"""

POSTPONE = """
    UPDATE reports SET state = 'waiting', attempts = attempts + :tried, ready_at = :due, reason = :reason
    WHERE id = :id AND state = 'leased' AND ready_at = :held
"""


class Reports:
    """The Reports port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def owe(self, chat_id: int, report: Report, now: datetime, due_at: datetime) -> None:
        """Has the chat told then; one about the same thing that waits is cancelled."""
        self._connection.execute(OVERTAKE, (OVERTAKEN, micros(now), chat_id, report.about))
        details = json.dumps(dict(report.details), separators=(",", ":"))
        due = micros(due_at)
        self._connection.execute(OWE, (chat_id, report.about, report.key, details, micros(now), due, due))

    def gathering_until(self, chat_id: int, now: datetime) -> datetime | None:
        """When the reports that wait for a later time than `now` are due, None when none does."""
        select = "SELECT min(due_at) FROM reports WHERE chat_id = ? AND state = 'waiting' AND due_at > ?"
        (at,) = self._connection.execute(select, (chat_id, micros(now))).fetchone()
        return None if at is None else moment(int(at))

    def last_sent_at(self, chat_id: int) -> datetime | None:
        """When the chat was last sent a report."""
        select = "SELECT max(settled_at) FROM reports WHERE chat_id = ? AND settled_at IS NOT NULL AND state = 'sent'"
        (at,) = self._connection.execute(select, (chat_id,)).fetchone()
        return None if at is None else moment(int(at))

    def claimable(self, now: datetime, accept: Callable[[Address], bool]) -> bool:
        """Whether `claim` would take anything."""
        return next(self._claimable(now, accept), None) is not None

    def claim(
        self, now: datetime, leased_until: datetime, accept: Callable[[Address], bool], limit: int
    ) -> list[ReportClaim]:
        """Leases all that is due of each of `limit` chats at most, not paused and taken by `accept`."""
        chosen = list(islice(self._claimable(now, accept), limit))
        return [self._lease(chat_id, now, leased_until) for chat_id in chosen]

    def settle(
        self,
        claim: ReportClaim,
        state: State,
        now: datetime,
        *,
        message_ref: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Closes a claim as sent, dead or cancelled."""
        closing = (state.value, micros(now), message_ref, reason)
        held = micros(claim.leased_until)
        self._connection.executemany(SETTLE, ((*closing, report_id, held) for report_id in claim.ids))

    def postpone(self, claim: ReportClaim, due_at: datetime, reason: str, *, tried: bool = True) -> None:
        """Gives a claim back, one attempt older if `tried`; what was overtaken meanwhile is cancelled."""
        held = micros(claim.leased_until)
        for report_id in reversed(claim.ids):
            self._connection.execute(CANCEL_OVERTAKEN, {"reason": OVERTAKEN, "id": report_id, "held": held})
            values = {"due": micros(due_at), "reason": reason, "id": report_id, "held": held, "tried": tried}
            self._connection.execute(POSTPONE, values)

    def counts(self) -> dict[State, int]:
        """How many reports are in which state."""
        rows = self._connection.execute("SELECT state, count(*) FROM reports GROUP BY state")
        return {State(state): number for state, number in rows}

    def prune(self, before: datetime) -> int:
        """Drops those settled before then; returns how many."""
        return self._connection.execute("DELETE FROM reports WHERE settled_at < ?", (micros(before),)).rowcount

    def _claimable(self, now: datetime, accept: Callable[[Address], bool]) -> Iterator[int]:
        """The chats that could be told something now, each once, the one due longest first."""
        seen: set[int] = set()
        for chat_id, *place in self._connection.execute(CLAIMABLE, {"now": micros(now)}):
            if chat_id not in seen:
                seen.add(chat_id)
                if accept(Address(*place)):
                    yield chat_id

    def _lease(self, chat_id: int, now: datetime, leased_until: datetime) -> ReportClaim:
        values = {"chat": chat_id, "now": micros(now), "leased_until": micros(leased_until)}
        rows = sorted(self._connection.execute(LEASE, values).fetchall())
        chat = Chats(self._connection).get(chat_id)
        assert chat is not None
        return ReportClaim(
            chat=chat,
            reports=tuple(Report(about, key, json.loads(details)) for _, about, key, details, _ in rows),
            ids=tuple(row[0] for row in rows),
            attempts=max(row[-1] for row in rows),
            leased_until=leased_until,
        )
