"""What the Slack of the tests knows: channels, people, messages, envelopes, and how calls may fail."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.slackapi.table import Tiers
from tests.strict import Enforcer

BOT = "UBOT"


@dataclass(unsafe_hash=True)
class Fails(Exception):
    """A refusal: its error and, for a 429, the seconds to wait."""

    error: str
    more: dict[str, Any] = field(default_factory=dict, hash=False)
    retry_after: int | None = None

    @property
    def status(self) -> int:
        """The HTTP status it comes with."""
        return 429 if self.retry_after is not None else 200


@dataclass(unsafe_hash=True)
class Cut(Exception):
    """The connection ends, before the call has its effect or after it."""

    after: bool


@dataclass(unsafe_hash=True)
class Garbage(Exception):
    """A proxy answers instead, with a page."""

    code: int = 502


Outcome = Fails | Cut | Garbage


@dataclass
class Person:
    """A member of the workspace."""

    id: str
    name: str
    tz: str = "UTC"
    locale: str = "en-US"
    is_admin: bool = False

    @property
    def dm(self) -> str:
        """Their conversation with the bot."""
        return self.id.replace("U", "D", 1)


@dataclass
class Channel:
    """A channel and who is in it."""

    id: str
    name: str
    members: set[str]
    private: bool = False
    archived: bool = False


@dataclass
class Shown:
    """A message as it stands in a channel: what a reader sees of it."""

    ts: str
    channel: str
    text: str
    blocks: list[dict[str, Any]]
    seen: str
    links: list[tuple[str, str]] = field(default_factory=list)
    thread: str | None = None
    only_for: str | None = None
    """The one person who sees it."""
    file: tuple[str, bytes] | None = None
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons in reading order."""
        elements = [entry for block in self.blocks if block["type"] == "actions" for entry in block["elements"]]
        return [{**entry, "label": entry["text"]["text"]} for entry in elements if entry["type"] == "button"]


@dataclass
class Envelope:
    """Something that happened, on its way to the bot; `ack` is what it was acknowledged with."""

    id: str
    kind: str
    payload: dict[str, Any]
    channel: str = ""
    user: str = ""
    retry: int | None = None
    origin: Shown | None = None
    sent_at: float | None = None
    acked_at: float | None = None
    acks: int = 0
    ack: dict[str, Any] | None = None
    link: object = None
    """The connection it went by."""

    @property
    def takes_payload(self) -> bool:
        """Whether its acknowledgement may hold an answer."""
        return self.kind in ("slash_commands", "interactive")

    @property
    def body(self) -> dict[str, Any]:
        """As it goes over the wire."""
        body = {
            "envelope_id": self.id,
            "type": self.kind,
            "accepts_response_payload": self.takes_payload,
            "payload": self.payload,
        }
        return body if self.retry is None else {**body, "retry_attempt": self.retry, "retry_reason": "timeout"}


SCOPES = frozenset(
    ("app_mentions:read", "channels:read", "chat:write", "commands", "files:write", "groups:read", "im:history",
     "users:read")
)  # fmt: skip
"""What the bot's token has been granted, unless a test says otherwise."""


def _people() -> dict[str, Person]:
    return {f"U{number}": Person(f"U{number}", name) for number, name in enumerate(("Ana", "Bob", "Vera", "Eve"), 1)}


def _channels() -> dict[str, Channel]:
    desk = Channel("C1", "desk", {"UBOT", "U1", "U2"})
    return {
        "C1": desk,
        "C2": Channel("C2", "elsewhere", {"U1", "U2"}),
        "G1": Channel("G1", "board", {"U1", "U2"}, private=True),
    }


@dataclass
class World:
    """Everything there is, and how it fails."""

    bot_token: str = "xoxb-x"
    app_token: str = "xapp-x"
    clock: Callable[[], float] | None = None
    """Seconds; with one, rates are enforced."""
    url: str = ""
    base: str = ""
    scopes: frozenset[str] = SCOPES
    app_scopes: frozenset[str] = frozenset(("connections:write",))
    people: dict[str, Person] = field(default_factory=_people)
    channels: dict[str, Channel] = field(default_factory=_channels)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    script: defaultdict[str, deque[Outcome | None]] = field(default_factory=lambda: defaultdict(deque))
    """Method (`response_url` is one) -> what happens to its next calls, None for nothing unusual."""
    refusals: dict[str, Fails] = field(default_factory=dict)
    """Channel -> what every message to it is answered."""
    dead: Fails | None = None
    """What every call is answered once the token has died."""
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    triggers: dict[str, str] = field(default_factory=dict)
    """Trigger -> who may be shown a view for it."""
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modals: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(person, view) of every modal that was opened."""
    responses: dict[str, tuple[Envelope, int]] = field(default_factory=dict)
    """Response URL's id -> what it answers, and how often it was used."""
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    enforcer: Enforcer = field(default_factory=lambda: Enforcer(overall=1000))
    tiers: Tiers = field(default_factory=Tiers)
