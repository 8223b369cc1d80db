"""From matches to deliveries: what a subscription is owed of an alert, when, and if nothing, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.cadence import DIGEST_AT, Cadence, Rhythm, next_due, quiet_until
from bot.core.model import Alert, Archived, Chat, Kind, Owed, Subscription

FRESH_FOR = timedelta(hours=48)
"""How old an article may be when it arrives and still ring; older ones enter digests only."""


class Withheld(StrEnum):
    """Why a match is owed nothing."""

    LANGUAGE = "language"
    """The chat does not read the article's language."""
    OLD = "old"
    """Published too long before it arrived to ring."""


@dataclass(frozen=True, slots=True)
class Held:
    """A match that brings a subscription nothing, and why."""

    reason: Withheld


def plan(
    alert: Alert, archived: Archived, subscription: Subscription, chat: Chat, now: datetime, default_zone: str
) -> Owed | Held:
    """What the subscription is owed of the alert: an alert now, a line of its next digest, or nothing.

    Quiet hours move either to their end; an urgent alert breaks them.
    """
    digest = subscription.cadence.rhythm is not Rhythm.INSTANT
    if not reads(chat, archived.language):
        return Held(Withheld.LANGUAGE)
    if not digest and not alert.fresh:
        return Held(Withheld.OLD)
    return Owed(
        chat_id=chat.id,
        subscription_id=subscription.id,
        story_id=archived.story_id,
        article_id=archived.id,
        kind=Kind.DIGEST if digest else Kind.ALERT,
        due_at=_due_at(subscription, chat, now, default_zone),
        urgent=subscription.urgent,
        each=subscription.every,
    )


def _due_at(subscription: Subscription, chat: Chat, now: datetime, default_zone: str) -> datetime:
    """When the subscription speaks next, were it told something now."""
    digest_at = next_digest(subscription.cadence, chat, now, default_zone)
    if digest_at is None:
        return now if subscription.urgent else audible_at(chat, now, default_zone)
    return audible_at(chat, subscription.next_due_at or digest_at, default_zone)


def reads(chat: Chat, language: str | None) -> bool:
    """Whether the chat gets articles in this language; one in an unknown language reaches everybody."""
    return not chat.reads or language is None or language in chat.reads


def next_digest(cadence: Cadence, chat: Chat, after: datetime, default_zone: str) -> datetime | None:
    """When a subscription of this cadence next has its digest in the chat (UTC), None for instant."""
    if cadence.rhythm is Rhythm.INSTANT:
        return None
    return next_due(cadence, after, zone_of(chat, default_zone), chat.digest_at or DIGEST_AT)


def audible_at(chat: Chat, at: datetime, default_zone: str) -> datetime:
    """`at`, or the end of the quiet hours of the chat that hold it."""
    return quiet_until(chat.quiet, at, zone_of(chat, default_zone)) or at


def zone_of(chat: Chat, default_zone: str) -> ZoneInfo:
    """The chat's time zone, else the one assumed."""
    return ZoneInfo(chat.timezone or default_zone)
