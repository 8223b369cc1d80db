"""Fan-out: one article to everybody who subscribes to its topic, commands answered meanwhile, and a pass at rest."""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as local
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from bot.app import App
from bot.config import Settings
from bot.core.cadence import Quiet, parse_cadence
from bot.core.model import Address, Article, SourceKind, State
from bot.core.plan import next_digest
from bot.core.ports import Session
from handlers.request import Request
from tests.benchmarks.silence import Silence

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
SUBSCRIBERS = 100_000
CLAIMS = 30
CLAIMED = 3_000
BATCH = 64
ZONES = ("Europe/Belgrade", "Europe/London", "America/New_York", "Asia/Tokyo", "Europe/Zurich", None, "Asia/Kolkata")
CADENCES = ("instant", "daily 08:00", "daily", "instant", "weekly mon 07:30")
TEXT = "Migrants at the border of Serbia and Kosovo were met by Frontex officers, a spokesman said in Belgrade."


def measure(runs: int, subscribers: int = SUBSCRIBERS) -> dict[str, float]:
    """Medians of `runs` expansions, each on a fresh copy of one database; latencies over all of them."""
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder) / "many", Path(folder) / "one"
        _build(many, subscribers)
        _build(one, 1)
        alone = [_expansion(many) for _ in range(runs)]
        steps = [step for _, locks in alone for step in locks]
        here = [wait for _ in range(runs) for wait in _commands_meanwhile(many)]
        beside = [wait for _ in range(runs) for wait in _commands_meanwhile(many, beside=True)]
        with _copy(many) as app:
            idle = _idle(app)
        return {
            f"fan-out to {subscribers:,}, CPU-s": statistics.median(cpu for cpu, _ in alone),
            "fan-out, a chunk's write, median, ms": statistics.median(steps),
            "fan-out, a chunk's write, longest, ms": max(steps),
            "fan-out, a command meanwhile, median, ms": statistics.median(here),
            "fan-out, a command meanwhile, p99, ms": statistics.quantiles(here, n=100)[98],
            "fan-out, a command of another newsbell, p99, ms": statistics.quantiles(beside, n=100)[98],
            f"ingest {BATCH} matching articles, 1 subscriber, CPU-ms": _ingest(one, runs),
            f"ingest {BATCH} matching articles, {subscribers:,} subscribers, CPU-ms": _ingest(many, runs),
            f"nothing due, {subscribers:,} subscriptions, CPU-ms a pass": idle,
            "claim and settle, messages a CPU-second": _claims(many),
        }


def _build(folder: Path, subscribers: int) -> None:
    """A database in which so many chats, of every habit, subscribe to one topic."""
    folder.mkdir()
    app = _open(folder)
    for start in range(0, subscribers, 5_000):
        numbers = range(start, min(start + 5_000, subscribers))
        app.store.write(partial(_subscribe_all, numbers))
    app.close()


def _subscribe_all(numbers: range, session: Session) -> None:
    for number in numbers:
        _subscribe(session, number)


def _subscribe(session: Session, number: int) -> None:
    chat = replace(
        session.chats.ensure(Address("terminal", f"chat{number}"), NOW),
        timezone=ZONES[number % 7],
        reads=("en", "sr") if number % 9 == 0 else (),
        digest_at=local(7 + number % 4) if number % 11 == 0 else None,
        quiet=Quiet(local(22), local(7)) if number % 3 == 0 else None,
    )
    session.chats.save(chat)
    cadence = parse_cadence(CADENCES[number % 5])
    assert cadence is not None
    session.subscriptions.add(
        chat,
        "topic:migration",
        NOW,
        cadence=str(cadence),
        urgent=number % 13 == 0,
        every=number % 17 == 0,
        next_due_at=next_digest(cadence, chat, NOW, "UTC"),
    )


def _open(folder: Path) -> App:
    return App.open(Settings(folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset()), NOW)


