"""Articles in: analyse, then in one transaction archive, assign to stories, tag, index, percolate and raise alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.arrivals import Burst
from bot.core.collector import collector_resting
from bot.core.model import Archived, Article, Source
from bot.core.pages import SHORT, joined, newest, parted
from bot.core.plan import FRESH_FOR
from bot.core.ports import Percolator, Session, Store
from bot.matching.document import Document
from bot.matching.query import parse
from bot.matching.stories import WINDOW, Signature, choose, signature
from bot.matching.syntax import Node
from bot.matching.telling import document_of
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
    before: Archived | None = None
    """What it was before it was updated."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with everything that can be computed before the write lock is taken."""

    article: Article
    document: Document
    signature: Signature


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who hands articles in, and when; whether they ring, and of which of them, by guid, the pages are asked for."""

    source: Source
    now: datetime
    guids: frozenset[str]
    ring: bool
    burst: Burst | None

    def ask(self, session: Session, archived: Archived, article: Article, *, new: bool = False) -> None:
        """Has the page of an article read that is new and fresh, or that says something else now."""
        fresh = self.now - archived.published_at <= FRESH_FOR
        if article.guid in self.guids and (fresh or not new):
            session.pages.ask(archived, self.source.id, self.now, rings=self.ring)


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
        pages: int = 0,
        burst: Burst | None = None,
        finish: Callable[[Session], None] | None = None,
    ) -> Iterator[Taken]:
        """Takes articles in batches of one transaction each, yielding as batches commit.

        `ring` False archives and tags without alerts; what is new in a `burst` enters digests only. The pages of at
        most `pages` articles are asked for, in the same transaction. `finish` runs in the last batch's transaction
        (the source's state: what is not recorded is fetched again, and then known).
        """
        asking = _Asking(source, now, newest(articles, pages), ring, burst)
        batches = _batches(articles) or [()]
        if ring:
            self.standing.catch_up(self.store)
        for number, batch in enumerate(batches, 1):
            prepared = prepare(batch, self.tag)
            yield from self._commit(prepared, asking, finish if number == len(batches) else None)

    def _commit(self, batch: list[Prepared], asking: _Asking, finish: Callable[[Session], None] | None) -> list[Taken]:
        """One batch in one transaction: archived, rung for, and the source's state recorded, or none of it."""

        def work(session: Session) -> list[Taken]:
            archived = [self._archive(session, entry, asking) for entry in batch]
            taken = [entry for entry, _ in archived]
            if asking.burst is not None:
                session.bursts.record(asking.source.id, asking.burst)
            if asking.ring:
                taken = self._ring(session, [document for _, document in archived], taken, asking)
            if finish is not None:
                finish(session)
            return taken

        return self.store.write(work)

    def _archive(self, session: Session, entry: Prepared, asking: _Asking) -> tuple[Taken, Document]:
        """Puts one article in the archive: new to its story and the index, changed in place, or known already."""
        found = session.articles.find(entry.article, asking.source.id)
        if found is None:
            archived = _add(session, entry, asking.source, asking.now)
            asking.ask(session, archived, entry.article, new=True)
            return Taken(entry.article.guid, Status.NEW, archived), entry.document
        said = session.pages.said(found)
        if not _differs(said, entry.article):
            return Taken(entry.article.guid, Status.KNOWN, found), entry.document
        archived, document = self._update(session, found, said, entry)
        if _words(said) != _words(entry.article):
            asking.ask(session, archived, entry.article)
        return Taken(entry.article.guid, Status.UPDATED, archived, before=found), document

    def _update(self, session: Session, found: Archived, said: Article, entry: Prepared) -> tuple[Archived, Document]:
        """Puts what its source says now in the place of what it said; the text of the article's page stays."""
        text = entry.article.text
        if len(text) >= SHORT:
            session.pages.drop(found.id)
        elif said.text != found.article.text:
            session.pages.say(found.id, text)
            whole = replace(entry.article, text=joined(text, parted(said.text, found.article.text)))
            [entry] = prepare([whole], self.tag)
        archived = session.articles.update(
            found, entry.article, language=entry.document.language, topics=sorted(entry.document.topics), said=text
        )
        session.search.index(archived, entry.document)
        return archived, entry.document

    def _ring(self, session: Session, batch: list[Document], taken: list[Taken], asking: _Asking) -> list[Taken]:
        """Raises an alert for every standing query that an article matches, and did not match before it was changed.

        What is new in a burst enters digests only.
        """
        self.standing.sync(session)
        told = [index for index, entry in enumerate(taken) if entry.status is not Status.KNOWN]
        documents = [batch[index] for index in told]
        raised = [0] * len(taken)
        before = self._matched_before([taken[index] for index in told])
        for query_id, position in self.standing.percolator.percolate(documents):
            if (query_id, position) in before:
                continue
            entry = taken[told[position]]
            archived = entry.archived
            match = (archived.id, archived.story_id, query_id)
            recent = asking.now - archived.published_at <= FRESH_FOR
            fresh = recent and not (asking.burst is not None and entry.status is Status.NEW)
            raised[told[position]] += session.outbox.raise_alerts([match], asking.now, fresh=fresh)
        return [replace(entry, alerts=alerts) for entry, alerts in zip(taken, raised, strict=True)]

    def _matched_before(self, told: Sequence[Taken]) -> set[tuple[int, int]]:
        """(query id, position) of those among `told` that matched before they were changed: they rang, or were not to.

        A source's first look and what came before somebody subscribed ring nothing; nor does a misprint put right.
        """
        changed = [(position, entry.before) for position, entry in enumerate(told) if entry.before is not None]
        documents = [document_of(before) for _, before in changed]
        matches = self.standing.percolator.percolate(documents) if documents else ()
        return {(query_id, changed[index][0]) for query_id, index in matches}


def prepare(articles: Sequence[Article], tag: Tag) -> list[Prepared]:
    """Analyses articles, tags them and signs them for their stories."""
    documents = [analyse(article) for article in articles]
    return [
        Prepared(article, replace(document, topics=frozenset(topics)), signature(document))
        for article, document, topics in zip(articles, documents, tag(documents), strict=True)
    ]


def _batches(articles: Sequence[Article]) -> list[Sequence[Article]]:
    return [articles[start : start + BATCH] for start in range(0, len(articles), BATCH)]


def _add(session: Session, entry: Prepared, source: Source, now: datetime) -> Archived:
    """Puts a new article in the archive, its story and the index."""
    keys, since = entry.signature.keys, now - WINDOW
    near = [*session.stories.candidates(keys, since), *session.pages.candidates(keys, since)]
    story_id = choose(entry.signature, near) or session.stories.new(now)
    archived = session.articles.add(
        entry.article,
        source_id=source.id,
        now=now,
        language=entry.document.language,
        story_id=story_id,
        topics=sorted(entry.document.topics),
    )
    session.stories.add(archived.id, story_id, entry.signature.keys, entry.signature.values, now)
    session.search.index(archived, entry.document)
    return archived


def _differs(known: Article, given: Article) -> bool:
    """Whether the article says something else now: identity and what was left unsaid do not count."""
    if given.published_at is not None and given.published_at != known.published_at:
        return True
    return _words(known) != _words(given)


def _words(article: Article) -> tuple[list[str], list[str]]:
    """What an article says, headline and text; white space does not count."""
    return article.title.split(), article.text.split()
