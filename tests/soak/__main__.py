"""Long runs with faults, a few minutes in all: `python -m tests.soak`, which is `make soak`; exit code 1 on a miss.

Kills: 200 times `kill -9` over 2,000 deliveries. Rate: 2,000 deliveries in real time to a server that enforces 30
messages a second, while people ask for answers.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession

from bot.core.message import Message, line
from bot.core.model import Address
from bot.core.pacing import TELEGRAM
from bot.jobs.deliver import Delivered
from bot.jobs.sender import Sender
from bot.scheduler import wall_clock
from tests.soak.drain import opened, prepare
from tests.soak.loopback import PLATFORM, HttpMessenger, Server, serving
from tests.strict import Enforcer

ROOT = Path(__file__).parent.parent.parent
DELIVERIES, KILLS = 2_000, 200
PERMITTED = 30.0
"""Messages a second the server permits."""
ASKED_EVERY = 0.5
"""Seconds between two answers people ask for, on average."""


def kills() -> bool:
    """Nothing is lost however often the process dies, and at most one message a kill comes again."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"kills: {DELIVERIES:,} deliveries, {KILLS} kills, seed {seed} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder, serving(Server()) as server:
        arguments = [folder, server.url, str(DELIVERIES), str(KILLS), str(seed)]
        command = [sys.executable, "-m", "tests.soak.drain", *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=1_500)
    if done.returncode:
        return False
    killed, arrived = int(done.stdout), server.per_chat()
    repeats = arrived.total() - len(arrived)
    print(f"kills: {killed} kills; {len(arrived):,} of {DELIVERIES:,} arrived, {repeats} came twice")
    return len(arrived) == DELIVERIES and repeats <= killed and killed >= KILLS * 0.9


def rate() -> bool:
    """A backlog drains at the permitted rate and commands are answered at once all the while."""
    print(f"rate: {DELIVERIES:,} deliveries to a server that permits {PERMITTED:g} a second ...", flush=True)
    with tempfile.TemporaryDirectory() as folder, serving(Server(enforcer=Enforcer())) as server:
        prepare(Path(folder), DELIVERIES)
        waits = asyncio.run(_drain(Path(folder), server))
    first, last = server.accepted[0][0], server.accepted[-1][0]
    reached = (len(server.accepted) - 1) / (last - first) / PERMITTED
    slowest = statistics.quantiles(waits, n=100)[98] * 1e3
    delivered = sum(chat.startswith("chat") for _, chat, _ in server.accepted)
    print(
        f"rate: {delivered:,} delivered and {len(waits)} answered in {last - first:.1f} s, {reached:.1%} of what is "
        f"permitted, {server.refused} refused; answers took {slowest:.0f} ms (p99)"
    )
    return delivered == DELIVERIES and reached >= 0.95 and server.refused <= 2 and slowest <= 300


async def _drain(folder: Path, server: Server) -> list[float]:
    """Seconds each answer took that was asked for while the outbox drained."""
    app = opened(folder)
    async with ClientSession() as session:
        sender = Sender(HttpMessenger(server.url, session, replace(TELEGRAM, chat=1)))
        deliver = app.delivery([sender], lambda _: True)
        drained = asyncio.ensure_future(deliver(wall_clock()))
        waits = await _ask(sender, drained, server)
        await drained
    await asyncio.to_thread(app.close)
    return waits


async def _ask(sender: Sender, drained: asyncio.Future[Delivered], server: Server) -> list[float]:
    """People ask at random moments until the outbox is drained."""
    moments, waits, asked = random.Random(1), [], 0
    while not drained.done():
        await asyncio.wait([drained], timeout=moments.uniform(0, 2 * ASKED_EVERY))
        asked += 1
        start = time.perf_counter()
        await sender.answer(Address(PLATFORM, f"asking{asked}"), Message((line("here you are"),)))
        waits.append(time.perf_counter() - start)
        if asked % 20 == 0:
            print(f"rate: {len(server.accepted):,} sent", file=sys.stderr, flush=True)
    return waits


def main() -> int:
    """Both runs."""
    held = {name: run() for name, run in (("rate", rate), ("kills", kills))}
    for name, well in held.items():
        print(f"{'ok ' if well else 'BAD'}  {name}")
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
