"""/healthz and /metrics over HTTP, for this machine unless somebody said otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.core.listening import Listening
from bot.monitor.exposition import Exposition
from bot.monitor.memory import resident
from bot.monitor.watching import Watching

TEXT = "text/plain; version=0.0.4; charset=utf-8"
"""prometheus.io/docs/instrumenting/exposition_formats."""

CLOSED_WITHIN = 1.0
"""Seconds that answers get when the bot stops."""


@asynccontextmanager
async def listening(at: Listening, watching: Watching, version: str) -> AsyncIterator[Listening]:
    """Serves while it is entered, and says where; OSError when the place is taken or not this machine's."""

    async def health(_: web.Request) -> web.Response:
        stalled = await watching.stalls()
        return web.Response(text="".join(f"{line}\n" for line in stalled or ["ok"]), status=503 if stalled else 200)

    async def metrics(_: web.Request) -> web.Response:
        stalled = {line.partition(":")[0] for line in await watching.stalls()}
        holdings, now = await watching.holdings(), watching.now()
        page = Exposition(now, version, holdings, watching.runs, watching.calls, resident(), stalled)
        return web.Response(body=page.text(), headers={"Content-Type": TEXT})

    app = web.Application()
    app.add_routes([web.get("/healthz", health), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSED_WITHIN)
    await runner.setup()
    try:
        site = web.TCPSite(runner, at.host, at.port)
        await site.start()
        yield Listening(at.host, runner.addresses[0][1])
    finally:
        await runner.cleanup()
