"""Figures in Prometheus' text format; the only module that knows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.core.health import Health
from bot.core.model import Kind, State
from bot.core.space import Space
from bot.core.vitals import Calls, Histogram, Runs
from bot.monitor.watching import Holdings

OWED = (Kind.ALERT, Kind.DIGEST)


@dataclass(frozen=True, eq=False)
class Exposition(Collector):
    """Everything that one look found; `holdings` is None when the store could not be read."""

    now: datetime
    version: str
    holdings: Holdings | None
    runs: Mapping[str, Runs]
    calls: Mapping[str, Calls]
    memory: Mapping[str, int]
    stalled: Iterable[str]
    """The first words of what stalls: scans, expansion, deliveries, database."""

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Every family; in a page without the store's the rest is still there."""
        yield _gauge("newsbell_info", "The version that runs.", ("version",), {(self.version,): 1})
        stalled = {(what,): float(what in self.stalled) for what in ("scans", "expansion", "deliveries", "database")}
        yield _gauge("newsbell_stalled", "1 for what /healthz says stalls.", ("what",), stalled)
        yield _gauge(
            "newsbell_resident_memory_bytes",
            "Resident memory of the main process and of all its workers.",
            ("process",),
            {(process,): size for process, size in self.memory.items()},
        )
        yield from self._jobs()
        yield from self._calls()
        if self.holdings is not None:
            yield from _held(self.holdings, self.now)

    def _jobs(self) -> Iterator[Metric]:
        took = _histogram("newsbell_job_duration_seconds", "How long runs of a job took.", ("job",))
        failed = CounterMetricFamily("newsbell_job_failures", "Runs of a job that failed.", labels=("job",))
        for job, runs in self.runs.items():
            _observe(took, (job,), runs.took)
            failed.add_metric((job,), runs.failed)
        yield from (took, failed)

    def _calls(self) -> Iterator[Metric]:
        labels = ("platform", "lane", "outcome")
        took = _histogram("newsbell_send_seconds", "How long a platform took to answer a call.", labels)
        waited = _histogram("newsbell_rate_wait_seconds", "How long a call waited for its turn.", ("platform",))
        for platform, calls in self.calls.items():
            _observe(waited, (platform,), calls.waited)
            for (lane, outcome), histogram in list(calls.took.items()):
                _observe(took, (platform, lane, outcome), histogram)
        yield from (took, waited)


def _held(holdings: Holdings, now: datetime) -> Iterator[Metric]:
    yield _gauge("newsbell_articles", "Articles in the archive.", (), {(): holdings.articles})
    yield _gauge("newsbell_subscriptions", "Live subscriptions.", (), {(): holdings.subscriptions})
    yield _gauge("newsbell_queries", "Standing queries that somebody subscribes to.", (), {(): holdings.queries})
    matches = CounterMetricFamily("newsbell_matches", "Matches of an article and a standing query that were raised.")
    matches.add_metric((), holdings.matches)
    yield matches
    lines = {(kind, state): holdings.deliveries.get((kind, state), 0) for kind in OWED for state in State}
    yield _gauge(
        "newsbell_deliveries", "Lines of alerts and digests, by what became of them.", ("kind", "state"), lines
    )
    due = {(due.platform,): due.lines for due in holdings.due}
    yield _gauge("newsbell_due", "Deliveries that are due and have not left.", ("platform",), due)
    oldest = {(due.platform,): max(0.0, (now - due.since).total_seconds()) for due in holdings.due}
    yield _gauge("newsbell_oldest_due_seconds", "How long the oldest of them has been due.", ("platform",), oldest)
    yield from _room(holdings.space)
    sources = {(health,): holdings.sources.get(health, 0) for health in Health}
    yield _gauge("newsbell_sources", "Sources, by how they do.", ("state",), sources)


def _room(space: Space) -> Iterator[Metric]:
    """What the database takes of its disk; growth and days left as soon as they are known."""
    room = space.room
    taken = {("database",): room.database, ("log",): room.log, ("copies",): room.all_copies, ("ballast",): room.ballast}
    yield _gauge("newsbell_disk_bytes", "What newsbell takes of the database's disk, by what for.", ("what",), taken)
    yield _gauge("newsbell_disk_free_bytes", "What is free on the database's disk.", (), {(): room.free})
    yield _gauge("newsbell_disk_used_ratio", "How much the database takes of what it may.", (), {(): space.share})
    full = float(space.cause is not None)
    yield _gauge("newsbell_disk_full", "1 while nothing is fetched for want of room.", (), {(): full})
    growth = {} if space.growth is None else {(): space.growth}
    yield _gauge("newsbell_growth_bytes_per_day", "By how much the database grows a day.", (), growth)
    days = {} if space.days_left is None else {(): space.days_left}
    yield _gauge("newsbell_days_left", "Days until it is full at this growth.", (), days)


def _gauge(name: str, text: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> Metric:
    """`values` by the tuple of the labels' values."""
    family = GaugeMetricFamily(name, text, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _histogram(name: str, text: str, labels: tuple[str, ...]) -> HistogramMetricFamily:
    return HistogramMetricFamily(name, text, labels=labels)


def _observe(family: HistogramMetricFamily, labels: tuple[str, ...], histogram: Histogram) -> None:
    counts = histogram.cumulative()
    bounds = [*map(str, map(float, histogram.bounds)), "+Inf"]
    family.add_metric(labels, list(zip(bounds, counts, strict=True)), histogram.total)
