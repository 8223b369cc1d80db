"""Who may change what a group gets: its admins, asked for once in a while; and whether the bot may write there."""

from __future__ import annotations

import asyncio

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.error import TelegramError

from bot.core.message import Where

REMEMBERED_FOR = 60.0
"""Seconds an answer is good for."""

_RULERS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class Rights:
    """Whether somebody is an admin of a chat; remembered briefly, and forgotten when standings in the chat change."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[str, dict[int, tuple[bool, float]]] = {}

    async def rules(self, chat: str, user: int) -> bool:
        """Whether the user is an admin there; False while Telegram does not say."""
        at = asyncio.get_running_loop().time()
        known = self._known.get(chat, {}).get(user)
        if known is not None and at - known[1] < REMEMBERED_FOR:
            return known[0]
        try:
            found = await self._bot.get_chat_member(int(chat), user)
        except TelegramError:
            return False
        self._known.setdefault(chat, {})[user] = (found.status in _RULERS, at)
        return found.status in _RULERS

    async def may_post(self, chat: str, where: Where) -> bool:
        """Whether the bot is in the chat and may write there; False while Telegram does not say."""
        try:
            found = await self._bot.get_chat_member(int(chat), self._bot.id)
        except TelegramError:
            return False
        if where is Where.CHANNEL:
            return isinstance(found, ChatMemberAdministrator) and bool(found.can_post_messages)
        if isinstance(found, ChatMemberRestricted):
            return found.is_member and found.can_send_messages
        return found.status in (ChatMember.MEMBER, *_RULERS)

    def forget(self, chat: str) -> None:
        """Somebody's standing in the chat changed."""
        self._known.pop(chat, None)
