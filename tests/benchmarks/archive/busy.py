"""Searching while another process ingests: whether a search ever waits for a write."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from bot.core.model import SourceKind
from store.database import open_store
from tests.benchmarks.archive.articles import FULL, NOW, articles
from tests.benchmarks.archive.building import folder, take_all
from tests.benchmarks.archive.queries import latencies, percentiles

INGESTED = {FULL: 100_000}
"""Articles that come in meanwhile, by the size of the archive; else a fiftieth of it."""

_SCAN = 64
_MODELS = 1_500
"""Different texts that they are made of: their sentences are analysed once."""


def measure(
    database: Path, size: int, queries: Sequence[str], asking: Callable[[Path], Callable[[str], object]]
) -> dict[str, float]:
    """p50 and p99 of the queries, first idle and then while articles are ingested into a copy of the database."""
    copy = folder() / "busy.db"
    number = INGESTED.get(size, size // 50)
    try:
        shutil.copyfile(database, copy)
        ask = asking(copy)
        latencies(ask, queries)
        figures = percentiles("searching, idle", [latencies(ask, queries) for _ in range(3)])
        context = multiprocessing.get_context("spawn")
        ingesting = context.Process(target=_ingest, args=(copy, number))
        ingesting.start()
        runs = [latencies(ask, _shuffled(queries))]
        while ingesting.is_alive():
            runs.append(latencies(ask, _shuffled(queries)))
        if ingesting.exitcode:
            raise RuntimeError("the ingesting process failed")
        figures |= percentiles(f"searching while {number:,} are ingested", [[each for run in runs for each in run]])
    finally:
        for rest in folder().glob("busy.db*"):
            rest.unlink() if rest.is_file() else shutil.rmtree(rest)
    idle, busy = (figure for name, figure in figures.items() if "p99" in name)
    return figures | {"searching while ingesting, p99 over idle p99": busy / idle}


def _shuffled(queries: Sequence[str]) -> list[str]:
    return random.Random(len(queries)).sample(queries, len(queries))


def _ingest(path: Path, number: int) -> None:
    """Takes new articles in as scans do, merging as the bot does."""
    with closing(open_store(path, now=NOW)) as store:
        source = store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/busy", "busy"))
        coming = islice(articles(FULL, models=_MODELS), number)
        while batch := list(islice(coming, _SCAN)):
            store.write(partial(take_all, batch, source))
            if store.read(lambda session: session.search.scattered()):
                store.write(lambda session: session.search.merge())


if __name__ == "__main__":
    _ingest(Path(sys.argv[1]), int(sys.argv[2]))
