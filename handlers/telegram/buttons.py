"""What a button holds: the command itself where it is short, else a key into what the store keeps."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

from telegram import Bot
from telegram.error import TelegramError

ROOM = 64
"""Bytes of callback data (core.telegram.org/bots/api#inlinekeyboardbutton)."""

ANSWER = 200
"""Characters of the answer to a press."""

KEY_MARK = "#"
_PAGED = re.compile(r"\bpage:\s*\d+\s*$")

Keep = Callable[[Mapping[str, str]], Awaitable[None]]
"""Keeps commands by key until they are asked for."""


def data_of(command: str) -> str:
    """The callback data of a button that types this command: the same each time."""
    return command if command.startswith("/") and len(command.encode()) <= ROOM else KEY_MARK + _key(command)


def kept(commands: Iterable[str]) -> dict[str, str]:
    """Key -> command of those that do not fit into a button."""
    return {data[1:]: command for command in commands if (data := data_of(command)).startswith(KEY_MARK)}


def turns_page(command: str) -> bool:
    """Whether its answer takes the place of the message it is pressed under."""
    return _PAGED.search(command) is not None


def _key(command: str) -> str:
    digest = hashlib.blake2b(command.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return base64.b32encode(digest).decode().lower()


async def answer_press(bot: Bot, press: str, text: str = "") -> None:
    """Takes the waiting sign off a pressed button and, with a text, says it in front of the chat.

    A press that is too old for an answer, or an unreachable Telegram, changes nothing.
    """
    with suppress(TelegramError):
        await bot.answer_callback_query(press, text=text[:ANSWER] or None, show_alert=bool(text) or None)
