"""The nouns of newsbell as frozen values; every `_at` is an aware UTC datetime, every `_for` a timedelta."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import IntEnum, StrEnum
from typing import Self

from bot.core.arrivals import NOTHING, Arrivals
from bot.core.cadence import INSTANT, Cadence, Quiet
from bot.core.errands import Notice
from bot.core.following import OUTLETS, Further
from bot.core.poll import Standing


@dataclass(frozen=True, slots=True)
class Address:
    """Where a chat lives: platform, its id there and, where the platform has them, a thread.

    As text `platform:chat` or `platform:chat/thread`, for example `terminal:local`, `telegram:-100123/45`.
    """

    platform: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        return f"{self.platform}:{self.chat}" + (f"/{self.thread}" if self.thread else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address written as `text`; ValueError when it has no platform or no chat."""
        platform, _, rest = text.strip().partition(":")
        chat, _, thread = rest.partition("/")
        if not platform or not chat:
            raise ValueError(f"{text!r} is not PLATFORM:CHAT")
        return cls(platform, chat, thread)


class SourceKind(StrEnum):
    """What a source is fetched as."""

    FEED = "feed"
    """A feed of any kind, a sitemap or an index of sitemaps."""
    PAGE = "page"
    """A section page, watched for links to new articles."""
    FOLDER = "folder"
    SEEDS = "seeds"
    """The shipped samples, planted once."""
    INGEST = "ingest"
    """Files a person handed to `newsbell ingest`."""


POLLED = frozenset((SourceKind.FEED, SourceKind.PAGE))
"""Kinds that are asked over the network, each source in its own rhythm."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place articles come from, as the store knows it; `state` is the fetcher's own memory, opaque elsewhere.

    `location` may hold credentials and is only ever shown without them (`bot.sources.web.addresses.shown`).
    `fetched_at` is the last success. `listing` is how a list of sources described it (JSON, opaque but to who reads
    lists); a source that is not `enabled` is listed and not asked.
    """

    id: int
    kind: SourceKind
    location: str = field(repr=False)
    name: str
    fetched_at: datetime | None = None
    state: str = field(default="", repr=False)
    problem: str | None = None
    next_at: datetime | None = None
    """When it is due; None for at once."""
    standing: Standing = Standing.OK
    since_at: datetime | None = None
    """When it came to stand so; None for always."""
    enabled: bool = True
    listing: str = field(default="", repr=False)
    failing_since_at: datetime | None = None
    """The first failure since it last answered; None while it answers."""
    failures: int = 0
    """Since then."""
    silent_at: datetime | None = None
    """When it counts as silent unless it brings something; None while its rhythm is not known."""
    arrivals: Arrivals = NOTHING

    @property
    def fails(self) -> bool:
        """Whether it fails in a way worth telling: one that is polled has a day to recover, one that is off never."""
        lasting = self.kind not in POLLED or self.standing is not Standing.OK
        return self.enabled and self.problem is not None and lasting


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a source gave it: plain text, no markup; `guid` is unique within its source.

    `published_at` None means undated. `language` is ISO 639-1 as the source said it, None when it did not.
    `source` is the outlet's name as readers know it (not necessarily the polled source's name).
    """

    guid: str
    title: str
    text: str
    source: str
    url: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    author: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An item of a source that could not become an article: where it stands (`FILE` or `FILE:LINE`) and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the store keeps of a source after a fetch, well or not: the fetcher's memory, how it stands, when it is due.

    `next_at` None is due at every scan. `location` is where the source has moved to, None while it stays.
    """

    state: str = field(default="", repr=False)
    next_at: datetime | None = None
    standing: Standing = Standing.OK
    since_at: datetime | None = None
    location: str | None = field(default=None, repr=False)
    silent_at: datetime | None = None
    arrivals: Arrivals | None = None
    """None keeps what is known of them."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch of a source brought, and what is kept of the source for the next one."""

    articles: tuple[Article, ...]
    refused: tuple[Refused, ...] = ()
    outlook: Outlook = Outlook()

    @property
    def state(self) -> str:
        """The fetcher's memory."""
        return self.outlook.state


@dataclass(frozen=True, slots=True)
class Archived:
    """An article in the archive; `published_at` is effective: never later than `first_seen_at`, never None.

    `language` is what the analyser used (given or detected); `topics` are topic names, sorted.
    """

    id: int
    article: Article
    first_seen_at: datetime
    published_at: datetime
    language: str | None
    story_id: int
    topics: tuple[str, ...] = ()
    first_title: str = ""
    """The headline it came with, also when the outlet has changed it since."""


