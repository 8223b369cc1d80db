"""Slack as a platform that messages are sent to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError

from bot.core.buttons import Keep, kept
from bot.core.errors import DeliveryError, Rejected
from bot.core.message import Document, Line, Message, Picture, Reply
from bot.core.model import Address
from bot.core.pacing import SLACK
from bot.core.ports import Limits
from handlers.slack.client import Client
from handlers.slack.problems import delivery_error, useless
from handlers.slack.render import VALUE, Page, Rendered, render
from handlers.slack.spoken import Speech

PLATFORM = "slack"
TOKEN = "SLACK_BOT_TOKEN"  # noqa: S105, the name of the setting
UNFINISHED = 1000
"""Messages of several parts, some of which have arrived, that are remembered."""

TITLE = 200
"""Characters of a file's title."""

Json = dict[str, Any]
File = Document | Picture


class Told(Protocol):
    """What was said below messages, for as long as messages are edited."""

    async def has(self, key: str) -> bool:
        """Whether it was said."""

    async def keep(self, keys: Iterable[str]) -> None:
        """Remembers that it was."""


class SlackMessenger:
    """Sends through `client`; commands too long for a button go to `keep`, `refused` hears of a token of no use.

    A message of several pages is one with replies below it: `spent` is told of each, so that the pace counts it. One
    that fails between two pages goes on with the next page when it is sent again. A person's id is as good a place as
    a channel's: it is their conversation with the bot.
    """

    platform = PLATFORM

    def __init__(
        self, client: Client, speech: Speech, keep: Keep, refused: Callable[[str], object], told: Told
    ) -> None:
        self.limits = Limits(text=12_000, edits=True, rates=SLACK)
        self.speech = speech
        self.spent: Callable[[Address], None] = lambda _: None
        self._client = client
        self._keep = keep
        self._refused = refused
        self._told = told
        self._arrived: OrderedDict[tuple[Address, Message], list[tuple[str, str]]] = OrderedDict()

    async def send(self, address: Address, message: Message) -> str:
        """Sends every page and file; the reference is the channel and time of the first. Raises DeliveryError."""
        rendered = await self.rendered(message)
        address, aloud = _place(address, message.in_reply)
        arrived = self._arrived.pop((address, message), [])
        parts: list[Page | File] = [*rendered.pages, *rendered.files]
        if not isinstance(parts[0], Page):
            parts.insert(0, Page(parts[0].name))  # only an answer tells a person's conversation
        for part in parts[len(arrived) :]:
            if arrived:
                self.spent(address)
            try:
                arrived.append(await self._part(address, part, arrived[:1], aloud and not arrived))
            except Exception:
                self._unfinished(address, message, arrived)
                raise
        return "/".join(arrived[0])

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Puts the message in the place of one that was sent, its replies below it; Rejected when it is gone."""
        channel, _, ts = reference.partition("/")
        page = (await self.rendered(message)).pages[:1]
        if not page or not ts:
            raise Rejected("it does not fit where it stood")
        await self.asked(self._client.web.chat_update(channel=channel, ts=ts, **fields(page[0])))
        await self._reply(address, channel, ts, message.replies)

    async def _reply(self, address: Address, channel: str, ts: str, replies: tuple[Reply, ...]) -> None:
        """Says in the thread what was not said there yet."""
        keys = {f"{channel}/{ts}:{reply.key}": reply for reply in replies}
        new = {key: reply for key, reply in keys.items() if not await self._told.has(key)}
        if new:
            self.spent(address)
            below = Message(tuple(Line(reply.spans) for reply in new.values()))
            await self.send(Address(address.platform, channel, ts), below)
            await self._told.keep(new)

    async def whisper(self, address: Address, user: str, message: Message) -> None:
        """Says it where only this person sees it, in the address's thread where it has one. Raises DeliveryError."""
        for page in (await self.rendered(message)).pages:
            told = {**fields(page), "thread_ts": address.thread or None}
            await self.asked(self._client.web.chat_postEphemeral(channel=address.chat, user=user, **told))

    async def rendered(self, message: Message) -> Rendered:
        """The message as it is sent, its long buttons kept."""
        rendered = render(message, self.speech)
        if long := kept(rendered.buttons, VALUE):
            await self._keep(long)
        return rendered

    async def asked(self, call: Awaitable[Any]) -> Any:  # noqa: ANN401
        """The call's result; a refusal as a DeliveryError."""
        try:
            return await call
        except DeliveryError:
            raise
        except Exception as error:
            if isinstance(error, SlackApiError) and (said := useless(error, TOKEN)):
                self._refused(said)
            raise delivery_error(error) from error

    async def _part(
        self, address: Address, part: Page | File, first: list[tuple[str, str]], aloud: bool
    ) -> tuple[str, str]:
        self._client.open()
        thread = address.thread or (first[0][1] if first else "")
        if not isinstance(part, Page):
            return await self._upload(part, first[0][0], address.thread)
        found = await self.asked(
            self._client.web.chat_postMessage(
                channel=address.chat,
                thread_ts=thread or None,
                unfurl_links=False,
                unfurl_media=False,
                mrkdwn=bool(part.blocks),
                reply_broadcast=aloud or None,
                **fields(part),
            )
        )
        return found["channel"], found["ts"]

    async def _upload(self, file: File, channel: str, thread: str) -> tuple[str, str]:
        data = file.content if isinstance(file, Picture) else file.content.encode("utf-8", "replace")
        web = self._client.web
        place = await self.asked(web.files_getUploadURLExternal(filename=file.name, length=len(data)))
        await self._client.upload(place["upload_url"], data)
        title = (file.text if isinstance(file, Picture) else "") or file.name
        files = [{"id": place["file_id"], "title": title[:TITLE]}]
        told: Json = {"files": files, "channel_id": channel, "thread_ts": thread or None}
        await self.asked(web.files_completeUploadExternal(**told))
        return channel, place["file_id"]

    def _unfinished(self, address: Address, message: Message, arrived: list[tuple[str, str]]) -> None:
        if arrived:
            self._arrived[address, message] = arrived
            if len(self._arrived) > UNFINISHED:
                self._arrived.popitem(last=False)


def _place(address: Address, answered: str | None) -> tuple[Address, bool]:
    """Where a message goes, and whether the channel is to see it too: a thread alone rings for nobody.

    A reply goes into the thread of what it answers; a thread has none of its own.
    """
    channel, _, ts = (answered or "").partition("/")
    if not ts or address.thread:
        return address, False
    return Address(address.platform, channel, ts), True


def fields(page: Page) -> Json:
    """A page as arguments of a call or of an answer."""
    return {"text": page.text, "blocks": list(page.blocks)} if page.blocks else {"text": page.text}
