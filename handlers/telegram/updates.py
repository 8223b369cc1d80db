"""What an update of Telegram means to newsbell: somebody said something, or a chat changed; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    ChatShared,
    Document,
    Location,
    MessageEntity,
    Update,
    User,
)
from telegram import Message as Received
from telegram.constants import ChatType

from bot.core.access import is_code
from bot.core.model import Address
from handlers.telegram.buttons import KEY_MARK
from handlers.telegram.messenger import PLATFORM

ALLOWED = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
)
"""The kinds of updates that are asked for."""

_OF_A_REPLY = frozenset(("why", "follow", "unfollow"))
"""Verbs that, said alone in a reply, are about the message that it answers."""

_COMMAND = re.compile(r"/(?P<verb>[A-Za-z0-9_]+)(?:@(?P<bot>[A-Za-z0-9_]+))?(?=\s|$)(?P<rest>.*)", re.DOTALL)
_SETTING = re.compile(r"/settings (?P<name>[a-z]+) \S")
_DEEP_LINK = re.compile(r"\s*topic-(?P<topic>[A-Za-z0-9_-]{1,58})\s*")


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said `text` at `address`, a chat of this `title`; `event` is the same for the same saying, always.

    `user` is None where nobody is named: in a channel, or for an admin who stays anonymous, who both may `rule` there.
    `press` is the id of the press of a button under the message `pressed`; a `text` that begins with `#` is then a key.
    """

    address: Address
    text: str
    event: str
    user: int | None = None
    private: bool = True
    rules: bool = False
    name: str = ""
    language: str = ""
    title: str = ""
    press: str | None = None
    pressed: str | None = None

    @property
    def button_key(self) -> str | None:
        """The key of a button whose command is kept elsewhere."""
        is_key = self.press is not None and self.text.startswith(KEY_MARK)
        return self.text[len(KEY_MARK) :] if is_key else None


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot is in the chat, or not, and may speak there, or not; `by` is the private chat of who made it so.

    `joined` when it was not in the chat before: somebody invited it.
    """

    chat: str
    here: bool
    speaks: bool
    reason: str
    by: Address | None
    title: str = ""
    """What a group calls itself, empty in a private chat."""
    listens: bool = True
    """Whether those who are in the chat could answer there: not in a channel."""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A group has become a supergroup, with another id."""

    old: Address
    new: Address


@dataclass(frozen=True, slots=True)
class AdminsChanged:
    """Somebody's standing in a chat changed."""

    chat: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody types `@bot text` in any chat, to share what is found; `page` counts from 1, `user` is who types."""

    id: str
    text: str
    page: int
    user: str


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody sent a list of sources (OPML) in a private chat; `size` in bytes, `file` is what it is fetched by."""

    address: Address
    event: str
    file: str
    size: int


@dataclass(frozen=True, slots=True)
class Picked:
    """Somebody picked the chat `chat`, called `title`, as the request of this number asked them to."""

    address: Address
    event: str
    user: int
    name: str
    request: int
    chat: str
    title: str


Happening = Picked | Heard | Standing | Moved | AdminsChanged | Asked | Handed


def read(update: Update, bot_name: str, verbs: Collection[str]) -> Happening | None:
    """What happened, None when it is nothing to us; `verbs` are what a group may say without naming the bot."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.inline_query is not None:
        query = update.inline_query
        page = int(query.offset) if query.offset.isdecimal() else 1
        return Asked(query.id, query.query.strip(), page, str(query.from_user.id))
    if update.my_chat_member is not None:
        return _standing(update.my_chat_member)
    if update.chat_member is not None:
        return AdminsChanged(str(update.chat_member.chat.id))
    message = update.effective_message
    return None if message is None else _message(message, bot_name, verbs)


def _message(message: Received, bot_name: str, verbs: Collection[str]) -> Happening | None:
    here = str(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Moved(Address(PLATFORM, here), Address(PLATFORM, str(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id is not None:
        return Moved(Address(PLATFORM, str(message.migrate_from_chat_id)), Address(PLATFORM, here))
    if message.forum_topic_reopened is not None:  # what is still closed elsewhere is found out anew
        return Standing(here, True, True, "", None, message.chat.title or "")
    if message.document is not None and message.chat.type == ChatType.PRIVATE:
        return _handed(message, message.document)
    if message.chat.type == ChatType.PRIVATE and message.from_user is not None:
        if message.chat_shared is not None:
            return _picked(message, message.chat_shared, message.from_user)
        if message.location is not None and message.edit_date is None:  # one that is live is edited as it moves
            return _located(message, message.location, message.from_user)
    if not message.text or message.is_automatic_forward or message.via_bot is not None:
        return None
    user = message.from_user
    rules = message.chat.type == ChatType.CHANNEL or (
        message.sender_chat is not None and message.sender_chat.id == message.chat.id
    )
    if not rules and (user is None or user.is_bot):
        return None
    private = message.chat.type == ChatType.PRIVATE
    text = _text(message, bot_name, verbs, private)
    if text is None:
        return None
    return Heard(
        address_of(message),
        text,
        _event(here, str(message.message_id), message.text),
        None if rules or user is None else user.id,
        private,
        rules,
        _called(user),
        (user.language_code or "") if user else "",
        message.chat.title or "",
    )


def _picked(message: Received, shared: ChatShared, user: User) -> Picked:
    return Picked(
        address_of(message),
        _event(str(message.chat.id), str(message.message_id), str(shared.chat_id)),
        user.id,
        _called(user),
        shared.request_id,
        str(shared.chat_id),
        shared.title or "",
    )


def _located(message: Received, place: Location, user: User) -> Heard:
    """Where somebody is means their time zone; a hundredth of a degree is exact enough, and all that is kept of it."""
    text = f"/settings timezone {place.latitude:.2f}, {place.longitude:.2f}"
    event = _event(str(message.chat.id), str(message.message_id), "location")
    return Heard(address_of(message), text, event, user.id, name=_called(user), language=user.language_code or "")


def _called(user: User | None) -> str:
    """What a person calls themself, with the name that others find them by."""
    if user is None:
        return ""
    return f"{user.full_name} (@{user.username})" if user.username else user.full_name


def _handed(message: Received, document: Document) -> Handed | None:
    if not (document.file_name or "").casefold().endswith((".opml", ".xml")):
        return None
    event = _event(str(message.chat.id), str(message.message_id), document.file_unique_id)
    return Handed(address_of(message), event, document.file_id, document.file_size or 0)


def address_of(message: Received) -> Address:
    """Where the message is: a topic of a forum is a chat of its own, a thread of replies is not."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Address(PLATFORM, str(message.chat.id), "" if thread is None else str(thread))


