"""Looks at the running bot: its timetable, its senders and its store, as figures and as what stalls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.core.errors import StoreError
from bot.core.figures import Due
from bot.core.health import Health, tally
from bot.core.model import POLLED, Kind, State
from bot.core.ports import Session, Store
from bot.core.space import Space
from bot.core.space_told import held
from bot.core.vitals import Calls, Runs
from bot.core.words import ENGLISH
from bot.monitor.health import Pulse, stalls

LOOK_FOR = 5.0
"""Seconds that a look into the store may take until the store itself is what stalls."""

COUNTED_FOR = 300.0
"""Seconds for which what is counted row by row is good enough."""

T = TypeVar("T")

Counts = Mapping[tuple[Kind, State], int]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the store holds, and what of it is owed."""

    articles: int
    matches: int
    subscriptions: int
    queries: int
    deliveries: Counts
    due: list[Due]
    sources: Mapping[Health, int]
    space: Space


@dataclass
class Watching:
    """What a look needs; `now` is the wall clock, and `runs` and `calls` are what jobs and senders count themselves."""

    store: Store
    now: Callable[[], datetime]
    runs: Mapping[str, Runs]
    calls: Mapping[str, Calls]
    space: Callable[[Session], Space] = lambda session: Space(session.figures.room(None))
    _since: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    _settled: Counts = field(default_factory=dict)
    _settled_at: float = float("-inf")
    _looking: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def stalls(self) -> list[str]:
        """A line for each thing that stalls; none when all is well."""
        at = asyncio.get_running_loop().time()
        try:
            source_due_at, unexpanded_since, due, space = await self._read("pulse", self._pulse)
        except (StoreError, TimeoutError) as error:
            return [f"database: it cannot be read ({str(error) or f'no answer within {LOOK_FOR:g} s'})"]
        silent = {name: timedelta(seconds=runs.silent_for(at)) for name, runs in self.runs.items()}
        unaccepted = {
            platform: timedelta(seconds=at - (self._since if calls.accepted_at is None else calls.accepted_at))
            for platform, calls in self.calls.items()
        }
        up_for = timedelta(seconds=at - self._since)
        reason = held(space, ENGLISH)
        return stalls(Pulse(self.now(), up_for, silent, unaccepted, source_due_at, unexpanded_since, due, reason))

    async def holdings(self) -> Holdings | None:
        """What the store holds; None when it cannot be read."""
        at = asyncio.get_running_loop().time()
        try:
            if at - self._settled_at >= COUNTED_FOR:
                self._settled = await self._read("settled", lambda session: session.figures.settled())
                self._settled_at = at
            return await self._read("holdings", self._held)
        except (StoreError, TimeoutError):
            return None

    async def _read(self, what: str, work: Callable[[Session], T]) -> T:
        """What `work` finds; one that does not come back is waited for by all who ask: they do not pile up."""
        looking = self._looking.get(what)
        if looking is None:
            looking = asyncio.ensure_future(asyncio.to_thread(self.store.read, work))
            self._looking[what] = looking
            looking.add_done_callback(lambda ended: self._ended(what, ended))
        found: T = await asyncio.wait_for(asyncio.shield(looking), LOOK_FOR)
        return found

    def _ended(self, what: str, looking: asyncio.Future[Any]) -> None:
        self._looking.pop(what, None)
        if not looking.cancelled():
            looking.exception()  # whoever waited has been told; perhaps nobody does any more

    def _pulse(self, session: Session) -> tuple[datetime | None, datetime | None, list[Due], Space]:
        now = self.now()
        due = session.sources.due(now, POLLED)
        asked = [source.next_at for source in due if source.next_at is not None and source.next_at <= now]
        unexpanded_since, owed = session.figures.unexpanded_since(), session.figures.due(now)
        return min(asked, default=None), unexpanded_since, owed, self.space(session)

    def _held(self, session: Session) -> Holdings:
        return Holdings(
            session.articles.count(),
            session.figures.raised(),
            session.subscriptions.count(),
            session.figures.queries(),
            {**self._settled, **session.figures.open()},
            session.figures.due(self.now()),
            tally(session.sources.all()),
            self.space(session),
        )
