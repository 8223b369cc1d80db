"""Telegram as a platform that messages are sent to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.core.errors import Rejected
from bot.core.message import Document, Message, Picture
from bot.core.model import Address
from bot.core.pacing import TELEGRAM
from bot.core.ports import Limits
from handlers.telegram.buttons import Keep, data_of, kept
from handlers.telegram.picker import kept_picks, keyboard
from handlers.telegram.pieces import LIMIT
from handlers.telegram.problems import delivery_error, says_unmodified
from handlers.telegram.render import Page, Rendered, caption, render

T = TypeVar("T")

PLATFORM = "telegram"
UNFINISHED = 1000
"""Messages of several pages, some of which have arrived, that are remembered."""


class TelegramMessenger:
    """Sends through `bot`; commands too long for a button go to `keep`.

    A message of several pages is several to Telegram: `spent` is told of each after the first, so that the pace counts
    it. One that fails between two pages goes on with the next page when it is sent again.
    """

    platform = PLATFORM

    def __init__(self, bot: Bot, keep: Keep) -> None:
        self.limits = Limits(text=LIMIT, edits=True, rates=TELEGRAM)
        self.spent: Callable[[Address], None] = lambda _: None
        self._bot = bot
        self._keep = keep
        self._arrived: OrderedDict[tuple[Address, Message], list[int]] = OrderedDict()

    async def send(self, address: Address, message: Message) -> str:
        """Sends every page and file; the reference holds the ids of all of them. Raises DeliveryError."""
        rendered = render(message)
        await self._remember(address, rendered)
        arrived = self._arrived.pop((address, message), [])
        parts: list[Page | Document | Picture] = [*rendered.pages, *rendered.files]
        for part in parts[len(arrived) :]:
            if arrived:
                self.spent(address)
            try:
                answered = None if arrived else message.in_reply
                arrived.append(await _asked(address, self._send(address, part, rendered, answered)))
            except Exception:
                self._unfinished(address, message, arrived)
                raise
        return ",".join(map(str, arrived))

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Puts the message in the place of one that was sent; Rejected when it is gone or now of other length."""
        rendered = render(message)
        ids = [int(part) for part in reference.split(",")]
        if len(ids) != len(rendered.pages):
            raise Rejected("it does not fit where it stood")
        await self._remember(address, rendered)
        for message_id, page in zip(ids, rendered.pages, strict=True):
            await _asked(address, self._edit(address, message_id, page, rendered))

    async def _send(
        self, address: Address, part: Page | Document | Picture, rendered: Rendered, answered: str | None
    ) -> int:
        thread = int(address.thread) if address.thread else None
        chat, place = _chat_id(address), _Place(rendered.silent, thread, answered)
        sent: Sent
        match part:
            case Document():
                file = InputFile(part.content.encode("utf-8", "replace"), filename=part.name)
                sent = await self._bot.send_document(chat, file, **place.options)
            case Picture():
                photo = InputFile(part.content, filename=part.name)
                sent = await self._bot.send_photo(chat, photo, caption=caption(part.text) or None, **place.options)
            case Page():
                sent = await self._bot.send_message(
                    chat,
                    part.text,
                    parse_mode=None if rendered.plain else ParseMode.HTML,
                    link_preview_options=_preview(part),
                    reply_markup=_picker(part, rendered) or _keyboard(part),
                    **place.options,
                )
        return sent.message_id

    async def _edit(self, address: Address, message_id: int, page: Page, rendered: Rendered) -> None:
        try:
            await self._bot.edit_message_text(
                page.text,
                _chat_id(address),
                message_id,
                parse_mode=None if rendered.plain else ParseMode.HTML,
                link_preview_options=_preview(page),
                reply_markup=_keyboard(page),
            )
        except TelegramError as error:
            if not says_unmodified(error):
                raise

    async def _remember(self, address: Address, rendered: Rendered) -> None:
        """Keeps what buttons mean whose data does not say it."""
        actions = (action for page in rendered.pages for row in page.rows for action in row)
        if meant := kept(actions) | kept_picks(address, rendered.picks):
            await self._keep(meant)

    def _unfinished(self, address: Address, message: Message, arrived: list[int]) -> None:
        if arrived:
            self._arrived[address, message] = arrived
            if len(self._arrived) > UNFINISHED:
                self._arrived.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Place:
    """How, in which topic and in answer to what something is sent."""

    silent: bool
    thread: int | None
    answered: str | None = None
    """The reference of a message that this is a reply to, unless it is gone."""

    @property
    def options(self) -> dict[str, Any]:
        """As every method of the Bot API that sends takes them."""
        options: dict[str, Any] = {"disable_notification": self.silent, "message_thread_id": self.thread}
        if self.answered:
            first = int(self.answered.split(",")[0])
            options["reply_parameters"] = ReplyParameters(first, allow_sending_without_reply=True)
        return options


def _chat_id(address: Address) -> int | str:
    """The chat's number, or its public name."""
    return int(address.chat) if address.chat.removeprefix("-").isdecimal() else address.chat


async def _asked(address: Address, call: Awaitable[T]) -> T:
    """The call's result; a refusal as a DeliveryError."""
    try:
        return await call
    except TelegramError as error:
        raise delivery_error(error, address) from error


def _preview(page: Page) -> LinkPreviewOptions:
    return LinkPreviewOptions(url=page.preview) if page.preview else LinkPreviewOptions(is_disabled=True)


def _picker(page: Page, rendered: Rendered) -> ReplyKeyboardMarkup | None:
    """Under the last page, unless that has buttons of its own: a message has one keyboard."""
    return keyboard(rendered.picks) if rendered.picks and page is rendered.pages[-1] and not page.rows else None


def _keyboard(page: Page) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(action.label, callback_data=data_of(action)) for action in row] for row in page.rows]
    return InlineKeyboardMarkup(rows) if rows else None
