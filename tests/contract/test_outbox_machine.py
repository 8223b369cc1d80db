"""Whatever chats, articles, workers and crashes do in whatever order: each owed line ends once, and no two hold one."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.model import Claim, Kind, State, Subscription
from bot.core.ports import Session
from store.database import SqliteStore
from store.holding import HELD
from tests.contract.scene import DAY, HOUR, LEASE, MINUTE, NOW, Scene
from tests.fresh import fresh_store

CHATS = st.sampled_from(("ana", "bojan"))
QUERIES = st.sampled_from(("kosovo", "drina", "frontex"))
STORIES = st.integers(1, 4)
HOURS = st.sampled_from((None, None, 8, 20))
OPEN = (State.WAITING, State.LEASED)


def next_at(hour: int, after: datetime) -> datetime:
    at = after.replace(hour=hour, minute=0)
    return at if at > after else at + DAY


class OutboxMachine(RuleBasedStateMachine):
    """Two chats, three queries, four stories, and workers that may die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.scene = Scene(fresh_store(self.folder / "n.db"))
        self.now = NOW
        self.chats = {name: self.scene.chat(name) for name in ("ana", "bojan")}
        self.subscriptions: dict[tuple[str, str], Subscription] = {}
        self.ended: list[Subscription] = []
        self.claims: list[Claim] = []
        self.rung: set[tuple[int, int]] = set()

    def teardown(self) -> None:
        try:
            self._drain()
        finally:
            self.scene.store.close()
            shutil.rmtree(self.folder)

    @rule(name=CHATS, query=QUERIES, hour=HOURS, every=st.booleans(), urgent=st.booleans())
    def subscribe(self, name: str, query: str, hour: int | None, every: bool, urgent: bool) -> None:
        due = next_at(hour, self.now) if hour else None
        self.subscriptions[name, query] = self.scene.subscribe(
            self.chats[name], query, due, now=self.now, every=every, urgent=urgent
        )

    @precondition(lambda self: self.subscriptions)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.subscriptions)))
        self.ended.append(self.subscriptions.pop(key))
        self.scene.end(self.ended[-1], self.now)

    @precondition(lambda self: self.ended)
    @rule()
    def revive(self) -> None:
        subscription = self.ended.pop()
        self.scene.revive(subscription, self.now)
        name = next(name for name, chat in self.chats.items() if chat.id == subscription.chat_id)
        self.subscriptions.setdefault((name, subscription.query), subscription)

    @precondition(lambda self: self.subscriptions)
    @rule(data=st.data(), hour=st.sampled_from((6, 12, 20)))
    def reschedule(self, data: st.DataObject, hour: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.subscriptions)))
        if self._live(self.subscriptions[key]).next_due_at:
            self.scene.reschedule(self.subscriptions[key], next_at(hour, self.now))

    @precondition(lambda self: self.subscriptions)
    @rule(story=STORIES, queries=st.sets(QUERIES, min_size=1), fresh=st.booleans())
    def publish(self, story: int, queries: set[str], fresh: bool) -> None:
        ids = {entry.query_id for (_, query), entry in self.subscriptions.items() if query in queries}
        self.scene.match(story, *sorted(ids), now=self.now, fresh=fresh)

    @precondition(lambda self: self.subscriptions)
    @rule(data=st.data(), told=st.sets(STORIES))
    def tell(self, data: st.DataObject, told: set[int]) -> None:
        name, query = data.draw(st.sampled_from(sorted(self.subscriptions)))
        self.scene.tell(self.chats[name], self.subscriptions[name, query], *sorted(told), now=self.now)

    @rule(name=CHATS, paused=st.booleans())
    def pause(self, name: str, paused: bool) -> None:
        self.scene.change(self.chats[name], paused_at=self.now if paused else None)

    @precondition(lambda self: self.subscriptions)
    @rule(data=st.data())
    def pause_one(self, data: st.DataObject) -> None:
        self.scene.pause_one(self._one(data), now=self.now)

    @precondition(lambda self: self.subscriptions)
    @rule(data=st.data())
    def resume_one(self, data: st.DataObject) -> None:
        entry = self._live(self._one(data))
        if entry.paused_at is not None:
            self._resume_one(entry)

    @rule(passed=st.sampled_from((MINUTE, LEASE, HOUR, 6 * HOUR, DAY)))
    def wait(self, passed: timedelta) -> None:
        self.now += passed

    @rule()
    def open_digests(self) -> None:
        self.scene.store.write(self._open_digests)

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        claimable = self.scene.claimable(self.now)
        claims = self.scene.claim(self.now, limit=limit)
        assert claimable or not claims
        assert claims or not self.scene.claimable(self.now), "what is held back is put where it waits"
        for claim in claims:
            self._check_is_ours_alone(claim)
            self.claims.append(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), state=st.sampled_from((State.SENT, State.SENT, State.DEAD)))
    def settle(self, data: st.DataObject, state: State) -> None:
        claim = self._take(data)
        if self._holds(claim) and state is State.SENT and claim.kind is Kind.ALERT:
            self.rung |= {(claim.chat.id, entry.owed.story_id) for entry in claim.deliveries if not entry.owed.each}
        self.scene.settle(claim, state, self.now)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), later=st.sampled_from((MINUTE, HOUR)))
    def postpone(self, data: st.DataObject, later: timedelta) -> None:
        self.scene.postpone(self._take(data), self.now + later)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        self._take(data)

    @invariant()
    def digest_lines_wait_for_a_digest(self) -> None:
        sql = """
            SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
            WHERE d.kind = 'digest' AND d.state = 'waiting' AND (s.ended_at IS NOT NULL OR s.next_due_at IS NULL)
              AND (s.ended_at IS NOT NULL OR NOT EXISTS (
                  SELECT 1 FROM subscriptions o
                  WHERE o.chat_id = d.chat_id AND o.ended_at IS NULL AND o.next_due_at IS NOT NULL
              ))
        """
        assert self._number(sql) == 0

    @invariant()
    def nothing_waits_for_an_ended_subscription(self) -> None:
        sql = """
            SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
            WHERE d.state = 'waiting' AND s.ended_at IS NOT NULL
        """
        assert self._number(sql) == 0

    @invariant()
    def a_chat_has_one_digest_waiting_at_most(self) -> None:
        sql = """
            SELECT coalesce(max(n), 0) FROM (
                SELECT count(*) n FROM deliveries WHERE story_id IS NULL AND state = 'waiting' GROUP BY chat_id
            )
        """
        assert self._number(sql) <= 1

    @invariant()
    def nothing_waits_for_a_paused_subscription(self) -> None:
        sql = """
            SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id
            WHERE d.state = 'waiting' AND s.paused_at IS NOT NULL
        """
        assert self._number(sql) == 0

    def _one(self, data: st.DataObject) -> Subscription:
        return self.subscriptions[data.draw(st.sampled_from(sorted(self.subscriptions)))]

    def _resume_one(self, entry: Subscription) -> None:
        held, due = self.scene.held(entry), entry.next_due_at
        assert self.scene.resume_one(entry, self.now, self.now if due and due <= self.now and held else due) == held

    def _check_is_ours_alone(self, claim: Claim) -> None:
        ours = set(_rows(claim))
        for other in self.claims:
            if other.leased_until is not None and other.leased_until > self.now:
                assert ours.isdisjoint(_rows(other))
        if claim.kind is Kind.ALERT:
            normal = {(claim.chat.id, entry.owed.story_id) for entry in claim.deliveries if not entry.owed.each}
            assert normal.isdisjoint(self.rung)

    def _holds(self, claim: Claim) -> bool:
        """Whether no later claim has taken any of its rows."""
        return not any(
            set(_rows(claim)) & set(_rows(other)) for other in self.claims if other.leased_until != claim.leased_until
        )

    def _take(self, data: st.DataObject) -> Claim:
        return self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))

    def _live(self, subscription: Subscription) -> Subscription:
        found = self.scene.store.read(lambda session: session.subscriptions.get(subscription.id))
        assert found is not None
        return found

    def _open_digests(self, session: Session) -> None:
        for subscription, chat in session.subscriptions.due(self.now, 100):
            assert subscription.next_due_at is not None
            session.outbox.open_digest(chat.id, subscription.next_due_at, self.now)
            session.subscriptions.advance(subscription.id, next_at(subscription.next_due_at.hour, self.now))

    def _number(self, sql: str) -> int:
        store = self.scene.store
        assert isinstance(store, SqliteStore)
        with store.reading() as connection:
            return int(connection.execute(sql).fetchone()[0])

    def _drain(self) -> None:
        """Everybody resumes and nothing fails any more: after two days nothing is left open."""
        for chat in self.chats.values():
            self.scene.change(chat, paused_at=None)
        for entry in map(self._live, self.subscriptions.values()):
            if entry.paused_at is not None:
                self._resume_one(entry)
        for _ in range(3):
            self.now += DAY
            self.open_digests()
            for claim in self.scene.claim(self.now):
                self._check_is_ours_alone(claim)
                self.scene.settle(claim, now=self.now)
        for chat in self.chats.values():
            assert not [key for key in self.scene.states(chat) if key[1] in OPEN]
        held = f"SELECT count(*) FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id WHERE {HELD}"
        assert self._number(f"{held} AND s.ended_at IS NULL") == 0, "what was held is let go"


def _rows(claim: Claim) -> list[int]:
    return [*claim.envelope_ids, *(delivery.id for delivery in claim.deliveries)]


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
