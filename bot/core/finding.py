"""The ports that find articles for queries: the archive's full text, and standing queries over what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from bot.core.model import Archived
from bot.core.tally import Sightings

Query = TypeVar("Query", contravariant=True)
Document = TypeVar("Document", contravariant=True)


class Percolator(Protocol[Query, Document]):
    """Standing queries over batches of new articles; queries see the topics their document carries."""

    def add(self, query_id: int, query: Query) -> None:
        """Stands the query under its id; it is matched from the next batch on."""

    def remove(self, query_id: int) -> None:
        """Forgets the query; an unknown id is no error."""

    def percolate(self, batch: Sequence[Document]) -> list[tuple[int, int]]:
        """(query id, index in the batch) of every match, sorted."""

    def merge(self) -> None:
        """Puts what was added and removed in order, so that matching stays fast; any time, and changes no match."""


@dataclass(frozen=True, slots=True)
class Page:
    """Search results, newest first: `total` is capped, `capped` says so; `partial` that a deadline cut the count."""

    hits: tuple[Archived, ...]
    total: int
    capped: bool = False
    more: bool = False
    partial: bool = False


class Search(Protocol[Query, Document]):
    """The archive's full text."""

    def index(self, entries: Iterable[tuple[Archived, Document]]) -> None:
        """Adds articles, or puts back what `Articles.update` or `Articles.retag` took out: each as it comes last."""

    def newest(
        self,
        query: Query,
        now: datetime,
        *,
        limit: int = 10,
        offset: int = 0,
        languages: Sequence[str] = (),
        since: datetime | None = None,
        sort: str = "newest",
        zone: str = "UTC",
    ) -> Page:
        """A page of the articles the query matches, newest published first, or by `sort="relevance"` (bm25).

        `languages` keeps those, and what is of no known language; `since` is a bound on `published_at` beside the
        query's own, whose dates are days of `zone` (IANA). A query None finds every article.
        """

    def sightings(
        self, query: Query, now: datetime, *, since: datetime, languages: Sequence[str] = (), seconds: float = 0.3
    ) -> Sightings:
        """Everything a query without dates matches from `since` up to `now`: to be counted, not to be read.

        It takes no more than these seconds, however large the archive, and says what it left out for that.
        """

    def resembling(self, word: str, most: int = 5) -> list[str]:
        """Folded words of the archive that a word may have been meant as, likeliest first; [] for one it has itself."""

    def outdated(self) -> bool:
        """Whether the index, or part of it, was made by another analyser than today's."""

    def rebuild(self, limit: int) -> bool:
        """Takes the next step (`limit` articles) to an index made by today's analyser; False when it is there."""

    def scattered(self) -> bool:
        """Whether the index is in so many pieces that `merge` has a step, of some milliseconds, to take."""

    def merge(self) -> bool: ...
