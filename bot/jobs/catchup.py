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
"""Lines or chats a transaction."""


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
        dropped = 0
        while new := self.store.write(lambda session: _drop(session, now - self.late_for)):
            dropped += new
        after: int | None = 0
        while after is not None:
            after = self.store.write(partial(_hush, now=now, after=after, default_zone=self.default_zone))
        return dropped


def _drop(session: Session, before: datetime) -> int:
    """Cancels the next lines that are too old; their chats are told how many."""
    due: defaultdict[int, list[datetime]] = defaultdict(list)
    for chat_id, due_at in session.outbox.expire(before, CHUNK):
        due[chat_id].append(due_at)
    for chat_id, moments in due.items():
        session.prefaces.add(chat_id, Preface.DROPPED, len(moments), min(moments))
    return sum(map(len, due.values()))


def _hush(session: Session, now: datetime, after: int, default_zone: str) -> int | None:
    """Moves what is overdue in the next chats that are quiet now to the end of their quiet hours; the id reached."""
    chats = session.outbox.quiet_overdue(now, after, CHUNK)
    for chat in chats:
        audible = audible_at(chat, now, default_zone)
        if audible > now:
            session.outbox.replan(chat.id, now, audible)
    return chats[-1].id if len(chats) == CHUNK else None
