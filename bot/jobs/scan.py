"""Scan: due sources are fetched and what is new goes into the archive, one source after the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.errors import SourceError
from bot.core.model import Fetched, Refused, Source, SourceKind
from bot.core.ports import Fetcher, Store
from bot.jobs.intake import Intake, Status, Taken

log = logging.getLogger(__name__)


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


@dataclass(frozen=True)
class Scan:
    """Fetches sources of the kinds it has a fetcher for."""

    store: Store
    intake: Intake
    fetchers: Mapping[SourceKind, Fetcher]

    async def __call__(self, now: datetime, names: Sequence[str] = ()) -> Scanned:
        """One pass over every source, or those named; a source that fails is recorded and the rest goes on."""
        scanned = Scanned()
        for source in await asyncio.to_thread(self.store.read, lambda session: session.sources.all()):
            if source.kind in self.fetchers and (not names or source.name in names or source.location in names):
                await self._scan(source, now, scanned)
        return scanned

    async def _scan(self, source: Source, now: datetime, scanned: Scanned) -> None:
        try:
            fetched = await self.fetchers[source.kind].fetch(source, now)
        except SourceError as error:
            scanned.failed.append((source, str(error)))
            await asyncio.to_thread(self._record_failure, source, now, str(error))
            return
        scanned.fetched += 1
        scanned.refused.extend(fetched.refused)
        for refused in fetched.refused:
            log.warning("source=%s refused=%s reason=%s", source.name, refused.id, refused.reason)
        scanned.taken.extend(await asyncio.to_thread(self._take, source, fetched, now))

    def _take(self, source: Source, fetched: Fetched, now: datetime) -> list[Taken]:
        """Commits what was fetched; the first fetch of a source never rings."""
        nothing_new = not fetched.articles and fetched.state == source.state
        if nothing_new and source.fetched_at is not None and source.problem is None:
            return []
        return list(
            self.intake.take(
                fetched.articles,
                source,
                now,
                ring=source.fetched_at is not None,
                finish=lambda session: session.sources.fetched(source.id, now, fetched.state),
            )
        )

    def _record_failure(self, source: Source, now: datetime, problem: str) -> None:
        if problem != source.problem:
            log.warning("source=%s problem=%s", source.name, problem)
            self.store.write(lambda session: session.sources.failed(source.id, now, problem))
