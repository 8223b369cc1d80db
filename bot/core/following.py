"""Stories that ring again after a chat was told: accounts of one it follows, and many outlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

OUTLETS = 8
"""Independent outlets from which a story that was told rings once more, where a chat set no other number."""

AGAIN_AFTER = timedelta(minutes=30)
"""How long a story that rang again is quiet: what comes meanwhile is gathered in its next ring."""


class Further(IntEnum):
    """Why a story that was told rings again."""

    ACCOUNT = 1
    """Another account of it came, in a chat that follows it."""
    OUTLETS = 2
    """As many independent outlets carry it as the chat wants to hear of."""


@dataclass(frozen=True, slots=True)
class Follow:
    """A chat follows a story, from then on."""

    chat_id: int
    story_id: int
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Joining:
    """Another account of a story's event that may ring: the article, when it came, and whom it is to be told now.

    `outlets` is how many independent outlets carry the story with it, 0 where it adds none. Chats that follow the story
    come first (ACCOUNT), then those that were told it (OUTLETS); `reached` is how far either has got.
    """

    article_id: int
    story_id: int
    outlets: int
    joined_at: datetime
    further: Further
    reached: int


@dataclass(frozen=True, slots=True)
class Owing:
    """A ring that a chat is owed: `subscription_id` is the one it heard of the story by, None where it follows it."""

    chat_id: int
    article_id: int
    due_at: datetime
    subscription_id: int | None = None


def leading(language: str | None, others: Sequence[tuple[int, str | None]], reads: Sequence[str]) -> int | None:
    """The article (id, language) that a story is told by instead of one in this language, None where that one stays.

    It stays where it is in a language that is read, or nobody knows in which, and where no other is; else the first
    of the others that is read leads.
    """
    if not reads or language is None or language in reads:
        return None
    return next((article_id for article_id, other in others if other in reads), None)
