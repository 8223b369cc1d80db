"""Pages: articles of which their source told little are read on their own pages, politely, and never waited for."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.core.errors import RateLimited, SourceError, StoreError
from bot.core.model import Article
from bot.core.pages import LEASE_FOR, TRIES, Unread, retry_at
from bot.core.ports import Store
from bot.core.source_ports import PageReader
from bot.jobs.intake import Taken
from bot.jobs.scan import Analyse
from bot.jobs.turns import Turns
from bot.jobs.whole import Whole

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Pages in flight, each on a host of its own: its feeds wait for one page at most."""
A_PASS = 10
"""Pages of one host that a single pass reads, two seconds and more each; the next pass goes on."""
SUMMARY_FOR = timedelta(minutes=1)
HOLD_FOR = timedelta(minutes=5)
"""How long nothing is asked for after the store could not record a page: servers must not pay for our full disk."""

OnRead = Callable[[str, int], None]
"""Told of a host a page of which was dealt with, and of how many pages are still to be read."""


@dataclass
class Reading:
    """What became of pages: texts taken in, pages without more than was known, given up for good, and put off."""

    taken: list[Taken] = field(default_factory=list)
    kept: int = 0
    given_up: int = 0
    postponed: int = 0

    def __bool__(self) -> bool:
        return bool(self.taken or self.kept or self.given_up or self.postponed)

    def __str__(self) -> str:
        alerts = sum(entry.alerts for entry in self.taken)
        return (
            f"read={len(self.taken)} kept={self.kept} given_up={self.given_up} postponed={self.postponed}"
            f" alerts={alerts}"
        )


