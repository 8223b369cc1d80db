"""The ports: Protocols through which rooms that may not import each other meet.

A Store runs whole operations: `write` gives one operation a Session inside a transaction that has begun IMMEDIATE and
commits when the operation returns; `read` gives it a consistent view. A Session holds one repository a noun.
All of it is synchronous; the event loop calls it through worker threads. Every method may raise StoreError.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.core.access import Cards, Guests
from bot.core.conversations import Conversations
from bot.core.errands import Errands
from bot.core.figures import Figures
from bot.core.finding import Page as Page
from bot.core.finding import Percolator as Percolator
from bot.core.finding import Search as Search
from bot.core.following_ports import Follows, Joinings
from bot.core.messenger import Limits as Limits
from bot.core.messenger import Messenger as Messenger
from bot.core.model import (
    DELIVERED,
    Address,
    Alert,
    Archived,
    Article,
    Audience,
    Chat,
    Claim,
    Delivery,
    Kind,
    Owed,
    State,
    Subscription,
    Terms,
)
from bot.core.reader_ports import Leftovers, Mutes, Pauses, Prefaces, Shelf
from bot.core.reasons import Reasons
from bot.core.reports import Reports
from bot.core.rules import Rules
from bot.core.source_ports import Bursts, Pages, Sources
from bot.core.story_ports import Stories
from bot.core.upkeep import Meta, Upkeep

T = TypeVar("T")


class Articles(Protocol):
    """Articles and what is known of them."""

    def expect(self, asked: Sequence[tuple[Article, int]]) -> None:
        """Looks up at once, which costs far less, which of (article, source id) `find` will find nothing of."""

    def find(self, article: Article, source_id: int) -> Archived | None:
        """The archived article this one is: by guid in its source, by canonical URL, or as its outlet's own copy."""

    def get(self, article_id: int) -> Archived | None: ...

    def many(self, article_ids: Sequence[int]) -> list[Archived]:
        """Those that exist, in the order asked for."""

    def add(
        self,
        article: Article,
        *,
        source_id: int,
        now: datetime,
        language: str | None,
        story_id: int,
        topics: Sequence[str],
    ) -> Archived: ...

    def update(
        self,
        archived: Archived,
        article: Article,
        *,
        language: str | None,
        topics: Sequence[str],
        said: str | None = None,
    ) -> Archived:
        """Puts the article's new text in place; id, first-seen time and story stay, the first headline is kept.

        `said` is its source's own text where the new one is its page's: copies are known by that.
        """

    def retag(self, article_id: int, topics: Sequence[str]) -> None:
        """Gives the article these topics and no other; `Search.index` has to follow, as after `add` and `update`."""

    def after(self, article_id: int, limit: int) -> list[Archived]:
        """Articles with a larger id, ascending: how background work walks the archive."""

    def prune(self, after: int, limit: int, before: datetime, told_since: datetime) -> tuple[int, int | None]:
        """Of the next `limit` articles, by id from `after`, drops those first seen before then.

        (How many, the id reached or None at the end.) Samples, what somebody saved or marked, and stories of which
        something waits or was told since `told_since` stay. A story goes with its last article.
        """

    def count(self) -> int: ...

    def by_url(self, url: str) -> Archived | None:
        """The article at this URL, compared in canonical form."""

    def of_story(self, story_id: int) -> list[Archived]:
        """The story's articles, first seen first."""

    def is_further_outlet(self, archived: Archived) -> bool:
        """Whether its story has other articles, none of them of the same outlet."""

    def outlets(self, story_id: int) -> list[str]:
        """The outlets that carry the story, the first of them first."""


class Chats(Protocol):
    """Chats and their settings."""

    def ensure(self, address: Address, now: datetime) -> Chat:
        """The chat at this address, made when it is not there yet."""

    def at(self, address: Address) -> Chat | None: ...

    def get(self, chat_id: int) -> Chat | None: ...

    def threads(self, platform: str, chat: str) -> list[Chat]:
        """Every chat with this id on the platform, one a thread."""

    def save(self, chat: Chat) -> None:
        """Stores every setting of the chat as given."""

    def pausing(self, now: datetime, limit: int) -> list[Chat]:
        """Paused chats whose pause has come to its end."""

    def move(self, chat_id: int, new: Address) -> None:
        """The chat has a new address; with a chat already there it is one, with the settings of the older."""

    def block(self, chat_id: int, until: datetime) -> None:
        """The platform wants silence in the chat until then: nothing of it is claimed before."""

    def forget(self, chat_id: int) -> None:
        """Removes every trace of the chat."""

    def holdings(self, chat_id: int) -> dict[str, int]:
        """What the store holds of the chat, counted by noun: what `forget` would remove."""

    def remember_undo(self, chat_id: int, now: datetime, change: str) -> None:
        """Keeps the inverse of the chat's latest change (opaque JSON)."""

    def take_undo(self, chat_id: int) -> str | None:
        """The latest inverse, removed."""


