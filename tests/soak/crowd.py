"""A crowd types commands while a backlog drains: `newsbell run` against a strict Bot API server; prints JSON figures.

Usage: python -m tests.soak.crowd FOLDER BACKLOG PEOPLE SECONDS
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.core.model import Address, Article, SourceKind
from bot.core.ports import Session
from bot.scheduler import wall_clock
from tests.botapi.people import People
from tests.botapi.server import BotApi, serving
from tests.soak.drain import opened

ROOT = Path(__file__).parent.parent.parent
READERS, TYPISTS = 1_000_000, 500
"""The first numbers of chats that are owed something, and of those that type."""

TYPED = ("/search kosovo", "/topics", "/subscribe migration", "/subscriptions", "/status", "/settings", "/start")
PATIENCE = 60.0
"""Seconds until an answer counts as none."""


def prepare(folder: Path, backlog: int) -> None:
    """A database in which a story is owed to so many Telegram chats now."""
    app, now = opened(folder), wall_clock()

    def subscribe(session: Session, numbers: range) -> None:
        for number in numbers:
            chat = session.chats.ensure(Address("telegram", str(READERS + number)), now)
            session.subscriptions.add(
                chat, "frontex", now, cadence="instant", urgent=False, every=False, next_due_at=None
            )

    for first in range(0, backlog, 1_000):
        app.store.write(partial(subscribe, numbers=range(first, min(first + 1_000, backlog))))
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    article = Article("1", "Frontex opens an office", "Officials said so on Tuesday.", "Sample Post", language="en")
    list(app.intake.take([article], source, now))
    app.owe(now)
    app.close()


@asynccontextmanager
async def running(folder: Path, api: BotApi) -> AsyncIterator[None]:
    """The bot as anybody starts it."""
    settings = {
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "NEWSBELL_DATABASE": str(folder / "n.db"),
        "NEWSBELL_FOLDER": "",
        "NEWSBELL_HTTP": "",
        "NEWSBELL_SOURCES": "",
        "NEWSBELL_SEED_ARTICLES": str(ROOT / "seeds" / "articles"),
    }
    command = (sys.executable, "-m", "bot", "run")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env={**os.environ, **settings})
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def crowd(folder: Path, people: int, seconds: float) -> dict[str, float]:
    """What became of so many people who each type a command within so many seconds."""
    loop, moments = asyncio.get_running_loop(), random.Random(1)
    api = BotApi(clock=loop.time)
    asked: dict[int, float] = {}

    async def types(chat: int) -> None:
        await asyncio.sleep(moments.uniform(0, seconds))
        asked[chat] = loop.time()
        await crowded.says(moments.choice(TYPED), chat)

    async with serving(api), running(folder, api):
        crowded = People(api)
        await api.until(lambda: len(api.shown) >= 60, 60)
        begun, before = loop.time(), len(api.shown)
        await asyncio.gather(*(types(TYPISTS + number) for number in range(people)))
        await api.until(lambda: asked.keys() <= {shown.chat for shown in api.shown[before:]}, PATIENCE)
        ended, shown = loop.time(), api.shown[before:]
    waits = sorted(min(s.at for s in shown if s.chat == chat) - at for chat, at in asked.items())
    return {
        "answered": len(waits),
        "p50": waits[len(waits) // 2],
        "p99": waits[int(len(waits) * 0.99)],
        "longest": waits[-1],
        "delivered": sum(s.chat >= READERS for s in shown),
        "seconds": ended - begun,
        "accepted": len(shown),
        "refused": api.refused,
        "violations": len(api.violations),
    }


if __name__ == "__main__":
    place, owed, typists, within = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    prepare(place, owed)
    print(json.dumps(asyncio.run(crowd(place, typists, within))))
