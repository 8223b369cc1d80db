"""Alive: once a week the admins read in a line that newsbell works, and what it did; who misses the line looks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.cadence import Cadence, next_due, parse_cadence
from bot.core.health import TROUBLED, health_of
from bot.core.model import Address
from bot.core.ports import Session, Store
from bot.core.reports import Report
from bot.jobs.alarm import tell

TOLD_TO = "alive_told_to"
"""How the fact is called of up to when the latest line told."""

LEAST_FOR = timedelta(days=1)
"""What a line tells of at least: a new installation's first comes when there is something to tell."""

AT = time(9)


@dataclass(frozen=True, slots=True)
class Alive:
    """Has the admins told each Monday at nine; `size` is how many bytes the database has."""

    store: Store
    admins: Collection[Address]
    default_zone: str
    size: Callable[[], int]

    def __call__(self, now: datetime) -> bool:
        """Whether they are told now: once for each week, or for all that passed while nothing ran."""
        told_to = self.store.read(_told_to)
        if told_to is None:
            self.store.write(lambda session: session.meta.set(TOLD_TO, now.isoformat()))
            return False
        zone = ZoneInfo(self.default_zone)
        if now < next_due(_weekly(), told_to + LEAST_FOR, zone, AT):
            return False
        report = self.store.read(lambda session: self._report(session, told_to))
        self.store.write(lambda session: self._tell(session, report, now))
        return True

    def _tell(self, session: Session, report: Report, now: datetime) -> None:
        session.meta.set(TOLD_TO, now.isoformat())
        tell(session, self.admins, report, now, self.default_zone)

    def _report(self, session: Session, since: datetime) -> Report:
        articles, alerts, digests = session.figures.since(since)
        sources = [source for source in session.sources.all() if source.enabled]
        details: dict[str, str | int] = {
            "since_at": since.astimezone(UTC).isoformat(),
            "articles": articles,
            "alerts": alerts,
            "digests": digests,
            "failing": sum(health_of(source) in TROUBLED for source in sources),
            "sources": len(sources),
            "size": f"{self.size() / 1e6:,.0f} MB",
        }
        return Report("alive", "alive", details)


def _told_to(session: Session) -> datetime | None:
    value = session.meta.get(TOLD_TO)
    return datetime.fromisoformat(value) if value else None


def _weekly() -> Cadence:
    cadence = parse_cadence("weekly Mon 09:00")
    assert cadence is not None
    return cadence
