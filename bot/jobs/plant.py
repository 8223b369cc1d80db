"""Plant: a new database gets its seed articles once; planting stores and tags but rings nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from bot.core.model import Article, Outlook, Refused, SourceKind
from bot.core.ports import Session, Store
from bot.jobs.intake import Intake

PLANTED = "planted_at"

Reader = Callable[[Path, datetime], Iterable[Article | Refused]]


def is_planted(store: Store) -> bool:
    """Whether this database has its seeds."""
    return store.read(lambda session: session.meta.get(PLANTED)) is not None


def plant(store: Store, intake: Intake, read: Reader, path: Path, now: datetime) -> int:
    """Plants the articles under `path` as of `now`; returns how many. Killed half way, it is done again in full."""
    source = store.write(lambda session: session.sources.ensure(SourceKind.SEEDS, "seeds", "samples"))
    articles = [entry for entry in read(path, now) if isinstance(entry, Article)]

    def finish(session: Session) -> None:
        session.sources.fetched(source.id, now, Outlook())
        session.meta.set(PLANTED, now.isoformat())

    return sum(1 for _ in intake.take(articles, source, now, ring=False, finish=finish))
