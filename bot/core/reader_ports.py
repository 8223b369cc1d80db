"""The ports of what readers decide: mutes, what they keep, what is still to be said; each may raise StoreError."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.model import Chat, Subscription


@dataclass(frozen=True, slots=True)
class Mute:
    """A chat's wish not to hear of a story or an outlet, until then or (None) until it is taken back.

    `what` is a key of `bot.matching.muting`, `label` what to call it.
    """

    id: int
    chat_id: int
    what: str
    label: str
    created_at: datetime
    until_at: datetime | None = None
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.ended_at is None and (self.until_at is None or now < self.until_at)


@dataclass(frozen=True, slots=True)
class Pending:
    """A line that waits in a chat, for its article or, where that one may not be told, another that matched as well."""

    delivery_id: int
    story_id: int
    article_id: int
    others: tuple[int, ...] = ()


class Mutes(Protocol):
    """Who does not want to hear of what."""

    def add(self, chat_id: int, what: str, label: str, now: datetime, until_at: datetime | None) -> Mute:
        """Mutes, or moves the end of the chat's mute of the same that is in force."""

    def get(self, mute_id: int) -> Mute | None: ...

    def live(self, chat_id: int, now: datetime) -> list[Mute]:
        """The chat's mutes in force, oldest first."""

    def end(self, mute_id: int, now: datetime) -> None:
        """Takes a mute back; what it cancelled stays so."""

    def reinstate(self, mute: Mute) -> None:
        """Puts a mute back as it was, unless the chat has muted the same again."""

    def hold(self, chat_ids: Sequence[int], story_id: int, article_id: int, keys: Iterable[str], now: datetime) -> int:
        """Cancels the waiting lines of an article in those of the chats that have muted one of its keys; how many."""

    def pending(self, chat_id: int) -> list[Pending]:
        """Everything that waits in a chat."""

    def silence(self, mute_id: int, delivery_ids: Iterable[int]) -> None:
        """Cancels these lines, where they wait, because of the mute."""

    def retell(self, delivery_id: int, article_id: int) -> None:
        """Lets a line that waits tell of another article of its story."""

    def release(self, mute_id: int) -> int:
        """Lets what the mute cancelled wait again, but for stories told since; how many lines do."""

    def held(self, mute_id: int) -> int:
        """How many lines the mute has cancelled that are still so."""


class Pauses(Protocol):
    """Which subscriptions are paused by themselves, and what is held for them."""

    def begin(self, subscription_id: int, since: datetime, until: datetime | None) -> None:
        """Pauses it alone, until then or for good; what waits for it is held, unless another of the chat tells it."""

    def end(self, subscription_id: int, audible_at: datetime, next_due_at: datetime | None) -> int:
        """Hears it again and lets what was held wait again, but for stories told meanwhile; how many lines.

        Alerts leave at `audible_at`, lines of a digest with the one at `next_due_at`.
        """

    def held(self, subscription_id: int) -> int:
        """How many lines are held for a paused subscription."""

    def over(self, now: datetime, limit: int) -> list[tuple[Subscription, Chat]]:
        """Live subscriptions whose pause has come to its end, each with its chat."""


class Shelf(Protocol):
    """What a chat has put aside: articles saved, stories marked as not relevant."""

    def save(self, chat_id: int, article_id: int, now: datetime) -> bool:
        """Keeps an article; False when it was kept already."""

    def drop(self, chat_id: int, article_id: int) -> datetime | None:
        """Keeps it no longer; when it was saved, None when it was not."""

    def saved(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[int, datetime]], int]:
        """A page of (article id, saved at), the last saved first, and how many there are."""

    def mark(self, chat_id: int, subscription_id: int, story_id: int, article_id: int, now: datetime) -> bool:
        """Marks a story as not relevant to a subscription; False when it was marked already."""

    def unmark(self, chat_id: int, subscription_id: int, story_id: int) -> None: ...

    def marked(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[int, int, datetime]], int]:
        """A page of (subscription id, article id, said at), the last said first, and how many there are."""

    def marked_of(self, chat_id: int, subscription_id: int, limit: int) -> list[int]:
        """The articles of the stories last marked as not relevant to a subscription, the latest first."""


class Leftovers(Protocol):
    """What did not fit into a message, for `/digest more`."""

    def keep(self, chat_id: int, told_at: datetime, lines: Iterable[tuple[int, int]]) -> None:
        """Keeps (article id, subscription id), best first, of a message sent then."""

    def of_chat(self, chat_id: int, limit: int, offset: int = 0) -> tuple[list[tuple[datetime, int, int]], int]:
        """A page of (told at, article id, subscription id), the latest message first, and how many there are."""

    def prune(self, before: datetime) -> int:
        """Drops what is left of messages sent before then; returns how many lines."""


class Preface(StrEnum):
    """What is said on top of a chat's next message."""

    PAUSE_OVER = "pause over"
    """`number` stories were held in the pause that began then."""
    DROPPED = "dropped"
    """`number` stories were too old to be sent, the oldest due then."""

    RESUMED = "resumed"
    """A subscription's pause is over in which `number` stories were held; `about` is what the chat calls it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is still to be said to a chat: how many, since when, and about which subscriptions where it is about any."""

    kind: Preface
    number: int
    since_at: datetime
    about: str = ""


class Prefaces(Protocol):
    """What is still to be said to chats."""

    def add(self, chat_id: int, kind: Preface, number: int, since_at: datetime, about: str = "") -> None:
        """To be said once: the numbers of two of a kind are added up, the earlier time counts, `about` is a list."""

    def of_chat(self, chat_id: int) -> list[Said]: ...

    def said(self, chat_id: int, kinds: Iterable[Preface]) -> None:
        """They have been said."""
