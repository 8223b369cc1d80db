"""Errands: what goes to a chat beside deliveries, and the port that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Growth:
    """A story with more to say than was told: a new outlet (`article_id` 0), or an article that was corrected."""

    story_id: int
    article_id: int
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A phrase of the catalogue and its details, for a chat that did not ask."""

    key: str
    details: Mapping[str, str] = field(default_factory=dict)


class Errands(Protocol):
    """The part of the outbox that keeps errands; they are claimed, settled and postponed as deliveries are."""

    def raise_growth(self, story_id: int, article_id: int, now: datetime) -> None:
        """The story has more to say (`article_id` 0), or this article reads otherwise now: told messages follow."""

    def next_growth(self) -> tuple[Growth, int] | None:
        """The growth raised longest ago that is not fully expanded, with the delivery its expansion has reached."""

    def expand_growth(self, growth: Growth, after: int, limit: int, now: datetime) -> int:
        """Wishes edits of the next `limit` messages that told the story lately, once each however much it grows.

        Returns how many it looked at, having kept how far it got.
        """

    def notify(self, chat_id: int, notice: Notice, now: datetime) -> None:
        """Says something to a chat that nobody there asked for, behind everything else."""
