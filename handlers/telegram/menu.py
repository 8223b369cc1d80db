"""The bot's menu: its commands with their descriptions, and what a person pastes into @BotFather."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telegram import Bot

COMMANDS, DESCRIPTION = 100, 256
"""Commands a menu holds, and characters of a description (core.telegram.org/bots/api#botcommand)."""

Menu = Mapping[str, str]
"""Verb -> what it does, in the order shown."""


async def register(bot: Bot, menus: Mapping[str, tuple[Menu, Menu]]) -> None:
    """Sets the menus for each language (ISO 639-1, empty for everybody else); what fails is set at the next start.

    The first is for people and for the admins of a group, the second for everybody else in it.
    """
    from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeAllGroupChats, BotCommandScopeDefault
    from telegram.error import TelegramError

    for language, (full, members) in menus.items():
        for scope, menu in (
            (BotCommandScopeDefault(), full),
            (BotCommandScopeAllChatAdministrators(), full),
            (BotCommandScopeAllGroupChats(), members),
        ):
            commands = [(verb, text[:DESCRIPTION]) for verb, text in list(menu.items())[:COMMANDS]]
            with suppress(TelegramError):
                await bot.set_my_commands(commands, scope, language_code=language or None)


def for_botfather(name: str, about: str, description: str, menu: Menu) -> str:
    """The steps in a chat with @BotFather, each with the text to paste."""
    steps = (
        ("In Telegram open a chat with @BotFather. Each step is a command to send there; its answer is below it.", ""),
        ("1. /newbot  (then a name, and a username that ends in bot)", name),
        ("   It answers with a token. Keep it secret: put it into .env as TELEGRAM_BOT_TOKEN=...", ""),
        ("2. /setabouttext", about),
        ("3. /setdescription", description),
        ("4. /setcommands  (newsbell sets them itself when it starts; paste them only to have them before)", "\n".join(
            f"{verb} - {text}" for verb, text in menu.items())),
        ("5. /setprivacy  Enable  (in groups the bot then sees only commands and what is said to it)", "Enable"),
        ("6. /setjoingroups  Enable  (so that it can be added to groups)", "Enable"),
        ("7. /setinline  (so that @your_bot and a few words find articles to share in any chat)", "Search the news"),
    )  # fmt: skip
    return "\n\n".join(f"{step}\n\n{text}" if text else step for step, text in steps) + "\n"
