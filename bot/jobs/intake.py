"""Articles in: analyse, then in one transaction archive, assign to stories, tag, index, percolate and raise alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Self

from bot.core.arrivals import Burst
from bot.core.collector import collector_resting
from bot.core.model import Archived, Article, Nearness, Source
from bot.core.pages import SHORT, Ring, joined, parted
from bot.core.plan import is_recent
from bot.core.ports import Percolator, Session, Store
from bot.matching.analysis import Analysis, analysed, analysed_as
from bot.matching.document import Document
from bot.matching.gists import dated
from bot.matching.language import normalise
from bot.matching.query import parse
from bot.matching.stories import WINDOW, Signature, choose
from bot.matching.syntax import Node
from bot.matching.text import document_of

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

    @property
    def is_changed(self) -> bool:
        """Whether the archive holds something else than before."""
        return self.status is not Status.KNOWN


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with everything that can be computed before the write lock is taken."""

    article: Article
    document: Document
    signature: Signature

    def at(self, now: datetime) -> Self:
        """The same, come in then: what nobody dated was published then."""
        gist = dated(self.signature.gist, int(now.timestamp() // 3600))
        return replace(self, signature=replace(self.signature, gist=gist))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one look at one source brought, to be committed whole.

    `ring` False archives and tags without alerts; what is new in a `burst` enters digests only. `unread` are the
    articles, by guid, whose pages may be asked for. `finish` runs in the same transaction (the source's state: what is
    not recorded is fetched again, and then known). `analyses` are of all the articles, where they were made before, and
    `prepared` is all that takes no lock (`Intake.prepare`).
    """

    source: Source
    articles: Sequence[Article]
    now: datetime
    ring: bool = True
    finish: Callable[[Session], None] | None = None
    analyses: Sequence[Analysis] | None = None
    prepared: Sequence[Prepared] | None = None
    unread: frozenset[str] = frozenset()
    burst: Burst | None = None

    def ask(self, session: Session, archived: Archived, guid: str, *, new: bool = False) -> None:
        """Has the page of an article read that is new and fresh, or that says something else now."""
        if guid in self.unread and (is_recent(archived.published_at, self.now) or not new):
            rings = Ring.DIGESTS if new and self.burst is not None else Ring.AT_ONCE
            session.pages.ask(archived, self.source.id, self.now, rings if self.ring else Ring.NOTHING)

    def close(self, session: Session) -> None:
        """Records what there is to record beside the articles."""
        if self.burst is not None:
            session.bursts.record(self.source.id, self.burst)
        if self.finish is not None:
            self.finish(session)

    def rings_at_once(self, taken: Taken) -> bool:
        """Whether what became of one of its articles rings, and does not wait for a digest."""
        recent = is_recent(taken.archived.published_at, self.now)
        return recent and not (self.burst is not None and taken.status is Status.NEW)


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
        prepared = [entry.at(arrival.now) for arrival in self.prepare(arrivals) for entry in arrival.prepared or ()]
        whose = [arrival for arrival in arrivals for _ in arrival.articles]

        def work(session: Session) -> list[Taken]:
            signatures = [entry.signature for entry in prepared]
            session.stories.expect([each.values for each in signatures], [each.gist for each in signatures])
            session.articles.expect([(e.article, a.source.id) for e, a in zip(prepared, whose, strict=True)])
            archived = [self._archive(session, *each) for each in zip(prepared, whose, strict=True)]
            session.search.index((taken.archived, document) for taken, document in archived if taken.is_changed)
            taken = [entry for entry, _ in archived]
            self._ring(session, taken, [document for _, document in archived], whose)
            for entry, arrival in zip(taken, whose, strict=True):
                if arrival.ring:
                    _grow(session, entry, arrival.now)
            for arrival in arrivals:
                arrival.close(session)
            return taken

        taken = iter(self.store.write(work))
        return [list(islice(taken, len(arrival.articles))) for arrival in arrivals]

    def prepare(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """The arrivals with their articles analysed, signed and tagged, unless they are: what needs no store."""
        left = [arrival for arrival in arrivals if arrival.prepared is None]
        articles = [article for arrival in left for article in arrival.articles]
        analyses = [analysis for arrival in left for analysis in arrival.analyses or analysed(arrival.articles)]
        entries = iter(prepare(articles, self.tag, analyses))

        def ready(arrival: Arrival) -> Arrival:
            if arrival.prepared is not None:
                return arrival
            return replace(arrival, prepared=[*islice(entries, len(arrival.articles))])

        return [ready(arrival) for arrival in arrivals]

    def _archive(self, session: Session, entry: Prepared, arrival: Arrival) -> tuple[Taken, Document]:
        """Puts one article in the archive: new to its story, changed in place, or known already."""
        guid = entry.article.guid
        found = session.articles.find(entry.article, arrival.source.id)
        if found is None:
            archived = _add(session, entry, arrival)
            arrival.ask(session, archived, guid, new=True)
            return Taken(guid, Status.NEW, archived), entry.document
        said = session.pages.said(found)
        if not _differs(said, entry.article):
            return Taken(guid, Status.KNOWN, found), entry.document
        archived, document = self._update(session, found, said, entry)
        if _words(said) != _words(entry.article):
            arrival.ask(session, archived, guid)
        return Taken(guid, Status.UPDATED, archived, before=found), document

    def _update(self, session: Session, found: Archived, said: Article, entry: Prepared) -> tuple[Archived, Document]:
        """Puts what its source says now in the place of what it said; the text of the article's page stays."""
        text = entry.article.text
        if len(text) >= SHORT:
            session.pages.drop(found.id)
        elif said.text != found.article.text:
            session.pages.say(found.id, text)
            whole = replace(entry.article, text=joined(text, parted(said.text, found.article.text)))
            [entry] = prepare([whole], self.tag, analysed_as([whole], [normalise(whole.language) or found.language]))
        archived = session.articles.update(
            found, entry.article, language=entry.document.language, topics=sorted(entry.document.topics), said=text
        )
        return archived, entry.document

    def _ring(
        self, session: Session, taken: list[Taken], documents: Sequence[Document], whose: Sequence[Arrival]
    ) -> None:
        """Raises an alert for every standing query that an article matches, and did not match before it was changed.

        They are counted in `taken`.
        """
        told = [at for at, entry in enumerate(taken) if whose[at].ring and entry.is_changed]
        if not told:
            return
        self.standing.sync(session)
        before = self._matched_before([taken[at] for at in told])
        matched: dict[int, list[int]] = {}
        for query_id, position in self.standing.percolator.percolate([documents[at] for at in told]):
            if (query_id, position) not in before:
                matched.setdefault(told[position], []).append(query_id)
        for at, query_ids in sorted(matched.items()):
            archived, arrival = taken[at].archived, whose[at]
            matches = [(archived.id, archived.story_id, query_id) for query_id in query_ids]
            alerts = session.outbox.raise_alerts(matches, arrival.now, fresh=arrival.rings_at_once(taken[at]))
            taken[at] = replace(taken[at], alerts=alerts)

    def _matched_before(self, told: Sequence[Taken]) -> set[tuple[int, int]]:
        """(query id, position) of those among `told` that matched before they were changed: they rang, or were not to.

        A source's first look and what came before somebody subscribed ring nothing; nor does a misprint put right.
        """
        changed = [(position, entry.before) for position, entry in enumerate(told) if entry.before is not None]
        documents = [document_of(before) for _, before in changed]
        matches = self.standing.percolator.percolate(documents) if documents else ()
        return {(query_id, changed[index][0]) for query_id, index in matches}


def prepare(articles: Sequence[Article], tag: Tag, analyses: Sequence[Analysis] | None = None) -> list[Prepared]:
    """Analyses articles, unless `analyses` have it, signs them for their stories, and tags them."""
    found = analysed(articles) if analyses is None else analyses
    topics = tag([document for document, _ in found]) if found else ()
    return [
        Prepared(article, replace(document, topics=frozenset(names)), signature)
        for article, (document, signature), names in zip(articles, found, topics, strict=True)
    ]


def record(store: Store, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
    """Commits arrivals that brought no articles, for which no query has to stand ready."""

    def work(session: Session) -> None:
        for arrival in arrivals:
            arrival.close(session)

    store.write(work)
    return [[] for _ in arrivals]


def batched(arrival: Arrival) -> list[Arrival]:
    """The arrival in parts of a batch each, at least one; the last one finishes it."""
    size = len(arrival.articles)
    if size <= BATCH:
        return [arrival]
    parts = [replace(arrival, articles=arrival.articles[start : start + BATCH]) for start in range(0, size, BATCH)]
    return [*(replace(part, finish=None) for part in parts[:-1]), parts[-1]]


def near(session: Session, signature: Signature, at: datetime) -> list[tuple[int, bytes]]:
    """(story id, signature) of what an article that came in then may be a copy of: sources' words, and pages'."""
    since = at - WINDOW
    return [*session.stories.candidates(signature.values, since), *session.pages.candidates(signature.keys, since)]


def _add(session: Session, entry: Prepared, arrival: Arrival) -> Archived:
    """Puts a new article in the archive and its story."""
    now, signature = arrival.now, entry.signature
    story_id, nearness = _story(session, signature, now)
    archived = session.articles.add(
        entry.article,
        source_id=arrival.source.id,
        now=now,
        language=entry.document.language,
        story_id=story_id,
        topics=sorted(entry.document.topics),
    )
    gist = b"" if nearness else signature.gist
    session.stories.add(archived.id, story_id, signature.values, now, gist=gist)
    if nearness is not None:
        rings = arrival.ring and is_recent(archived.published_at, now)
        session.joinings.record(archived, nearness, now, rings=rings)
    return archived


def _story(session: Session, signature: Signature, now: datetime) -> tuple[int, Nearness | None]:
    """The story of a new article, and how near it is to it: a copy's, or else one's of the same event, or a new one."""
    if story_id := choose(signature, near(session, signature, now)):
        return story_id, Nearness.COPY
    if story_id := session.stories.of_event(signature.gist, now - WINDOW):
        return story_id, Nearness.EVENT
    return session.stories.new(now), None


def _grow(session: Session, taken: Taken, now: datetime) -> None:
    """What was told of the article's story has more to say: an outlet it did not name, or a corrected article."""
    archived = taken.archived
    if taken.status is Status.UPDATED:
        session.outbox.raise_growth(archived.story_id, archived.id, now)
    elif taken.status is Status.NEW and session.articles.is_further_outlet(archived):
        session.outbox.raise_growth(archived.story_id, 0, now)


def _differs(known: Article, given: Article) -> bool:
    """Whether the article says something else now: identity and what was left unsaid do not count."""
    if given.published_at is not None and given.published_at != known.published_at:
        return True
    return _words(known) != _words(given)


def _words(article: Article) -> tuple[list[str], list[str]]:
    """What an article says, headline and text; white space does not count."""
    return article.title.split(), article.text.split()