class Subscriptions(Protocol):
    """Subscriptions and the standing queries they hang on."""

    def add(
        self,
        chat: Chat,
        query: str,
        now: datetime,
        *,
        cadence: str,
        urgent: bool,
        every: bool,
        next_due_at: datetime | None,
    ) -> Subscription:
        """Subscribes, or changes the chat's live subscription to the same canonical query; `cadence` is its text."""

    def of_chat(self, chat_id: int) -> list[Subscription]:
        """The chat's live subscriptions by number."""

    def get(self, subscription_id: int) -> Subscription | None: ...

    def end(self, subscription_id: int, now: datetime) -> None:
        """Ends it and cancels what waits because of it alone; its number is never used again."""

    def revive(self, subscription_id: int, now: datetime) -> None:
        """Undoes `end` with its old number; what `end` cancelled waits again unless told since."""

    def rephrase(self, subscription_id: int, query: str) -> list[tuple[int, int, bool]]:
        """Gives it another query (canonical text), which no other live one of its chat has; all else stays.

        Returns (article id, story id, fresh) of the old query's alerts that have not reached it yet.
        """

    def reschedule(self, subscription_id: int, next_due_at: datetime | None) -> None:
        """Moves its next digest, and the digest lines waiting for it, to then (a chat changed its times)."""

    def advance(self, subscription_id: int, next_due_at: datetime) -> None:
        """Sets its next digest, leaving the lines of the one that is due now where they are."""

    def audiences(self, alert: Alert, after: int, limit: int) -> tuple[list[Audience], int, int | None]:
        """Looks at the next `limit` subscriptions of an alert's query, by id from `after`, for those it is owed to.

        (These by manner, how many were looked at, the id reached or None at the end.) It is owed to those that are
        live and were made before the alert; when it does not lead, only to `every` ones, those made after the story
        first rang, those of chats that may not read the language it first rang in, and those a mute kept it from. A
        chat is among them once.
        """

    def due(self, now: datetime, limit: int) -> list[tuple[Subscription, Chat]]:
        """Live digest subscriptions that are not paused, nor their chats, with `next_due_at <= now`, by chat.

        Of `limit` of them, those due longest, and of every other one that is due in the same chats.
        """

    def count(self) -> int: ...


class Queries(Protocol):
    """Standing queries: each canonical text once, however many subscribe."""

    def changed_since(self, version: int) -> tuple[int, list[tuple[int, str | None]]]:
        """(current version, [(query id, canonical text, or None when nobody subscribes any more)]) since `version`."""

    def texts(self, query_ids: Iterable[int]) -> dict[int, str]: ...


