"""Every figure of the archive's benchmarks."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bot.batches import chunked
from bot.core.model import Article, SourceKind
from bot.core.ports import Page, Session
from bot.matching.query import parse
from bot.matching.text import analyse
from store.connections import open_writer
from store.database import SqliteSession, SqliteStore, open_store
from store.search import DEADLINE_SECONDS, Search
from tests.benchmarks.archive import busy, layouts, rivals
from tests.benchmarks.archive.articles import FULL, NOW, articles
from tests.benchmarks.archive.building import database, index_bytes, take
from tests.benchmarks.archive.queries import latencies, mixed, percentiles, questions

_INGESTED = 1_000
_MIXED = 240
"""Queries asked of what is not measured kind by kind."""

_DEEP = 490
"""Where page 50 begins."""


def measure(runs: int, size: int = FULL) -> dict[str, float]:
    """Medians over `runs` of milliseconds a query (p50 and p99), bytes an article and articles a CPU-second.

    The layouts and the rivals are measured beside an archive of full size only.
    """
    path = database(size)
    asked = questions(random.Random(2))
    figures = {"index bytes an article": index_bytes(path) / size} | _searching(path, asked, runs)
    new = list(islice(articles(FULL), _INGESTED if size >= FULL else _INGESTED // 4))
    figures["ingest, articles a CPU-second"] = statistics.median(_ingest(path, new) for _ in range(runs))
    if size >= FULL:
        figures |= busy.measure(path, mixed(asked, _MIXED), _asking)
        figures |= rivals.measure(asked, size, runs)
    named = {f"archive of {size:,}, {name}": figure for name, figure in figures.items()}
    return named | layouts.measure(asked, runs) if size >= FULL else named


def _searching(path: Path, asked: Mapping[str, Sequence[str]], runs: int) -> dict[str, float]:
    """Latencies of what a person may ask for, from the typed text to the articles."""
    figures: dict[str, float] = {}
    with closing(open_store(path, now=NOW)) as store:
        for kind, queries in asked.items():
            ways = {"newest ten": partial(_ask, store, deadline=0.0), "with a count": partial(_ask, store)}
            for what, ask in ways.items():
                figures |= percentiles(f"{what}, {kind}", [latencies(ask, queries) for _ in range(runs)])
        every = mixed(asked, _MIXED)
        relevant = partial(_ask, store, sort="relevance")
        figures |= percentiles("by relevance", [latencies(relevant, every) for _ in range(runs)])
        deep = partial(_ask, store, deadline=0.0, offset=_DEEP)
        has_deep = [query for query in every if deep(query).hits]
        figures |= percentiles("page 50", [latencies(deep, has_deep) for _ in range(runs)])
        lacking = [query for query in every if query not in set(has_deep)]
        figures |= percentiles("a page 50 that is not there", [latencies(deep, lacking) for _ in range(runs)])
        figures["with a count, share that is partial"] = _partial(partial(_ask, store), every)
        figures["by relevance, share that is partial"] = _partial(relevant, every)
    return figures


def _partial(ask: Callable[[str], Page], queries: Sequence[str]) -> float:
    return sum(ask(query).partial for query in queries) / len(queries)


def _asking(path: Path) -> Callable[[str], Page]:
    return partial(_ask, open_store(path, now=NOW))


def _ask(store: SqliteStore, query: str, *, deadline: float = DEADLINE_SECONDS, **options: Any) -> Page:
    """A page of what the query finds; after the deadline, in seconds, no more is counted."""

    def work(session: Session) -> Page:
        assert isinstance(session, SqliteSession)
        return Search(session.connection, deadline=deadline).newest(parse(query, dates=True), NOW, **options)

    return store.read(work)


def _ingest(path: Path, new: Sequence[Article]) -> float:
    """Articles a CPU-second, analysed, archived and indexed in the archive as it is; nothing of it is kept."""
    with closing(open_writer(path)) as connection:
        session = SqliteSession(connection)
        connection.execute("BEGIN")
        source = session.sources.ensure(SourceKind.INGEST, "/new", "new")
        start = time.process_time()
        for batch in chunked(new):
            take(session, [(article, analyse(article)) for article in batch], source)
        seconds = time.process_time() - start
        connection.rollback()
    return len(new) / seconds
