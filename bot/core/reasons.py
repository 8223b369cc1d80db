"""Why deliveries ended as they did, as the outbox keeps it and `/why` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

UNSUBSCRIBED = "unsubscribed"
"""Its subscription ended; what waited comes back with it."""

UNFOLLOWED = "unfollowed"
"""Its chat follows the story no more; what waited comes back when that is undone."""

PAUSED = "paused"
"""Its subscription is paused; it comes when that is resumed."""

TOLD_MEANWHILE = "told meanwhile"
"""Another message told the story while its subscription was paused."""

TOO_LATE = "too late"
"""Newsbell was away for too long to send it."""

MUTED = "muted:"
"""A mute held it back: its id follows."""

PREFACE = "preface"
"""It was sent, as the envelope of something said that is no digest."""

FOLDED = "told in a digest"
"""As an alert it was too old; the digest it was put into has it already."""

QUIET = "quiet"
"""Held by quiet hours."""

CEILING = "ceiling"
"""Held because the chat had rung as often as it wants within an hour."""

STALE = "stale"
"""Put into the next digest, as it had waited too long to ring."""

PAUSE = "pause"
"""Held while the chat was paused."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What held a delivery back: since when, and until when where that was known."""

    why: str
    at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """A match as it was recorded: an article met the query of a subscription, and was recent enough to ring or not."""

    alert_id: int
    subscription_number: int
    article_id: int
    raised_at: datetime
    fresh: bool


class Reasons(Protocol):
    """Why things came as they did, or did not; every method may raise StoreError."""

    def hold_quiet(self, chat_ids: Sequence[int], story_id: int, now: datetime, until_at: datetime) -> None:
        """Records that quiet hours hold the alerts of a story which wait in these chats until then."""

    def holds(self, chat_id: int, story_id: int) -> dict[int, list[Hold]]:
        """What held the chat's deliveries of a story back, by delivery, first things first."""

    def matched(self, chat_id: int, story_id: int) -> list[Matched]:
        """The recorded matches of a story's articles with the chat's live subscriptions, oldest first."""

    def read_then(self, chat_id: int, alert_id: int) -> tuple[str, ...]:
        """The languages the chat read when this alert was raised."""

    def came(self, subscription_id: int, limit: int) -> list[int]:
        """The articles that were last sent because of a subscription, the latest first."""

    def prune(self, before: datetime) -> int:
        """Forgets what held things back before then; returns how much that was."""