@contextmanager
def _copy(folder: Path) -> Iterator[App]:
    """The app on a copy of a database."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(folder / "n.db", place)
        app = _open(Path(place))
        yield app
        app.close()


def _take(app: App, *titles: str) -> None:
    """Articles of the topic arrive."""
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    articles = [Article(title, title, f"{title}. {TEXT}", "Wire", language="en") for title in titles]
    taken = list(app.intake.take(articles, source, NOW))
    assert all(entry.alerts == 1 for entry in taken)


def _expansion(folder: Path) -> tuple[float, list[float]]:
    """(CPU-seconds of one article's expansion, milliseconds of each of its writes)."""
    with _copy(folder) as app:
        _take(app, "Frontex sends officers")
        writes = _timed_writes(app)
        start = time.process_time()
        owed = app.owe(NOW)
        cpu = time.process_time() - start
        assert owed == app.store.read(lambda session: session.subscriptions.count())
        return cpu, writes


def _timed_writes(app: App) -> list[float]:
    """Milliseconds of each of the store's writes from now on."""
    seen: list[float] = []
    write = app.store.write

    def timed(work: Callable[[Session], Any]) -> Any:
        start = time.perf_counter()
        try:
            return write(work)
        finally:
            seen.append((time.perf_counter() - start) * 1e3)

    app.store.write = timed  # type: ignore[method-assign]
    return seen


def _commands_meanwhile(folder: Path, *, beside: bool = False) -> list[float]:
    """Milliseconds until each command was answered that was said while an article was being expanded.

    `beside` says them to a second newsbell on the same database, which has nothing but the lock file to wait at.
    """
    waits: list[float] = []
    with _copy(folder) as app, ExitStack() as stack:
        _take(app, "Frontex sends officers")
        asked = _open(app.settings.database.parent) if beside else app
        if beside:
            stack.callback(asked.close)
        _answer(asked, 0, "/subscriptions")
        expansion = threading.Thread(target=app.owe, args=(NOW,))
        expansion.start()
        for number in count(1):
            if not expansion.is_alive():
                break
            waits += [_answer(asked, number, text) for text in ("/subscriptions", f"/subscribe word{number}")]
    return waits


def _answer(app: App, number: int, text: str) -> float:
    start = time.perf_counter()
    app.answer(Request(Address("terminal", f"chat{number}"), text, NOW))
    return (time.perf_counter() - start) * 1e3


def _ingest(folder: Path, runs: int) -> float:
    """Median CPU-milliseconds of taking one batch in, each of its articles a story that raises one alert."""
    figures = []
    with _copy(folder) as app:
        for run in range(runs + 1):
            titles = [f"Word{run * BATCH + number} {number:x} {run}" for number in range(BATCH)]
            start = time.process_time()
            _take(app, *titles)
            figures.append((time.process_time() - start) * 1e3)
    return statistics.median(figures[1:])


def _idle(app: App) -> float:
    """CPU-milliseconds of a delivery pass with nothing to expand, open or send."""
    deliver = app.deliverer(Silence(), lambda address: True)

    async def passes() -> float:
        start = time.process_time()
        for _ in range(200):
            await app.deliver(NOW, deliver)
        return (time.process_time() - start) * 1e3 / 200

    return asyncio.run(passes())


def _claims(folder: Path) -> float:
    """Messages claimed and settled a CPU-second, in transactions of a pass's size."""
    with _copy(folder) as app:
        _take(app, "Frontex sends officers")
        app.owe(NOW)

        def turn(session: Session) -> int:
            claims = session.outbox.claim(NOW, NOW + timedelta(minutes=5), lambda address: True, CLAIMS)
            for claim in claims:
                session.outbox.settle(claim, State.SENT, NOW, message_ref="1")
            return len(claims)

        settled, start = 0, time.process_time()
        while settled < CLAIMED and (turned := app.store.write(turn)):
            settled += turned
        return settled / (time.process_time() - start)
