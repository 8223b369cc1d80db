"""A process that ingests: python -m tests.benchmarks.archive.ingesting DATABASE NUMBER."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path

from bot.core.model import SourceKind
from store.database import open_store
from tests.benchmarks.archive.articles import FULL, NOW, articles
from tests.benchmarks.archive.building import take_all

_SCAN = 64
_MODELS = 1_500
"""Different texts that the articles are made of: their sentences are analysed once."""


def ingest(path: Path, number: int) -> None:
    """Takes new articles in as scans do, merging as the bot does."""
    with closing(open_store(path, now=NOW)) as store:
        source = store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/busy", "busy"))
        coming = islice(articles(FULL, models=_MODELS), number)
        while batch := list(islice(coming, _SCAN)):
            store.write(partial(take_all, batch, source))
            if store.read(lambda session: session.search.scattered()):
                store.write(lambda session: session.search.merge())


if __name__ == "__main__":
    ingest(Path(sys.argv[1]), int(sys.argv[2]))
