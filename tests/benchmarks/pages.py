"""Articles' pages, from the queue to the archive: on as many hosts, of real size; the server is another process."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

from bot.app import App, network_of
from bot.config import Settings
from bot.core.model import Article, SourceKind
from bot.core.pages import newest
from bot.jobs.intake import Arrival, batched
from bot.jobs.pages import Pages
from bot.jobs.whole import Whole
from bot.sources.pages import ArticlePages
from bot.sources.web.hosts import Gate
from bot.sources.web.http import Client
from bot.sources.web.robots import Robots
from tests.benchmarks.workload import articles

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
PAGES = 600
SUMMARY = 200
"""Characters that a source tells of an article."""
AROUND = (
    "<nav>" + "".join(f"<a href='/s/{number}'>Section {number}</a>" for number in range(120)) + "</nav>",
    "<script>" + "window.dataLayer.push({event: 'view', sampled: true});" * 1_500 + "</script>",
    "<aside>"
    + "".join(
        f"<div class='teaser'><a href='/t/{n}'><h3>Another story of the day {n}</h3></a></div>" for n in range(80)
    )
    + "</aside>",
)
"""What pages hold beside their article: about 100 kB."""
TICK = 0.002
SPAWN = multiprocessing.get_context("spawn")


def measure(runs: int, pages: int = PAGES) -> dict[str, float]:
    """Medians of `runs` passes over a queue of so many pages, their robots.txt included; longest blocks are of all."""
    here, there = SPAWN.Pipe()
    server = SPAWN.Process(target=_serve, args=(there, pages), daemon=True)
    server.start()
    port: int = here.recv()
    try:
        passes = [_passed(port, pages) for _ in range(runs)]
    finally:
        server.terminate()
        server.join()
    return {
        name: (max if "longest" in name else statistics.median)(each[name] for each in passes) for name in passes[0]
    }


def _passed(port: int, pages: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder), port, pages))


def html(article: Article) -> bytes:
    """The article's page."""
    body = "".join(f"<p>{escape(line)}</p>" for line in article.text.split("\n") if line.strip())
    nav, script, aside = AROUND
    return (
        f"<html lang='{article.language or 'en'}'><head><meta charset='utf-8'><title>{escape(article.title)}</title>"
        f"{script}</head><body>{nav}<main><article><h1>{escape(article.title)}</h1>{body}</article></main>{aside}"
        "</body></html>"
    ).encode()


def _articles(pages: int) -> list[Article]:
    return [article for article in articles(7) if len(article.text) > 5 * SUMMARY][:pages]


def _serve(pipe: Connection, pages: int) -> None:
    """Serves the pages, each host's robots.txt a 404, and tells its port."""
    bodies = {f"/{number}": html(article) for number, article in enumerate(_articles(pages))}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
        body = bodies.get(path)
        status = "200 OK" if body else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body or b'')}\r\n\r\n"
        writer.write(head.encode() + (body or b""))
        await writer.drain()
        writer.close()

    async def run() -> None:
        listening = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(listening.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())


async def _resolve(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def _measured(folder: Path, port: int, pages: int) -> dict[str, float]:
    settings = Settings(folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset(), fetch_private=True)
    app = App.open(settings, NOW)
    _queue(app, port, pages)
    gc.collect()
    gc.freeze()  # what the benchmark itself holds, the corpus above all, is none of the collector's business
    beats: list[tuple[float, float]] = []
    before, started = _cpu(), time.perf_counter()
    gate = Gate(gap_for=timedelta(0))
    async with Client("newsbell/bench", gate, private=True, resolve=_resolve) as http, network_of(settings) as network:
        reader = ArticlePages(http, Robots(http), network.extract)
        heart = asyncio.ensure_future(_beat(beats))
        reading = await Pages(app.store, Whole(app.intake), reader, app.scan.turns).read(NOW)
        heart.cancel()
    took, after = time.perf_counter() - started, _cpu()
    app.close()
    gc.unfreeze()
    read, pairs = len(reading.taken), list(pairwise(beats))
    assert read > 0.9 * pages, reading
    return {
        "pages read and archived, a CPU-second": read / (after - before),
        "pages read and archived, a second": read / took,
        "pages: event loop blocked, longest, ms": 1000
        * (max(later - sooner for (sooner, _), (later, _) in pairs) - TICK),
        "pages: event loop blocked by its own work, longest, CPU-ms": 1000
        * max(later - sooner for (_, sooner), (_, later) in pairs),
    }


def _queue(app: App, port: int, pages: int) -> None:
    """Takes the articles in as a source tells them, each on a host of its own, their pages to be read."""
    told = [
        replace(
            article,
            guid=str(number),
            text=article.text[:SUMMARY],
            url=f"http://h{number}.pages.example:{port}/{number}",
            published_at=NOW - timedelta(seconds=number),
        )
        for number, article in enumerate(_articles(pages))
    ]
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.FEED, "https://x.example/", "Wire"))
    for part in batched(Arrival(source, told, NOW, unread=newest(told, pages))):
        app.intake.commit([part])


def _cpu() -> float:
    """CPU-seconds of this process and of its workers that have ended."""
    ours, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + workers.ru_utime + workers.ru_stime


async def _beat(beats: list[tuple[float, float]]) -> None:
    while True:
        beats.append((time.perf_counter(), time.thread_time()))
        await asyncio.sleep(TICK)


if __name__ == "__main__":
    import sys

    for name, value in measure(1, *map(int, sys.argv[1:])).items():
        print(f"{name}: {value:.3f}")
