"""A day of 300,000 articles, or some of it, taken in as the bot does it, and what that costs."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from bot.app import App
from bot.config import Settings
from bot.core.collector import collector_sparing
from bot.core.model import Address, Article, Fetched, Outlook, Source, SourceKind
from bot.core.ports import Session
from bot.jobs.intake import Status
from bot.jobs.scan import Scan
from tests.benchmarks import workload
from tests.benchmarks.archive.building import folder, progress
from tests.benchmarks.day.coming import A_DAY, coming
from tests.benchmarks.day.window import window
from tests.benchmarks.usage import cpu_seconds, peak_megabytes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUERIES, CHATS = 10_000, 200
SOME = 12_000
"""Articles of the day that `make bench` takes in."""
_WARM = 2_000
"""Articles before that, until words are known and arrays have grown."""
_CHUNK = 5_000
_LOOKS, _LOOK = 8, 32
"""Looks in flight, and what each brings."""


@dataclass
class Taken:
    """What taking articles in has cost so far, the making of them not counted, and what became of them."""

    articles: int = 0
    cpu: float = 0.0
    seconds: float = 0.0
    alerts: int = 0
    statuses: Counter[Status] = field(default_factory=Counter)
    stories: set[int] = field(default_factory=set)


def measure(articles: int = SOME) -> dict[str, float]:
    """Figures of so many articles of the day; less than all of it is told as what all of it would be besides."""
    with _opened() as app:
        _subscribe(app)
        stream = coming(NOW)
        asyncio.run(_take(app, stream, _WARM, Taken()))
        taken = Taken()
        asyncio.run(_take(app, stream, articles, taken, report=articles > SOME))
        peak = peak_megabytes()
    whole, all_of_it = A_DAY / articles, "all of it" if articles == A_DAY else "all of it if the rest is as these"
    figures = {
        "articles a CPU-second": articles / taken.cpu,
        "CPU-ms an article": taken.cpu * 1e3 / articles,
        "articles a second": articles / taken.seconds,
        "alerts an article": taken.alerts / articles,
        "stories an article": len(taken.stories) / articles,
        "peak memory, MB": peak,
        f"{all_of_it}, CPU-s": taken.cpu * whole,
        f"{all_of_it}, minutes": taken.seconds * whole / 60,
    }
    return {f"a day of {A_DAY:,}, {articles:,} taken in, {name}": figure for name, figure in figures.items()}


@contextmanager
def _opened() -> Iterator[App]:
    """The app on a copy of the database whose window is full."""
    with tempfile.TemporaryDirectory(dir=folder()) as place:
        path = Path(place) / "day.db"
        shutil.copyfile(window(NOW), path)
        app = App.open(Settings(path, None, None, timedelta(seconds=60), "UTC", frozenset()), NOW)
        try:
            yield app
        finally:
            app.close()


def _subscribe(app: App) -> None:
    """The standing queries, as subscriptions of many chats."""
    found = workload.articles(1)
    texts = list(workload.queries(workload.Vocabulary.of(found[workload.INCOMING :][:4_000]), QUERIES, 2))

    def subscribe(session: Session) -> None:
        chats = [session.chats.ensure(Address("terminal", f"chat{number}"), NOW) for number in range(CHATS)]
        for number, text in enumerate(texts):
            chat = chats[number % CHATS]
            session.subscriptions.add(chat, text, NOW, cadence="instant", urgent=False, every=False, next_due_at=None)

    app.store.write(subscribe)


async def _take(app: App, stream: Iterator[Article], articles: int, taken: Taken, *, report: bool = False) -> None:
    """Takes articles in, many looks in flight, merging as the bot does; only that is timed."""
    async with app.network() as network:
        scan = app.polling(network)
        source = await asyncio.to_thread(app.store.write, partial(_source))
        while taken.articles < articles:
            chunk = list(islice(stream, min(_CHUNK, articles - taken.articles)))
            now = NOW + timedelta(days=taken.articles / A_DAY)
            cpu, start = cpu_seconds(), time.perf_counter()
            with collector_sparing():  # as in a scan
                await _looks(scan, source, chunk, now, taken)
            await asyncio.to_thread(_merge, app)
            taken.cpu += cpu_seconds() - cpu
            taken.seconds += time.perf_counter() - start
            taken.articles += len(chunk)
            if report:
                progress("the day", articles, taken.articles)


def _source(session: Session) -> Source:
    source = session.sources.ensure(SourceKind.FEED, "https://feeds.example/all", "all")
    session.sources.fetched(source.id, NOW, Outlook(""))
    found = session.sources.at(SourceKind.FEED, source.location)
    assert found is not None
    return found


async def _looks(scan: Scan, source: Source, articles: list[Article], now: datetime, taken: Taken) -> None:
    looks = iter([articles[start : start + _LOOK] for start in range(0, len(articles), _LOOK)])

    async def look() -> None:
        for batch in looks:
            for entry in await scan.take(source, Fetched(tuple(batch), (), Outlook("")), now):
                taken.alerts += entry.alerts
                taken.statuses[entry.status] += 1
                taken.stories.add(entry.archived.story_id)

    async with asyncio.TaskGroup() as group:
        for _ in range(_LOOKS):
            group.create_task(look())


def _merge(app: App) -> None:
    """What the bot does between two looks: standing queries and full text in few pieces."""
    while app.merge():
        pass
