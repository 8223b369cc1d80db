"""One scan of the bot, from the store into the store, in a process of its own, and what it used."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, thread_time

import uvloop

from bot.app import App
from bot.config import Settings
from bot.core.model import POLLED
from bot.jobs.intake import Arrival, Taken, record
from bot.jobs.scan import Scan
from bot.jobs.turns import Turns
from bot.sources.polled import Polled
from bot.sources.web.hosts import Gate
from bot.sources.web.http import Client
from tests.benchmarks.server import SPAWN, Site, resolve
from tests.benchmarks.usage import cpu_seconds, peak_megabytes

_TICK = 0.002


@dataclass(frozen=True)
class Swept:
    """CPU-seconds of all processes, their megabytes at the most, seconds, and the longest block of the event loop.

    The block is in milliseconds, by the clock and as work of the loop's own thread; `new` counts articles.
    """

    cpu: float
    peak: float
    seconds: float
    blocked: float
    worked: float
    fetched: int
    new: int


def swept(database: Path, site: Site, now: datetime, *, uv: bool = True, taking: bool = True) -> Swept:
    """Scans everything that is due, in a fresh process; unless `taking`, only the state of sources is kept."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_sweep, args=(database, site, now, uv, taking, there))
    process.start()
    there.close()
    measured: Swept = here.recv()  # EOFError when the process failed
    process.join()
    return measured


@contextmanager
def opened(database: Path, now: datetime) -> Iterator[App]:
    """The app on a database, without samples and folders; what it refuses is not logged."""
    logging.getLogger("bot").setLevel(logging.ERROR)
    app = App.open(Settings(database, None, None, timedelta(seconds=60), "UTC", frozenset()), now)
    try:
        yield app
    finally:
        app.close()


@asynccontextmanager
async def scanning(app: App, site: Site) -> AsyncIterator[Scan]:
    """The app's scan of polled sources, but for how a host is found and whom its certificate is from."""
    client = Client("newsbell/bench", Gate(), private=True, resolve=resolve, context=site.context())
    async with client as http, app.network() as network:
        yield replace(app.polling(network), fetchers=dict.fromkeys(POLLED, Polled(http, network.read)))


def _sweep(database: Path, site: Site, now: datetime, uv: bool, taking: bool, pipe: Connection) -> None:
    with (
        opened(database, now) as app,
        asyncio.Runner(loop_factory=uvloop.new_event_loop if uv else None) as runner,
    ):
        pipe.send(runner.run(_measured(app, site, now, taking)))


async def _measured(app: App, site: Site, now: datetime, taking: bool) -> Swept:
    beats: list[tuple[float, float]] = []
    async with scanning(app, site) as whole:
        scan = whole if taking else replace(whole, turns=Turns(partial(_only_recorded, app)), analyse=None)
        cpu, start = cpu_seconds(), perf_counter()
        heart = asyncio.ensure_future(_beat(beats))
        scanned = await scan(now)
        took = perf_counter() - start
        heart.cancel()
        cpu, peak = cpu_seconds() - cpu, peak_megabytes()
    assert not scanned.failed, scanned.failed[0]
    blocked = max(later - sooner for (sooner, _), (later, _) in pairwise(beats)) - _TICK
    worked = max(later - sooner for (_, sooner), (_, later) in pairwise(beats))
    return Swept(cpu, peak, took, blocked * 1e3, worked * 1e3, scanned.fetched, scanned.new)


def _only_recorded(app: App, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
    """Leaves the articles out."""
    return record(app.store, arrivals)


async def _beat(beats: list[tuple[float, float]]) -> None:
    while True:
        beats.append((perf_counter(), thread_time()))
        await asyncio.sleep(_TICK)
