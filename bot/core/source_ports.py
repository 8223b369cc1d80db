"""The ports of sources and articles' pages: who fetches them, and who remembers them (StoreError from every method)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from bot.core.arrivals import Burst
from bot.core.errors import SourceError
from bot.core.model import Archived, Article, Fetched, Outlook, Source, SourceKind
from bot.core.pages import PageRead, Ring, Unread


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
        """Records a failed fetch and counts it; without an outlook everything but the problem stays."""

    def unwell(self) -> list[Source]:
        """Those that have a problem or are silent, in the order they were added."""

    def otherwise(self) -> list[tuple[Source, str, datetime | None]]:
        """(source, what was told of it, since when that held) of those that do otherwise than the admins were told.

        What they are told is a `Health` of `TOLD`, else nothing; one that is failing is as it was told.
        """

    def failing(self) -> list[str]:
        """The names of the sources that fail in a way worth telling (`Source.fails`), in the order they were added."""

    def tell(self, source_id: int, told: str, since_at: datetime | None) -> None:
        """Keeps what the admins have been told of the source, and since when that holds; empty when it does not."""

    def of_article(self, article_id: int) -> Source | None:
        """The source that brought an article, None when it was removed."""

    def first_brought_at(self, source_id: int) -> datetime | None:
        """When the first of its articles was seen, of those that are there."""

    def suggest(self, host: str, now: datetime) -> bool:
        """Notes that somebody would have an outlet watched; False when somebody has said so before."""

    def suggested(self, since: datetime) -> int:
        """How many outlets were suggested since then."""

    def brought_at(self, source_id: int) -> datetime | None:
        """When the latest of its articles was first seen."""

    def totals(self) -> list[tuple[Source, int, datetime | None]]:
        """(source, articles held, newest first-seen time) a source."""


class PageReader(Protocol):
    """Reads articles' own pages; raises SourceError for one that cannot be had, now or ever."""

    async def read(self, unread: Unread, now: datetime) -> PageRead:
        """The article's text as its page has it."""


class Pages(Protocol):
    """Which articles' pages are still to be read, and what the sources said of those that were."""

    def said(self, archived: Archived) -> Article:
        """The article as its source gave it, also where the archive holds its page's text."""

    def say(self, article_id: int, text: str) -> None:
        """Keeps what the source says now of an article whose page's text is in the archive."""

    def ask(self, archived: Archived, source_id: int, now: datetime, rings: Ring) -> None:
        """Has the article's page read: now or, when it has just been read, a while later; who is at it has lost it.

        Of a page that is asked for again before it was ever read, what it `rings` stays.
        """

    def drop(self, article_id: int) -> None:
        """The article needs no page any more: its source says all of it."""

    def due(self, now: datetime, busy: Collection[str] = (), sources: Collection[int] | None = None) -> bool:
        """Whether `claim` would take anything."""

    def claim(
        self,
        now: datetime,
        leased_until: datetime,
        limit: int,
        *,
        busy: Collection[str] = (),
        sources: Collection[int] | None = None,
    ) -> list[Unread]:
        """Leases pages that are due, one a host at most and none of `busy` hosts: the newest; a lapsed lease is due.

        `sources` keeps those of the articles of these sources.
        """

    def took(self, unread: Unread, said: str, now: datetime) -> bool:
        """Closes a claim whose text goes into the archive, beside what the source says; False if no longer ours."""

    def give_up(self, unread: Unread, reason: str) -> bool:
        """Closes a claim that brings nothing, for this reason; False when it was no longer ours."""

    def postpone(self, unread: Unread, due_at: datetime, reason: str = "", *, tried: bool = True) -> None:
        """Gives a claim back, due then; `tried` says whether it counts as a try."""

    def waiting(self) -> int:
        """How many pages are still to be read."""

    def sign(self, archived: Archived, keys: Iterable[int], signature: bytes) -> None:
        """Lets other articles find this one's story by its page's text, beside what its source said."""

    def candidates(self, keys: Iterable[int], since: datetime) -> list[tuple[int, bytes]]:
        """(story id, signature) of the pages of articles added since then that share a key."""

    def join(self, archived: Archived, story_id: int) -> bool:
        """Puts the article into another story; False, and nothing, if its own has others or may have been heard of."""

    def prune(self, before: datetime) -> int:
        """Forgets what was asked for before then and brought nothing, read or not; returns how many."""

    def prune_signatures(self, before: datetime) -> int:
        """Drops signatures of the pages of articles added before then; returns how many."""


class Bursts(Protocol):
    """Looks at a source whose new articles were too many to ring. Every method may raise StoreError."""

    def record(self, source_id: int, burst: Burst) -> None:
        """Keeps the burst: the source's articles that were first seen then are those that did not ring."""

    def of_article(self, article_id: int) -> Burst | None:
        """The burst that the article came in, None when it came in none."""

    def untold(self) -> list[tuple[int, str, Burst]]:
        """(source id, its name, burst) of those that the admins have not been told of, oldest first."""

    def told(self, source_id: int, at: datetime) -> None:
        """The admins have been told of this burst."""
