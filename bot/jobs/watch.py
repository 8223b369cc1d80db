"""Watch: what has changed in how sources do, and bursts, become reports to the admins, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.core.arrivals import Burst
from bot.core.health import TOLD, Health, health_of
from bot.core.model import Address, Chat, Source
from bot.core.plan import audible_at
from bot.core.ports import Session, Store
from bot.core.reports import Report

GATHER_FOR = timedelta(minutes=90)
"""How long a report on sources waits for more: longer than any source waits between two looks (an hour and 15 %), so
that an outage, which each source meets at its own next look, is one message."""

APART_FOR = timedelta(hours=6)
"""Between two such messages at least: after an outage sources come back over as long as they had backed off."""


def watch(store: Store, admins: Iterable[Address], now: datetime, default_zone: str) -> int:
    """Records what admins are owed of sources, in the transaction that records it as told; returns how many reports."""
    if not store.read(_anything):
        return 0
    chats = sorted(admins, key=str)
    return store.write(lambda session: _tell(session, chats, now, default_zone))


def _anything(session: Session) -> bool:
    return bool(session.sources.otherwise() or session.bursts.untold())


def _tell(session: Session, admins: Iterable[Address], now: datetime, default_zone: str) -> int:
    reports = [*_changes(session, now), *_bursts(session)]
    for address in admins if reports else ():
        chat = session.chats.ensure(address, now)
        due_at = _due_at(session, chat, now, default_zone)
        for report in reports:
            session.reports.owe(chat.id, report, now, due_at)
    return len(reports)


def _due_at(session: Session, chat: Chat, now: datetime, default_zone: str) -> datetime:
    """With those that are being gathered, else after a while, and outside quiet hours."""
    if gathering := session.reports.gathering_until(chat.id, now):
        return gathering
    last_at = session.reports.last_sent_at(chat.id)
    gathered_at = max(now + GATHER_FOR, last_at + APART_FOR) if last_at else now + GATHER_FOR
    return audible_at(chat, gathered_at, default_zone)


def _changes(session: Session, now: datetime) -> list[Report]:
    """A report on each source that does otherwise than was told, which it now is."""
    reports = []
    for source, before, since_at in session.sources.otherwise():
        health = health_of(source)
        told = health if health in TOLD else None
        began_at = _began_at(session, source, health, since_at or now) if told else None
        session.sources.tell(source.id, told or "", began_at)
        if began_at is not None:
            reports.append(_trouble(source, health, began_at))
        elif health is Health.OK:
            reports.append(_recovery(source, before, since_at, now))
    return reports


def _began_at(session: Session, source: Source, health: Health, otherwise: datetime) -> datetime:
    """Since when the source does so: since its first failure, or the last article it brought."""
    if health is Health.SILENT:
        return session.sources.brought_at(source.id) or source.silent_at or otherwise
    return source.failing_since_at or otherwise


def _trouble(source: Source, health: Health, began_at: datetime) -> Report:
    details = {"source": source.name, "since_at": began_at.astimezone(UTC).isoformat(), "reason": source.problem or ""}
    return Report(_about(source.id), health.value, details)


def _recovery(source: Source, before: str, since_at: datetime | None, now: datetime) -> Report:
    """That a source is back, or brings news again, after how long."""
    ended_at = source.fetched_at or now
    lasted_for = ended_at - (since_at or ended_at)
    key = "heard" if before == Health.SILENT else "back"
    return Report(
        _about(source.id), key, {"source": source.name, "lasted_for": max(0, int(lasted_for.total_seconds()))}
    )


def _bursts(session: Session) -> list[Report]:
    reports = []
    for source_id, name, burst in session.bursts.untold():
        session.bursts.told(source_id, burst.at)
        reports.append(_burst(source_id, name, burst))
    return reports


def _burst(source_id: int, name: str, burst: Burst) -> Report:
    return Report(f"burst:{source_id}", "burst", {"source": name, "new": burst.new, "usual": burst.usual})


def _about(source_id: int) -> str:
    return f"source:{source_id}"
