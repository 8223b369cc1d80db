"""Alarm: what the admins have to know of the installation becomes a report to each, at once but for quiet hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.core.model import Address
from bot.core.plan import audible_at
from bot.core.ports import Session
from bot.core.reports import Report

AGAIN_FOR = timedelta(days=1)
"""How long the same is not said again, however often it happens."""

TOLD = "told_at:"
"""How the fact is called of when the admins were last told of something."""


def alarm(session: Session, admins: Iterable[Address], report: Report, now: datetime, default_zone: str) -> bool:
    """Has the admins told, unless they were told of the same within a day; whether they are."""
    name = TOLD + report.about
    last = session.meta.get(name)
    if last is not None and now - datetime.fromisoformat(last) < AGAIN_FOR:
        return False
    session.meta.set(name, now.isoformat())
    tell(session, admins, report, now, default_zone)
    return True


def tell(session: Session, admins: Iterable[Address], report: Report, now: datetime, default_zone: str) -> None:
    """Has the admins told at once, or when their quiet hours end."""
    for address in sorted(admins, key=str):
        chat = session.chats.ensure(address, now)
        session.reports.owe(chat.id, report, now, audible_at(chat, now, default_zone))


def rest(session: Session, about: str) -> None:
    """What the alarm was about is over: should it come back, the admins are told anew."""
    session.meta.drop(TOLD + about)
