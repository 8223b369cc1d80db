"""The keyboard with which a person picks a chat of theirs, and what they pick it for."""

from __future__ import annotations

import hashlib
from typing import Any

from telegram import (
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)

from bot.core.message import Pick, Where
from bot.core.model import Address

_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
"""Rights that always have to be said, granted or not."""


def key_of(address: Address, request: int) -> str:
    """The key by which the store keeps what was asked for; of one chat, so that nobody meets another's."""
    return f"pick:{address.chat}:{request}"


def request_of(pick: Pick) -> int:
    """A number of 31 bits, the same each time (core.telegram.org/bots/api#keyboardbuttonrequestchat)."""
    said = f"{pick.where}:{pick.command}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(said, digest_size=4).digest()) >> 1


def kept_picks(address: Address, picks: tuple[Pick, ...]) -> dict[str, str]:
    """Key -> what is to be done in the chat that is picked."""
    return {key_of(address, request_of(pick)): f"{pick.where}:{pick.command}" for pick in picks}


def read_pick(kept: str) -> tuple[Where, str]:
    """The kind of chat and the command that `kept_picks` has kept."""
    where, _, command = kept.partition(":")
    return Where(where), command


def keyboard(picks: tuple[Pick, ...]) -> ReplyKeyboardMarkup:
    """Buttons that open a list of the person's chats in which they are an admin; the bot is added where it is not."""
    return ReplyKeyboardMarkup([[_button(pick)] for pick in picks], resize_keyboard=True, one_time_keyboard=True)


def _button(pick: Pick) -> KeyboardButton:
    channel = pick.where is Where.CHANNEL
    asked = KeyboardButtonRequestChat(
        request_of(pick),
        chat_is_channel=channel,
        user_administrator_rights=_rights(can_manage_chat=True, can_post_messages=True)
        if channel
        else _rights(can_manage_chat=True),
        bot_administrator_rights=_rights(can_manage_chat=True, can_post_messages=True) if channel else None,
        bot_is_member=None if channel else True,
        request_title=True,
    )
    return KeyboardButton(pick.label, request_chat=asked)


def _rights(**granted: bool) -> ChatAdministratorRights:
    rights: dict[str, Any] = {**dict.fromkeys(_RIGHTS, False), **granted}
    return ChatAdministratorRights(**rights)
