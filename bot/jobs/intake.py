"""Articles in: analyse, then in one transaction archive, assign to stories, tag, index, percolate and raise alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.collector import collector_resting
from bot.core.model import Archived, Article, Source
from bot.core.plan import FRESH_FOR
from bot.core.ports import Percolator, Session, Store
from bot.matching.document import Document
from bot.matching.query import parse
from bot.matching.stories import WINDOW, Signature, choose, signature
from bot.matching.syntax import Node
from bot.matching.text import analyse

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
class Prepared:
    """An article with everything that can be computed before the write lock is taken."""

    article: Article
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
        """Takes articles in batches of one transaction each, yielding as batches commit.

        `ring` False archives and tags without alerts. `finish` runs in the last batch's transaction (the source's
        state: what is not recorded is fetched again, and then known).
        """
        batches = _batches(articles) or [()]
        if ring:
            self.standing.catch_up(self.store)
        for number, batch in enumerate(batches, 1):
            prepared = prepare(batch, self.tag)
            yield from self._commit(prepared, source, now, ring, finish if number == len(batches) else None)

    def _commit(
        self,
        batch: list[Prepared],
        source: Source,
        now: datetime,
        ring: bool,
        finish: Callable[[Session], None] | None,
    ) -> list[Taken]:
        """One batch in one transaction: archived, rung for, and the source's state recorded, or none of it."""

        def work(session: Session) -> list[Taken]:
            taken = [_archive(session, entry, source, now) for entry in batch]
            if ring:
                taken = self._ring(session, batch, taken, now)
            if finish is not None:
                finish(session)
            return taken

        return self.store.write(work)

    def _ring(self, session: Session, batch: list[Prepared], taken: list[Taken], now: datetime) -> list[Taken]:
        """Raises an alert for every standing query that a new or changed article matches."""
        self.standing.sync(session)
        told = [index for index, entry in enumerate(taken) if entry.status is not Status.KNOWN]
        documents = [batch[index].document for index in told]
        raised = [0] * len(taken)
        for query_id, position in self.standing.percolator.percolate(documents):
            archived = taken[told[position]].archived
            match = (archived.id, archived.story_id, query_id)
            fresh = now - archived.published_at <= FRESH_FOR
            raised[told[position]] += session.outbox.raise_alerts([match], now, fresh=fresh)
        return [replace(entry, alerts=alerts) for entry, alerts in zip(taken, raised, strict=True)]


def prepare(articles: Sequence[Article], tag: Tag) -> list[Prepared]:
    """Analyses articles, tags them and signs them for their stories."""
    documents = [analyse(article) for article in articles]
    return [
        Prepared(article, replace(document, topics=frozenset(topics)), signature(document))
        for article, document, topics in zip(articles, documents, tag(documents), strict=True)
    ]


def _batches(articles: Sequence[Article]) -> list[Sequence[Article]]:
    return [articles[start : start + BATCH] for start in range(0, len(articles), BATCH)]


def _archive(session: Session, entry: Prepared, source: Source, now: datetime) -> Taken:
    """Puts one article in the archive: new to its story and the index, changed in place, or known already."""
    found = session.articles.find(entry.article, source.id)
    if found is not None and not _differs(found.article, entry.article):
        return Taken(entry.article.guid, Status.KNOWN, found)
    language, topics = entry.document.language, sorted(entry.document.topics)
    if found is not None:
        archived = session.articles.update(found, entry.article, language=language, topics=topics)
    else:
        story_id = choose(
            entry.signature, session.stories.candidates(entry.signature.keys, now - WINDOW)
        ) or session.stories.new(now)
        archived = session.articles.add(
            entry.article, source_id=source.id, now=now, language=language, story_id=story_id, topics=topics
        )
        session.stories.add(archived.id, story_id, entry.signature.keys, entry.signature.values, now)
    session.search.index(archived, entry.document)
    return Taken(entry.article.guid, Status.NEW if found is None else Status.UPDATED, archived)


def _differs(known: Article, given: Article) -> bool:
    """Whether the article says something else now: identity and what was left unsaid do not count."""
    if given.published_at is not None and given.published_at != known.published_at:
        return True
    return (known.title.split(), known.text.split()) != (given.title.split(), given.text.split())
