"""Health and metrics of whatever runs the timetable, shown where the settings say."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module

from bot.app import App, version
from bot.core.listening import Listening
from bot.core.vitals import Runs
from bot.jobs.deliver import Deliver
from bot.scheduler import wall_clock

Say = Callable[[str], None]


@asynccontextmanager
async def shown(app: App, runs: Mapping[str, Runs], deliver: Deliver, say: Say) -> AsyncIterator[None]:
    """They are shown while it is entered, and holding nothing up; a place that is taken is said in a line."""
    at = app.settings.http
    showing = None if at is None else asyncio.ensure_future(_show(at, app, runs, deliver, say))
    try:
        yield
    finally:
        if showing is not None:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)


async def _show(at: Listening, app: App, runs: Mapping[str, Runs], deliver: Deliver, say: Say) -> None:
    await asyncio.to_thread(import_module, "bot.monitor.server")  # it takes a while, and the loop has others
    from bot.monitor.server import listening
    from bot.monitor.watching import Watching

    calls = {platform: sender.calls for platform, sender in deliver.senders.items()}
    try:
        watching = Watching(app.store, wall_clock, runs, calls, app.caretaker.watermark.look)
        async with listening(at, watching, version()):
            await asyncio.Event().wait()
    except OSError as error:
        say(f"NEWSBELL_HTTP: nothing is shown at {at} ({error.strerror or error}); name another place, or empty it")
