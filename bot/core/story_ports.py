"""The port of stories: see `bot.core.ports`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Stories(Protocol):
    """Stories and the signatures that find them."""

    def new(self, now: datetime) -> int:
        """The id of a new, empty story."""

    def expect(self, signatures: Sequence[bytes], gists: Sequence[bytes] = ()) -> None:
        """Looks up at once, which costs far less, what `candidates` and `of_event` will be asked for one by one."""

    def candidates(self, signature: bytes, since: datetime) -> list[tuple[int, bytes]]:
        """(story id, signature) of articles added since then that share a key."""

    def of_event(self, gist: bytes, since: datetime) -> int | None:
        """The story whose first article, added since then, tells of the same event in other words; None if none."""

    def add(self, article_id: int, story_id: int, signature: bytes, now: datetime, *, gist: bytes = b"") -> None:
        """Lets later articles find this one's story, by its gist where it opened it.

        An article is signed once.
        """

    def prune(self, before: datetime) -> int:
        """Drops signatures added before then; returns how many articles' were dropped."""
