"""The terminal as a chat: what is typed goes through dispatch, what is due rings between the lines."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from datetime import datetime
from uuid import uuid4

from bot.app import App
from bot.core.model import Address
from bot.ending import JOBS_WITHIN, stopped_by_signals
from bot.jobs.deliver import Deliver
from bot.jobs.rounds import Rounds
from bot.jobs.sender import Sender
from bot.logs import say
from bot.scheduler import Scheduler, wall_clock
from bot.showing import shown, watching
from bot.timetable import DELIVER_FOR, Entry
from handlers.console.inbound import LEAVE, LINE_LIMIT, lines
from handlers.console.messenger import ConsoleMessenger, to_stdout
from handlers.request import Request
from handlers.task import Task

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Terminal:
    """One terminal session: the chat `address`, on this process's standard input and output."""

    def __init__(self, app: App, address: Address) -> None:
        self._app = app
        self._address = address
        self._interactive = sys.stdin.isatty() and sys.stdout.isatty()
        self._screen = self._messenger()
        ringing = self._ringing = self._messenger(bell="\a" if self._interactive else "")
        self._network = app.network()
        self._later: set[asyncio.Task[None]] = set()
        self._deliver_all = app.deliverer(ringing, self.is_ours)
        self._deliver_own = app.deliverer(ringing, lambda other: other == address)
        self._drain = app.deliverer(ringing, self.is_ours, wall_clock)

    def _messenger(self, bell: str = "") -> ConsoleMessenger:
        """This terminal as a platform: answers come quietly, what is due rings the terminal's bell."""
        return ConsoleMessenger(
            to_stdout,
            lambda: uuid4().hex,
            width=lambda: shutil.get_terminal_size((100, 24)).columns,
            color=self._interactive and "NO_COLOR" not in os.environ,
            own=self._address,
            bell=bell,
        )

    async def run(self, now: datetime) -> None:
        """The bot with this terminal: everything on the timetable, until the input ends or a signal stops it."""
        async with self._network:
            rounds = Rounds(self._app.polling(self._network), self._app.settings.scan_for)
            pages = self._app.pages(self._network)
            look = self._app.caretaker.watermark.gate(self._app.scan)
            with stopped_by_signals() as stop:
                await asyncio.to_thread(self._app.guard, now)
                await asyncio.to_thread(self._app.caretaker.watermark.begin, now)
                await self._open(now)
                await asyncio.to_thread(self._app.begin_sources, now)
                await look(now)
                await self._converse(stop, wall_clock, self._app.entries(rounds, pages, self._drain), shows=True)
                await rounds.stop(wall_clock())
                await pages.stop(wall_clock())
                await look(wall_clock())
                await self._close(wall_clock(), self._deliver_all)

    @property
    def sender(self) -> Sender:
        """Through which what is due rings here while other platforms have the timetable."""
        return Sender(self._ringing)

    async def beside(self, stop: asyncio.Event) -> None:
        """Answers line by line beside other platforms, until the input ends or `stop` is set."""
        async with self._network:
            await self._greet(wall_clock())
            await self._answer_lines(stop, wall_clock)

    async def chat(self, now: datetime, clock: Clock | None) -> None:
        """The chat alone: its own deliveries ring here, nothing is scanned; a given `clock` stands still."""
        entry = Entry("deliver", DELIVER_FOR, lambda at: self._app.deliver(at, self._deliver_own))
        async with self._network:
            with stopped_by_signals() as stop:
                await self._open(now)
                await self._converse(stop, clock or wall_clock, (entry,) if clock is None else ())
                await self._close((clock or wall_clock)(), self._deliver_own)

    async def _open(self, now: datetime) -> None:
        if self._interactive:
            to_stdout("newsbell is opening its archive ...\n")
        await asyncio.to_thread(self._app.prepare, now)
        await self._greet(now)
        if self._interactive:
            to_stdout(f"{LEAVE[0]} or Ctrl-D leaves.\n")

    async def _close(self, now: datetime, deliver: Deliver) -> None:
        """What is due leaves before the terminal closes; second answers that still wait are given up."""
        for later in tuple(self._later):
            later.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)
        await self._app.deliver(now, deliver)
        self._app.ran_at(now)

    async def _converse(
        self, stop: asyncio.Event, clock: Clock, entries: tuple[Entry, ...], *, shows: bool = False
    ) -> None:
        """Answers line by line while the entries run; returns when the input ends or a signal says stop.

        With `shows`, health and metrics are shown meanwhile.
        """
        scheduler = Scheduler(entries)
        scheduler.start()
        try:
            looking = watching(self._app, scheduler.runs, self._drain)
            async with shown(self._app.settings.http, looking, _warn) if shows else nullcontext():
                await self._answer_lines(stop, clock)
        finally:
            self._drain.stop()
            self._app.caretaker.stop()
            await scheduler.stop(JOBS_WITHIN)

    async def _answer_lines(self, stop: asyncio.Event, clock: Clock) -> None:
        async for line in _until(stop, self._typed()):
            if not self._interactive:
                to_stdout(f"> {line}\n")
            await self._say(line, clock())

    async def _greet(self, now: datetime) -> None:
        """Begins as somebody who opens a chat would; that a stranger wants to be let in, they say themselves."""
        admin = self._app.is_admin(self._address)
        hears = await asyncio.to_thread(self._app.hears, self._address, admin)
        await self._say("/start" if hears else "/help", now)

    async def _say(self, text: str, now: datetime) -> None:
        """The answer; a second one is waited for only where the next line could not be typed meanwhile."""
        admin = self._app.is_admin(self._address)
        request = Request(self._address, text, now, admin, self._address.chat, metered=False)
        answer = await asyncio.to_thread(self._app.answer, request)
        await self._screen.send(self._address, answer.message)
        if answer.task is not None:
            later = asyncio.get_running_loop().create_task(self._say_later(answer.task, request))
            self._later.add(later)
            later.add_done_callback(self._later.discard)
            if not self._interactive:
                await asyncio.wait([later])

    async def _say_later(self, task: Task, request: Request) -> None:
        try:
            await self._screen.send(self._address, await self._app.perform(task, request, self._network))
        except Exception:
            log.exception("chat=%s task=failed", self._address)

    def _typed(self) -> AsyncIterator[str]:
        cut = f"a line is read up to {LINE_LIMIT:,} bytes; the rest of this one was dropped"
        return lines(sys.stdin, interactive=self._interactive, verbs=self._app.verbs(), on_cut=lambda: _warn(cut))

    def is_ours(self, address: Address) -> bool:
        """Every terminal chat is ours but those a `chat` has open."""
        return address == self._address or not self._app.open_elsewhere(address)


def _warn(text: str) -> None:
    say(f"newsbell: {text}")


async def _until(stop: asyncio.Event, typed: AsyncIterator[str]) -> AsyncIterator[str]:
    """Yields from `typed` until it ends or `stop` is set; what was yielded is finished either way."""
    stopped = asyncio.ensure_future(stop.wait())
    try:
        while not stop.is_set():
            following = asyncio.ensure_future(anext(typed, None))
            await asyncio.wait({following, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                return
            if (line := following.result()) is None:
                return
            yield line
    finally:
        stopped.cancel()
