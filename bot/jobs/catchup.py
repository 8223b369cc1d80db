"""Catch up: newsbell was away; what is too old by now is dropped and counted, what is late respects quiet hours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.core.plan import audible_at
from bot.core.ports import Session, Store
from bot.core.reader_ports import Preface

AWAY = timedelta(minutes=10)
"""A pass this long after the one before follows an absence: the machine slept, or nothing ran."""

CHUNK = 500
"""Chats a transaction."""

_BEGINNING: int | None = 0


@dataclass
class CatchUp:
    """Looks after what became overdue while newsbell was away; nothing due `late_for` ago or longer is sent."""

    store: Store
    late_for: timedelta
    default_zone: str
    _ran_at: datetime | None = None

    def __call__(self, now: datetime) -> int:
        """Does so when this pass is the first, or the first for a while; returns how many lines were dropped."""
        away = self._ran_at is None or now - self._ran_at >= AWAY
        self._ran_at = now
        if not away:
            return 0
        dropped, after = 0, _BEGINNING
        while after is not None:
            new, after = self.store.write(partial(_drop, before=now - self.late_for, after=after))
            dropped += new
        after = _BEGINNING
        while after is not None:
            after = self.store.write(partial(_hush, now=now, after=after, default_zone=self.default_zone))
        return dropped


def _drop(session: Session, before: datetime, after: int) -> tuple[int, int | None]:
    """Cancels what is too old in the next chats, which are told how much; (how much in all, the id reached)."""
    due: defaultdict[int, list[datetime]] = defaultdict(list)
    expired, reached = session.outbox.expire(before, after, CHUNK)
    for chat_id, due_at in expired:
        due[chat_id].append(due_at)
    for chat_id, moments in due.items():
        session.prefaces.add(chat_id, Preface.DROPPED, len(moments), min(moments))
    return len(expired), reached


def _hush(session: Session, now: datetime, after: int, default_zone: str) -> int | None:
    """Moves what is overdue in the next chats that are quiet now to the end of their quiet hours; the id reached."""
    chats = session.outbox.quiet_overdue(now, after, CHUNK)
    for chat in chats:
        audible = audible_at(chat, now, default_zone)
        if audible > now:
            session.outbox.replan(chat.id, now, audible)
    return chats[-1].id if len(chats) == CHUNK else None
