"""Previews: from the typed command to its answer, of queries of every width, in an archive that is only read."""

from __future__ import annotations

import sqlite3
import statistics
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.model import Address, Chat
from bot.matching.topics import Topics
from handlers.call import Call
from handlers.registry import registry
from handlers.request import Request
from handlers.services import Services
from store.database import SqliteSession
from tests.benchmarks.archive.articles import FULL, NOW
from tests.benchmarks.archive.building import database

QUERIES = {
    "the commonest word": '"the"',
    "a common word": "people",
    "a rare word": "frontex",
    "a phrase": '"border force"',
    "NEAR": "police NEAR/8 people",
    "NEAR of the commonest words": '"the" NEAR/8 "of"',
    "NEAR with a prefix in a phrase": '"border fund*" NEAR/8 serbia',
    "a prefix": "con*",
    "a label, as a topic is": "lang:en",
    "a misspelled word": "frontexx",
}
"""What is previewed, by what it stands for."""


def measure(runs: int, size: int = FULL) -> dict[str, float]:
    """Milliseconds of each preview, the median and the longest of the runs."""
    return measured(database(size), runs, size)


def measured(path: Path, runs: int, size: int) -> dict[str, float]:
    """The figures of an archive of `size` articles at `path`."""
    figures: dict[str, float] = {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as connection:
        session = SqliteSession(connection)
        for name, query in QUERIES.items():
            taken = [_milliseconds(session, query) for _ in range(runs)]
            figures[f"archive of {size:,}, preview, {name}, ms"] = statistics.median(taken)
            figures[f"archive of {size:,}, preview, {name}, longest, ms"] = max(taken)
    return figures


def _milliseconds(session: SqliteSession, query: str) -> float:
    request = Request(Address("terminal", "local"), f"/preview {query}", NOW + timedelta(days=1), admin=True)
    store: Any = None
    call = Call(request, Services(store, Topics(()), "UTC", None, ""), session, Chat(0, request.address, NOW), query)
    command = registry().find("preview")
    assert command is not None
    start = time.perf_counter()
    command.run(call)
    return (time.perf_counter() - start) * 1e3
