"""Retag: the archive is brought up to today's analyser and topic definitions in the background; nothing rings."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.core.model import Archived
from bot.core.ports import Session, Store
from bot.jobs.intake import Tag
from bot.matching.document import Document
from bot.matching.text import analyse_as

CHUNK = 50
"""Articles a step: analysed outside the write lock, about 0.1 s."""

DEFINED, PLAN = "topics", "retag"
"""Meta entries: the definitions the archive is tagged by, and the walk under way."""


@dataclass(frozen=True)
class Retag:
    """Walks the archive in steps; where it has got to is kept with each step, so a restart goes on."""

    store: Store
    versions: dict[str, str]
    """What every topic is defined as today."""
    tag: Tag

    def pending(self) -> bool:
        """Whether the archive is tagged by other definitions than today's."""
        return self.store.read(lambda session: session.meta.get(DEFINED)) != self._today()

    def step(self) -> bool:
        """Indexes or tags the next articles; False when the archive is up to date."""
        if self.store.read(lambda session: session.search.outdated()):
            self.store.write(lambda session: session.search.rebuild(CHUNK))
            return True
        if not self.pending():
            return False
        position = self.store.read(self._position)
        batch = self.store.read(lambda session: session.articles.after(position, CHUNK))
        documents = [analyse_as(archived.article, archived.language) for archived in batch]
        tagged = list(zip(batch, documents, self.tag(documents), strict=True))
        self.store.write(lambda session: self._record(session, tagged))
        return True

    def begin(self) -> None:
        """An archive that has no articles yet is tagged by today's definitions."""

        def work(session: Session) -> None:
            if session.meta.get(DEFINED) is None and not session.articles.count():
                session.meta.set(DEFINED, self._today())

        self.store.write(work)

    def _today(self) -> str:
        return json.dumps(self.versions, sort_keys=True)

    def _position(self, session: Session) -> int:
        """The last article done, counted anew when the definitions changed again meanwhile."""
        plan = json.loads(session.meta.get(PLAN) or "{}")
        return int(plan["after"]) if plan.get("topics") == self.versions else 0

    def _record(self, session: Session, tagged: list[tuple[Archived, Document, tuple[str, ...]]]) -> None:
        retagged = []
        for archived, document, topics in tagged:
            current = session.articles.get(archived.id)
            if current == archived and topics != archived.topics:
                session.articles.retag(archived.id, topics)
                retagged.append((replace(archived, topics=topics), replace(document, topics=frozenset(topics))))
        session.search.index(retagged)
        if tagged:
            session.meta.set(PLAN, json.dumps({"topics": self.versions, "after": tagged[-1][0].id}))
        else:
            session.meta.set(DEFINED, self._today())
