"""Scan: due sources are fetched, many in flight together; what is new goes into the archive as each one answers."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from bot.core.arrivals import Burst, burst
from bot.core.collector import collector_sparing
from bot.core.errors import SourceError, StoreError, Unreadable
from bot.core.model import POLLED, Article, Fetched, Outlook, Refused, Source, SourceKind
from bot.core.pages import FIRST_LOOK, LATER_LOOK, newest
from bot.core.plan import is_recent
from bot.core.ports import Session, Store
from bot.core.source_ports import Fetcher
from bot.jobs.intake import Arrival, Status, Taken, batched
from bot.jobs.turns import Turns
from bot.matching.analysis import Analysis

log = logging.getLogger(__name__)

OnDone = Callable[[Source, int], None]
"""Told of a source that is done with, and of how many are still to come."""

Analyse = Callable[[Sequence[Article]], Awaitable[Sequence[Analysis]]]
"""Takes articles apart as `bot.matching.analysis` does, in another process; raises SourceError when that fails."""

WORKERS = 400
"""Hosts whose queues are worked off at once: twice as many as are asked at once, as some wait for their turn. A task a
source would be 60 MB more for ten thousand."""

BEGUN = 20
"""Of them in a round of the event loop."""


@dataclass
class Scanned:
    """What a scan did: sources fetched, what became of their articles, what was refused, and sources that failed."""

    fetched: int = 0
    taken: list[Taken] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    failed: list[tuple[Source, str]] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many articles were new."""
        return sum(entry.status is Status.NEW for entry in self.taken)

    def add(self, other: Scanned) -> None:
        """Counts what another scan did as done by this one."""
        self.fetched += other.fetched
        self.taken.extend(other.taken)
        self.refused.extend(other.refused)
        self.failed.extend(other.failed)

    def __str__(self) -> str:
        changed = sum(entry.status is Status.UPDATED for entry in self.taken)
        alerts = sum(entry.alerts for entry in self.taken)
        return (
            f"fetched={self.fetched} failed={len(self.failed)} new={self.new} updated={changed}"
            f" refused={len(self.refused)} alerts={alerts}"
        )


@dataclass(frozen=True)
class Scan:
    """Fetches sources of the kinds it has a fetcher for; `pages` tells whether polled articles' pages are asked for.

    `turns` commits, as one thread, since what is standing is kept in step by whoever takes in. `analyse` takes large
    looks apart elsewhere, so that they keep nobody waiting here; where it fails that is done here.
    """

    store: Store
    turns: Turns
    fetchers: Mapping[SourceKind, Fetcher]
    analyse: Analyse | None = None
    pages: bool = False

    async def __call__(
        self, now: datetime, names: Sequence[str] = (), *, on_done: OnDone = lambda _source, _left: None
    ) -> Scanned:
        """One pass over every source that is due, or those named, due or not; returns when all are done with.

        A source that fails is recorded and the rest goes on; StoreError is raised when the others are done with.
        """
        sources = await self.sources(now, names)
        scanned, polled = Scanned(), not POLLED.isdisjoint(source.kind for source in sources)
        pass_ = _Pass(self, now, scanned, on_done, len(sources), await asyncio.to_thread(by_host, sources))
        del sources  # each is let go of when it is done with
        with collector_sparing():
            await pass_.run()
        if pass_.problems:
            raise pass_.problems[0]
        if scanned.taken or scanned.failed or polled:
            log.info("scan %s", scanned)
        return scanned

    async def settled(self) -> None:
        """Waits until nothing is being committed."""
        await self.turns.settled()

    async def sources(self, now: datetime, names: Sequence[str] = ()) -> list[Source]:
        """The sources of our kinds that are due, or all of those that have one of these names or locations."""
        if not names:
            return await asyncio.to_thread(self.store.read, lambda session: session.sources.due(now, self.fetchers))
        found = await asyncio.to_thread(
            self.store.read, lambda session: [source for name in names for source in session.sources.named(name)]
        )
        return list({source.id: source for source in found if source.kind in self.fetchers}.values())

    async def one(self, source: Source, now: datetime, scanned: Scanned) -> None:
        """One source, from fetch to commit; whatever goes wrong with it is logged and recorded, but for StoreError."""
        fetcher = self.fetchers[source.kind]
        try:
            fetched = await fetcher.fetch(source, now)
            _log_refused(source, fetched)
            taken = await self.take(source, fetched, now)
        except StoreError:
            raise
        except Exception as problem:
            error = problem if isinstance(problem, SourceError) else _unexpected(source, problem)
            scanned.failed.append((source, str(error)))
            await self._record_failure(source, now, str(error), fetcher.failed(source, error, now))
        else:
            scanned.fetched += 1
            scanned.refused.extend(fetched.refused)
            scanned.taken.extend(taken)

    async def take(self, source: Source, fetched: Fetched, now: datetime) -> list[Taken]:
        """Commits what was fetched, in turn with others; the first fetch of a source never rings."""
        nothing_new = not fetched.articles and fetched.outlook == Outlook(source.state)
        if nothing_new and source.fetched_at is not None and source.problem is None:
            return []

        outlook, burst = await self._arrived(source, fetched, now)
        arrival = Arrival(
            source,
            fetched.articles,
            now,
            ring=source.fetched_at is not None,
            finish=lambda session: session.sources.fetched(source.id, now, outlook),
            unread=newest(fetched.articles, self._pages_of(source)),
            burst=burst,
        )
        taken: list[Taken] = []
        for part in batched(arrival):
            taken += await self.turns.take(await self._analysed(part))
        return taken

    async def _arrived(self, source: Source, fetched: Fetched, now: datetime) -> tuple[Outlook, Burst | None]:
        """What is kept of the source, with what is usual of it now, and whether this look is a burst.

        Only polled sources are guarded: what a person hands in or puts into a folder is meant to ring.
        """
        since_at = source.fetched_at
        if source.kind not in POLLED or since_at is None:
            return fetched.outlook, None
        recent = [article for article in fetched.articles if is_recent(article.published_at, now)]
        new = await asyncio.to_thread(self._unseen, recent, source, since_at) if recent else 0
        found = burst(source.arrivals, new, since_at, now)
        if found is not None:
            log.warning("source=%s burst new=%d usual=%d", source.name, found.new, found.usual)
        return replace(fetched.outlook, arrivals=source.arrivals.after(new, now - since_at)), found

    def _pages_of(self, source: Source) -> int:
        """How many articles' pages may be asked for of one look at a source."""
        if not self.pages or source.kind not in POLLED:
            return 0
        return FIRST_LOOK if source.fetched_at is None else LATER_LOOK

    def _unseen(self, articles: Sequence[Article], source: Source, since_at: datetime) -> int:
        return self.store.read(lambda session: _count_unseen(session, articles, source, since_at))

    async def _analysed(self, arrival: Arrival) -> Arrival:
        """The arrival with its articles taken apart where the models of languages are, which are not held twice."""
        if self.analyse is None or not arrival.articles:
            return arrival
        try:
            return replace(arrival, analyses=await self.analyse(arrival.articles))
        except SourceError as problem:
            log.warning("source=%s analysed here: %s", arrival.source.name, problem)
            return arrival

    async def _record_failure(self, source: Source, now: datetime, problem: str, outlook: Outlook) -> None:
        if problem != source.problem:
            log.warning("source=%s problem=%s", source.name, problem)
        elif outlook == Outlook(source.state):
            return

        def finish(session: Session) -> None:
            session.sources.failed(source.id, now, problem, outlook)

        await self.turns.take(Arrival(source, (), now, finish=finish))


