"""Commands that a person gives in another chat of theirs, which they pick in their private one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.app import App
from bot.conversation import Conversation
from bot.core.message import Message, line
from bot.core.model import Address
from bot.core.words import Words
from handlers.door import brought, turned_away
from handlers.request import Request
from handlers.telegram.messenger import PLATFORM
from handlers.telegram.picker import key_of, read_pick
from handlers.telegram.rights import Rights
from handlers.telegram.updates import Picked


@dataclass(frozen=True)
class Elsewhere:
    """Gives commands in chats that Telegram knows."""

    app: App
    rights: Rights
    conversation: Conversation

    async def give(self, picked: Picked, now: datetime) -> None:
        """Gives the command in the chat that was picked, for an admin of it; the answer comes to whoever picked."""
        speaker = Address(PLATFORM, str(picked.user))
        admin = self.app.is_admin(speaker)
        here = Request(picked.address, "", now, admin, picked.name, picked.event, speaker)
        if refused := await asyncio.to_thread(turned_away, here, self.app.services):
            await self.conversation.say(here, refused)
            return
        words, kept = await asyncio.to_thread(self._asked, picked, now)
        title = picked.title or picked.chat
        if refusal := await self._refusal(picked, kept):
            await self.conversation.say(here, Message((line(words.say(refusal, title=title)),)))
            return
        _, command = read_pick(kept)
        there = Address(PLATFORM, picked.chat)
        request = Request(there, command, now, admin, picked.name, picked.event, speaker, title=title)
        heading = line(words.say("menus.in_chat", title=title), quiet=True)
        if refused := await asyncio.to_thread(brought, request, self.app.services):
            await self.conversation.say(here, Message((heading, *refused.blocks)))
            return
        await self.conversation.hear(request, answer_at=picked.address, heading=heading)

    def _asked(self, picked: Picked, now: datetime) -> tuple[Words, str]:
        """The words of who picked, and what the pick was for; empty for nothing that is known."""
        key = key_of(picked.address, picked.request)
        kept = self.app.store.write(lambda session: session.conversations.button(key, now))
        chat = self.app.store.read(lambda session: session.chats.at(picked.address))
        return Words((chat and chat.language) or "en"), kept or ""

    async def _refusal(self, picked: Picked, kept: str) -> str | None:
        """Why it may not be done there, None where it may."""
        if not kept:
            return "error.old_button"
        if not await self.rights.rules(picked.chat, picked.user):
            return "menus.not_your_chat"
        where, _ = read_pick(kept)
        return None if await self.rights.may_post(picked.chat, where) else "menus.cannot_post"
