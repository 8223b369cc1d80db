"""Whole texts in: what an article's page says joins what its source said, and rings for what only the page tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.model import Archived, Nearness
from bot.core.pages import Ring, Unread, joined
from bot.core.plan import is_recent
from bot.core.ports import Session
from bot.jobs.intake import Intake, Prepared, Status, Taken, near, prepare
from bot.matching.analysis import analysed_as
from bot.matching.document import Document
from bot.matching.language import normalise
from bot.matching.stories import Signature, choose
from bot.matching.text import language_of


class _Changed(Exception):
    """The article is not what it was when its text was prepared."""


@dataclass(frozen=True)
class Whole:
    """Takes pages' texts in, as `intake` takes articles."""

    intake: Intake

    def take(self, unread: Unread, text: str, now: datetime, language: str | None = None) -> Taken | None:
        """Puts a page's text in the archive, in one transaction with all that follows; None if it was not ours to read.

        The text joins what the source says by now: an edit that came meanwhile is kept. `language` is the page's, where
        that was found out already, which counts if the article's was not known.
        """
        self.intake.standing.catch_up(self.intake.store)
        while True:
            known, said = self.intake.store.read(lambda session: _known(session, unread.article_id))
            if known is None:
                return None
            article = replace(known.article, text=joined(said, text))
            spoken = normalise(article.language) or language or language_of(article)
            analyses = analysed_as([known.article, article], [known.language, spoken])
            before, after = prepare([known.article, article], self.intake.tag, analyses)
            try:
                return self._commit(unread, known, said, (before.document, after), now)
            except _Changed:
                continue

    def _commit(
        self, unread: Unread, known: Archived, said: str, texts: tuple[Document, Prepared], now: datetime
    ) -> Taken | None:
        before, after = texts

        def work(session: Session) -> Taken | None:
            if _known(session, known.id) != (known, said):
                raise _Changed
            if not session.pages.took(unread, said, now):
                return None
            archived = self._store(session, known, said, after, now)
            texts = before, after.document
            alerts = self._ring(session, archived, texts, now, unread.rings) if unread.rings else 0
            return Taken(archived.article.guid, Status.UPDATED, archived, alerts)

        return self.intake.store.write(work)

    def _store(self, session: Session, known: Archived, said: str, entry: Prepared, now: datetime) -> Archived:
        """The article with its whole text, in the story that this tells it belongs to, to be found by its copies."""
        archived = session.articles.update(
            known, entry.article, language=entry.document.language, topics=sorted(entry.document.topics), said=said
        )
        session.search.index([(archived, entry.document)])
        archived = self._joined(session, archived, entry.signature, now)
        session.pages.sign(archived, entry.signature.keys, entry.signature.values)
        return archived

    def _joined(self, session: Session, archived: Archived, signature: Signature, now: datetime) -> Archived:
        """The article, in the story of an earlier one of which its whole text is a copy.

        It stays alone where anybody may have heard of it, and where the other one is the later.
        """
        alike = near(session, signature, archived.first_seen_at)
        story_id = choose(signature, [(story, values) for story, values in alike if story < archived.story_id])
        if story_id is None:
            return archived
        if not session.pages.join(archived, story_id):
            session.joinings.match(archived.story_id, story_id)
            return archived
        joined_to = replace(archived, story_id=story_id)
        session.joinings.record(joined_to, Nearness.COPY, now, rings=False)
        return joined_to

    def _ring(self, session: Session, archived: Archived, texts: Sequence[Document], now: datetime, rings: Ring) -> int:
        """Raises an alert for every standing query that matches only now that the whole text is there.

        What matched before has had its alert, or came before its subscription.
        """
        self.intake.standing.sync(session)
        before, after = set[int](), set[int]()
        for query_id, position in self.intake.standing.percolator.percolate(texts):
            (after if position else before).add(query_id)
        fresh = rings is Ring.AT_ONCE and is_recent(archived.published_at, now)
        matches = [(archived.id, archived.story_id, query_id) for query_id in sorted(after - before)]
        return session.outbox.raise_alerts(matches, now, fresh=fresh)


def _known(session: Session, article_id: int) -> tuple[Archived | None, str]:
    """The article as the archive holds it, and what its source says of it."""
    archived = session.articles.get(article_id)
    return archived, session.pages.said(archived).text if archived else ""
