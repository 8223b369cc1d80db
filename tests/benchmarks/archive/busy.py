"""Searching while another process ingests: whether a search ever waits for a write."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.archive.building import folder
from tests.benchmarks.archive.queries import latencies, percentiles

INGESTED = 100_000
"""Articles that come in meanwhile."""

LOOKED = 75.0
"""Seconds of it that are looked at, some dozens of thousand articles and all the merging that these bring: all of it
takes four minutes and says the same."""

INGESTING = "tests.benchmarks.archive.ingesting"


def measure(
    database: Path, queries: Sequence[str], asking: Callable[[Path], Callable[[str], object]]
) -> dict[str, float]:
    """p50 and p99 of the queries, first idle and then while articles are ingested into a copy of the database."""
    copy = folder() / "busy.db"
    try:
        shutil.copyfile(database, copy)
        ask = asking(copy)
        latencies(ask, queries)
        idle = [each for _ in range(3) for each in latencies(ask, queries)]
        figures = percentiles("searching, idle", [idle])
        runs = _while_ingesting(copy, INGESTED, lambda: latencies(ask, queries))
        figures |= percentiles(f"searching while {INGESTED:,} are ingested", [[each for run in runs for each in run]])
    finally:
        for rest in folder().glob("busy.db*"):
            rest.unlink() if rest.is_file() else shutil.rmtree(rest)
    idle_p99, busy_p99 = (figure for name, figure in figures.items() if "p99" in name)
    return figures | {"searching while ingesting, p99 over idle p99": busy_p99 / idle_p99}


def _while_ingesting(path: Path, number: int, run: Callable[[], list[float]]) -> list[list[float]]:
    """What the runs give that begin while another process ingests."""
    command = [sys.executable, "-m", INGESTING, str(path), str(number)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3]) as ingesting:
        end = time.monotonic() + LOOKED
        runs = [run()]
        while ingesting.poll() is None and time.monotonic() < end:
            runs.append(run())
        if ingesting.poll():
            raise RuntimeError("the process that ingests failed")
        ingesting.kill()
    return runs
