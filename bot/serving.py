"""The bot with every platform that has a token: one process, one event loop, until a signal stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bot.app import App
from bot.core.errors import ConfigError
from bot.core.model import Address
from bot.jobs.rounds import Rounds
from bot.scheduler import Scheduler, wall_clock
from bot.showing import shown
from bot.telegram import Telegram
from bot.terminal import Terminal, stopped_by_signals

log = logging.getLogger(__name__)

RESTARTED_AFTER = 30.0
"""Seconds after which a platform that failed in a way nobody foresaw is begun again."""


class Serving:
    """Everything on the timetable and every platform; `say` is told in a line what whoever runs it should know."""

    def __init__(self, app: App, say: Callable[[str], None], terminal: Terminal | None = None) -> None:
        self._app = app
        self._say = say
        self._terminal = terminal
        self._network = app.network()
        self._telegram = Telegram(app, self._network, say, wall_clock)

    async def run(self, now: datetime) -> bool:
        """Serves until a signal comes; False when it ended because no platform is left."""
        async with self._network:
            with stopped_by_signals() as stop:
                await asyncio.to_thread(self._app.guard, now)
                await asyncio.to_thread(self._app.prepare, now)
                await asyncio.to_thread(self._app.begin_sources, now)
                served = await self._serve(stop)
        await asyncio.to_thread(self._app.ran_at, wall_clock())
        return served

    async def _serve(self, stop: asyncio.Event) -> bool:
        rounds = Rounds(self._app.polling(self._network), self._app.settings.scan_for)
        senders = [self._telegram.sender, *([self._terminal.sender] if self._terminal else [])]
        deliver = self._app.delivery(senders, self._takes, wall_clock)
        pages = self._app.pages(self._network)
        scheduler = Scheduler(self._app.entries(rounds, pages, deliver))
        scheduler.start()
        talking = asyncio.ensure_future(self._terminal.beside(stop)) if self._terminal else None
        try:
            async with shown(self._app, scheduler.runs, deliver, self._say):
                served = await self._platform(stop)
                if talking is not None:
                    served = True
                    await talking
                    await stop.wait()
        finally:
            stop.set()
            deliver.stop()
            await scheduler.stop()
            await rounds.stop(wall_clock())
            await pages.stop(wall_clock())
            await self._telegram.close()
        return served

    async def _platform(self, stop: asyncio.Event) -> bool:
        """Runs Telegram until `stop` is set; False when its token is refused."""
        while not stop.is_set():
            try:
                await self._telegram.run(stop)
            except ConfigError as error:
                self._say(str(error))
                return False
            except Exception:
                log.exception("platform=%s failed", self._telegram.platform)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RESTARTED_AFTER)
        return True

    def _takes(self, address: Address) -> bool:
        """Whether what is due in the chat is ours to send, and can be now."""
        if address.platform == self._telegram.platform:
            return self._telegram.is_up
        return self._terminal is not None and self._terminal.is_ours(address)
