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
from bot.monitor.watching import Watching
from bot.scheduler import wall_clock

Say = Callable[[str], None]


def watching(app: App, runs: Mapping[str, Runs], deliver: Deliver) -> Watching:
    """Looks at whatever runs this timetable and this delivery, from now on."""
    calls = {platform: sender.calls for platform, sender in deliver.senders.items()}
    return Watching(app.store, wall_clock, runs, calls, app.caretaker.watermark.look)


@asynccontextmanager
async def shown(at: Listening | None, looking: Watching, say: Say) -> AsyncIterator[None]:
    """They are shown there while it is entered, holding nothing up; a place that is taken is said in a line."""
    showing = None if at is None else asyncio.ensure_future(_show(at, looking, say))
    try:
        yield
    finally:
        if showing is not None:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)


async def _show(at: Listening, looking: Watching, say: Say) -> None:
    await asyncio.to_thread(import_module, "bot.monitor.server")  # it takes a while, and the loop has others
    from bot.monitor.server import listening

    try:
        async with listening(at, looking, version()):
            await asyncio.Event().wait()
    except OSError as error:
        say(f"NEWSBELL_HTTP: nothing is shown at {at} ({error.strerror or error}); name another place, or empty it")
