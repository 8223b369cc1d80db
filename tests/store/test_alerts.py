"""What an alert costs does not grow with the alerts there are of its story and query, or with those that wait."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.model import Address
from bot.core.ports import Session
from store.database import SqliteStore
from tests.fresh import fresh_store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FEW, MANY = 20, 2_000
STORY = 1


def raise_alerts(query: int, articles: range, fresh: bool, session: Session) -> int:
    return session.outbox.raise_alerts([(article, STORY, query) for article in articles], NOW, fresh=fresh)


def raise_two(query: int, fresh: bool, session: Session) -> int:
    """One that may lead and one that does not."""
    return raise_alerts(query, range(1_000_000, 1_000_002), fresh, session)


def expand(session: Session) -> int | None:
    """One alert, to its subscribers."""
    found = session.outbox.next_alert()
    if found is None:
        return None
    session.subscriptions.audiences(*found, 100)
    session.outbox.expanded(found[0].id, None)
    return found[0].id


def expand_all(store: SqliteStore) -> None:
    while store.write(expand):
        pass


def subscribe(store: SqliteStore) -> int:
    def work(session: Session) -> int:
        chat = session.chats.ensure(Address("terminal", "ana"), NOW)
        terms: dict[str, Any] = {"cadence": "instant", "urgent": False, "every": False, "next_due_at": None}
        return session.subscriptions.add(chat, "kosovo", NOW, **terms).query_id

    return store.write(work)


def steps(store: SqliteStore, work: Callable[[Session], object]) -> int:
    """How many instructions of SQLite's machine it takes: the same on every machine."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    store.exclusively(lambda connection: connection.set_progress_handler(count, 1))
    store.write(work)
    store.exclusively(lambda connection: connection.set_progress_handler(None, 1))
    return counted


def costs(path: Path, number: int, *, before: bool, then: bool, waiting: bool) -> list[int]:
    """Steps of raising two alerts, and of expanding one and the other, where so many were raised before."""
    with closing(fresh_store(path)) as store:
        query = subscribe(store)
        store.write(partial(raise_alerts, query, range(1, number), before))
        if not waiting:
            expand_all(store)
        return [steps(store, partial(raise_two, query, then)), steps(store, expand), steps(store, expand)]


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize(("before", "then"), [(True, True), (False, True), (False, False), (True, False)])
def test_it_costs_the_same_in_a_story_of_thousands_of_articles(
    tmp_path: Path, before: bool, then: bool, waiting: bool
) -> None:
    few, many = (
        costs(tmp_path / f"{number}.db", number, before=before, then=then, waiting=waiting) for number in (FEW, MANY)
    )
    assert few == pytest.approx(many, rel=0.2)
    assert min(few) > 50, "something was counted"


def test_what_waits_behind_thousands_costs_no_more_to_know_of(tmp_path: Path) -> None:
    with closing(fresh_store(tmp_path / "n.db")) as store:
        query = subscribe(store)
        store.write(partial(raise_alerts, query, range(1, MANY), True))
        few = steps(store, lambda session: session.figures.unexpanded_since())
        expand_all(store)
        store.write(partial(raise_two, query, True))
        assert steps(store, lambda session: session.figures.unexpanded_since()) == pytest.approx(few, abs=5)
