"""Statements that run all the time find their rows by an index, however many rows there are."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import (
    again,
    alerts,
    bursts,
    claims,
    errands,
    follows,
    holding,
    joinings,
    mutes,
    outbox,
    overdue,
    pages,
    parking,
    pauses,
    pruning,
    reports,
    sources,
    subscriptions,
    waiting,
)
from store.database import open_store

NAMES = {
    "now", "leased_until", "chat", "kind", "query", "after", "alert", "leads", "story", "fresh", "last",
    "left", "reason", "due", "moved", "article", "turned", "limit", "keys", "chats", "what", "since", "audible", "anew",
    "resumed", "before", "latest", "kinds", "furthest", "busy", "sources",
    "until", "gathered", "without", "nearness", "outlets", "rings", "at", "subscription", "each", "further",
    "mark", "reached",
}  # fmt: skip


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("plans") / "n.db"
    open_store(path, now=datetime(2026, 3, 2, tzinfo=UTC)).close()
    with closing(sqlite3.connect(path)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (claims.READY, "deliveries_ready"),
        (claims.LEASE.partition("RETURNING")[0], "deliveries_open"),
        (holding.COUNT.replace("?", ":after"), "deliveries_held"),
        (holding.RELEASE, "deliveries_held"),
        (pauses.OVER.replace("?", ":now"), "subscriptions_pausing"),
        (parking.PARK, "deliveries_open"),
        (parking.UNPARK, "deliveries_open"),
        (claims.RUNG, "PRIMARY KEY"),
        (claims.GROWN, "growths_raised"),
        (errands.READY, "errands_ready"),
        (errands.NEXT, "growths_unfinished"),
        (errands.TELLERS, "deliveries_of_story"),
        (outbox.SAME, "deliveries_story"),
        (outbox.HASTEN, "PRIMARY KEY"),
        (outbox.HEARD, "deliveries_story"),
        (alerts.NEXT, "INTEGER PRIMARY KEY (rowid>?)"),
        (alerts.EXPANDED, "INTEGER PRIMARY KEY (rowid>?)"),
        (alerts.ON_THEIR_WAY, "INTEGER PRIMARY KEY (rowid>?)"),
        (alerts.UNEXPANDED_SINCE, "INTEGER PRIMARY KEY (rowid>?)"),
        (alerts.RAISE, "(story_id=? AND query_id=? AND fresh>?)"),
        (alerts.RAISE, "(story_id=? AND query_id=? AND fresh=? AND article_id=?)"),
        (pruning.OLD_ALERTS, "INTEGER PRIMARY KEY (rowid<?)"),
        (outbox.OPEN_DIGEST, "deliveries_story"),
        (subscriptions.NEXT, "subscriptions_query"),
        (subscriptions.AUDIENCE, "subscriptions_query"),
        (subscriptions.DUE, "subscriptions_due"),
        (mutes.HOLD, "mutes_what"),
        (mutes.PENDING, "deliveries_story"),
        (mutes.RELEASE.partition("RETURNING")[0], "deliveries_story"),
        (again.READY, "deliveries_again"),
        (again.GATHERED, "deliveries_open"),
        (claims.RUNG_AGAIN, "deliveries_story"),
        (again.LEASE.partition("RETURNING")[0], "deliveries_"),
        (again.HOLD.partition("RETURNING")[0], "deliveries_"),
        (again.TOLD_BY, "deliveries_story"),
        (follows.CALL_OFF, "deliveries_story"),
        (follows.OF_CHAT, "articles_story"),
        (follows.WAIT_AGAIN, "deliveries_story"),
        (joinings.OUTLETS, "articles_story"),
        (joinings.RECORD, "follows_story"),
        (joinings.NEXT, "joinings_untold"),
        (joinings.FOLLOWERS, "follows_story"),
        (joinings.TOLD, "deliveries_of_story"),
        (joinings.HEARERS, "deliveries_of_story"),
        (joinings.OWE, "deliveries_story"),
        (joinings.RUNG, "deliveries_story"),
        (joinings.MATCHED, "alerts_story"),
        (overdue.REPLAN, "deliveries_open"),
        (overdue.QUIET_OVERDUE, "deliveries_open"),
        (overdue.WAITING, "deliveries_open"),
        (overdue.EXPIRE.partition("RETURNING")[0], "deliveries_open"),
        (sources.DUE, "sources_next"),
        (pages.DUE, "pages_due"),
        (pages.NEXT, "pages_due"),
        (pages.LEASED, "PRIMARY KEY"),
        (sources.UNWELL, "sources_unwell"),
        (sources.OTHERWISE, "sources_unwell"),
        (sources.FAILING, "sources_unwell"),
        (bursts.UNTOLD, "bursts_untold"),
        (bursts.OF_ARTICLE, "PRIMARY KEY"),
        (reports.CLAIMABLE, "reports_ready"),
        (reports.LEASE.partition("RETURNING")[0], "reports_ready"),
        (reports.OVERTAKE, "reports_waiting"),
        (waiting.HAND_ON, "deliveries_subscription"),
        (waiting.CANCEL, "deliveries_subscription"),
        (waiting.MAKE_WAY, "deliveries_story"),
        (waiting.RING_INSTEAD, "deliveries_subscription"),
        (waiting.MOVE, "deliveries_subscription"),
        (waiting.CANCEL_ENVELOPES, "deliveries_story"),
        (waiting.HAND_ON_FOLDED, "deliveries_subscription"),
        (waiting.FOLDED, "deliveries_open"),
        (waiting.HAS_DIGEST, "subscriptions_live"),
    ],
)
def test_it_is_found_by_its_index(connection: sqlite3.Connection, statement: str, index: str) -> None:
    named = re.sub(r"\?\d*", ":now", statement)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {named}", dict.fromkeys(NAMES, 1))]
    assert any(index in step for step in plan), plan
    assert not [step for step in plan if step.startswith("SCAN") and "INDEX" not in step and "CONSTANT" not in step], (
        plan
    )


@pytest.mark.parametrize("statement", [alerts.NEXT, alerts.EXPANDED, alerts.UNEXPANDED_SINCE, alerts.RAISE])
def test_no_backlog_is_sorted_to_find_its_first(connection: sqlite3.Connection, statement: str) -> None:
    named = re.sub(r"\?\d*", ":now", statement)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {named}", dict.fromkeys(NAMES, 1))]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
