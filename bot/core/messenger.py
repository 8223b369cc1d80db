"""The port of platforms: what sends to chats, and what a platform permits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.core.message import Message
from bot.core.model import Address
from bot.core.pacing import UNLIMITED, Rates


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform permits; more fields come with the platforms that need them."""

    text: int = 1_000_000
    """Characters a message."""
    edits: bool = False
    """Whether a message that was sent can be changed."""
    rates: Rates = UNLIMITED


class Messenger(Protocol):
    """Sends to one platform; raises DeliveryError."""

    platform: str
    limits: Limits

    async def send(self, address: Address, message: Message) -> str:
        """Sends and returns the platform's reference of the message, once the platform has accepted it."""

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Puts `message` in the place of one that was sent; Rejected when it is gone, or says that already."""
