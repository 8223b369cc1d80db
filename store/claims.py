"""Claims: which deliveries leave now, leased to one worker at a time, and how each of them ends."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from bot.core.ceiling import COUNTED_FOR, gathered_until, is_stale
from bot.core.following import AGAIN_AFTER, Further
from bot.core.model import Address, Chat, Claim, Delivery, Kind, Owed, State
from bot.core.reasons import CEILING, STALE
from store.chats import CHAT, read_chat
from store.holds import hold
from store.parking import park
from store.times import micros, moment
from store.waiting import close_envelopes, fold, settle_waiting

READY = """
    SELECT d.chat_id, c.paused_at IS NOT NULL, c.platform, c.chat, c.thread
    FROM deliveries d JOIN chats c ON c.id = d.chat_id
    WHERE d.state IN ('waiting', 'leased') AND (d.kind = 'alert' OR d.story_id IS NULL) AND d.kind = :kind
      AND d.further <= 0 AND d.ready_at <= :now AND (c.blocked_until IS NULL OR c.blocked_until <= :now)
    ORDER BY d.ready_at, d.id
"""

KINDS = {kind.value: kind for kind in Kind}

DELIVERY = "id, chat_id, subscription_id, story_id, article_id, kind, due_at, urgent, each, attempts, further"

LEASE = f"""
    UPDATE deliveries SET state = 'leased', attempts = attempts + (state = 'leased'), ready_at = :leased_until
    WHERE chat_id IN (SELECT value FROM json_each(:chats)) AND kind = :kind
      AND state IN ('waiting', 'leased') AND ready_at <= :now AND further <= 0
    RETURNING {DELIVERY}
"""  # noqa: S608
"""A lease that lapsed counts as a try: a message that kills its sender must not be tried for ever."""

CHATS = f"SELECT {CHAT} FROM chats c WHERE c.id IN (SELECT value FROM json_each(?))"  # noqa: S608

RUNG = """
    SELECT chat_id, count(*), max(at) FROM rings
    WHERE chat_id IN (SELECT value FROM json_each(?)) AND at > ? GROUP BY chat_id
"""

RUNG_AGAIN = """
    SELECT max(settled_at) FROM deliveries
    WHERE chat_id = :chat AND story_id = :story AND kind = 'alert' AND state = 'sent' AND further <> 0
"""

SETTLE = """
    UPDATE deliveries SET state = ?, settled_at = ?, message_ref = ?, reason = ?
    WHERE id = ? AND state = 'leased' AND ready_at = ?
"""

POSTPONE = """
    UPDATE deliveries SET state = 'waiting', attempts = attempts + ?, ready_at = ?, reason = ?
    WHERE id = ? AND state = 'leased' AND ready_at = ?
"""

GROWN = "SELECT story_id FROM growths WHERE raised_at >= ?"
"""Stories that had more to say while a message about them was under way: it was written without that."""


def is_ready(connection: sqlite3.Connection, kind: Kind, now: datetime, accept: Callable[[Address], bool]) -> bool:
    """Whether `claim` has something to do: lease, or park what is ready for a chat that is paused."""
    paused: set[int] = set()
    return next(_ready_chats(connection, kind, now, accept, paused), None) is not None or bool(paused)


def _ready_chats(
    connection: sqlite3.Connection, kind: Kind, now: datetime, accept: Callable[[Address], bool], paused: set[int]
) -> Iterator[int]:
    """Chats to which something of this kind could leave now, each once, the one ready longest first.

    Those that cannot because they are paused go to `paused`.
    """
    seen: set[int] = set()
    for chat_id, is_paused, *place in connection.execute(READY, {"kind": kind.value, "now": micros(now)}):
        if chat_id in seen:
            continue
        seen.add(chat_id)
        if is_paused:
            paused.add(chat_id)
        elif accept(Address(*place)):
            yield chat_id


def claim(
    connection: sqlite3.Connection,
    kind: Kind,
    now: datetime,
    leased_until: datetime,
    accept: Callable[[Address], bool],
    limit: int,
) -> list[Claim]:
    """Leases for `limit` messages at most; what a chat's ceiling or its own age holds back is put where it waits."""
    claims: list[Claim] = []
    while len(claims) < limit:
        paused: set[int] = set()
        chats = list(islice(_ready_chats(connection, kind, now, accept, paused), limit - len(claims)))
        park(connection, paused, micros(now))
        if not chats:
            break
        leased = _lease(connection, chats, kind, now, leased_until)
        claims += _rung_now(connection, leased, now) if kind is Kind.ALERT else leased
    return claims