def _text(message: Received, bot_name: str, verbs: Collection[str], private: bool) -> str | None:
    """What is said to the bot, None when it is said to others."""
    text = (message.text or "").strip()
    command = _COMMAND.fullmatch(text)
    if command is None:
        mention = re.compile(rf"@{re.escape(bot_name)}\b[\s,:]*", re.IGNORECASE)
        if value := _value(message, text, bot_name):
            return value
        if private:
            return mention.sub("", text, count=1) if mention.match(text) else text
        return mention.sub("", text, count=1) if mention.match(text) else None
    named = command["bot"]
    if not private and named is not None and named.casefold() != bot_name.casefold():
        return None
    verb = command["verb"].casefold()
    if not private and named is None and verb not in verbs:
        return None
    if verb == "start":
        link = _DEEP_LINK.fullmatch(command["rest"])
        if link is None and is_code(command["rest"].strip()):
            return f"/start {command['rest'].strip()}"
        return f"/subscribe topic:{link['topic']}" if link else "/start"
    if verb in _OF_A_REPLY and not command["rest"].strip() and message.reply_to_message is not None:
        return f"/{verb} {_about(message.reply_to_message)}".strip()
    return f"/{command['verb']}{command['rest']}"


def _value(message: Received, text: str, bot_name: str) -> str | None:
    """The setting that a reply to the bot's question for it makes; None for other replies."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or (asked.from_user.username or "").casefold() != bot_name.casefold():
        return None
    examples = asked.parse_entities([MessageEntity.CODE]).values()
    names = {found["name"] for example in examples if (found := _SETTING.match(example))}
    return f"/settings {names.pop()} {text}" if len(names) == 1 else None


def _about(message: Received) -> str:
    """The address or, without one, the headline of the first story in a message."""
    entities = message.parse_entities([MessageEntity.TEXT_LINK, MessageEntity.URL, MessageEntity.BOLD])
    links = [entity.url or text for entity, text in entities.items() if entity.type != MessageEntity.BOLD]
    if links:
        return links[0]
    headlines = list(entities.values()) or (message.text or "").splitlines()
    return headlines[0] if headlines else ""


def _pressed(query: CallbackQuery) -> Heard | None:
    message = query.message
    if message is None or not query.data:
        return Heard(Address(PLATFORM, str(query.from_user.id)), KEY_MARK, _event(query.id), press=query.id)
    address = address_of(message) if isinstance(message, Received) else Address(PLATFORM, str(message.chat.id))
    return Heard(
        address,
        query.data,
        _event(query.id),
        query.from_user.id,
        message.chat.type == ChatType.PRIVATE,
        False,
        _called(query.from_user),
        query.from_user.language_code or "",
        message.chat.title or "",
        query.id,
        str(message.message_id),
    )


def _standing(change: ChatMemberUpdated) -> Standing:
    now = change.new_chat_member
    here = now.status in (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED)
    speaks = here
    if isinstance(now, ChatMemberRestricted):
        here = now.is_member
        speaks = here and now.can_send_messages
    if change.chat.type == ChatType.CHANNEL:
        speaks = here and bool(getattr(now, "can_post_messages", False))
    blocked = "bot was blocked by the user" if change.chat.type == ChatType.PRIVATE else "bot was removed"
    reason = "" if here and speaks else "bot may not send messages" if here else blocked
    by = None if change.from_user is None or change.from_user.is_bot else Address(PLATFORM, str(change.from_user.id))
    joined = here and change.old_chat_member.status in (ChatMember.LEFT, ChatMember.BANNED)
    title, listens = change.chat.title or "", change.chat.type != ChatType.CHANNEL
    return Standing(str(change.chat.id), here, speaks, reason, by, title, listens, joined)


def _event(*parts: str) -> str:
    """A digest that names a saying and says nothing about it."""
    return hashlib.blake2b("\0".join((PLATFORM, *parts)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
