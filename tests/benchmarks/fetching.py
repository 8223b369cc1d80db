"""A scan of 10,000 sources that have not changed, as the bot does it: from the store, over TLS, and into the store.

Each source is on a host of its own; the server is another process, and its work is not counted.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot.core.model import Outlook, SourceKind
from bot.core.poll import Poll
from bot.core.ports import Session
from bot.sources.sighting import Memory
from tests.benchmarks.server import Site, serving
from tests.benchmarks.sweeping import Swept, opened, swept

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SOURCES = 10_000
ETAG = '"unchanged"'
ANSWER = b'HTTP/1.1 304 Not Modified\r\nETag: "unchanged"\r\nCache-Control: max-age=600\r\nConnection: close\r\n\r\n'
_SHOWN = 30
"""Items that each source showed last, which is remembered of it."""


class _Unchanged:
    """Answers 304 to a question with the right validator, and hangs up on any other."""

    def answer(self, _number: int, head: bytes) -> bytes:
        return ANSWER if ETAG.encode() in head else b""


def measure(runs: int, sources: int = SOURCES, *, uv: bool = True) -> dict[str, float]:
    """Medians of `runs` scans of the same sources, each in a fresh process; memory and blocks are the largest."""
    with serving(_Unchanged()) as site, tempfile.TemporaryDirectory() as folder:
        before = Path(folder) / "before.db"
        _build(before, site, sources)
        scans = [_scan(before, Path(folder) / f"{run}.db", site, uv=uv) for run in range(runs)]
    assert all(scan.fetched == sources for scan in scans)
    cpu = statistics.median(scan.cpu for scan in scans)
    figures = {
        "CPU-s": cpu,
        "CPU-ms a source": cpu * 1e3 / sources,
        "peak memory, MB": max(scan.peak for scan in scans),
        "event loop blocked, longest, ms": max(scan.blocked for scan in scans),
        "event loop blocked by its own work, longest, CPU-ms": max(scan.worked for scan in scans),
        "seconds": statistics.median(scan.seconds for scan in scans),
    }
    return {f"{sources:,} sources unchanged, {name}": figure for name, figure in figures.items()}


def _build(database: Path, site: Site, sources: int) -> None:
    """A database of sources that were all looked at an hour ago and are due."""
    with opened(database, NOW) as app:
        for start in range(0, sources, 1_000):
            app.store.write(partial(_add, site, range(start, min(start + 1_000, sources))))


def _add(site: Site, numbers: range, session: Session) -> None:
    before = NOW - timedelta(hours=1)
    for number in numbers:
        source = session.sources.ensure(SourceKind.FEED, site.url(number), f"Feed {number}")
        poll = Poll(
            next_at=NOW - timedelta(minutes=number % 10),
            succeeded_at=before,
            newest_at=before,
            gap_for=timedelta(minutes=40),
            usual_for=timedelta(hours=2),
            window_for=timedelta(hours=20),
            url=source.location,
            etag=ETAG,
            digest=f"{number:024x}",
            memory=_memory(number),
        )
        session.sources.fetched(source.id, before, Outlook(str(poll), poll.next_at))


def _memory(number: int) -> str:
    """What is remembered of the items shown."""
    chance = Random(number)
    return str(Memory({_mark(chance): _mark(chance) for _ in range(_SHOWN)}))


def _mark(chance: Random) -> str:
    return b64encode(chance.randbytes(6)).decode()


def _scan(before: Path, database: Path, site: Site, *, uv: bool) -> Swept:
    shutil.copyfile(before, database)
    return swept(database, site, NOW, uv=uv)


if __name__ == "__main__":
    import sys

    for name, value in measure(1, *map(int, sys.argv[1:2]), uv="asyncio" not in sys.argv).items():
        print(f"{name}: {value:.3f}")
