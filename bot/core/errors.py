"""The exception tree: each class says what to do next.

BotError
├── UserError            shown to the person, with a hint where one helps
│   ├── QuerySyntaxError     names the position and the nearest valid query
│   ├── UnknownCommand
│   ├── NotAllowed
│   └── LimitReached
├── ConfigError          every problem in one message; nothing was started
├── StoreError           a driver error, wrapped; its cause is kept; nothing was half written
│   └── StoreFull            there is no room: nothing was stored, and what can wait is not fetched
├── SourceError          this source is skipped, the rest of the batch goes on
│   ├── Unreachable · NotAFeed · TooLarge · Forbidden · Unreadable
│   │   └── Missing              an Unreachable whose address leads nowhere: given up after two weeks
│   ├── Gone                     gone for good, said by its server: given up at once
│   └── RateLimited(retry_after) not asked again before, nor anything else on its host
└── DeliveryError        what the outbox does with one delivery
    ├── Throttled(retry_after)   wait exactly that long, this chat only unless it says everyone
    ├── Unavailable              try again later
    ├── Rejected                 once more in a plainer form, then dead with the reason
    ├── ChatGone                 pause the chat, keep its settings
    │   └── NoPermission             the same, and its owner is told elsewhere
    └── ChatMoved(new)           the rows follow, the same message is sent there
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.words import ENGLISH

if TYPE_CHECKING:
    from bot.core.model import Address
    from bot.core.words import Words


class BotError(Exception):
    """Anything newsbell raises on purpose; its text is one line for a person."""


class UserError(BotError):
    """A person's request that cannot be done: a phrase of the catalogue and the details it names.

    `key` names a phrase in `bot.core.words`; `suggestion` is a command or query the person could send instead.
    """

    def __init__(self, key: str, *, suggestion: str | None = None, **details: object) -> None:
        self.key = key
        self.details = details
        self.suggestion = suggestion
        super().__init__(key)

    def say(self, words: Words) -> str:
        """The error in the person's language, without the suggestion."""
        return words.say(self.key, **self.details)

    def __str__(self) -> str:
        text = self.say(ENGLISH)
        return f"{text} {ENGLISH.say('error.try', suggestion=self.suggestion)}" if self.suggestion else text


class QuerySyntaxError(UserError):
    """A query that cannot be read: `position` is the 0-based offset in the text as it was typed."""

    def __init__(self, key: str, position: int, *, suggestion: str | None = None, **details: object) -> None:
        self.position = position
        super().__init__(key, suggestion=suggestion, position=position + 1, **details)


class UnknownCommand(UserError):
    """A verb that is not registered; the suggestion is the nearest one."""


class NotAllowed(UserError):
    """The person or chat may not do this."""


class LimitReached(UserError):
    """A quota or a size is used up; the text says which."""


class ConfigError(BotError):
    """Settings that cannot be used; the message lists every problem, one a line."""


class StoreError(BotError):
    """The database refused: full, read-only, locked, damaged or from a newer version.

    `passing` says that the same may well be taken later: there was no room, or somebody else was at it.
    """

    def __init__(self, text: str, *, passing: bool = False) -> None:
        super().__init__(text)
        self.passing = passing


class StoreFull(StoreError):
    """There is no room for it, on the disk or within what the settings permit: nothing was stored."""

    def __init__(self, text: str) -> None:
        super().__init__(text, passing=True)


class SourceError(BotError):
    """A source, or one item of it, that could not be read."""


class Unreachable(SourceError):
    """Nothing answered, or a file or folder is not there."""


class Missing(Unreachable):
    """The address leads nowhere: its host has no such page, or there is no such host."""


class NotAFeed(SourceError):
    """Something answered that holds no articles."""


class TooLarge(SourceError):
    """Past a size limit; nothing of it was taken."""


class Forbidden(SourceError):
    """Access is refused, by permission or by our own rules."""


class Unreadable(SourceError):
    """Bytes that are not text, or text that is not what its name says."""


class Gone(SourceError):
    """The server says that it was removed for good (RFC 9110, 15.5.11)."""


class RateLimited(SourceError):
    """The host asks for a pause of `retry_after`, of us and of every source on it."""

    def __init__(self, text: str, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__(text)


class DeliveryError(BotError):
    """A platform's refusal of one message."""


class Throttled(DeliveryError):
    """The platform asks for a pause of `retry_after`: in this chat or, where `everyone`, in all of them.

    `asked` False is a pause still running, for which the platform was not asked again.
    """

    def __init__(self, retry_after: timedelta, *, everyone: bool = False, asked: bool = True) -> None:
        self.retry_after = retry_after
        self.everyone = everyone
        self.asked = asked
        super().__init__(f"throttled for {retry_after.total_seconds():g} s")


class Unavailable(DeliveryError):
    """The platform cannot be reached or fails; the message may be tried again."""


class Rejected(DeliveryError):
    """The platform will never take this message as it is."""


class ChatGone(DeliveryError):
    """The chat blocked, removed or archived the bot."""


class NoPermission(ChatGone):
    """The bot is still in the chat but may not write there."""


class ChatMoved(DeliveryError):
    """The chat has a new address; send there."""

    def __init__(self, new: Address) -> None:
        self.new = new
        super().__init__(f"moved to {new}")
