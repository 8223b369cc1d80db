"""A Message as pieces of text that Telegram takes."""

from __future__ import annotations

from bot.core import pieces as core
from bot.core.message import Message
from bot.core.pieces import Headline, Piece, cleaned, units

__all__ = ["LIMIT", "Headline", "Piece", "cleaned", "pieces", "units"]

LIMIT = 4096
"""UTF-16 units of a message's visible text (core.telegram.org/bots/api#sendmessage)."""


def pieces(message: Message) -> list[Piece]:
    """Every word of the message in order, in pieces of at most LIMIT units."""
    return core.pieces(message, LIMIT)
