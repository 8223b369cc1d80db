"""A request: what a person said, wherever they said it, before anyone knows whether it makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.model import Address


@dataclass(frozen=True, slots=True)
class Request:
    """One thing said in one chat at `now`: `text` is the whole line as typed, platform escaping already undone."""

    address: Address
    text: str
    now: datetime
    admin: bool = False
    name: str = ""
    event: str = ""
    """What the platform's own name for this saying is, so that it is acted on once; empty where none is needed."""
    speaker: Address | None = None
    """The address of whoever speaks, where that can be told: what the settings name an admin by."""
    may_change: bool = True
    """Whether whoever speaks may change what this chat gets."""
    picks: bool = False
    """Whether whoever speaks can share where they are, or pick another chat of theirs, with what the platform has."""
    title: str = ""
    """What a group calls itself; empty in a private conversation."""
    language: str = ""
    """The language (BCP 47) the platform speaks to the person in, where it says: what a new chat begins with."""
    metered: bool = True
    """Whether quotas count it: they are for people who come over a network."""
    shared: bool = False
    """Whether several people share this chat, each of whom may change what it gets unless it is locked."""
    rules: bool = False
    """Whether whoever speaks may lock a shared chat, and change it then."""
    pictures: bool = False
    """Whether an answer may be a picture where that says more."""
