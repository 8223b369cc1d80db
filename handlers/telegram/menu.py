"""The bot's menu: its commands with their descriptions, and what a person pastes into @BotFather."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telegram import Bot, BotCommandScope

COMMANDS, DESCRIPTION = 100, 256
"""Commands a menu holds, and characters of a description (core.telegram.org/bots/api#botcommand)."""

Menu = Mapping[str, str]
"""Verb -> what it does, in the order shown."""


async def register(bot: Bot, menus: Mapping[str, tuple[Menu, Menu]]) -> None:
    """Sets the menus for each language (ISO 639-1, empty for everybody else); what fails is set at the next start.

    The first is for people and for the admins of a group, the second for everybody else in it.
    """
    from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeAllGroupChats, BotCommandScopeDefault

    for language, (full, members) in menus.items():
        for scope, menu in (
            (BotCommandScopeDefault(), full),
            (BotCommandScopeAllChatAdministrators(), full),
            (BotCommandScopeAllGroupChats(), members),
        ):
            await _set(bot, menu, scope, language)


class OwnMenus:
    """Menus of the bot's admins, in their own chats: by language as in `register`, set once a chat.

    Telegram knows no chat with whoever never wrote to the bot: their menu is set when they first do.
    """

    def __init__(self, bot: Bot, menus: Mapping[str, Menu]) -> None:
        self._bot = bot
        self._menus = menus
        self._set: set[str] = set()

    async def set(self, chat: str) -> None:
        """Sets the menu of an admin's chat, unless that is done or being done."""
        from telegram import BotCommandScopeChat

        if chat in self._set:
            return
        self._set.add(chat)
        scope = BotCommandScopeChat(int(chat))
        done = [await _set(self._bot, menu, scope, language) for language, menu in self._menus.items()]
        if not all(done):
            self._set.discard(chat)


async def _set(bot: Bot, menu: Menu, scope: BotCommandScope, language: str) -> bool:
    """Whether it is set."""
    from telegram.error import TelegramError

    commands = [(verb, text[:DESCRIPTION]) for verb, text in list(menu.items())[:COMMANDS]]
    try:
        return await bot.set_my_commands(commands, scope, language_code=language or None)
    except TelegramError:
        return False


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
