"""Delivery: claims and settlements, a drain to a platform that accepts everything, and a pass with nothing due."""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.core.model import Article, SourceKind
from bot.core.ports import Session
from store.database import SqliteStore, open_store
from tests.benchmarks.silence import Silence

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
LEASE = timedelta(minutes=5)
CHATS, LINES, BATCH = 1_000, 10, 30
DRAINED = 1_000
AT_REST = 1_000_000
PASSES = 200


def measure(runs: int, at_rest: int = AT_REST) -> dict[str, float]:
    """Medians of `runs`, each on a fresh copy of one database."""
    with tempfile.TemporaryDirectory() as folder:
        busy, rest = Path(folder) / "busy.db", Path(folder) / "rest.db"
        _owe(busy, CHATS, LINES)
        _owe(rest, 1, 0, at_rest)
        copies = [Path(shutil.copy(busy, Path(folder) / f"{run}.db")) for run in range(3 * runs)]
        settled = [_turns(copy, BATCH) for copy in copies[:runs]]
        alone = [_turns(_thinned(copy), BATCH) for copy in copies[runs : 2 * runs]]
        drained = [_drain(copy) for copy in copies[2 * runs :]]
        return {
            f"claim and settle, {LINES} alerts a chat, rows a CPU-second": statistics.median(settled),
            "claim and settle, one alert a chat, rows a CPU-second": statistics.median(alone),
            "claim, compose, send and settle, messages a CPU-second": statistics.median(drained),
            f"a delivery pass at rest, {at_rest:,} subscriptions, CPU-ms": _rest(rest),
        }


def _owe(path: Path, chats: int, lines: int, subscriptions: int = 0) -> None:
    """A database of so many chats, each owed so many alerts, and of further subscriptions to which nothing is due."""
    with closing(open_store(path, now=NOW)) as store:
        store.write(lambda session: _fill(session, chats, lines, max(chats, subscriptions)))


def _fill(session: Session, chats: int, lines: int, subscriptions: int) -> None:
    """Plain rows: a million subscriptions made one by one would take longer than everything that is measured."""
    connection = session.connection  # type: ignore[attr-defined]
    at = int(NOW.timestamp() * 1e6)
    connection.execute("INSERT INTO queries (id, text, live, version) VALUES (1, 'frontex', 1, 1)")
    connection.executemany(
        "INSERT INTO chats (platform, chat, thread, created_at, max_per_hour, empty_digest)"
        " VALUES ('t', ?, '', ?, 8, 1)",
        ((f"chat{number}", at) for number in range(subscriptions)),
    )
    connection.executemany(
        "INSERT INTO subscriptions"
        " (chat_id, number, query_id, created_at, cadence, next_due_at, alert_mark, urgent, every)"
        " VALUES (?, 1, 1, ?, ?, ?, 0, 0, 0)",
        (
            (number + 1, at, "daily" if number % 2 else "instant", at + 10**10 if number % 2 else None)
            for number in range(subscriptions)
        ),
    )
    connection.executemany(
        "INSERT INTO deliveries (chat_id, subscription_id, story_id, article_id, kind, due_at, ready_at)"
        " VALUES (?, ?, ?, ?, 'alert', ?, ?)",
        ((number + 1, number + 1, story + 1, story + 1, at, at) for story in range(lines) for number in range(chats)),
    )


def _thinned(path: Path) -> Path:
    """The database with one alert a chat."""
    with closing(open_store(path, now=NOW)) as store:
        store.write(lambda session: session.connection.execute("DELETE FROM deliveries WHERE story_id > 1"))  # type: ignore[attr-defined]
    return path


def _turns(path: Path, batch: int) -> float:
    """Rows claimed and settled a CPU-second."""
    with closing(open_store(path, now=NOW)) as store:
        rows, start = 0, time.process_time()
        while turned := store.write(lambda session: _turn(session, batch)):
            rows += turned
        return rows / (time.process_time() - start)


def _turn(session: Session, batch: int) -> int:
    claims = session.outbox.claim(NOW, NOW + LEASE, lambda address: True, batch)
    session.outbox.sent([(claim, "1") for claim in claims], NOW)
    return sum(len(claim.deliveries) for claim in claims)


def _drain(path: Path) -> float:
    """Messages composed and sent a CPU-second, each one a card."""
    app = _app(_thinned(path))
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    text = "Frontex officers were met at the border, a spokesman said in Belgrade on Tuesday. " * 6
    list(app.intake.take([Article("1", "Frontex sends officers", text, "Wire", language="en")], source, NOW))
    start = time.process_time()
    sent = asyncio.run(app.deliverer(Silence("t"), lambda address: int(address.chat[4:]) < DRAINED)(NOW)).sent
    spent = time.process_time() - start
    app.close()
    assert sent == DRAINED
    return sent / spent


def _rest(path: Path) -> float:
    """CPU-milliseconds of looking for what is owed and due, and finding nothing."""
    app = _app(path)
    deliver = app.deliverer(Silence("t"), lambda address: True)
    figures = asyncio.run(_passes(app, lambda: app.deliver(NOW, deliver)))
    app.close()
    return figures


async def _passes(app: App, turn: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(PASSES):
        await turn()  # type: ignore[misc]
    return (time.process_time() - start) * 1e3 / PASSES


def _app(path: Path) -> App:
    store = open_store(path, now=NOW)
    assert isinstance(store, SqliteStore)
    return App(Settings(path, None, None, timedelta(seconds=60), "UTC", frozenset()), store)


if __name__ == "__main__":
    print(json.dumps(measure(1), indent=2))
