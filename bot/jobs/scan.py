"""Scan: due sources are fetched, all in flight together, and what is new goes into the archive as each one answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.core.arrivals import Burst, burst
from bot.core.errors import SourceError, StoreError, Unreadable
from bot.core.model import POLLED, Article, Fetched, Outlook, Refused, Source, SourceKind
from bot.core.pages import FIRST_LOOK, LATER_LOOK
from bot.core.plan import is_recent
from bot.core.ports import Session, Store
from bot.core.source_ports import Fetcher
from bot.jobs.intake import Intake, Status, Taken

log = logging.getLogger(__name__)

OnDone = Callable[[Source, int], None]
"""Told of a source that is done with, and of how many are still to come."""


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

    `taker` runs what waits for the store: one thread, as what is standing is kept in step by whoever takes in.
    """

    store: Store
    intake: Intake
    fetchers: Mapping[SourceKind, Fetcher]
    taker: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "intake"))
    pages: bool = False

    async def __call__(
        self, now: datetime, names: Sequence[str] = (), *, on_done: OnDone = lambda _source, _left: None
    ) -> Scanned:
        """One pass over every source that is due, or those named, due or not; returns when all are done with.

        A source that fails is recorded and the rest goes on; StoreError is raised when the others are done with.
        """
        sources = await self.sources(now, names)
        scanned, left = Scanned(), len(sources)

        async def one(source: Source) -> None:
            nonlocal left
            try:
                await self.one(source, now, scanned)
            finally:
                left -= 1
                on_done(source, left)

        results = await asyncio.gather(*map(one, sources), return_exceptions=True)
        for problem in results:
            if problem is not None:
                raise problem
        if scanned.taken or scanned.failed or not POLLED.isdisjoint(source.kind for source in sources):
            log.info("scan %s", scanned)
        return scanned

    async def settled(self) -> None:
        """Waits until nothing is being committed."""
        await self._in_turn(list)

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
            outlook = fetcher.failed(source, error, now)
            await self._in_turn(partial(self._record_failure, source, now, str(error), outlook))
        else:
            scanned.fetched += 1
            scanned.refused.extend(fetched.refused)
            scanned.taken.extend(taken)

    async def take(self, source: Source, fetched: Fetched, now: datetime) -> list[Taken]:
        """Commits what was fetched of a source, in turn with others."""
        return await self._in_turn(partial(self._take, source, fetched, now))

    async def _in_turn(self, work: Callable[[], list[Taken]]) -> list[Taken]:
        """Runs in the thread that takes in, one after the other; who stops waiting does not stop it."""
        return await asyncio.get_running_loop().run_in_executor(self.taker, work)

    def _take(self, source: Source, fetched: Fetched, now: datetime) -> list[Taken]:
        """Commits what was fetched; the first fetch of a source never rings."""
        nothing_new = not fetched.articles and fetched.outlook == Outlook(source.state)
        if nothing_new and source.fetched_at is not None and source.problem is None:
            return []
        outlook, burst = self._arrived(source, fetched, now)
        return list(
            self.intake.take(
                fetched.articles,
                source,
                now,
                ring=source.fetched_at is not None,
                pages=self._pages_of(source),
                burst=burst,
                finish=lambda session: session.sources.fetched(source.id, now, outlook),
            )
        )

    def _arrived(self, source: Source, fetched: Fetched, now: datetime) -> tuple[Outlook, Burst | None]:
        """What is kept of the source, with what is usual of it now, and whether this look is a burst.

        Only polled sources are guarded: what a person hands in or puts into a folder is meant to ring.
        """
        since_at = source.fetched_at
        if source.kind not in POLLED or since_at is None:
            return fetched.outlook, None
        recent = [article for article in fetched.articles if is_recent(article.published_at, now)]
        new = self.store.read(lambda session: _unseen(session, recent, source, since_at)) if recent else 0
        found = burst(source.arrivals, new, since_at, now)
        if found is not None:
            log.warning("source=%s burst new=%d usual=%d", source.name, found.new, found.usual)
        return replace(fetched.outlook, arrivals=source.arrivals.after(new, now - since_at)), found

    def _pages_of(self, source: Source) -> int:
        """How many articles' pages may be asked for of one look at a source."""
        if not self.pages or source.kind not in POLLED:
            return 0
        return FIRST_LOOK if source.fetched_at is None else LATER_LOOK

    def _record_failure(self, source: Source, now: datetime, problem: str, outlook: Outlook) -> list[Taken]:
        if problem != source.problem:
            log.warning("source=%s problem=%s", source.name, problem)
        if problem != source.problem or outlook != Outlook(source.state):
            self.store.write(lambda session: session.sources.failed(source.id, now, problem, outlook))
        return []


def _unseen(session: Session, articles: Sequence[Article], source: Source, since_at: datetime) -> int:
    """How many of the articles the archive did not hold then: the same number when a kill has archived some since."""
    found = [session.articles.find(article, source.id) for article in articles]
    return sum(archived is None or archived.first_seen_at > since_at for archived in found)


def _log_refused(source: Source, fetched: Fetched) -> None:
    for refused in fetched.refused:
        log.warning("source=%s refused=%s reason=%s", source.name, refused.id, refused.reason)


def _unexpected(source: Source, problem: Exception) -> SourceError:
    """A fault of ours, told in the log in full and of the source in a line."""
    log.error("source=%s failed unexpectedly", source.name, exc_info=problem)
    return Unreadable(f"failed unexpectedly ({type(problem).__name__}); the log says where")
