"""The ports of sources: who fetches them, and who remembers them. Every method of Sources may raise StoreError."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.core.errors import SourceError
from bot.core.model import Fetched, Outlook, Source, SourceKind


class Fetcher(Protocol):
    """Reads one kind of source; raises SourceError."""

    async def fetch(self, source: Source, now: datetime) -> Fetched:
        """Everything the source shows now that its state does not already know."""

    def failed(self, source: Source, error: SourceError, now: datetime, /) -> Outlook:
        """What is kept of the source after a fetch that failed."""


class Sources(Protocol):
    """Where articles come from."""

    def ensure(self, kind: SourceKind, location: str, name: str) -> Source:
        """The source at this location, made when it is not there yet; one that was removed begins anew."""

    def at(self, kind: SourceKind, location: str) -> Source | None: ...

    def all(self) -> list[Source]:
        """Every source that was not removed, in the order they were added."""

    def due(self, now: datetime, kinds: Iterable[SourceKind]) -> list[Source]:
        """Enabled sources of these kinds that are due, longest overdue first; `next_at` too far off is damage: due."""

    def named(self, name: str) -> list[Source]:
        """The sources of this name, in any case, or at this location."""

    def enable(self, source_id: int, enabled: bool) -> None:
        """Has the source asked from now on, or only listed."""

    def list_as(self, source_id: int, listing: str) -> None:
        """Keeps how a list of sources describes it."""

    def remove(self, source_id: int, now: datetime) -> None:
        """Removes the source from all there is to see and do; its articles stay."""

    def fetched(self, source_id: int, now: datetime, outlook: Outlook) -> None:
        """Records a successful fetch and clears its problem; it moves unless another source is at its new location."""

    def failed(self, source_id: int, now: datetime, problem: str, outlook: Outlook | None = None) -> None:
        """Records a failed fetch; without an outlook everything but the problem stays."""

    def totals(self) -> list[tuple[Source, int, datetime | None]]:
        """(source, articles held, newest first-seen time) a source."""
