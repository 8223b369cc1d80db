"""Drains an outbox to a platform on loopback, in processes that are killed at random moments; prints how many kills.

Usage: python -m tests.soak.drain FOLDER URL DELIVERIES KILLS SEED. Processes are forked: imports are paid once.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import ClientSession

from bot.app import App
from bot.config import Settings
from bot.core.model import Address, Article, SourceKind, State
from bot.core.pacing import Rates
from bot.core.ports import Session
from bot.jobs.sender import Sender
from store.database import open_store
from tests.soak.loopback import PLATFORM, HttpMessenger

START = datetime(2026, 3, 10, 9, tzinfo=UTC)
LEASE_OVER = timedelta(minutes=6)
RATES = Rates(overall=30, chat=1, burst=3, in_flight=8)


def opened(folder: Path) -> App:
    """The app on the folder's database."""
    known = Settings(folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset())
    return App(known, open_store(folder / "n.db", now=START))


def prepare(folder: Path, deliveries: int) -> None:
    """A database in which one article is owed to so many chats."""
    app = opened(folder)

    def subscribe(session: Session) -> None:
        for number in range(deliveries):
            chat = session.chats.ensure(Address(PLATFORM, f"chat{number}"), START)
            session.subscriptions.add(
                chat, "frontex", START, cadence="instant", urgent=False, every=False, next_due_at=None
            )

    app.store.write(subscribe)
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    article = Article("1", "Frontex opens an office", "Officials said so on Tuesday.", "Sample Post", language="en")
    list(app.intake.take([article], source, START))
    app.owe(START)
    app.close()


def drain(folder: Path, url: str, generation: int) -> None:
    """Sends what is due, at a time when every earlier process's leases have lapsed."""
    app, begun = opened(folder), time.monotonic()

    def clock() -> datetime:
        return START + generation * LEASE_OVER + timedelta(seconds=time.monotonic() - begun)

    async def send() -> None:
        async with ClientSession() as session:
            sender = Sender(HttpMessenger(url, session, RATES))
            deliver = app.delivery([sender], lambda _: True, clock)
            while waiting(app):
                await deliver(clock())
                await asyncio.sleep(0.05)

    asyncio.run(send())
    app.close()


def waiting(app: App) -> int:
    """How many deliveries have not come to their end."""
    counts = app.store.read(lambda session: session.outbox.counts())
    return sum(number for (_, state), number in counts.items() if state in (State.WAITING, State.LEASED))


def forked(folder: Path, url: str, generation: int) -> int:
    """A process that drains; its id."""
    process = os.fork()
    if process:
        return process
    try:
        drain(folder, url, generation)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def main() -> None:
    """Kills, and lets the last process finish."""
    folder, url = Path(sys.argv[1]), sys.argv[2]
    deliveries, kills, seed = map(int, sys.argv[3:6])
    moments = random.Random(seed)
    prepare(folder, deliveries)
    killed = 0
    mean = 0.6 * deliveries / 30 / kills
    for generation in range(kills):
        process = forked(folder, url, generation)
        time.sleep(0.03 + moments.uniform(0, 2 * mean))
        if os.waitpid(process, os.WNOHANG)[0]:
            break
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        killed += 1
        if killed % 20 == 0:
            print(f"{killed} kills", file=sys.stderr, flush=True)
    if os.waitpid(forked(folder, url, kills), 0)[1]:
        raise SystemExit("the last process failed")
    print(killed)


if __name__ == "__main__":
    main()
