"""What a button holds: the command itself where it is short, else a key into what the store keeps."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress

from telegram import Bot
from telegram.error import TelegramError

from bot.core.message import Action

ROOM = 64
"""Bytes of callback data (core.telegram.org/bots/api#inlinekeyboardbutton)."""

ANSWER = 200
"""Characters of the answer to a press."""

KEY_MARK, PLACE_MARK = "#", "~"
"""What begins the data of a button that holds a key, and of one whose answer takes its message's place."""

Keep = Callable[[Mapping[str, str]], Awaitable[None]]
"""Keeps commands by key until they are asked for."""


def data_of(action: Action) -> str:
    """The callback data of the button: the same each time."""
    said = _said(action)
    return said if action.command.startswith("/") and len(said.encode()) <= ROOM else KEY_MARK + _key(said)


def kept(actions: Iterable[Action]) -> dict[str, str]:
    """Key -> what does not fit into a button."""
    return {data[1:]: _said(action) for action in actions if (data := data_of(action)).startswith(KEY_MARK)}


def read(said: str) -> tuple[str, bool]:
    """The command that data without a key holds, and whether its answer takes the place of the message pressed."""
    return said.removeprefix(PLACE_MARK), said.startswith(PLACE_MARK)


def _said(action: Action) -> str:
    return f"{PLACE_MARK if action.in_place else ''}{action.command}"


def _key(command: str) -> str:
    digest = hashlib.blake2b(command.encode("utf-8", "surrogatepass"), digest_size=15).digest()
    return base64.b32encode(digest).decode().lower()


async def answer_press(bot: Bot, press: str, text: str = "") -> None:
    """Takes the waiting sign off a pressed button and, with a text, says it in front of the chat.

    A press that is too old for an answer, or an unreachable Telegram, changes nothing.
    """
    with suppress(TelegramError):
        await bot.answer_callback_query(press, text=text[:ANSWER] or None, show_alert=bool(text) or None)
