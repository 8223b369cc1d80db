"""What thinking costs: parsing a query, analysing, tagging and signing an article, asking the oracle, searching."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.batches import read_files
from bot.config import Settings
from bot.core.model import Article
from bot.matching.leads import leads
from bot.matching.query import parse
from bot.matching.stories import signature
from bot.matching.text import analyse
from bot.setting_paths import seeds
from store.oracle import Oracle

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
QUERIES = (
    "kosovo",
    "migrants balkans",
    '"border force" OR frontex',
    "fund* NEAR/8 border*",
    "title:frontex lang:en -football",
    '(serbia OR kosovo) "border police" NOT topic:migration',
)


def _each(work: Callable[[], object], times: int, runs: int) -> float:
    """Median CPU-microseconds of one of the `times` things that `work` does."""
    work()
    figures = []
    for _ in range(runs):
        start = time.process_time()
        work()
        figures.append((time.process_time() - start) / times * 1e6)
    return statistics.median(figures)


def measure(runs: int) -> dict[str, float]:
    """Medians over the shipped samples."""
    articles = [entry for entry in read_files(seeds() / "articles", NOW) if isinstance(entry, Article)]
    documents = [analyse(article) for article in articles]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        settings = Settings(place / "n.db", None, seeds() / "articles", timedelta(seconds=60), "UTC", frozenset())
        app = App.open(settings, NOW)
        app.prepare(NOW)
        oracle = Oracle()
        for number, query in enumerate(QUERIES * 50):
            oracle.add(number, parse(query))
        figures = {
            "parse a query, µs": _each(lambda: [parse(query) for query in QUERIES * 20], len(QUERIES) * 20, runs),
            "analyse an article, µs": _each(lambda: [analyse(article) for article in articles], len(articles), runs),
            "tag an article with three topics, µs": _each(
                lambda: [app.topics.tags(document) for document in documents], len(documents), runs
            ),
            "tag an article of a batch with three topics, µs": _each(
                lambda: app.tagger(documents), len(documents), runs
            ),
            "sign an article for its story, µs": _each(
                lambda: [signature(*each) for each in zip(documents, leads(documents), strict=True)],
                len(documents),
                runs,
            ),
            "oracle, one query on 64 articles, µs": _each(
                lambda: oracle.percolate(documents[:64]), len(QUERIES) * 50, runs
            ),
            "search the samples, µs": _each(lambda: [_search(app, query) for query in QUERIES], len(QUERIES), runs),
        }
        app.close()
    return figures


def _search(app: App, query: str) -> object:
    return app.store.read(lambda session: session.search.newest(parse(query), NOW))