def _lease(
    connection: sqlite3.Connection, chat_ids: list[int], kind: Kind, now: datetime, leased_until: datetime
) -> list[Claim]:
    """One claim a chat, in the order of the chats."""
    chosen = json.dumps(chat_ids)
    values = {"chats": chosen, "kind": kind.value, "now": micros(now), "leased_until": micros(leased_until)}
    rows: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in connection.execute(LEASE, values).fetchall():
        rows[row[1]].append(row)
    chats = {row[0]: read_chat(row) for row in connection.execute(CHATS, (chosen,))}
    return [claim_of(chats[chat_id], kind, sorted(rows[chat_id]), now, leased_until) for chat_id in chat_ids]


def claim_of(chat: Chat, kind: Kind, rows: list[tuple[Any, ...]], now: datetime, leased_until: datetime) -> Claim:
    """The claim of rows that were just leased, each of `DELIVERY`."""
    return Claim(
        chat=chat,
        kind=kind,
        deliveries=tuple(read_delivery(row) for row in rows if row[3] is not None),
        due_at=_due(min(row[6] for row in rows)),
        envelope_ids=tuple(row[0] for row in rows if row[3] is None),
        attempts=max(row[9] for row in rows),
        leased_until=leased_until,
        claimed_at=now,
    )


def _rung_now(connection: sqlite3.Connection, claims: list[Claim], now: datetime) -> list[Claim]:
    """The claims less what does not ring now: stale alerts of chats that have digests, and what a ceiling gathers."""
    rung = rung_lately(connection, [claim.chat.id for claim in claims], now)
    left = []
    for claimed in claims:
        entry: Claim | None = claimed
        if any(is_stale(delivery.owed.due_at, now) for delivery in claimed.deliveries):
            entry = _less(claimed, _fold(connection, claimed, now))
        if entry is not None and entry.chat.id in rung:
            entry = _less(entry, _gather(connection, entry, *rung[entry.chat.id], now))
        if entry is not None and any(delivery.owed.gathered for delivery in entry.deliveries):
            entry = _less(entry, _too_soon(connection, entry, now))
        if entry is not None:
            left.append(entry)
    return left


def rung_lately(
    connection: sqlite3.Connection, chat_ids: Sequence[int], now: datetime
) -> dict[int, tuple[int, datetime]]:
    """How many messages rang within what counts towards a ceiling, and when the latest did, in those where any did."""
    rows = connection.execute(RUNG, (json.dumps(list(chat_ids)), micros(now - COUNTED_FOR)))
    return {chat_id: (number, moment(last)) for chat_id, number, last in rows}


def _fold(connection: sqlite3.Connection, claim: Claim, now: datetime) -> set[int]:
    """Puts the claim's stale lines into the chat's next digest, if it has any; returns their ids."""
    foldable = (entry for entry in claim.deliveries if not entry.owed.urgent and not entry.owed.further)
    stale = [entry.id for entry in foldable if is_stale(entry.owed.due_at, now)]
    if not stale or not fold(connection, claim.chat.id, stale, micros(now)):
        return set()
    hold(connection, stale, STALE, now)
    return set(stale)


def _gather(connection: sqlite3.Connection, claim: Claim, rung: int, last_at: datetime, now: datetime) -> set[int]:
    """Lets the claim's lines wait while the chat is at its ceiling; returns their ids."""
    until = gathered_until(rung, last_at, claim.chat.max_per_hour, now)
    waiting = [] if until is None else [entry for entry in claim.deliveries if not entry.owed.urgent]
    values = ((0, micros(until), None, entry.id, micros(claim.leased_until)) for entry in waiting)
    connection.executemany(POSTPONE, values)
    hold(connection, [entry.id for entry in waiting], CEILING, now, until)
    return {entry.id for entry in waiting}


def _too_soon(connection: sqlite3.Connection, claim: Claim, now: datetime) -> set[int]:
    """Lets those of the claim's lines wait whose story rang again too lately; returns their ids."""
    held: dict[int, datetime] = {}
    for entry in (entry for entry in claim.deliveries if entry.owed.gathered):
        until = quiet_story_until(connection, claim.chat.id, entry.owed.story_id)
        if until is not None and until > now:
            held[entry.id] = until
    values = ((0, micros(until), None, line, micros(claim.leased_until)) for line, until in held.items())
    connection.executemany(POSTPONE, values)
    return set(held)


