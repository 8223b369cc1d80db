"""What a button of Telegram holds, and what is answered to a press of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from telegram import Bot
from telegram.error import TelegramError

from bot.core import buttons as core
from bot.core.buttons import KEY_MARK, Keep, read
from bot.core.message import Action

__all__ = ["ANSWER", "KEY_MARK", "ROOM", "Keep", "answer_press", "data_of", "kept", "read"]

ROOM = 64
"""Bytes of callback data (core.telegram.org/bots/api#inlinekeyboardbutton)."""

ANSWER = 200
"""Characters of the answer to a press."""


def data_of(action: Action) -> str:
    """The callback data of the button: the same each time."""
    return core.data_of(action, ROOM)


def kept(actions: Iterable[Action]) -> dict[str, str]:
    """Key -> what does not fit into a button."""
    return core.kept(actions, ROOM)


async def answer_press(bot: Bot, press: str, text: str = "") -> None:
    """Takes the waiting sign off a pressed button and, with a text, says it in front of the chat.

    A press that is too old for an answer, or an unreachable Telegram, changes nothing.
    """
    with suppress(TelegramError):
        await bot.answer_callback_query(press, text=text[:ANSWER] or None, show_alert=bool(text) or None)
