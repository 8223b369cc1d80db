"""Drains an outbox to a platform on loopback while people ask for answers; prints the seconds each answer took.

Usage: python -m tests.soak.rush FOLDER URL
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

from aiohttp import ClientSession

from bot.app import App
from bot.core.message import Message, line
from bot.core.model import Address
from bot.core.pacing import TELEGRAM
from bot.jobs.sender import Sender
from bot.scheduler import wall_clock
from tests.soak.drain import opened, waiting
from tests.soak.loopback import PLATFORM, HttpMessenger

ASKED_EVERY = 0.5
"""Seconds between two answers people ask for, on average."""


async def rush(folder: Path, url: str) -> list[float]:
    """Seconds each answer took that was asked for while the outbox drained."""
    app = opened(folder)
    async with ClientSession() as session:
        sender = Sender(HttpMessenger(url, session, TELEGRAM))
        drained = asyncio.ensure_future(_drain(app, sender))
        waits = await _ask(sender, drained)
        await drained
    await asyncio.to_thread(app.close)
    return waits


async def _drain(app: App, sender: Sender) -> None:
    """Passes as the timetable makes them, until nothing is left."""
    deliver = app.delivery([sender], lambda _: True, wall_clock)
    while await asyncio.to_thread(waiting, app):
        await deliver(wall_clock())
        await asyncio.sleep(0.1)


async def _ask(sender: Sender, drained: asyncio.Future[None]) -> list[float]:
    """People ask at random moments until the outbox is drained."""
    moments, waits = random.Random(1), list[float]()
    while not drained.done():
        await asyncio.wait([drained], timeout=moments.uniform(0, 2 * ASKED_EVERY))
        start = time.perf_counter()
        await sender.answer(Address(PLATFORM, f"asking{len(waits)}"), Message((line("here you are"),)))
        waits.append(time.perf_counter() - start)
        if len(waits) % 20 == 0:
            print(f"{len(waits)} answered", file=sys.stderr, flush=True)
    return waits


if __name__ == "__main__":
    print(json.dumps(asyncio.run(rush(Path(sys.argv[1]), sys.argv[2]))))
