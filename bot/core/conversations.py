"""What conversations leave behind, and the port that keeps it: what was acted on, and what long buttons mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.model import Address

ACTED_FOR = timedelta(days=3)
"""How long it is remembered that something was acted on: platforms repeat themselves for a day at most."""

BUTTONS_FOR = timedelta(days=180)
"""How long after it was last shown or pressed a long button can be pressed."""


class Conversations(Protocol):
    """What the bot was told that it must not act on twice, and the commands of buttons that hold only a key."""

    def acted(self, event: str, now: datetime) -> bool:
        """Remembers that `event` was acted on; False when it had been before."""

    def has_acted(self, event: str) -> bool:
        """Whether `event` was acted on."""

    def keep_unanswered(self, said: Mapping[str, str], now: datetime) -> None:
        """Keeps what was heard and waits for its answer (opaque text), by event; without a text, that it waits."""

    def owes_answer(self, event: str) -> bool:
        """Whether `event` waits for its answer."""

    def unanswered(self) -> dict[str, str]:
        """What was kept with a text and is not answered yet, by event."""

    def answered(self, event: str, now: datetime) -> None:
        """`event` has its answer: it was acted on, and nothing is kept of it any more."""

    def keep_buttons(self, commands: Mapping[str, str], now: datetime) -> None:
        """Keeps commands by their keys."""

    def button(self, key: str, now: datetime) -> str | None:
        """The command kept by this key, None when it is not kept any more."""

    def forget(self, address: Address) -> None:
        """Drops what was heard there, or of this person elsewhere, and waits for its answer."""

    def prune(self, now: datetime) -> None:
        """Drops what is older than ACTED_FOR and BUTTONS_FOR."""
