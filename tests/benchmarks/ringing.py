"""From the fetch that saw an item to the delivery that it rings: a few hundred sources, each with news at some moment.

The bot's own timetable runs; the server writes into each new item when it was first shown.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import escape
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import uvloop

from bot.app import App
from bot.core.model import Address, Outlook, SourceKind
from bot.core.ports import Session
from bot.jobs.rounds import Rounds
from bot.scheduler import Scheduler, wall_clock
from bot.timetable import timetable
from store.database import SqliteSession
from tests.benchmarks.server import Site, serving
from tests.benchmarks.silence import Silence
from tests.benchmarks.sweeping import opened, scanning, swept
from tests.benchmarks.workload import articles

T = TypeVar("T")

SOURCES, SECONDS = 300, 20
CHATS = 10
_ITEMS, _WORDS = 20, 200
_ROUND_FOR = timedelta(seconds=2)
_PATIENCE = 4
"""Times as long as news come that all of them are waited for."""
_WARM = 8
"""Sources whose news come before, so that a start is not measured."""


@dataclass(frozen=True)
class _News:
    """Feeds of texts that no other feed has; who has seen one before sees one item more, and when that was.

    That one tells of nothing that another tells of too, else they would be one story: its words stand in no order.
    """

    texts: list[str]

    def answer(self, number: int, head: bytes) -> bytes:
        seen = b'If-None-Match: "0"' in head
        items = [
            self._item(number, place, f"Report {number} part {place}", self.texts[number * _ITEMS + place])
            for place in range(_ITEMS)
        ]
        if seen:
            words = " ".join(self.texts[number % len(self.texts) :][:_ITEMS]).split()
            text = " ".join(Random(number).choices(words, k=_WORDS))
            items.insert(0, self._item(number, _ITEMS, f"Frontex {number} shown at {time.time():.4f}", text))
        body = f"<rss version='2.0'><channel><title>Feed {number}</title>{''.join(items)}</channel></rss>".encode()
        headers = f'Content-Type: application/rss+xml\r\nETag: "{int(seen)}"\r\nContent-Length: {len(body)}'
        return f"HTTP/1.1 200 OK\r\n{headers}\r\nConnection: close\r\n\r\n".encode() + body

    def _item(self, number: int, place: int, title: str, text: str) -> str:
        link = f"https://{number}.feeds.example/{place}"
        return (
            f"<item><guid isPermaLink='false'>{number}-{place}</guid><title>{title}</title><link>{link}</link>"
            f"<description>{escape(text)}</description></item>"
        )


def measure(sources: int = SOURCES, seconds: int = SECONDS) -> dict[str, float]:
    """Percentiles of the time from fetch to the committed delivery, over all items and chats."""
    texts = [found.text[:1_500] for found in articles(3)[: (sources + _WARM) * _ITEMS]]
    with serving(_News(texts)) as site, tempfile.TemporaryDirectory() as folder:
        database, before = Path(folder) / "n.db", wall_clock() - timedelta(hours=1)
        with opened(database, before) as app:
            app.store.write(partial(_begin, site, sources + _WARM, before))
        assert swept(database, site, before, taking=False).fetched == sources + _WARM
        with opened(database, wall_clock()) as app, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            waits = runner.run(_run(app, site, seconds, sources * CHATS))
    assert len(waits) == sources * CHATS, f"{len(waits):,} deliveries"
    name = f"news of {sources} sources in {seconds} s to {CHATS} chats, from fetch to delivery"
    return {
        f"{name}, median, s": statistics.median(waits),
        f"{name}, p99, s": statistics.quantiles(waits, n=100)[98],
        f"{name}, longest, s": max(waits),
    }


def _begin(site: Site, sources: int, now: datetime, session: Session) -> None:
    for number in range(sources):
        session.sources.ensure(SourceKind.FEED, site.url(number), f"Feed {number}")
    for number in range(CHATS):
        chat = session.chats.ensure(Address("terminal", f"chat{number}"), now)
        session.subscriptions.add(chat, "frontex", now, cadence="instant", urgent=False, every=False, next_due_at=None)


async def _run(app: App, site: Site, seconds: int, awaited: int) -> list[float]:
    """Seconds of every delivery that came of sources which fall due, each at some moment of the next `seconds`."""
    async with scanning(app, site) as scan:
        await scan(wall_clock(), [f"Feed {number}" for number in range(_WARM)])  # processes start, models are read
        await asyncio.to_thread(app.owe, wall_clock())
        app.store.write(partial(_spread, wall_clock(), seconds))
        committed = _timed_deliveries(app)
        rounds = Rounds(scan, woken_at=wall_clock() - timedelta(minutes=1))
        scheduler = Scheduler(_entries(app, rounds))
        scheduler.start()
        until = time.monotonic() + _PATIENCE * seconds
        while len(committed) < awaited and time.monotonic() < until:
            await asyncio.sleep(0.1)
        await scheduler.stop()
        await rounds.stop(wall_clock())
    shown = app.store.read(_shown)
    return [committed[delivery_id] - at for delivery_id, at in shown if delivery_id in committed]


def _entries(app: App, rounds: Rounds) -> Any:
    return timetable(
        scan=app.scan,
        poll=rounds,
        pages=lambda _: asyncio.sleep(0),
        owe=lambda at: asyncio.to_thread(app.owe, at),
        deliver=app.deliverer(Silence(), lambda _: True, wall_clock),
        retag=lambda _: asyncio.to_thread(app.retag.step),
        merge=lambda _: asyncio.to_thread(app.merge),
        prune=lambda at: asyncio.to_thread(app.prune, at),
        scan_for=_ROUND_FOR,
        poll_for=_ROUND_FOR,
    )


def _spread(now: datetime, seconds: int, session: Session) -> None:
    """Has every source fall due at a moment of its own, but for those that were looked at again already."""
    chance = Random(5)
    for source in session.sources.all()[_WARM:]:
        assert source.fetched_at is not None
        at = now + timedelta(seconds=seconds * chance.random())
        session.sources.fetched(source.id, source.fetched_at, Outlook(source.state, at))


def _timed_deliveries(app: App) -> dict[int, float]:
    """From now on every delivery by its id, with the time when the write that made it had returned."""
    last = app.store.read(partial(_since, 0))[-1]
    found: dict[int, float] = {}
    write = app.store.write

    def timed(work: Callable[[Session], T]) -> T:
        result = write(work)
        at = time.time()
        for delivery_id in app.store.read(partial(_since, max(found, default=last))):
            found.setdefault(delivery_id, at)
        return result

    app.store.write = timed  # type: ignore[method-assign]
    return found


def _since(last: int, session: Session) -> list[int]:
    assert isinstance(session, SqliteSession)
    return [row[0] for row in session.connection.execute("SELECT id FROM deliveries WHERE id > ? ORDER BY id", (last,))]


def _shown(session: Session) -> list[tuple[int, float]]:
    """Every delivery's id, with the time when its article was first shown."""
    assert isinstance(session, SqliteSession)
    select = "SELECT d.id, a.title FROM deliveries d JOIN articles a ON a.id = d.article_id"
    return [(delivery_id, float(title.rpartition(" ")[2])) for delivery_id, title in session.connection.execute(select)]


if __name__ == "__main__":
    import sys

    for name, value in measure(*map(int, sys.argv[1:])).items():
        print(f"{name}: {value:.3f}")
