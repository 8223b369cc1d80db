"""Files that people hand over."""

from __future__ import annotations

from telegram import Bot
from telegram.error import TelegramError

from bot.core.errors import Unreachable

LARGEST = 2_000_000
"""Bytes of a list of sources: thousands of them."""


async def fetched(bot: Bot, file: str) -> bytes:
    """The file's bytes; Unreachable when Telegram does not give it."""
    try:
        found = await bot.get_file(file)
        return bytes(await found.download_as_bytearray())
    except TelegramError as error:  # whose text may hold the address, which holds the token
        raise Unreachable("Telegram does not give the file; send it again") from error