@dataclass
class _Pass:
    """One pass over queues of sources, worked off by so many tasks; `problems` are what could not be recorded."""

    scan: Scan
    now: datetime
    scanned: Scanned
    on_done: OnDone
    left: int
    queues: deque[deque[Source]]
    problems: list[Exception] = field(default_factory=list)

    async def run(self) -> None:
        """Works everything off; a few tasks begin in a round of the event loop, as all at once would hold it up."""
        async with asyncio.TaskGroup() as group:
            for number in range(min(len(self.queues), WORKERS)):
                group.create_task(self._work())
                if number % BEGUN == 0:
                    await asyncio.sleep(0)

    async def _work(self) -> None:
        while self.queues:
            queue = self.queues.popleft()
            while queue:
                await self._one(queue.popleft())

    async def _one(self, source: Source) -> None:
        try:
            await self.scan.one(source, self.now, self.scanned)
        except Exception as problem:
            self.problems.append(problem)
        finally:
            self.left -= 1
            self.on_done(source, self.left)


def by_host(sources: Sequence[Source]) -> deque[deque[Source]]:
    """The sources in queues of a host each, longest queues first: a host is asked for one thing at a time anyhow."""
    queues: dict[str, deque[Source]] = {}
    for source in sources:
        queues.setdefault(urlsplit(source.location).netloc or source.location, deque()).append(source)
    return deque(sorted(queues.values(), key=len, reverse=True))


def _count_unseen(session: Session, articles: Sequence[Article], source: Source, since_at: datetime) -> int:
    """How many of the articles the archive did not hold then: the same number when a kill has archived some since."""
    session.articles.expect([(article, source.id) for article in articles])
    found = [session.articles.find(article, source.id) for article in articles]
    return sum(archived is None or archived.first_seen_at > since_at for archived in found)


def _log_refused(source: Source, fetched: Fetched) -> None:
    for refused in fetched.refused:
        log.warning("source=%s refused=%s reason=%s", source.name, refused.id, refused.reason)


def _unexpected(source: Source, problem: Exception) -> SourceError:
    """A fault of ours, told in the log in full and of the source in a line."""
    log.error("source=%s failed unexpectedly", source.name, exc_info=problem)
    return Unreadable(f"failed unexpectedly ({type(problem).__name__}); the log says where")
