"""Fetching: sources on as many hosts, over TLS, none of them changed since; the server is another process."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import ssl
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import trustme
import uvloop

from bot.sources.web.addresses import parse
from bot.sources.web.answers import Ask, Validators
from bot.sources.web.hosts import AT_ONCE, Gate
from bot.sources.web.http import Client

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SOURCES = 10_000
LISTENERS = tuple(f"127.0.0.{number}" for number in range(1, 33))
ETAG = '"unchanged"'
ANSWER = b'HTTP/1.1 304 Not Modified\r\nETag: "unchanged"\r\nCache-Control: max-age=600\r\nConnection: close\r\n\r\n'
TICK = 0.002
ASKERS, BEGUN = 2 * AT_ONCE, 20
"""Tasks, each of which takes the next host when it is done with one, and how many begin in a round of the event loop:
a task a source would be 60 MB more, and what the garbage collector goes through stops the loop."""
SPAWN = multiprocessing.get_context("spawn")
Swept = tuple[float, float, float, float, float]
"""CPU-seconds, megabytes grown, longest block in milliseconds and in CPU-milliseconds of the loop's thread, seconds."""


def measure(runs: int, sources: int = SOURCES) -> dict[str, float]:
    """Medians of `runs` sweeps over `sources` hosts, each in a fresh process; the longest block is of all runs."""
    with tempfile.TemporaryDirectory() as folder:
        _certify(Path(folder))
        here, there = SPAWN.Pipe()
        server = SPAWN.Process(target=_serve, args=(folder, there), daemon=True)
        server.start()
        ports: list[int] = here.recv()
        try:
            sweeps = [_swept(folder, ports, sources) for _ in range(runs)]
        finally:
            server.terminate()
            server.join()
    cpu, grown, blocked, worked, took = zip(*sweeps, strict=True)
    return {
        f"{sources:,} sources unchanged, CPU-s": statistics.median(cpu),
        f"{sources:,} sources unchanged, CPU-ms a source": statistics.median(cpu) * 1000 / sources,
        f"{sources:,} sources unchanged, memory grown by, MB": statistics.median(grown),
        f"{sources:,} sources unchanged, event loop blocked, longest, ms": max(blocked),
        f"{sources:,} sources unchanged, event loop blocked by its own work, longest, CPU-ms": max(worked),
        f"{sources:,} sources unchanged, seconds": statistics.median(took),
    }


def _certify(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("*.feeds.example").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")


class _Unchanged(asyncio.Protocol):
    """Answers 304 to a question with the right validator, and hangs up on any other."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its class

    def data_received(self, data: bytes) -> None:
        self._head += data
        if self._head.endswith(b"\r\n\r\n") and self._transport is not None:
            if ETAG.encode() in self._head:
                self._transport.write(ANSWER)
            self._transport.close()


def _serve(folder: str, pipe: Connection) -> None:
    """Listens on every loopback address and tells their ports."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(folder) / "server.pem")

    async def run() -> None:
        loop = asyncio.get_running_loop()
        listening = [
            await loop.create_server(_Unchanged, host, 0, ssl=context, backlog=AT_ONCE * 2) for host in LISTENERS
        ]
        pipe.send([each.sockets[0].getsockname()[1] for each in listening])
        await asyncio.Event().wait()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def _swept(folder: str, ports: list[int], sources: int) -> Swept:
    """One sweep in a process of its own."""
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_sweep, args=(folder, ports, sources, there))
    process.start()
    there.close()
    measured: Swept = here.recv()  # EOFError when the process failed
    process.join()
    return measured


def _sweep(folder: str, ports: list[int], sources: int, pipe: Connection) -> None:
    context = ssl.create_default_context(cafile=str(Path(folder) / "authority.pem"))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pipe.send(runner.run(_measured(context, ports, sources)))


async def _measured(context: ssl.SSLContext, ports: list[int], sources: int) -> Swept:
    beats: list[tuple[float, float]] = []
    async with Client("newsbell/bench", Gate(), private=True, resolve=_resolve, context=context) as http:
        urls = _urls(ports, sources)
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        heart = asyncio.ensure_future(_beat(beats))
        async with asyncio.TaskGroup() as group:
            for index in range(ASKERS):
                group.create_task(_asker(http, urls))
                if index % BEGUN == 0:
                    await asyncio.sleep(0)
        heart.cancel()
        after, took = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - started
    blocked = max(later - sooner for (sooner, _), (later, _) in pairwise(beats)) - TICK
    worked = max(later - sooner for (_, sooner), (_, later) in pairwise(beats))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, (after.ru_maxrss - before.ru_maxrss) / 1024, blocked * 1000, worked * 1000, took


def _urls(ports: list[int], sources: int) -> Iterator[str]:
    return (f"https://{index}.feeds.example:{ports[index % len(ports)]}/feed.xml" for index in range(sources))


async def _resolve(host: str, port: int) -> list[str]:
    return [LISTENERS[int(host.partition(".")[0]) % len(LISTENERS)]]


async def _asker(http: Client, urls: Iterator[str]) -> None:
    for url in urls:
        answer = await http.get(url, NOW, Ask(Validators(parse(url).url, ETAG)))
        assert answer.status == 304


async def _beat(beats: list[tuple[float, float]]) -> None:
    while True:
        beats.append((time.perf_counter(), time.thread_time()))
        await asyncio.sleep(TICK)


if __name__ == "__main__":
    import sys

    for name, value in measure(1, *map(int, sys.argv[1:])).items():
        print(f"{name}: {value:.3f}")
