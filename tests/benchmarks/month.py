"""A month of a small newsroom, compressed: 149 sources that bring 8,000 articles a day, and 1,000 chats.

Each hour every source is looked at and brings what its rhythm brings; what it raises is expanded and sent, and what is
kept for a while only is pruned. Digests leave at eight in five time zones. Articles are as long as feeds make them, a
headline and some 80 words. The network's workers analyse them, in processes of their own; only the network itself and
the platform, which takes everything, are not there. `python -m tests.benchmarks.month [DAYS]`.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from bot.app import App
from bot.config import Settings
from bot.core.cadence import parse_cadence
from bot.core.message import Message
from bot.core.model import Address, Article, Fetched, Outlook, Source, SourceKind
from bot.core.plan import next_digest
from bot.core.ports import Limits, Session
from bot.heap import one_heap
from bot.jobs.deliver import Deliver
from bot.jobs.scan import Scan
from bot.jobs.sender import Sender
from bot.monitor.memory import resident
from tests.benchmarks import workload
from tests.benchmarks.day.coming import coming
from tests.benchmarks.usage import cpu_seconds

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONTH, PART = 30, 2
"""Days: the whole, and what `make bench` measures of it."""
WEEK = 7
SOURCES, A_DAY, CHATS = 149, 8_000, 1_000
WORDS = 80
ZONES = ("Europe/Belgrade", "Europe/London", "America/New_York", "Asia/Tokyo", None)
LOOKS = 8
"""Looks in flight."""
ROOT = Path(__file__).parents[2]
AGAIN = (sys.executable, "-m", "tests.benchmarks.month")


@dataclass
class Taking:
    """A platform that takes everything, and counts."""

    platform: str = "terminal"
    limits: Limits = field(default_factory=Limits)
    messages: int = 0

    async def send(self, address: Address, message: Message) -> str:
        """Taken."""
        self.messages += 1
        return str(self.messages)

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Nothing is edited here, as its limits say."""


@dataclass
class Day:
    """What a day came to: memory of all processes at the end of each hour, the database's size, what was sent."""

    megabytes: list[float]
    database: float
    alerts: int
    digests: int
    cpu: float


