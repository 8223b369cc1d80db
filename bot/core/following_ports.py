"""The ports of followed stories and of what tells a story again: see `bot.core.ports`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.following import Follow, Further, Joining, Owing
from bot.core.model import Archived, Chat, Nearness


class Follows(Protocol):
    """Which chats follow which stories."""

    def start(self, chat_id: int, story_id: int, now: datetime) -> bool:
        """The chat follows the story from now on; False when it did already."""

    def end(self, chat_id: int, story_id: int) -> Follow | None:
        """It follows the story no more, and what waits of it because it did is called off; what it was, if it was."""

    def resume(self, follow: Follow) -> None:
        """Undoes `end`: what that called off waits again."""

    def get(self, chat_id: int, story_id: int) -> Follow | None:
        """Since when the chat follows the story, None when it does not."""

    def of_chat(self, chat_id: int, since: datetime) -> list[Follow]:
        """What the chat follows that anything came to since then, the latest first."""

    def prune(self, before: datetime) -> int:
        """Ends what is followed of stories that nothing came to since then: nothing can join them; how many."""


class Joinings(Protocol):
    """How articles joined their stories, and whom those are to be told again that have another account since."""

    def record(self, archived: Archived, nearness: Nearness, now: datetime, *, rings: bool) -> None:
        """The article joined its story that near, once; what is an account of its own and `rings` waits to be told."""

    def match(self, story_id: int, other_id: int) -> None:
        """Two stories turned out to be one when both had been heard of: who was told of either is told of neither."""

    def nearness(self, article_id: int) -> Nearness | None:
        """How near the article was to the story it joined; None where it opened one."""

    def outlets(self, story_id: int) -> int:
        """How many outlets have an account of the story that is no copy: copies of one account are no others."""

    def next(self) -> Joining | None:
        """The oldest that is still to be told to somebody."""

    def followers(self, joining: Joining, limit: int) -> tuple[list[Chat], int | None]:
        """The next chats that followed its story when it joined; (they, the position reached or None at the end)."""

    def hearers(self, joining: Joining, limit: int) -> tuple[list[tuple[Chat, int, int]], int | None]:
        """Of the next deliveries that told its story those of chats that want to hear of so many outlets.

        ((Chat, subscription id, article id) of each, the position reached or None at the end.) Chats that follow the
        story, and those whose subscription has ended or is paused, are not among them.
        """

    def owe(self, joining: Joining, owed: Iterable[Owing]) -> int:
        """Adds what is not owed or told yet, by article, and for outlets once a (chat, story); how many were new."""

    def told(self, joining: Joining, reached: int | None) -> None:
        """Keeps how far its telling has got; None when this audience is through."""

    def rung(self, chat_id: int, story_id: int) -> dict[int, Further]:
        """The articles by which the chat was, or will be, told the story again, and why."""

    def matched(self, story_id: int, query_ids: Sequence[int]) -> list[int]:
        """The story's articles that matched any of these queries, in the order they came."""

    def lead(self, delivery_id: int, article_id: int) -> None:
        """Records by which article of its story a delivery told it."""
