"""Articles in: analyse, then in one transaction archive, assign to stories, tag, index, percolate and raise alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from bot.core.collector import collector_resting
from bot.core.model import Archived, Article, Source
from bot.core.plan import FRESH_FOR
from bot.core.ports import Percolator, Session, Store
from bot.matching.analysis import Analysis, analysed
from bot.matching.document import Document
from bot.matching.query import parse
from bot.matching.stories import WINDOW, Signature, choose
from bot.matching.syntax import Node

BATCH = 64
"""Articles a transaction: one word of bits in a percolator."""

Tag = Callable[[Sequence[Document]], Sequence[tuple[str, ...]]]
"""The topics of each of some documents, by name, sorted."""


class Status(StrEnum):
    """What became of an article that was handed in."""

    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Taken:
    """An article that was handed in, as the archive now holds it, and how many alerts it raised."""

    guid: str
    status: Status
    archived: Archived
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one look at one source brought, to be committed whole.

    `ring` False archives and tags without alerts. `finish` runs in the same transaction (the source's state: what is
    not recorded is fetched again, and then known). `analyses` are of all the articles, where they were made before.
    """

    source: Source
    articles: Sequence[Article]
    now: datetime
    ring: bool = True
    finish: Callable[[Session], None] | None = None
    analyses: Sequence[Analysis] | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article of an arrival with everything that can be computed before the write lock is taken."""

    article: Article
    arrival: Arrival
    document: Document
    signature: Signature


@dataclass
class StandingQueries:
    """The subscriptions' queries in a percolator, kept in step with the store by version."""

    percolator: Percolator[Node, Document]
    version: int = 0

    def catch_up(self, store: Store) -> None:
        """Takes up most of what changed before anybody waits: when a process starts, that is every query."""
        with collector_resting():
            changed = store.read(self.sync)
        if changed > BATCH:
            self.percolator.merge()

    def sync(self, session: Session) -> int:
        """Takes up what was subscribed and unsubscribed since the last time, in whatever process; returns how much."""
        self.version, changes = session.queries.changed_since(self.version)
        for query_id, text in changes:
            if text is None:
                self.percolator.remove(query_id)
            else:
                self.percolator.add(query_id, parse(text))
        return len(changes)


@dataclass(frozen=True)
class Intake:
    """Takes articles in. `tag` gives the topics of documents; `standing` rings for what people subscribed to."""

    store: Store
    tag: Tag
    standing: StandingQueries

    def take(
        self,
        articles: Sequence[Article],
        source: Source,
        now: datetime,
        *,
        ring: bool = True,
        finish: Callable[[Session], None] | None = None,
    ) -> Iterator[Taken]:
        """Takes articles in batches of one transaction each, yielding as batches commit; `finish` is in the last."""
        for arrival in batched(Arrival(source, articles, now, ring, finish)):
            yield from self.commit([arrival])[0]

    def commit(self, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
        """Commits arrivals in one transaction, all of them or none; what became of the articles of each."""
        if any(arrival.ring and arrival.articles for arrival in arrivals):
            self.standing.catch_up(self.store)
        batch = self._prepared(arrivals)

        def work(session: Session) -> list[Taken]:
            taken = _archived(session, batch)
            self._ring(session, batch, taken)
            for arrival in arrivals:
                if arrival.finish is not None:
                    arrival.finish(session)
            return taken

        taken = iter(self.store.write(work))
        return [list(islice(taken, len(arrival.articles))) for arrival in arrivals]

    def _prepared(self, arrivals: Sequence[Arrival]) -> list[_Prepared]:
        """The articles of all arrivals, analysed unless they were, tagged and signed."""
        articles = [(article, arrival) for arrival in arrivals for article in arrival.articles]
        analyses = [analysis for arrival in arrivals for analysis in arrival.analyses or analysed(arrival.articles)]
        topics = self.tag([document for document, _ in analyses]) if analyses else ()
        return [
            _Prepared(article, arrival, replace(document, topics=frozenset(names)), signature)
            for (article, arrival), (document, signature), names in zip(articles, analyses, topics, strict=True)
        ]

    def _ring(self, session: Session, batch: Sequence[_Prepared], taken: list[Taken]) -> None:
        """Raises an alert for every standing query that a new or changed article matches, and counts it."""
        rings = zip(batch, taken, strict=True)
        told = [at for at, (entry, now) in enumerate(rings) if entry.arrival.ring and now.status is not Status.KNOWN]
        if not told:
            return
        self.standing.sync(session)
        matched: dict[int, list[int]] = {}
        for query_id, position in self.standing.percolator.percolate([batch[at].document for at in told]):
            matched.setdefault(told[position], []).append(query_id)
        for at, query_ids in sorted(matched.items()):
            archived, now = taken[at].archived, batch[at].arrival.now
            matches = [(archived.id, archived.story_id, query_id) for query_id in query_ids]
            fresh = now - archived.published_at <= FRESH_FOR
            taken[at] = replace(taken[at], alerts=session.outbox.raise_alerts(matches, now, fresh=fresh))


def record(store: Store, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
    """Commits arrivals that brought no articles, for which no query has to stand ready."""

    def work(session: Session) -> None:
        for arrival in arrivals:
            if arrival.finish is not None:
                arrival.finish(session)

    store.write(work)
    return [[] for _ in arrivals]


def batched(arrival: Arrival) -> list[Arrival]:
    """The arrival in parts of a batch each, at least one; the last one finishes it."""
    size = len(arrival.articles)
    if size <= BATCH:
        return [arrival]
    parts = [replace(arrival, articles=arrival.articles[start : start + BATCH]) for start in range(0, size, BATCH)]
    return [*(replace(part, finish=None) for part in parts[:-1]), parts[-1]]


def _archived(session: Session, batch: Sequence[_Prepared]) -> list[Taken]:
    """Archives a batch."""
    if batch:
        session.stories.expect([entry.signature.values for entry in batch])
    return [_archive(session, entry, entry.arrival.source, entry.arrival.now) for entry in batch]


def _archive(session: Session, entry: _Prepared, source: Source, now: datetime) -> Taken:
    """Puts one article in the archive: new to its story and the index, changed in place, or known already."""
    found = session.articles.find(entry.article, source.id)
    if found is not None and not _differs(found.article, entry.article):
        return Taken(entry.article.guid, Status.KNOWN, found)
    language, topics = entry.document.language, sorted(entry.document.topics)
    if found is not None:
        archived = session.articles.update(found, entry.article, language=language, topics=topics)
    else:
        story_id = choose(
            entry.signature, session.stories.candidates(entry.signature.values, now - WINDOW)
        ) or session.stories.new(now)
        archived = session.articles.add(
            entry.article, source_id=source.id, now=now, language=language, story_id=story_id, topics=topics
        )
        session.stories.add(archived.id, story_id, entry.signature.values, now)
    session.search.index(archived, entry.document)
    return Taken(entry.article.guid, Status.NEW if found is None else Status.UPDATED, archived)


def _differs(known: Article, given: Article) -> bool:
    """Whether the article says something else now: identity and what was left unsaid do not count."""
    if given.published_at is not None and given.published_at != known.published_at:
        return True
    return (known.title.split(), known.text.split()) != (given.title.split(), given.text.split())
