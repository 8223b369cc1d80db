"""run, chat and tick: the commands in which newsbell speaks."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from bot.cli.opening import note, opened, put, settings
from bot.core.errors import ConfigError, Rejected, StoreFull
from bot.core.message import Message, to_text
from bot.core.model import Address
from bot.core.ports import Limits, Messenger
from bot.core.space_told import held
from bot.core.words import ENGLISH
from bot.jobs.pages import Reading
from bot.jobs.scan import Scanned
from handlers.console.messenger import ConsoleMessenger, to_stdout

if TYPE_CHECKING:
    from bot.app import App
    from bot.jobs.deliver import Deliver


def run(arguments: argparse.Namespace) -> int:
    """The bot until it is told to stop; a second one on the same database is refused."""
    from bot.app import LOCAL, TERMINAL
    from bot.ending import ended
    from bot.heap import one_heap
    from bot.loops import on_loop
    from bot.monitor.systemd import Systemd
    from bot.terminal import Terminal
    from store.locks import RunLock

    one_heap()
    given, systemd = settings(arguments), Systemd.of(os.environ, os.getpid())
    if systemd is not None and not given.serves:
        raise ConfigError(
            "a service needs a platform's token: set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN and its other"
        )
    with ExitStack() as stack:
        stack.enter_context(RunLock(given.database))
        app, now = stack.enter_context(opened(arguments, delivers=True))
        local = Address(TERMINAL, LOCAL)
        if not app.settings.serves:
            on_loop(Terminal(app, local).run(now))
            served = True
        else:
            from bot.serving import Serving

            terminal = Terminal(app, local) if arguments.terminal else None
            served = on_loop(Serving(app, note, terminal, systemd).run(now))
    return ended(0 if served else 1)


def chat(arguments: argparse.Namespace) -> int:
    """A terminal chat against the database; with `--at` every word of it is said at that time."""
    from bot.app import TERMINAL
    from bot.terminal import Terminal
    from store.locks import TerminalLock

    address = _address(TERMINAL, arguments.name)
    with ExitStack() as stack:
        app, now = stack.enter_context(opened(arguments))
        stack.enter_context(TerminalLock(app.settings.database, address.chat))
        asyncio.run(Terminal(app, address).chat(now, clock=None if arguments.at is None else lambda: now))
    return 0


def _address(platform: str, name: str) -> Address:
    """The chat of this name; ConfigError when it could not be told from an address's other parts."""
    if not name or len(name) > 64 or any(not (letter.isalnum() or letter in "-_.") for letter in name):
        raise ConfigError(f"--as {name!r}: a name is up to 64 letters, digits, - _ and .")
    return Address(platform, name)


class JsonLines:
    """Prints deliveries as `{"chat", "text"}`, one a line."""

    platform = "terminal"

    def __init__(self, reference: Callable[[], str]) -> None:
        self.limits = Limits()
        self._reference = reference

    async def send(self, address: Address, message: Message) -> str:
        """Prints one delivery."""
        put({"chat": str(address), "text": to_text(message)})
        return self._reference()

    async def edit(self, address: Address, reference: str, message: Message) -> None:  # noqa: ARG002
        """Rejected: what was printed stays as it is."""
        raise Rejected("what was printed stays as it is")


def _printer(as_json: bool) -> Messenger:
    """Prints deliveries of terminal chats that nobody has open, each headed by its chat."""
    from bot.app import TERMINAL

    numbers = count(1)

    def reference() -> str:
        return f"tick-{next(numbers)}"

    if as_json:
        return JsonLines(reference)
    nobody = Address(TERMINAL, "")
    return ConsoleMessenger(
        to_stdout, reference, width=lambda: get_terminal_size((100, 24)).columns, color=False, own=nobody
    )


@dataclass
class Brought:
    """What one pass brings to chats: deliveries owed, messages a platform accepted and messages it did not."""

    app: App
    deliver: Deliver
    now: datetime
    owed: int = 0
    sent: int = 0
    failed: int = 0

    async def all(self) -> tuple[Scanned, Reading]:
        """Scans, delivers, reads pages and delivers what only they told: no alert waits for a page.

        Where there is no room nothing is scanned, and what is due leaves all the same.
        """
        if self.app.caretaker.watermark.cause is not None:
            await self._bring()
            return Scanned(), Reading()
        try:
            scanned, reading = await self.app.scan_all(self.now, between=self._bring)
        except StoreFull as full:
            note(str(full))
            await self._bring()
            return Scanned(), Reading()
        if reading.taken:
            await self._bring()
        return scanned, reading

    async def _bring(self) -> None:
        self.owed += await asyncio.to_thread(self._owe)
        delivered = await self.deliver(self.now)
        self.sent += delivered.sent
        self.failed += delivered.failed

    def _owe(self) -> int:
        while self.app.retag.step():
            pass
        return self.app.owe(self.now)


def tick(arguments: argparse.Namespace) -> int:
    """One pass over everything due; terminal chats that are open elsewhere keep their deliveries."""
    with opened(arguments, delivers=True) as (app, now):
        space = app.caretaker.watermark.begin(now)
        if (reason := held(space, ENGLISH)) is not None:
            note(reason)
        app.prepare(now)
        deliver = app.deliverer(_printer(arguments.json), lambda address: not app.open_elsewhere(address))
        brought = Brought(app, deliver, now)
        scanned, reading = asyncio.run(brought.all())
        app.prune(now)
        while app.caretaker.sweep(now):
            pass
        app.merge()
    totals = {
        "fetched": scanned.fetched,
        "new_articles": scanned.new,
        "matches": sum(entry.alerts for entry in (*scanned.taken, *reading.taken)),
        "deliveries": brought.owed,
        "sent": brought.sent,
        "failed": brought.failed,
        "refused": len(scanned.refused),
        "pages": len(reading.taken),
    }
    if arguments.json:
        put(totals)
    else:
        print("; ".join(f"{name.replace('_', ' ')} {number}" for name, number in totals.items()))
    for source, problem in scanned.failed:
        note(f"{source.name}: {problem}")
    return 0
