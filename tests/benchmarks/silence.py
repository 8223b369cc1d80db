"""A platform that accepts everything and does nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.errors import Rejected
from bot.core.message import Message
from bot.core.model import Address
from bot.core.ports import Limits


@dataclass
class Silence:
    """The Messenger port."""

    platform: str = "terminal"
    limits: Limits = field(default_factory=Limits)

    async def send(self, address: Address, message: Message) -> str:
        """Sends nothing."""
        return "1"

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Rejected."""
        raise Rejected("no edits here")