class Outbox(Errands, Protocol):
    """Alerts, deliveries, and who holds them."""

    def raise_alerts(self, matches: Iterable[tuple[int, int, int]], now: datetime, *, fresh: bool = True) -> int:
        """Raises (article id, story id, query id) once each; returns how many were new.

        One leads when no earlier alert of its (story, query) was at least as fresh.
        """

    def next_alert(self) -> tuple[Alert, int] | None:
        """The oldest alert not fully expanded, with the subscription id its expansion has reached."""

    def owe(self, owed: Iterable[Owed]) -> int:
        """Adds what is not owed yet: once a (chat, story, kind), or (chat, article, kind) when `each`.

        A digest line already waiting moves to the earlier due time. Returns how many were new.
        """

    def owe_all(self, story_id: int, article_id: int, shares: Iterable[tuple[Terms, Audience]]) -> int:
        """Owes one article to every listener of the audiences, as `owe` would one by one; holds what is held."""

    def expanded(self, alert_id: int, reached: int | None) -> None:
        """Keeps how far the oldest unfinished alert's expansion has got, None at its end; StoreError for another."""

    def open_digest(self, chat_id: int, due_at: datetime, now: datetime) -> None:
        """Puts a digest's envelope in the outbox: once a (chat, due_at)."""

    def claimable(self, now: datetime, accept: Callable[[Address], bool], kinds: Collection[Kind] = DELIVERED) -> bool:
        """Whether `claim` would do anything."""

    def claim(
        self,
        now: datetime,
        leased_until: datetime,
        accept: Callable[[Address], bool],
        limit: int,
        kinds: Collection[Kind] = DELIVERED,
    ) -> list[Claim]:
        """Leases what is due, for `limit` messages at most, of chats that are not paused and that `accept` takes.

        All due alerts of a chat are one claim, a digest with its due lines another, an errand one; kind by kind, those
        due longest first; a lapsed lease is taken again. Alerts of a chat that has rung as often as it wants gather
        (`bot.core.ceiling`), stale ones go into its next digest if it has any.
        """

    def settle(
        self, claim: Claim, state: State, now: datetime, *, message_ref: str | None = None, reason: str | None = None
    ) -> None:
        """Closes a claim's rows as sent, dead or cancelled; a sent digest sets the chat's `last_digest_at`."""

    def sent(self, entries: Sequence[tuple[Claim, str]], now: datetime) -> None:
        """Settles many claims as sent, each with its message's reference."""

    def postpone(self, claim: Claim, due_at: datetime, reason: str | None, *, tried: bool = True) -> None:
        """Gives a claim's rows back, due then, one attempt older if `tried`."""

    def prune(self, now: datetime) -> None:
        """Drops what delivery remembers for a while only."""

    def prune_alerts(self, before: datetime, limit: int) -> int:
        """Drops the oldest alerts raised before then that nothing waits for; how many."""

    def dead(self, since: datetime, chat_id: int | None = None) -> tuple[int, str | None]:
        """How many lines were given up since then, of one chat or of all, and why the latest was."""

    def tell(self, chat_id: int, subscription_id: int, story_ids: Iterable[int], now: datetime, reason: str) -> None:
        """Records stories as already told to the chat, so that they do not ring."""

    def replan(self, chat_id: int, now: datetime, audible: datetime, *, anew: bool = False) -> None:
        """What waits in a chat, but for the urgent, leaves at `audible`: now, or when the quiet hours that hold it end.

        What is due already keeps the time it was due; with `anew` (a pause is over) it is due then.
        """

    def lines_of(self, subscription_id: int) -> int:
        """How many digest lines wait for a subscription."""

    def quiet_overdue(self, now: datetime, after: int, limit: int) -> list[Chat]:
        """Chats with quiet hours that something not urgent is due in, by id from `after`."""

    def expire(self, before: datetime, after: int, limit: int) -> tuple[list[tuple[int, datetime]], int | None]:
        """Cancels what was due before then in the next chats, by id from `after`, except in paused ones.

        ((chat, when it was due) of each line, the id reached or None at the end).
        """

    def told(self, chat_id: int, story_ids: Sequence[int]) -> set[int]:
        """Which of these stories the chat was told as an alert."""

    def latest_alert(self, chat_id: int) -> int | None:
        """The story the chat was last sent as an alert, None when there was none."""

    def matched(self, chat_id: int, story_id: int) -> list[Subscription]:
        """The chat's live subscriptions whose query the story has matched, by number."""

    def counts(self, chat_id: int | None = None) -> dict[tuple[Kind, State], int]: ...

    def deliveries_of_story(
        self, chat_id: int, story_id: int
    ) -> list[tuple[Delivery, State, datetime | None, str | None]]:
        """(delivery, state, sent at, reason) of what a chat was owed of a story, oldest first."""


class Session(Protocol):
    """One operation's view of the store: a repository a noun."""

    @property
    def articles(self) -> Articles: ...
    @property
    def stories(self) -> Stories: ...
    @property
    def pages(self) -> Pages: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def bursts(self) -> Bursts: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def chats(self) -> Chats: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def queries(self) -> Queries: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def search(self) -> Search[Any, Any]: ...
    @property
    def meta(self) -> Meta: ...
    @property
    def mutes(self) -> Mutes: ...
    @property
    def shelf(self) -> Shelf: ...
    @property
    def leftovers(self) -> Leftovers: ...
    @property
    def pauses(self) -> Pauses: ...
    @property
    def reasons(self) -> Reasons: ...
    @property
    def prefaces(self) -> Prefaces: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def guests(self) -> Guests: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def figures(self) -> Figures: ...
    @property
    def follows(self) -> Follows: ...
    @property
    def joinings(self) -> Joinings: ...


class Store(Upkeep, Protocol):
    """Everything persistent."""

    def write(self, work: Callable[[Session], T]) -> T:
        """Runs `work` in one transaction, commits and returns its result; an exception rolls back and is raised."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Runs `work` on a consistent view that cannot write."""

    def close(self) -> None: ...
