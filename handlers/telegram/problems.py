"""What Telegram's refusals mean: errors of the client library, by type and text, as DeliveryErrors."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.core.errors import ChatGone, ChatMoved, DeliveryError, NoPermission, Rejected, Throttled, Unavailable
from bot.core.model import Address

TOKEN_REFUSED_FOR = timedelta(minutes=5)
"""How long nothing is sent after the token was refused: whoever changes it starts newsbell again."""

SILENCED = (
    "not enough rights",
    "have no rights to send",
    "need administrator rights",
    "topic_closed",
    "topic closed",
    "topic is closed",
    "message thread not found",
    "topic_deleted",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "chat_admin_required",
    "is restricted in the chat",
)
"""400s and 403s of a chat that the bot is still in, but may not write in: its state, which may change again."""

GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found", "group chat was deleted")
"""400s of a chat that is not there for the bot."""


class Flood(TelegramError):
    """Telegram asks for a pause; raised in place of the library's RetryAfter, whose seconds are being redefined."""

    def __init__(self, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(f"retry after {retry_after.total_seconds():g} s")


def delivery_error(error: TelegramError, address: Address) -> DeliveryError:
    """What the outbox is to do about it; BadRequest is a NetworkError to the library, so it is looked at first."""
    text = str(error)
    match error:
        case Flood():
            return Throttled(error.retry_after)
        case RetryAfter():
            return Throttled(pause_of(error))
        case ChatMigrated():
            return ChatMoved(Address(address.platform, str(error.new_chat_id), address.thread))
        case InvalidToken():
            return Throttled(TOKEN_REFUSED_FOR, everyone=True)
        case Forbidden() | BadRequest() if _has(text, SILENCED):
            return NoPermission(text)
        case Forbidden():
            return ChatGone(text)
        case BadRequest():
            return ChatGone(text) if _has(text, GONE) else Rejected(text)
        case NetworkError():
            return Unavailable(text)
    return Unavailable(text)


def pause_of(error: RetryAfter) -> timedelta:
    """The pause it asks for, whichever type the library gives it."""
    pause: timedelta | float = error._retry_after  # the public name warns that its type is changing
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def says_unmodified(error: Exception) -> bool:
    """Whether a message reads so already: an edit that changes nothing has succeeded."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).casefold()


def _has(text: str, parts: tuple[str, ...]) -> bool:
    """Compared without case: the library recapitalises."""
    return any(part in text.casefold() for part in parts)
