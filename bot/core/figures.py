"""What the store tells whoever looks after the bot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.model import Kind, State
from bot.core.space import Room


@dataclass(frozen=True, slots=True)
class Due:
    """Deliveries of one platform that are due and have not left: how many, and when the oldest was promised."""

    platform: str
    lines: int
    since: datetime


class Figures(Protocol):
    """Figures about everything that is owed; every method may raise StoreError."""

    def raised(self) -> int:
        """How many matches (an article and a standing query) were ever raised as alerts."""

    def queries(self) -> int:
        """How many standing queries somebody subscribes to."""

    def unexpanded_since(self) -> datetime | None:
        """When the oldest alert was raised that has not reached all its subscribers."""

    def due(self, now: datetime) -> list[Due]:
        """What is due and could leave, or was tried and failed, by platform; not what a chat or its settings hold."""

    def open(self) -> dict[tuple[Kind, State], int]:
        """How many lines wait or are leased, by kind and state: asked often, and cheap."""

    def settled(self) -> dict[tuple[Kind, State], int]:
        """How many lines came to which end, by kind and state: this reads every one of them."""

    def room(self, copies: str | None) -> Room:
        """What the database takes on its disk, with its copies in a folder, and what is free there."""
