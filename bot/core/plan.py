"""From matches to deliveries: what subscriptions are owed of an alert, when, and if nothing, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.cadence import DIGEST_AT, Cadence, Quiet, Rhythm, next_due, quiet_until
from bot.core.model import Alert, Archived, Kind, Manner, Terms

FRESH_FOR = timedelta(hours=48)
"""How old an article may be when it arrives and still ring; older ones enter digests only."""


def is_recent(published_at: datetime | None, now: datetime) -> bool:
    """Whether an article published then may ring now; an undated one may."""
    return published_at is None or now - published_at <= FRESH_FOR


class Habits(Protocol):
    """The settings of a chat that decide what reaches it and when: a Chat has them, and a Manner."""

    @property
    def timezone(self) -> str | None: ...
    @property
    def reads(self) -> tuple[str, ...]: ...
    @property
    def digest_at(self) -> time | None: ...
    @property
    def quiet(self) -> Quiet | None: ...


class Withheld(StrEnum):
    """Why a match is owed nothing."""

    LANGUAGE = "language"
    """The chat does not read the article's language."""
    OLD = "old"
    """Published too long before it arrived to ring."""


@dataclass(frozen=True, slots=True)
class Held:
    """A match that brings nothing, and why."""

    reason: Withheld


def plan(alert: Alert, archived: Archived, manner: Manner, now: datetime, default_zone: str) -> Terms | Held:
    """What a subscription of this manner is owed of the alert: an alert now, a line of its next digest, or nothing.

    Quiet hours move either to their end, unless the subscription is urgent; what a paused one is owed is held for it.
    """
    digest = manner.cadence.rhythm is not Rhythm.INSTANT
    if not reads(manner, archived.language):
        return Held(Withheld.LANGUAGE)
    if not digest and not alert.fresh:
        return Held(Withheld.OLD)
    kind = Kind.DIGEST if digest else Kind.ALERT
    return Terms(kind, _due_at(manner, now, default_zone), urgent=manner.urgent, each=manner.every, held=manner.paused)


def _due_at(manner: Manner, now: datetime, default_zone: str) -> datetime:
    """When a subscription of this manner speaks next, were it told something now."""
    due_at = manner.next_due_at or next_digest(manner.cadence, manner, now, default_zone) or now
    return due_at if manner.urgent else audible_at(manner, due_at, default_zone)


def reads(chat: Habits, language: str | None) -> bool:
    """Whether the chat gets articles in this language; one in an unknown language reaches everybody."""
    return not chat.reads or language is None or language in chat.reads


def next_digest(cadence: Cadence, chat: Habits, after: datetime, default_zone: str) -> datetime | None:
    """When a subscription of this cadence next has its digest in the chat (UTC), None for instant."""
    if cadence.rhythm is Rhythm.INSTANT:
        return None
    return next_due(cadence, after, zone_of(chat, default_zone), chat.digest_at or DIGEST_AT)


def audible_at(chat: Habits, at: datetime, default_zone: str) -> datetime:
    """`at`, or the end of the quiet hours of the chat that hold it."""
    return quiet_until(chat.quiet, at, zone_of(chat, default_zone)) or at


def zone_of(chat: Habits, default_zone: str) -> ZoneInfo:
    """The chat's time zone, else the one assumed."""
    return ZoneInfo(chat.timezone or default_zone)