class Nearness(IntEnum):
    """How near an article is to the story it joined."""

    EVENT = 1
    """It tells of the same event in other words."""
    COPY = 2
    """It is a near copy of one of the story's articles."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A curated, named standing query; its definition in the query language."""

    name: str
    title: str
    aliases: tuple[str, ...]
    description: str
    query: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation and its settings; None means never set, so a default applies and is said once."""

    id: int
    address: Address
    created_at: datetime
    timezone: str | None = None
    language: str | None = None
    reads: tuple[str, ...] = ()
    """ISO 639-1 codes of the articles it gets; empty is all."""
    digest_at: time | None = None
    quiet: Quiet | None = None
    max_per_hour: int = 8
    empty_digest: bool = True
    paused_at: datetime | None = None
    pause_reason: str | None = None
    zone_told: bool = False
    """Whether the chat was told which time zone is assumed."""
    last_digest_at: datetime | None = None
    paused_until: datetime | None = None
    """When a pause ends by itself; None is one that lasts until somebody resumes."""
    owner: Address | None = None
    """The chat of whoever is told when the bot may not speak here; None is nobody known."""
    zone_guessed: bool = False
    """Whether nobody chose `timezone`: it is where the reader's language is at home."""
    held_since: datetime | None = None
    """Since when things were held for a chat that was away and is back, until it has been told."""
    outlets: int = OUTLETS
    """How many independent outlets make a story ring once more that it was told; 0 is never."""

    @property
    def zone_is_assumed(self) -> bool:
        """Whether nobody chose the time zone."""
        return self.timezone is None or self.zone_guessed

    @property
    def is_away(self) -> bool:
        """Whether the platform, not a person, has paused it."""
        return self.paused_at is not None and self.pause_reason is not None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's wish to hear of a query at a cadence; `number` is what the chat calls it, kept for life."""

    id: int
    chat_id: int
    number: int
    query_id: int
    query: str
    """Canonical text of the query; a topic is `topic:NAME`."""
    created_at: datetime
    cadence: Cadence = INSTANT
    urgent: bool = False
    """Breaks quiet hours."""
    every: bool = False
    """Rings for each article, not each story."""
    next_due_at: datetime | None = None
    """When its next digest is due; None for instant."""
    paused_at: datetime | None = None
    """Since when it alone is paused: what it matches is held for it. None while it is heard."""
    paused_until: datetime | None = None
    """When that ends by itself; None is one that lasts until somebody resumes it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a subscription is spoken to: all of it and of its chat that decides what an alert owes it, and when."""

    cadence: Cadence = INSTANT
    urgent: bool = False
    every: bool = False
    next_due_at: datetime | None = None
    paused: bool = False
    timezone: str | None = None
    reads: tuple[str, ...] = ()
    digest_at: time | None = None
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Subscriptions that are spoken to in one manner, as (subscription id, chat id), ascending."""

    manner: Manner
    listeners: tuple[tuple[int, int], ...]


class Kind(StrEnum):
    """What goes to a chat: deliveries, which are of the first two kinds, and errands."""

    ALERT = "alert"
    DIGEST = "digest"
    EDIT = "edit"
    """A message that told a story is brought up to date."""
    NOTICE = "notice"
    """Something nobody asked for."""
    AGAIN = "again"
    """A story that was told rings again, as a reply; kept as alerts."""


DELIVERED = (Kind.ALERT, Kind.AGAIN, Kind.DIGEST)
"""The kinds of claims that hold deliveries."""


class State(StrEnum):
    """Where a delivery stands; the last three are final."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Alert:
    """An (article, query) match to be expanded to deliveries; `leads` for the first article of its story for the query.

    `first_raised_at` is when the (story, query) was first raised, equal to `raised_at` when `leads`.
    """

    id: int
    story_id: int
    query_id: int
    article_id: int
    raised_at: datetime
    first_raised_at: datetime
    leads: bool
    fresh: bool = True
    """Whether the article was published recently enough to ring at once; else it enters digests only."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an alert owes to everybody who is spoken to in one manner."""

    kind: Kind
    due_at: datetime
    urgent: bool = False
    each: bool = False
    held: bool = False
    """Whether it is kept back until the subscription is resumed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivery as planned, before the store has given it an id; `each` marks one of an `every` subscription.

    One that tells a story again says why (`further`); where it was gathered with alerts it is `gathered`, else it goes
    out as a reply. It may hang on no subscription, which is then 0.
    """

    chat_id: int
    subscription_id: int
    story_id: int
    article_id: int
    kind: Kind
    due_at: datetime
    urgent: bool = False
    each: bool = False
    further: Further | None = None
    gathered: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """An owed delivery in the outbox, with how often it was tried."""

    id: int
    owed: Owed
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What one chat gets in one message, leased to us until `leased_until`: all its due alerts, what a story that was
    told has to tell again, or one whole digest.

    `deliveries` is empty for a digest with nothing in it; `envelope_ids` are the rows that stand for the digest itself;
    `due_at` is the earliest time anything in it was due. A claim may also be an errand, whose row `envelope_ids` holds:
    the edit of the message `reference`, which told the `deliveries` at `due_at`, or a `notice`. What rings again is
    `in_reply` to the message that told the story, where there is one.
    """

    chat: Chat
    kind: Kind
    deliveries: tuple[Delivery, ...]
    due_at: datetime
    envelope_ids: tuple[int, ...] = ()
    attempts: int = 0
    leased_until: datetime | None = field(default=None, compare=False)
    claimed_at: datetime | None = field(default=None, compare=False)
    reference: str | None = None
    notice: Notice | None = None
    in_reply: str | None = None