def measure(days: int = PART) -> dict[str, float]:
    """Figures of so many days, lived in a process that holds nothing else; CalledProcessError where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        made = str(Path(folder) / "made.jsonl")
        subprocess.run([*AGAIN, "--make", made, str(days)], cwd=ROOT, check=True)
        lived = subprocess.run([*AGAIN, "--live", made, str(days)], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        figures: dict[str, float] = json.loads(lived.stdout)
        return figures


def make(path: Path, days: int) -> None:
    """Writes the queries, and a line an article as feeds bring them: a headline, and the beginning of the text."""
    sample = workload.articles(1)[:4_000]
    texts = list(workload.queries(workload.Vocabulary.of(sample), 2 * CHATS, 2))
    with path.open("w") as file:
        file.write(json.dumps(texts) + "\n")
        for number, article in enumerate(islice(coming(NOW), int(days * A_DAY * 1.1) + SOURCES * 24)):
            text = " ".join(article.text.split()[:WORDS])
            file.write(json.dumps([str(number), article.title, text]) + "\n")


def lived(made: Path, days: int) -> dict[str, float]:
    """Figures of so many days in this process; AssertionError where a digest was sent twice or not at all."""
    one_heap()
    with tempfile.TemporaryDirectory() as folder, made.open() as lines:
        path = Path(folder) / "month.db"
        settings = Settings(path, None, None, timedelta(seconds=60), "UTC", frozenset(), fulltext=False)
        app = App.open(settings, NOW)
        try:
            _subscribe(app, json.loads(next(lines)))
            history = asyncio.run(_live(app, days, _stream(lines)))
            owed = app.store.read(lambda session: _digests(session, NOW + days * DAY))
        finally:
            app.close()
    sent = sum(day.digests for day in history)
    assert sent == owed, f"{owed:,} digests were due, {sent:,} were sent"
    return _figures(history)


def _figures(lived: list[Day]) -> dict[str, float]:
    days = len(lived)
    sizes = [day.database for day in lived]
    of = f"{days} days of {A_DAY:,} articles, {CHATS:,} chats"
    figures = {
        f"{of}: resident memory of all processes at the most, MB": max(max(day.megabytes) for day in lived),
        f"{of}: database, MB a day": (sizes[-1] - sizes[0]) / (days - 1),
        f"{of}: digests sent": float(sum(day.digests for day in lived)),
        f"{of}: alerts sent": float(sum(day.alerts for day in lived)),
        f"{of}: CPU-s a day": statistics.mean(day.cpu for day in lived),
    }
    if days > WEEK + 1:
        later = [statistics.mean(day.megabytes) for day in lived[WEEK:]]
        figures[f"{of}: memory after the first week, MB more a day"] = slope(later)
    return figures


def slope(values: list[float]) -> float:
    """By how much values that follow each other grow from one to the next, by least squares."""
    middle = (len(values) - 1) / 2
    mean = statistics.mean(values)
    over = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    return over / sum((place - middle) ** 2 for place in range(len(values)))


def _subscribe(app: App, texts: list[str]) -> None:
    """Each chat has a query as it happens, and another query and a topic by digest at eight where it lives."""
    topics = [topic.name for topic in app.topics]
    daily = parse_cadence("daily 08:00")
    assert daily is not None

    def subscribe(numbers: range, session: Session) -> None:
        for number in numbers:
            chat = session.chats.ensure(Address("terminal", f"chat{number}"), NOW)
            chat = replace(chat, timezone=ZONES[number % len(ZONES)])
            session.chats.save(chat)
            due = next_digest(daily, chat, NOW, "UTC")
            add = partial(session.subscriptions.add, chat, now=NOW, urgent=False, every=False)
            add(query=texts[number], cadence="instant", next_due_at=None)
            add(query=texts[CHATS + number], cadence=str(daily), next_due_at=due)
            add(query=f"topic:{topics[number % len(topics)]}", cadence=str(daily), next_due_at=due)

    for start in range(0, CHATS, 100):
        app.store.write(partial(subscribe, range(start, min(start + 100, CHATS))))


async def _live(app: App, days: int, stream: Iterator[Article]) -> list[Day]:
    """Day after day."""
    lived: list[Day] = []
    platform, clock = Taking(), [NOW]
    sender = Sender(platform)
    deliver = app.delivery([sender], lambda _: True, lambda: clock[0])
    async with app.network() as network:
        scan = app.polling(network)
        sources = await asyncio.to_thread(app.store.write, _sources)
        for day in range(days):
            begun, alerts, digests = cpu_seconds(), _sent(sender, "alert"), _sent(sender, "digest")
            megabytes = []
            for hour in range(24):
                clock[0] = NOW + day * DAY + (hour + 1) * HOUR
                await _hour(app, scan, deliver, sources, stream, clock[0])
                megabytes.append(_megabytes())
                await asyncio.to_thread(app.prune, clock[0])
            gc.collect()
            lived.append(
                Day(
                    megabytes,
                    _size(app) / 1e6,
                    _sent(sender, "alert") - alerts,
                    _sent(sender, "digest") - digests,
                    cpu_seconds() - begun,
                )
            )
            _tell(day, lived[-1])
        return lived


async def _hour(
    app: App, scan: Scan, deliver: Deliver, sources: list[Source], stream: Iterator[Article], now: datetime
) -> None:
    """Every source is looked at once, some looks at a time; then everything else on the timetable runs."""
    batches = iter([(source, list(islice(stream, size))) for source, size in _rhythm(sources, now)])

    async def look() -> None:
        for source, articles in batches:
            dated = tuple(replace(each, published_at=now - HOUR / 2, source=source.name) for each in articles)
            await scan.take(source, Fetched(dated, (), Outlook("")), now)

    async with asyncio.TaskGroup() as group:
        for _ in range(LOOKS):
            group.create_task(look())
    await asyncio.to_thread(app.owe, now)
    await deliver(now)
    while await asyncio.to_thread(app.merge):
        pass


def _rhythm(sources: list[Source], now: datetime) -> Iterator[tuple[Source, int]]:
    """How many articles each source brings in this hour: few sources bring many, and at night all bring less."""
    weights = [1 / (number + 8) for number in range(len(sources))]
    share = A_DAY / 24 * (1.4 if 6 <= now.hour < 20 else 0.44) / sum(weights)
    chance = Random(now.isoformat())
    for source, weight in zip(sources, weights, strict=True):
        yield source, int(weight * share + chance.random())


def _sources(session: Session) -> list[Source]:
    """All of them known: a first look would ring nothing."""
    for number in range(SOURCES):
        source = session.sources.ensure(SourceKind.FEED, f"https://feed{number}.example/rss", f"Outlet {number}")
        session.sources.fetched(source.id, NOW, Outlook(""))
    return session.sources.all()


def _stream(lines: Iterable[str]) -> Iterator[Article]:
    """The articles that were made, each with an address of its own."""
    for line in lines:
        guid, title, text = json.loads(line)
        yield Article(guid, title, text, "", url=f"https://news.example/{guid}")


def _sent(sender: Sender, lane: str) -> int:
    histogram = sender.calls.took.get((lane, "ok"))
    return histogram.cumulative()[-1] if histogram else 0


def _digests(session: Session, now: datetime) -> int:
    """How many digests were due: one a chat for each morning at eight, where it lives, that has come."""
    daily = parse_cadence("daily 08:00")
    assert daily is not None
    count = 0
    for number in range(CHATS):
        chat = session.chats.at(Address("terminal", f"chat{number}"))
        assert chat is not None
        due = next_digest(daily, chat, NOW, "UTC")
        while due is not None and due <= now:
            count += 1
            due = next_digest(daily, chat, due, "UTC")
    return count


def _size(app: App) -> int:
    path = app.settings.database
    return sum(file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.exists())


def _megabytes() -> float:
    return sum(resident().values()) / 1e6


def _each() -> str:
    return ", ".join(f"{process} {size / 1e6:.0f}" for process, size in resident().items())


def _tell(number: int, day: Day) -> None:
    print(
        f"day {number + 1}: {statistics.mean(day.megabytes):.0f} MB in all processes, {max(day.megabytes):.0f} "
        f"at the most ({_each()} at its end), "
        f"database {day.database:.0f} MB, {day.alerts:,} alerts, {day.digests:,} digests, {day.cpu:.0f} CPU-s",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit()
    if sys.argv[1:2] == ["--live"]:
        print(json.dumps(lived(Path(sys.argv[2]), int(sys.argv[3]))))
        sys.exit()
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MONTH).items():
        print(f"{name:<100} {value:>14,.2f}")
