"""The bot with every platform that has a token: one process, one event loop, until a signal stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from bot.app import App
from bot.core.errands import Notice
from bot.core.errors import ConfigError
from bot.core.model import Address
from bot.core.ports import Session
from bot.jobs.rounds import Rounds
from bot.jobs.sender import Sender
from bot.scheduler import Scheduler, wall_clock
from bot.showing import shown
from bot.slack import Slack
from bot.telegram import Telegram
from bot.terminal import Terminal, stopped_by_signals

log = logging.getLogger(__name__)

RESTARTED_AFTER = 30.0
"""Seconds after which a platform that failed in a way nobody foresaw is begun again."""


class Platform(Protocol):
    """A chat platform that is served: what it hears goes through dispatch, what is due leaves through its sender."""

    platform: str
    sender: Sender

    @property
    def is_up(self) -> bool:
        """Whether it can be sent to: nothing is claimed for it while it cannot."""

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop` is set; ConfigError when it has no use for its token."""

    async def close(self) -> None:
        """Closes its connections."""


class Serving:
    """Everything on the timetable and every platform; `say` is told in a line what whoever runs it should know."""

    def __init__(self, app: App, say: Callable[[str], None], terminal: Terminal | None = None) -> None:
        self._app = app
        self._say = say
        self._terminal = terminal
        self._network = app.network()
        self._platforms: list[Platform] = []
        if app.settings.telegram_token:
            self._platforms.append(Telegram(app, self._network, say, wall_clock))
        if app.settings.slack_token:
            self._platforms.append(Slack(app, self._network, say, wall_clock))
        self._ended: set[str] = set()

    async def run(self, now: datetime) -> bool:
        """Serves until a signal comes; False when it ended because no platform is left."""
        async with self._network:
            with stopped_by_signals() as stop:
                await asyncio.to_thread(self._app.guard, now)
                await asyncio.to_thread(self._app.caretaker.watermark.begin, now)
                await asyncio.to_thread(self._app.prepare, now)
                await asyncio.to_thread(self._app.begin_sources, now)
                served = await self._serve(stop)
        await asyncio.to_thread(self._app.ran_at, wall_clock())
        return served

    async def _serve(self, stop: asyncio.Event) -> bool:
        rounds = Rounds(self._app.polling(self._network), self._app.settings.scan_for)
        senders = [platform.sender for platform in self._platforms]
        senders += [self._terminal.sender] if self._terminal else []
        deliver = self._app.delivery(senders, self._takes, wall_clock)
        pages = self._app.pages(self._network)
        scheduler = Scheduler(self._app.entries(rounds, pages, deliver))
        scheduler.start()
        talking = asyncio.ensure_future(self._terminal.beside(stop)) if self._terminal else None
        try:
            async with shown(self._app, scheduler.runs, deliver, self._say):
                served = any(await asyncio.gather(*(self._platform(platform, stop) for platform in self._platforms)))
                if talking is not None:
                    served = True
                    await talking
                    await stop.wait()
        finally:
            stop.set()
            deliver.stop()
            self._app.caretaker.stop()
            await scheduler.stop()
            await rounds.stop(wall_clock())
            await pages.stop(wall_clock())
            for platform in self._platforms:
                await platform.close()
        return served

    async def _platform(self, platform: Platform, stop: asyncio.Event) -> bool:
        """Runs the platform until `stop` is set; False when its token is refused."""
        while not stop.is_set():
            try:
                await platform.run(stop)
            except ConfigError as error:
                self._say(str(error))
                await asyncio.to_thread(self._tell_admins, platform.platform, str(error))
                return False
            except Exception:
                log.exception("platform=%s failed", platform.platform)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), RESTARTED_AFTER)
        return True

    def _tell_admins(self, ended: str, reason: str) -> None:
        """The admins on platforms that are still served hear that one is not."""
        self._ended.add(ended)
        served = {platform.platform for platform in self._platforms} - self._ended
        served |= {"terminal"} if self._terminal else set()
        name = ended.capitalize()
        notice = Notice("slack.platform_ended", {"platform": name, "reason": reason.removeprefix(f"{name}: ")})
        now = wall_clock()

        def work(session: Session) -> None:
            for address in sorted(self._app.admins, key=str):
                if address.platform in served:
                    session.outbox.notify(session.chats.ensure(address, now).id, notice, now)

        self._app.store.write(work)

    def _takes(self, address: Address) -> bool:
        """Whether what is due in the chat is ours to send, and can be now."""
        for platform in self._platforms:
            if address.platform == platform.platform:
                return platform.is_up
        return self._terminal is not None and self._terminal.is_ours(address)
