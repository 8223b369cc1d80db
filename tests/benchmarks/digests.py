"""Digests: a morning on which they are due everywhere at once, and a pass that has nothing to do."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot.app import App
from bot.config import Settings
from bot.core.cadence import parse_cadence
from bot.core.model import Address, Article, Claim, SourceKind, State
from bot.core.ports import Session
from bot.jobs.deliver import LEASE_FOR
from bot.jobs.digest import open_digests
from bot.jobs.facts import Composed, Composer

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 8, tzinfo=UTC)
CHATS, SUBSCRIPTIONS = 10_000, 1_000_000
EACH = 3
"""Subscriptions of a chat."""
QUERIES = 120
STORIES = 3
"""Of each query: a digest holds nine."""
IDLE_PASSES = 50
ZONES = ("Europe/Belgrade", "Europe/London", "America/New_York", "Asia/Tokyo", None)
CLAIMS = 200
WORDS = ("border", "police", "asylum", "court", "minister", "railway", "budget", "harbour", "winter", "council")


def measure(runs: int, chats: int = CHATS, subscriptions: int = SUBSCRIPTIONS) -> dict[str, float]:
    """Digests a CPU-second from being due to being composed, on one database at `runs` mornings; then an idle pass."""
    with tempfile.TemporaryDirectory() as folder:
        app = _open(Path(folder))
        _people(app, chats)
        mornings = [_morning(app, DUE + timedelta(days=day)) for day in range(runs)]
        opened, composed = zip(*mornings, strict=True)
        _crowd(app, subscriptions - EACH * chats)
        idle = _idle(app, DUE + timedelta(days=runs - 1, minutes=1))
        app.close()
        both = [1 / (1 / one + 1 / other) for one, other in mornings]
        return {
            "digests opened a CPU-second": statistics.median(opened),
            "digests composed a CPU-second": statistics.median(composed),
            "digests opened and composed a CPU-second": statistics.median(both),
            f"no digest due, {subscriptions:,} subscriptions, CPU-ms a pass": idle,
        }


def _open(folder: Path) -> App:
    return App.open(Settings(folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset()), NOW)


def _query(number: int) -> str:
    return f"theme{number % QUERIES}"


def _people(app: App, chats: int) -> None:
    """So many chats with digests of some queries each."""
    for start in range(0, chats, 1_000):
        app.store.write(partial(_subscribe, range(start, min(start + 1_000, chats))))


def _subscribe(numbers: range, session: Session) -> None:
    daily = parse_cadence("daily 08:00")
    for number in numbers:
        chat = replace(session.chats.ensure(Address("terminal", f"chat{number}"), NOW), timezone=ZONES[number % 5])
        session.chats.save(chat)
        for part in range(EACH):
            session.subscriptions.add(
                chat,
                _query(7 * number + 11 * part),
                NOW,
                cadence=str(daily),
                urgent=False,
                every=False,
                next_due_at=DUE,
            )


def _morning(app: App, due_at: datetime) -> tuple[float, float]:
    """The day's stories arrive, then everybody's digest is due: (opened, composed) a CPU-second."""
    _publish(app, due_at - timedelta(hours=2))
    app.owe(due_at - timedelta(hours=1))
    start = time.process_time()
    opened = open_digests(app.store, due_at, "UTC")
    opening = time.process_time() - start
    composer, composed, composing = Composer(app.topics, "UTC"), 0, 0.0
    while claims := app.store.write(partial(_claim, now=due_at)):
        start = time.process_time()
        for claim in claims:
            message = app.store.read(partial(_compose, composer=composer, claim=claim, now=due_at))
            assert message is not None
            assert sum(type(block).__name__ == "Item" for block in message.message.blocks) >= EACH
        composing += time.process_time() - start
        composed += len(claims)
        app.store.write(partial(_settle, claims=claims, now=due_at))
    assert opened == composed > 0
    app.store.write(partial(_again, due_at=due_at + timedelta(days=1)))
    return opened / opening, composed / composing


def _claim(session: Session, now: datetime) -> list[Claim]:
    return session.outbox.claim(now, now + LEASE_FOR, lambda _: True, CLAIMS)


def _compose(session: Session, composer: Composer, claim: Claim, now: datetime) -> Composed | None:
    return composer.compose(session, claim, now)


def _settle(session: Session, claims: list[Claim], now: datetime) -> None:
    for claim in claims:
        session.outbox.settle(claim, State.SENT, now)


def _again(session: Session, due_at: datetime) -> None:
    """Everybody's next digest is due at the same moment, in whatever zone they live."""
    sql = "UPDATE subscriptions SET next_due_at = ?"
    session.connection.execute(sql, (int(due_at.timestamp() * 1_000_000),))  # type: ignore[attr-defined]


def _publish(app: App, now: datetime) -> None:
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    articles = [_article(number, now) for number in range(QUERIES * STORIES)]
    list(app.intake.take(articles, source, now))


def _article(number: int, now: datetime) -> Article:
    draw = Random(f"{number} {now:%d}")
    said = " ".join(f"{draw.choice(WORDS)} {draw.randrange(10_000)}" for _ in range(60))
    title = f"{_query(number)} and the {draw.choice(WORDS)} of {draw.choice(WORDS)} {draw.randrange(10_000)}"
    text = f"What is known of {_query(number)}: {said}."
    return Article(f"{now:%d}-{number}", title, text, f"Outlet {number % 17}", language="en", published_at=now)


def _crowd(app: App, subscriptions: int) -> None:
    """As many more subscriptions, none of them due."""
    later = int((DUE + timedelta(days=90)).timestamp() * 1_000_000)

    def work(session: Session) -> None:
        connection = session.connection  # type: ignore[attr-defined]
        chats = subscriptions // 4
        rows = ((f"far{number}",) for number in range(chats))
        connection.executemany(
            "INSERT INTO chats (platform, chat, thread, created_at, max_per_hour, empty_digest)"
            " VALUES ('terminal', ?, '', 0, 8, 1)",
            rows,
        )
        (first,) = connection.execute("SELECT min(id) FROM chats WHERE chat LIKE 'far%'").fetchone()
        queries = [row[0] for row in connection.execute("SELECT id FROM queries")]
        many = (
            (first + number // 4, number % 4 + 1, queries[number % 4 + number // 4 % 40], later + number)
            for number in range(4 * chats)
        )
        connection.executemany(
            "INSERT INTO subscriptions (chat_id, number, query_id, created_at, alert_mark, cadence, urgent, every,"
            " next_due_at) VALUES (?, ?, ?, 0, 0, 'daily 08:00', 0, 0, ?)",
            many,
        )

    app.store.write(work)


def _idle(app: App, now: datetime) -> float:
    """CPU-milliseconds of a pass over what is owed when nothing is."""
    app.owe(now)
    start = time.process_time()
    for second in range(IDLE_PASSES):
        assert app.owe(now + timedelta(seconds=second)) == 0
    return 1000 * (time.process_time() - start) / IDLE_PASSES
