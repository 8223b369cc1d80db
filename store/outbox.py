"""The outbox: alerts raised, the deliveries they owe, and who holds which of them just now."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, TypeAlias

from bot.core.ceiling import COUNTED_FOR
from bot.core.errands import Growth, Notice
from bot.core.model import (
    DELIVERED,
    Address,
    Alert,
    Audience,
    Chat,
    Claim,
    Delivery,
    Kind,
    Owed,
    State,
    Subscription,
    Terms,
)
from bot.core.reasons import PREFACE
from store import again, alerts, claims, errands, holding
from store.claims import DELIVERY, read_delivery
from store.overdue import expire, quiet_overdue, replan
from store.pruning import prune_alerts
from store.subscriptions import JOINED, SUBSCRIPTION, read_subscription
from store.times import micros, moment

LINE = "chat_id, subscription_id, story_id, article_id, kind, each, urgent, due_at, ready_at"
"""The columns of what is owed, in the order in which the statements below are given their values."""

ITS_STORIES = "SELECT {story} UNION ALL SELECT other_id FROM twins WHERE story_id = {story}"
"""A story, and those that turned out to be the same when both had been heard of."""

SAME = f"""
    SELECT id FROM deliveries
    WHERE chat_id = ?1 AND story_id IN ({ITS_STORIES.format(story="?3")}) AND kind = ?5
      AND state <> 'cancelled' AND (NOT ?6 OR article_id = ?4)
    ORDER BY due_at LIMIT 1
"""  # noqa: S608
"""What the chat is owed or was sent of the same story already or, when it rings for each article, of that article."""

OWE = f"INSERT INTO deliveries ({LINE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608

AT_ONCE = 100
OWE_MANY = OWE + ", (?, ?, ?, ?, ?, ?, ?, ?, ?)" * (AT_ONCE - 1)
"""A statement of so many rows costs half of what its rows would cost one by one."""

OWE_AGAIN = f"""
    {OWE}
    ON CONFLICT (chat_id, story_id, kind, each) DO UPDATE SET
        subscription_id = excluded.subscription_id, article_id = excluded.article_id, urgent = excluded.urgent,
        due_at = excluded.due_at, ready_at = excluded.ready_at, state = 'waiting', attempts = 0, reason = NULL
"""
"""Only a cancelled line can still be in the way; it lives again."""

HASTEN = """
    UPDATE deliveries SET subscription_id = ?2, urgent = ?7, due_at = ?8, ready_at = ?9
    WHERE id = ?10 AND state = 'waiting' AND due_at > ?8
"""

HEARD = f"""
    SELECT DISTINCT chat_id FROM deliveries
    WHERE story_id IN ({ITS_STORIES.format(story="?1")}) AND chat_id IN (SELECT value FROM json_each(?2))
"""  # noqa: S608

HASTEN_DIGEST = """
    UPDATE OR IGNORE deliveries SET due_at = :due, ready_at = max(:due, :now)
    WHERE chat_id = :chat AND kind = 'digest' AND state = 'waiting' AND story_id IS NULL AND due_at > :due
"""

OPEN_DIGEST = """
    INSERT INTO deliveries (chat_id, kind, due_at, ready_at)
    SELECT :chat, 'digest', :due, max(:due, :now) WHERE NOT EXISTS (
        SELECT 1 FROM deliveries
        WHERE chat_id = :chat AND kind = 'digest' AND state = 'waiting' AND story_id IS NULL
    )
    ON CONFLICT DO NOTHING
"""

TELL = """
    INSERT INTO deliveries
        (chat_id, subscription_id, story_id, article_id, kind, due_at, ready_at, state, settled_at, reason)
    VALUES (:chat, :subscription, :story, (SELECT coalesce(max(id), 0) FROM articles WHERE story_id = :story),
        'alert', :now, :now, 'sent', :now, :reason)
    ON CONFLICT (chat_id, story_id, kind, each) DO UPDATE SET
        state = 'sent', settled_at = excluded.settled_at, reason = excluded.reason
    WHERE state IN ('waiting', 'cancelled')
