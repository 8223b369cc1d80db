"""Quotas: how much one chat may ask for, so that a flood from one costs nobody else; polite when they are reached."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.access import place_of
from bot.core.errors import LimitReached
from bot.core.model import Address

REMEMBERED = 10_000
"""Chats that are counted before those are dropped that have asked for nothing lately."""


class Quota(StrEnum):
    """What is counted in a span of time."""

    COMMANDS = "commands"
    EXPORTS = "exports"


WITHIN = {Quota.COMMANDS: timedelta(minutes=1), Quota.EXPORTS: timedelta(hours=1)}


@dataclass
class Quotas:
    """What chats have asked for lately, counted in memory: a restart forgives. Any thread may ask."""

    subscriptions: int = 50
    """Live ones a chat may have."""
    commands: int = 20
    """A chat may give within a minute."""
    exports: int = 5
    """A chat may make within an hour."""
    _lately: dict[tuple[Quota, Address], deque[datetime]] = field(default_factory=dict)
    _told: dict[Address, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pause(self, what: Quota, address: Address, now: datetime) -> timedelta | None:
        """How long the chat has to wait before it may ask again; None for not at all."""
        with self._lock:
            lately = self._within(what, address, now)
            return lately[0] + WITHIN[what] - now if len(lately) >= self._most(what) else None

    def spend(self, what: Quota, address: Address, now: datetime) -> None:
        """Counts one."""
        with self._lock:
            self._within(what, address, now).append(now)
            if len(self._lately) > REMEMBERED:
                self._forget(now)

    def is_news(self, address: Address, now: datetime) -> bool:
        """Whether the chat was not told lately that it gives too many commands: from now on it was."""
        with self._lock:
            told_at = self._told.get(place_of(address))
            if told_at is not None and told_at <= now < told_at + WITHIN[Quota.COMMANDS]:
                return False
            self._told[place_of(address)] = now
            return True

    def need_room(self, held: int) -> None:
        """LimitReached when a chat that has so many subscriptions may have no more."""
        if held >= self.subscriptions:
            raise LimitReached("quotas.subscriptions", most=self.subscriptions, suggestion="/unsubscribe")

    def _most(self, what: Quota) -> int:
        return self.commands if what is Quota.COMMANDS else self.exports

    def _within(self, what: Quota, address: Address, now: datetime) -> deque[datetime]:
        """When the chat has asked lately; a clock that was set back counts as a new beginning."""
        lately = self._lately.setdefault((what, place_of(address)), deque())
        while lately and not lately[0] <= now < lately[0] + WITHIN[what]:
            lately.popleft()
        return lately

    def _forget(self, now: datetime) -> None:
        over = [key for key, lately in self._lately.items() if not lately or now >= lately[-1] + WITHIN[key[0]]]
        for key in over:
            del self._lately[key]
        for address in [place for place, at in self._told.items() if now >= at + WITHIN[Quota.COMMANDS]]:
            del self._told[address]