def quiet_story_until(connection: sqlite3.Connection, chat_id: int, story_id: int) -> datetime | None:
    """Until when a story that rang again in the chat is quiet, None where it never did."""
    (last,) = connection.execute(RUNG_AGAIN, {"chat": chat_id, "story": story_id}).fetchone()
    return moment(last) + AGAIN_AFTER if last is not None else None


def _less(claim: Claim, gone: set[int]) -> Claim | None:
    """The claim without these lines, None when nothing is left."""
    left = tuple(entry for entry in claim.deliveries if entry.id not in gone)
    if len(left) == len(claim.deliveries):
        return claim
    return replace(claim, deliveries=left, due_at=min(entry.owed.due_at for entry in left)) if left else None


def settle(
    connection: sqlite3.Connection, claim: Claim, state: State, now: datetime, ref: str | None, reason: str | None
) -> None:
    """Closes a claim's rows; only those still ours."""
    closing = (state.value, micros(now), ref, reason)
    connection.executemany(SETTLE, ((*closing, *row) for row in held(claim)))


def sent(connection: sqlite3.Connection, claims: Sequence[tuple[Claim, str]], now: datetime) -> None:
    """Closes claims as sent, each with its message's reference, and keeps what follows from that for their chats."""
    at = micros(now)
    rows = ((State.SENT.value, at, ref, None, *row) for claim, ref in claims for row in held(claim))
    connection.executemany(SETTLE, rows)
    rung = [(claim.chat.id, at) for claim, _ in claims if _rings(claim)]
    connection.executemany("INSERT OR IGNORE INTO rings (chat_id, at) VALUES (?, ?)", rung)
    digests = [(at, claim.chat.id) for claim, _ in claims if claim.kind is Kind.DIGEST]
    sql = "UPDATE chats SET last_digest_at = max(coalesce(last_digest_at, 0), ?) WHERE id = ?"
    connection.executemany(sql, digests)
    returned = [(claim.chat.id,) for claim, _ in claims if claim.chat.held_since is not None]
    connection.executemany("UPDATE chats SET held_since = NULL WHERE id = ?", returned)
    _grow_again(connection, [claim for claim, _ in claims if claim.kind is not Kind.DIGEST])


def _rings(claim: Claim) -> bool:
    return claim.kind is not Kind.DIGEST and not all(entry.owed.urgent for entry in claim.deliveries)


def _grow_again(connection: sqlite3.Connection, claims: list[Claim]) -> None:
    """Lets growths that came while these were under way look for them once more."""
    began = min((claim.claimed_at for claim in claims if claim.claimed_at is not None), default=None)
    grown = set() if began is None else {story for (story,) in connection.execute(GROWN, (micros(began),))}
    missed = grown & {entry.owed.story_id for claim in claims for entry in claim.deliveries} if grown else set()
    connection.executemany("UPDATE growths SET reached = 0 WHERE story_id = ?", [(story,) for story in missed])


def postpone(connection: sqlite3.Connection, claim: Claim, due_at: datetime, reason: str | None, tried: bool) -> None:
    """Gives a claim's rows back, ready then; what their subscriptions became meanwhile holds."""
    connection.executemany(POSTPONE, ((tried, micros(due_at), reason, *row) for row in held(claim)))
    for subscription_id in {delivery.owed.subscription_id for delivery in claim.deliveries}:
        settle_waiting(connection, subscription_id)
    close_envelopes(connection, claim.chat.id)


def held(claim: Claim) -> Iterable[tuple[int, int]]:
    """(row id, the end of the lease we hold it under) of every row of a claim."""
    until = micros(claim.leased_until)
    ids = (*(delivery.id for delivery in claim.deliveries), *claim.envelope_ids)
    return [(delivery_id, until or 0) for delivery_id in ids]


def read_delivery(row: Sequence[Any]) -> Delivery:
    """The Delivery in a row that begins with the `DELIVERY` columns."""
    delivery_id, chat_id, subscription_id, story_id, article_id, kind, due_at, urgent, each, attempts = row[:10]
    told = (chat_id, subscription_id or 0, story_id, article_id, KINDS[kind], _due(due_at), urgent == 1, each != 0)
    return Delivery(delivery_id, Owed(*told, _FURTHER[abs(row[10])], row[10] < 0), attempts)


_FURTHER: dict[int, Further | None] = {0: None} | {int(further): further for further in Further}


_due = lru_cache(maxsize=4096)(moment)
"""What came together is due together."""