"""


Line: TypeAlias = tuple[int, int, int, int, str, int, bool, int, int]
"""The values of the `LINE` columns."""


class _Room(NamedTuple):
    """How one kind is looked for and claimed."""

    is_ready: Callable[[sqlite3.Connection, Kind, datetime, Callable[[Address], bool]], bool]
    claim: Callable[[sqlite3.Connection, Kind, datetime, datetime, Callable[[Address], bool], int], list[Claim]]


class Outbox:
    """The Outbox port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def raise_alerts(self, matches: Iterable[tuple[int, int, int]], now: datetime, *, fresh: bool = True) -> int:
        """Raises (article id, story id, query id) once each; returns how many were new.

        One leads when no earlier alert of its (story, query) was at least as fresh.
        """
        return alerts.raise_alerts(self._connection, matches, now, fresh=fresh)

    def next_alert(self) -> tuple[Alert, int] | None:
        """The oldest alert not fully expanded, with the subscription id its expansion has reached."""
        return alerts.next_alert(self._connection)

    def expanded(self, alert_id: int, reached: int | None) -> None:
        """Keeps how far the oldest unfinished alert's expansion has got, None at its end; StoreError for another."""
        alerts.expanded(self._connection, alert_id, reached)

    def owe(self, owed: Iterable[Owed]) -> int:
        """Adds what is not owed yet: once a (chat, story, kind), or (chat, article, kind) when `each`.

        A line already waiting moves to the earlier due time. Returns how many were new.
        """
        return sum(self._owe(_line(entry)) for entry in owed)

    def owe_all(self, story_id: int, article_id: int, shares: Iterable[tuple[Terms, Audience]]) -> int:
        """Owes one article to every listener of the audiences, as `owe` would one by one, and holds what is held.

        Chats that have no line of the story yet have none in the way: theirs are simply added, by far the most.
        """
        owed: dict[bool, list[Line]] = {False: [], True: []}
        for terms, audience in shares:
            owed[terms.held] += _lines(story_id, article_id, terms, audience)
        new = self._owe_now(story_id, sorted(owed[False]))
        holding.keep(self._connection, owed[True])
        return new

    def _owe_now(self, story_id: int, lines: list[Line]) -> int:
        chats = json.dumps([line[0] for line in lines])
        heard = {chat_id for (chat_id,) in self._connection.execute(HEARD, (story_id, chats))}
        first = [line for line in lines if line[0] not in heard]
        self._add(first)
        return len(first) + sum(self._owe(line) for line in lines if line[0] in heard)

    def _add(self, lines: list[Line]) -> None:
        whole = len(lines) - len(lines) % AT_ONCE
        many = (chain.from_iterable(lines[start : start + AT_ONCE]) for start in range(0, whole, AT_ONCE))
        self._connection.executemany(OWE_MANY, map(tuple, many))
        self._connection.executemany(OWE, lines[whole:])

    def _owe(self, line: Line) -> bool:
        same = self._connection.execute(SAME, line[:6]).fetchone()
        if same is None:
            self._connection.execute(OWE_AGAIN, line)
        else:
            self._connection.execute(HASTEN, (*line, *same))
        return same is None

    def open_digest(self, chat_id: int, due_at: datetime, now: datetime) -> None:
        """Puts a digest's envelope in the outbox: once a (chat, due_at); while one waits it stays the only one."""
        values = {"chat": chat_id, "due": micros(due_at), "now": micros(now)}
        self._connection.execute(HASTEN_DIGEST, values)
        self._connection.execute(OPEN_DIGEST, values)

    def claimable(self, now: datetime, accept: Callable[[Address], bool], kinds: Collection[Kind] = DELIVERED) -> bool:
        """Whether `claim` would do anything."""
        return any(_room(kind).is_ready(self._connection, kind, now, accept) for kind in kinds)

    def claim(
        self,
        now: datetime,
        leased_until: datetime,
        accept: Callable[[Address], bool],
        limit: int,
        kinds: Collection[Kind] = DELIVERED,
    ) -> list[Claim]:
        """Leases what is due of chats that are not paused and whose address `accept` takes, kind by kind.

        A claim is every due alert of a chat, its open digest with every line due, one edit or one notice, those due
        longest first; a lapsed lease is taken again. Alerts that their chat's ceiling or their age holds back are put
        where they wait.
        """
        leased: list[Claim] = []
        for kind in kinds:
            left = limit - len(leased)
            leased += _room(kind).claim(self._connection, kind, now, leased_until, accept, left) if left > 0 else []
        return leased

    def settle(
        self, claim: Claim, state: State, now: datetime, *, message_ref: str | None = None, reason: str | None = None
    ) -> None:
        """Closes a claim's rows as sent, dead or cancelled; a sent digest sets the chat's `last_digest_at`."""
        if claim.kind not in DELIVERED:
            errands.settle(self._connection, claim, state, now, reason)
        elif state is State.SENT and reason != PREFACE:
            claims.sent(self._connection, [(claim, message_ref or "")], now)
        else:
            claims.settle(self._connection, claim, state, now, message_ref, reason)

    def sent(self, entries: Sequence[tuple[Claim, str]], now: datetime) -> None:
        """Settles many claims as sent, each with its message's reference."""
        claims.sent(self._connection, [entry for entry in entries if entry[0].kind in DELIVERED], now)
        for claim, _ in entries:
            if claim.kind not in DELIVERED:
                errands.settle(self._connection, claim, State.SENT, now, None)

    def postpone(self, claim: Claim, due_at: datetime, reason: str | None, *, tried: bool = True) -> None:
        """Gives a claim's rows back, ready then, one attempt older if `tried`; what subscriptions became holds."""
        room = claims if claim.kind in DELIVERED else errands
        room.postpone(self._connection, claim, due_at, reason, tried)

    def raise_growth(self, story_id: int, article_id: int, now: datetime) -> None:
        """The story has more to say (`article_id` 0), or this article reads otherwise now: told messages follow."""
        errands.raise_growth(self._connection, story_id, article_id, now)

    def next_growth(self) -> tuple[Growth, int] | None:
        """The growth raised longest ago that is not fully expanded, with the delivery its expansion has reached."""
        return errands.next_growth(self._connection)

    def expand_growth(self, growth: Growth, after: int, limit: int, now: datetime) -> int:
        """Wishes edits of the next `limit` messages that told the story lately; returns how many it looked at."""
        return errands.expand_growth(self._connection, growth, after, limit, now)

    def notify(self, chat_id: int, notice: Notice, now: datetime) -> None:
        """Says something to a chat that nobody there asked for, behind everything else."""
        errands.add_notice(self._connection, chat_id, notice, now)

    def prune(self, now: datetime) -> None:
        """Drops what delivery remembers for a while only."""
        errands.prune(self._connection, now)
        self._connection.execute("DELETE FROM rings WHERE at < ?", (micros(now - COUNTED_FOR),))

    def prune_alerts(self, before: datetime, limit: int) -> int:
        """Drops the oldest alerts raised before then that nothing waits for; how many."""
        return prune_alerts(self._connection, before, limit)

    def dead(self, since: datetime, chat_id: int | None = None) -> tuple[int, str | None]:
        """How many lines were given up since then, of one chat or of all, and why the latest was."""
        sql = """
            SELECT count(*), max(settled_at), reason FROM deliveries
            WHERE state = 'dead' AND settled_at >= ?1 AND (?2 IS NULL OR chat_id = ?2)
        """
        number, _, reason = self._connection.execute(sql, (micros(since), chat_id)).fetchone()
        return number, reason

    def tell(self, chat_id: int, subscription_id: int, story_ids: Iterable[int], now: datetime, reason: str) -> None:
        """Records stories as already told to the chat, so that they do not ring."""
        common = {"chat": chat_id, "subscription": subscription_id, "now": micros(now), "reason": reason}
        self._connection.executemany(TELL, (common | {"story": story_id} for story_id in story_ids))

    def replan(self, chat_id: int, now: datetime, audible: datetime, *, anew: bool = False) -> None:
        """What waits in a chat, but for the urgent, leaves at `audible`: now, or when the quiet hours that hold it end.

        What is due already keeps the time it was due; with `anew` (a pause is over) it is due then.
        """
        replan(self._connection, chat_id, micros(now), micros(audible), anew)

    def lines_of(self, subscription_id: int) -> int:
        """How many digest lines wait for a subscription."""
        sql = "SELECT count(*) FROM deliveries WHERE subscription_id = ? AND state = 'waiting' AND kind = 'digest'"
        return int(self._connection.execute(sql, (subscription_id,)).fetchone()[0])

    def quiet_overdue(self, now: datetime, after: int, limit: int) -> list[Chat]:
        """Chats with quiet hours that something not urgent is due in, by id from `after`."""
        return quiet_overdue(self._connection, micros(now), after, limit)

    def expire(self, before: datetime, after: int, limit: int) -> tuple[list[tuple[int, datetime]], int | None]:
        """Cancels what was due before then in the next chats, by id from `after`, except in paused ones.

        ((chat, when it was due) of each line, the id reached or None at the end).
        """
        return expire(self._connection, micros(before), after, limit)

    def told(self, chat_id: int, story_ids: Sequence[int]) -> set[int]:
        """Which of these stories the chat was told as an alert."""
        sql = "SELECT 1 FROM deliveries WHERE chat_id = ? AND story_id = ? AND kind = 'alert' AND state = 'sent'"
        return {story for story in story_ids if self._connection.execute(sql, (chat_id, story)).fetchone()}

    def latest_alert(self, chat_id: int) -> int | None:
        """The story the chat was last sent as an alert, None when there was none."""
        sql = """
            SELECT story_id FROM deliveries WHERE chat_id = ? AND kind = 'alert' AND state = 'sent'
            ORDER BY settled_at DESC, id DESC LIMIT 1
        """
        row = self._connection.execute(sql, (chat_id,)).fetchone()
        return row[0] if row else None

    def matched(self, chat_id: int, story_id: int) -> list[Subscription]:
        """The chat's live subscriptions whose query the story has matched, by number."""
        sql = f"""
            SELECT {SUBSCRIPTION} FROM {JOINED}
            WHERE s.chat_id = ? AND s.ended_at IS NULL
              AND EXISTS (SELECT 1 FROM alerts a WHERE a.story_id = ? AND a.query_id = s.query_id)
            ORDER BY s.number
        """  # noqa: S608
        return [read_subscription(row) for row in self._connection.execute(sql, (chat_id, story_id))]

    def counts(self, chat_id: int | None = None) -> dict[tuple[Kind, State], int]:
        """How many lines are in which state, of one chat or of all; a digest's envelope is not a line."""
        sql = """
            SELECT kind, state, count(*) FROM deliveries
            WHERE story_id IS NOT NULL AND (?1 IS NULL OR chat_id = ?1) GROUP BY kind, state
        """
        rows = self._connection.execute(sql, (chat_id,))
        return {(Kind(kind), State(state)): number for kind, state, number in rows}

    def deliveries_of_story(
        self, chat_id: int, story_id: int
    ) -> list[tuple[Delivery, State, datetime | None, str | None]]:
        """(delivery, state, sent at, reason) of what a chat was owed of a story, oldest first."""
        sql = f"""
            SELECT {DELIVERY}, state, CASE WHEN state = 'sent' THEN settled_at END, reason FROM deliveries
            WHERE chat_id = ? AND story_id = ? ORDER BY id
        """  # noqa: S608
        rows = self._connection.execute(sql, (chat_id, story_id))
        return [(read_delivery(row), State(row[-3]), moment(row[-2]), row[-1]) for row in rows]


def _line(owed: Owed) -> Line:
    return (owed.chat_id, owed.subscription_id, *_what(owed.story_id, owed.article_id, owed))


def _lines(story_id: int, article_id: int, terms: Terms, audience: Audience) -> Iterator[Line]:
    what = _what(story_id, article_id, terms)
    return ((chat_id, subscription_id, *what) for subscription_id, chat_id in audience.listeners)


def _what(story_id: int, article_id: int, terms: Terms | Owed) -> tuple[int, int, str, int, bool, int, int]:
    """The part of a `Line` that is the same for everybody."""
    each, due = article_id if terms.each else 0, micros(terms.due_at)
    return story_id, article_id, terms.kind.value, each, terms.urgent, due, due


def _room(kind: Kind) -> _Room:
    if kind is Kind.AGAIN:
        return _Room(again.is_ready, again.claim)
    return _Room(claims.is_ready, claims.claim) if kind in DELIVERED else _Room(errands.is_ready, errands.claim)
