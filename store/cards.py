"""Cards: what admins are shown of those who ask; owed, claimed, settled, and due again once it is decided."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from bot.core.access import CardClaim, Guest
from bot.core.model import Address, State
from store.chats import CHAT, read_chat
from store.guests import GUEST, read_guest
from store.times import micros

OWE = "INSERT INTO cards (guest, chat_id, owed_at, ready_at) VALUES (?, ?, ?, ?)"

DECIDED = """
    UPDATE cards SET attempts = 0, ready_at = :now, state = CASE
        WHEN state = 'sent' AND message_ref IS NOT NULL THEN 'waiting'
        WHEN state = 'waiting' AND message_ref IS NULL THEN 'cancelled' ELSE state END
    WHERE guest = :number AND state IN ('waiting', 'sent')
"""

READY = """
    SELECT k.id, c.platform, c.chat, c.thread FROM cards k JOIN chats c ON c.id = k.chat_id
    WHERE k.state IN ('waiting', 'leased') AND k.ready_at <= :now AND c.paused_at IS NULL
      AND (c.blocked_until IS NULL OR c.blocked_until <= :now)
    ORDER BY k.ready_at, k.id
"""

LEASE = """
    UPDATE cards SET attempts = attempts + (state = 'leased'), state = 'leased', ready_at = :until,
        shown = (SELECT standing FROM guests WHERE number = guest)
    WHERE id = :id RETURNING attempts, message_ref
"""
"""A lease that lapsed counts as a try, as those of deliveries do."""

LEASED = f"""
    SELECT {GUEST}, {CHAT}
    FROM cards k JOIN guests g ON g.number = k.guest JOIN chats c ON c.id = k.chat_id WHERE k.id = ?
"""  # noqa: S608

HELD = "id = :id AND state = 'leased' AND ready_at = :until"

SETTLE = f"""
    UPDATE cards SET message_ref = coalesce(:reference, message_ref), reason = :reason, settled_at = :now, state = CASE
        WHEN :state = 'sent' AND shown <> (SELECT standing FROM guests WHERE number = guest) THEN 'waiting'
        ELSE :state END, ready_at = :now
    WHERE {HELD}
"""  # noqa: S608

POSTPONE = f"""
    UPDATE cards SET state = 'waiting', attempts = attempts + :tried, ready_at = :due, reason = :reason WHERE {HELD}
"""  # noqa: S608


class Cards:
    """The Cards port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def owe(self, guest: Guest, chat_id: int, now: datetime) -> None:
        """Has the chat shown who asks."""
        self._connection.execute(OWE, (guest.number, chat_id, micros(now), micros(now)))

    def since(self, chat_id: int, at: datetime) -> int:
        """How many cards the chat was owed since then."""
        sql = "SELECT count(*) FROM cards WHERE chat_id = ? AND owed_at > ?"
        return int(self._connection.execute(sql, (chat_id, micros(at))).fetchone()[0])

    def decided(self, number: int, now: datetime) -> None:
        """Has every card of the asking show what was decided; one that never left does not leave any more."""
        self._connection.execute(DECIDED, {"number": number, "now": micros(now)})

    def claimable(self, now: datetime, accept: Callable[[Address], bool]) -> bool:
        """Whether `claim` would take anything."""
        return next(self._ready(now, accept), None) is not None

    def claim(
        self, now: datetime, leased_until: datetime, accept: Callable[[Address], bool], limit: int
    ) -> list[CardClaim]:
        """Leases what is due in chats that are not paused and that `accept` takes, the one due longest first."""
        return [self._lease(card_id, leased_until) for card_id in list(islice(self._ready(now, accept), limit))]

    def settle(
        self,
        claim: CardClaim,
        state: State,
        now: datetime,
        *,
        message_ref: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Closes a claim; a card that was sent while its guest was decided about is due again at once."""
        values = {"state": state.value, "now": micros(now), "reference": message_ref, "reason": reason}
        self._connection.execute(SETTLE, values | _held(claim))

    def postpone(self, claim: CardClaim, due_at: datetime, reason: str, *, tried: bool = True) -> None:
        """Gives a claim back, one attempt older if `tried`."""
        self._connection.execute(POSTPONE, {"tried": tried, "due": micros(due_at), "reason": reason} | _held(claim))

    def _ready(self, now: datetime, accept: Callable[[Address], bool]) -> Iterator[int]:
        for card_id, *place in self._connection.execute(READY, {"now": micros(now)}):
            if accept(Address(*place)):
                yield card_id

    def _lease(self, card_id: int, leased_until: datetime) -> CardClaim:
        attempts, reference = self._connection.execute(LEASE, {"id": card_id, "until": micros(leased_until)}).fetchone()
        row: tuple[Any, ...] = self._connection.execute(LEASED, (card_id,)).fetchone()
        columns = GUEST.count(",") + 1
        guest, chat = read_guest(row[:columns]), read_chat(row[columns:])
        return CardClaim(card_id, chat, guest, attempts, reference, leased_until)


def _held(claim: CardClaim) -> dict[str, int]:
    return {"id": claim.id, "until": micros(claim.leased_until)}