@dataclass
class Pages:
    """Reads the pages that are due, the newest first, one a host at a time.

    `turns` takes in, one thing after the other, and is shared with scans. Where `enabled` is False pages wait for
    better times. `analyse`, where there is one, tells in another process what language a page is in.
    """

    store: Store
    whole: Whole
    reader: PageReader
    turns: Turns
    enabled: bool = True
    analyse: Analyse | None = None
    _in_flight: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _reading: Reading = field(default_factory=Reading)
    """Since the last summary."""
    _summed_at: datetime | None = None
    _held_until: datetime | None = None

    async def __call__(self, now: datetime) -> None:
        """Begins what is due and returns; of what has ended since the last summary, one line is logged."""
        try:
            self._reap()
            await self._begin(now)
        except StoreError as error:
            self._held_until = now + HOLD_FOR
            log.warning("pages wait until %s: %s", self._held_until, error)
        if self._summed_at is None or now - self._summed_at >= SUMMARY_FOR or not self._in_flight:
            await self._summarise(now)

    async def read(
        self, now: datetime, sources: Collection[int] | None = None, *, on_read: OnRead = lambda _host, _left: None
    ) -> Reading:
        """One pass: what is due now, of these sources or of all, a few pages a host; returns when all have ended."""
        done = Counter[str]()
        while await self._begin(now, [host for host, read in done.items() if read >= A_PASS], sources):
            await asyncio.wait(list(self._in_flight.values()), return_when=asyncio.FIRST_COMPLETED)
            for host in self._reap():
                done[host] += 1
                on_read(host, await asyncio.to_thread(self.store.read, lambda session: session.pages.waiting()))
        reading = self._reading
        await self._summarise(now)
        return reading

    async def stop(self, now: datetime) -> None:
        """Gives up what is in flight, which stays due, and waits for the commit that is under way."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._in_turn(lambda: None)
        await self._summarise(now)

    def _reap(self) -> list[str]:
        """The hosts whose pages have ended since the last time, in flight no more."""
        hosts = [host for host, task in self._in_flight.items() if task.done()]
        for host in hosts:
            del self._in_flight[host]
        return hosts

    async def _begin(self, now: datetime, spent: Collection[str] = (), sources: Collection[int] | None = None) -> int:
        """Begins what there is room for, on hosts that are not spent; returns how many are in flight."""
        room = AT_ONCE - len(self._in_flight)
        if self.enabled and room and (self._held_until is None or now >= self._held_until):
            busy = {*spent, *self._in_flight}
            for unread in await asyncio.to_thread(self._claim, now, room, busy, sources):
                self._in_flight[unread.host] = asyncio.get_running_loop().create_task(self._one(unread, now))
        return len(self._in_flight)

    def _claim(self, now: datetime, room: int, busy: Collection[str], sources: Collection[int] | None) -> list[Unread]:
        """The next pages, ours from now on; the usual pass, with nothing due, only reads and holds up no writer."""
        if not self.store.read(lambda session: session.pages.due(now, busy, sources)):
            return []
        return self.store.write(
            lambda session: session.pages.claim(now, now + LEASE_FOR, room, busy=busy, sources=sources)
        )

    async def _one(self, unread: Unread, now: datetime) -> None:
        """One page, from fetch to commit; whatever goes wrong with it is recorded, or it is due again in a while."""
        try:
            await self._settle(unread, now)
        except asyncio.CancelledError:
            await self._in_turn(partial(self._postpone, unread, now, "", tried=False))
            raise
        except Exception:
            self._held_until = now + HOLD_FOR
            log.exception("article=%d its page could not be recorded", unread.article_id)

    async def _settle(self, unread: Unread, now: datetime) -> None:
        if unread.tries > TRIES:  # whoever tried never came back, which may be the page's doing
            return await self._failed(unread, SourceError("never came to an end"), now)
        try:
            read = await self.reader.read(unread, now)
        except SourceError as error:
            await self._failed(unread, error, now)
        except Exception as problem:
            log.exception("article=%d its page failed unexpectedly", unread.article_id)
            await self._failed(unread, SourceError(f"failed unexpectedly ({type(problem).__name__})"), now)
        else:
            if read.text:
                language = await self._language(unread, read.text)
                await self._in_turn(partial(self._take, unread, read.text, now, language))
            else:
                await self._in_turn(partial(self._give_up, unread, read.reason))
                self._reading.kept += 1
        return None

    async def _failed(self, unread: Unread, error: SourceError, now: datetime) -> None:
        at = retry_at(error, unread, now)
        if at is None:
            await self._in_turn(partial(self._give_up, unread, str(error)))
            self._reading.given_up += 1
            log.info("article=%d page=given up reason=%s", unread.article_id, error)
        else:
            tried = not isinstance(error, RateLimited)
            await self._in_turn(partial(self._postpone, unread, at, str(error), tried=tried))
            self._reading.postponed += 1

    async def _in_turn(self, work: Callable[[], None]) -> None:
        """Runs in the thread that takes in, one after the other; who stops waiting does not stop it."""
        await self.turns.run(work)

    async def _language(self, unread: Unread, text: str) -> str | None:
        """The language of a page whose article's is not known; None where who takes it in is to tell."""
        if self.analyse is None or unread.language is not None:
            return None
        with suppress(SourceError):
            [(document, _)] = await self.analyse([Article("", unread.title, text, "")])
            return document.language
        return None

    def _take(self, unread: Unread, text: str, now: datetime, language: str | None) -> None:
        taken = self.whole.take(unread, text, now, language)
        if taken is not None:
            self._reading.taken.append(taken)

    def _give_up(self, unread: Unread, reason: str) -> None:
        self.store.write(lambda session: session.pages.give_up(unread, reason))

    def _postpone(self, unread: Unread, at: datetime, reason: str, *, tried: bool) -> None:
        self.store.write(lambda session: session.pages.postpone(unread, at, reason, tried=tried))

    async def _summarise(self, now: datetime) -> None:
        self._summed_at = now
        if self._reading:
            waiting = await asyncio.to_thread(self.store.read, lambda session: session.pages.waiting())
            log.info("pages %s waiting=%d", self._reading, waiting)
        self._reading = Reading()
