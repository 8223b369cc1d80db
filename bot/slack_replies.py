"""Where an answer goes in Slack: with the acknowledgement, to its response URL, to one person, or to everybody."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.conversation import Conversation
from bot.core.errors import DeliveryError, Rejected, Unavailable
from bot.core.lanes import Lane
from bot.core.message import Document, Message, Picture
from bot.core.model import Address
from bot.jobs.sender import Sender
from handlers.slack.client import Client
from handlers.slack.events import Heard, Reply
from handlers.slack.messenger import PLATFORM, SlackMessenger, fields

log = logging.getLogger(__name__)

USES = 5
"""Times a response URL may be posted to, within half an hour (docs.slack.dev/interactivity)."""


QUIET = {"unfurl_links": False, "unfurl_media": False}
"""Links in an answer are not shown once more below it."""


class Replies:
    """Brings answers to where they were asked for; `own` maps conversations with the bot to their person."""

    def __init__(
        self,
        client: Client,
        messenger: SlackMessenger,
        sender: Sender,
        conversation: Conversation,
        own: Mapping[str, str],
    ) -> None:
        self._client = client
        self._messenger = messenger
        self._sender = sender
        self._conversation = conversation
        self._own = own

    async def acknowledgement(self, heard: Heard, message: Message) -> dict[str, Any] | None:
        """What may go with the acknowledgement of a command; None when the answer has to go another way."""
        rendered = await self._messenger.rendered(message)
        if not heard.reply.acks or len(rendered.pages) != 1 or rendered.files or not message.blocks:
            return None
        return {"response_type": self._type(heard.reply), **QUIET, **fields(rendered.pages[0])}

    async def bring(self, heard: Heard, message: Message) -> None:
        """Says it where it was asked for; a file goes to the person's own conversation with the bot."""
        reply = heard.reply
        if reply.url:
            await self._respond(heard, message)
        elif reply.public:
            chat = heard.address.chat if heard.private else reply.channel
            await self._conversation.tell(Address(PLATFORM, chat, reply.thread), message)
        else:
            await self._whisper(heard, message)
            await self._files(heard, message)

    async def _respond(self, heard: Heard, message: Message) -> None:
        """By the response URL while it lasts, and past it when it is used up."""
        reply, rendered = heard.reply, await self._messenger.rendered(message)
        body: dict[str, Any] = {"response_type": self._type(reply), "replace_original": reply.replaces, **QUIET}
        body |= {"thread_ts": reply.thread} if reply.thread and not reply.replaces else {}
        try:
            for page in rendered.pages[:USES]:
                await self._posted(reply.url, {**body, **fields(page)})
                body["replace_original"] = False
        except Rejected:
            await self._past_it(heard, message)
        except DeliveryError as error:
            log.warning("chat=%s answer=unsent %s", heard.address, error)
        await self._files(heard, message)

    async def _posted(self, url: str, body: dict[str, Any]) -> None:
        """Once more when nobody answered: a second ephemeral answer is better than none."""
        try:
            await self._client.respond(url, body)
        except Unavailable:
            await self._client.respond(url, body)

    async def _past_it(self, heard: Heard, message: Message) -> None:
        text = Message(tuple(block for block in message.blocks if not isinstance(block, Document | Picture)))
        if heard.private:
            await self._conversation.tell(heard.address, text)
        else:
            await self._whisper(heard, text)

    async def _whisper(self, heard: Heard, message: Message) -> None:
        address = Address(PLATFORM, heard.reply.channel, heard.reply.thread)
        text = Message(tuple(block for block in message.blocks if not isinstance(block, Document | Picture)))

        async def call() -> None:
            await self._messenger.whisper(address, heard.reply.user, text)

        try:
            await self._sender.call(Lane.ANSWER, address, call)
        except DeliveryError as error:
            log.warning("chat=%s answer=unsent %s", heard.address, error)

    async def _files(self, heard: Heard, message: Message) -> None:
        files = tuple(block for block in message.blocks if isinstance(block, Document | Picture))
        if files:
            await self._conversation.tell(Address(PLATFORM, heard.reply.user), Message(files))

    def _type(self, reply: Reply) -> str:
        """Everybody sees what is asked for in public, and what stands in one's own conversation with the bot."""
        return "in_channel" if reply.public or reply.channel in self._own else "ephemeral"
