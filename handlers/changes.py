"""What `/undo` takes back: a chat's last change as the facts that reverse it, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Self

from bot.core.cadence import parse_quiet
from bot.core.message import Action
from bot.core.model import Chat
from handlers.call import Call


class Did(StrEnum):
    """What a chat last changed."""

    SUBSCRIBED = "subscribed"
    CHANGED = "changed"
    UNSUBSCRIBED = "unsubscribed"
    SET = "set"
    PAUSED = "paused"
    RESUMED = "resumed"
    PAUSED_ONE = "paused one"
    RESUMED_ONE = "resumed one"
    MUTED = "muted"
    UNMUTED = "unmuted"
    SAVED = "saved"
    DROPPED = "dropped"
    MARKED = "marked"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    REPHRASED = "rephrased"


@dataclass(frozen=True, slots=True)
class Change:
    """A change and what was before: the subscriptions it touched, or former values by name, as plain JSON values."""

    did: Did
    subscriptions: tuple[int, ...] = ()
    was: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The change written as `text`."""
        value = json.loads(text)
        return cls(Did(value["did"]), tuple(value["subscriptions"]), value["was"])


def remember(call: Call, did: Did, *subscriptions: int, **was: object) -> None:
    """Keeps a change as the chat's latest one."""
    call.session.chats.remember_undo(call.chat.id, call.now, str(Change(did, subscriptions, was)))


def undo_button(call: Call, *, in_place: bool = False) -> Action:
    """The button that takes back what was just done."""
    return Action(call.say("commands.undo_it"), "/undo", in_place)


_READ: dict[str, Callable[[str], object]] = {
    "digest_at": time.fromisoformat,
    "quiet": parse_quiet,
    "paused_at": datetime.fromisoformat,
    "paused_until": datetime.fromisoformat,
}
"""Settings that JSON cannot hold as they are, by what reads them from text."""


def former(chat: Chat, *names: str) -> dict[str, object]:
    """Settings of the chat as JSON values, by name."""
    return {name: _plain(name, getattr(chat, name)) for name in names}


def _plain(name: str, value: object) -> object:
    if name in _READ and value is not None:
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def restored(chat: Chat, was: Mapping[str, object]) -> Chat:
    """The chat with those settings as they were."""
    return replace(chat, **{name: _value(name, value) for name, value in was.items()})  # type: ignore[arg-type]


def _value(name: str, value: object) -> object:
    if name in _READ and value is not None:
        return _READ[name](str(value))
    return tuple(value) if isinstance(value, list) else value
