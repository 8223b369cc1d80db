"""Owing an article to whole audiences does what owing it to each listener would have done."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Address, Audience, Kind, Manner, Owed, State, Subscription, Terms
from bot.core.ports import Session
from store.database import SqliteSession, SqliteStore, open_store
from store.outbox import AT_ONCE
from tests.contract.scene import HOUR, LEASE, NOW, Scene

STORY, ARTICLE = 1, 2
NAMES = ("ana", "bojan", "cveta", "dana")

DUE = st.sampled_from((NOW, NOW + HOUR, NOW + 2 * HOUR))
TERMS = st.builds(Terms, st.sampled_from((Kind.ALERT, Kind.DIGEST)), DUE, urgent=st.booleans(), each=st.booleans())
BEFORE = st.lists(st.tuples(st.integers(0, 3), st.sampled_from((1, 2, 3)), st.sampled_from((STORY, 9)), TERMS))
SETTLED = st.sampled_from((None, None, State.SENT, State.DEAD, State.CANCELLED))


class RolledBack(Exception):
    """Undoes what was tried."""


@dataclass
class Room:
    """Four chats with a subscription each, and what their outbox holds after something was tried."""

    store: SqliteStore
    subscriptions: list[Subscription]

    def owed(self, who: int, article: int, story: int, terms: Terms) -> Owed:
        made = self.subscriptions[who]
        what = (story, article, terms.kind, terms.due_at)
        return Owed(made.chat_id, made.id, *what, urgent=terms.urgent, each=terms.each)

    def prepare(self, session: Session, before: list[tuple[int, int, int, Terms]], settled: State | None) -> None:
        for entry in before:
            session.outbox.owe([self.owed(*entry)])
        if settled is not None:
            for claim in session.outbox.claim(NOW, NOW + LEASE, lambda address: True, 2):
                session.outbox.settle(claim, settled, NOW)

    def owe_all(self, session: Session, terms: list[Terms | None]) -> int:
        shares: dict[Terms, list[tuple[int, int]]] = {}
        for made, entry in zip(self.subscriptions, terms, strict=True):
            if entry is not None:
                shares.setdefault(entry, []).append((made.id, made.chat_id))
        audiences = [(entry, Audience(Manner(), tuple(told))) for entry, told in shares.items()]
        return session.outbox.owe_all(STORY, ARTICLE, audiences)

    def owe_each(self, session: Session, terms: list[Terms | None]) -> int:
        entries = [(who, entry) for who, entry in enumerate(terms) if entry is not None]
        return session.outbox.owe(self.owed(who, ARTICLE, STORY, entry) for who, entry in entries)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "n.db", now=NOW)
        scene = Scene(store)
        yield Room(store, [scene.subscribe(scene.chat(name), "kosovo") for name in NAMES])
        store.close()


def rows(session: Session) -> list[Any]:
    assert isinstance(session, SqliteSession)
    sql = """
        SELECT chat_id, subscription_id, story_id, article_id, kind, each, urgent, due_at, ready_at, state, attempts,
               reason, settled_at FROM deliveries ORDER BY 1, 3, 5, 6
    """
    return session.connection.execute(sql).fetchall()


@given(
    before=BEFORE,
    settled=SETTLED,
    terms=st.lists(st.none() | TERMS, min_size=len(NAMES), max_size=len(NAMES)),
)
@settings(max_examples=150, deadline=None)
def test_together_is_one_by_one(
    room: Room, before: list[tuple[int, int, int, Terms]], settled: State | None, terms: list[Terms | None]
) -> None:
    outcomes = []
    for owe in (room.owe_all, room.owe_each):

        def work(session: Session, owe: Any = owe) -> None:
            room.prepare(session, before, settled)
            outcomes.append((owe(session, terms), rows(session)))
            raise RolledBack

        with pytest.raises(RolledBack):
            room.store.write(work)
    assert outcomes[0] == outcomes[1]


def test_nobody_is_owed_nothing(room: Room) -> None:
    assert room.store.write(lambda session: session.outbox.owe_all(STORY, ARTICLE, [])) == 0


def test_a_crowd_is_owed_what_each_of_it_would_be(room: Room) -> None:
    terms = [Terms(Kind.ALERT, NOW), Terms(Kind.DIGEST, NOW + HOUR), Terms(Kind.ALERT, NOW, urgent=True, each=True)]
    outcomes = []
    for together in (True, False):

        def work(session: Session, together: bool = together) -> None:
            made = [joined(session, f"chat{number}") for number in range(2 * AT_ONCE + 30)]
            crowd = Room(room.store, made)
            crowd.prepare(session, [(who, ARTICLE, STORY, terms[0]) for who in range(0, len(made), 7)], None)
            wanted = [terms[number % 3] for number in range(len(made))]
            owe = crowd.owe_all if together else crowd.owe_each
            outcomes.append((owe(session, [*wanted]), rows(session)))
            raise RolledBack

        with pytest.raises(RolledBack):
            room.store.write(work)
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0][1]) > 2 * AT_ONCE + 30


def joined(session: Session, name: str) -> Subscription:
    """The subscription of a new chat."""
    chat = session.chats.ensure(Address("terminal", name), NOW)
    return session.subscriptions.add(
        chat, "kosovo", NOW, cadence="instant", urgent=False, every=False, next_due_at=None
    )
