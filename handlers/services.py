"""What a command may use, handed in by the composition root."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.access import INVITE
from bot.core.door import Door
from bot.core.model import Source
from bot.core.ports import Session, Store
from bot.core.space import Space
from bot.matching.topics import Topics
from handlers.quotas import Quotas


@dataclass(frozen=True, slots=True)
class Services:
    """Everything outside a command's own words: the store, the topics, and the facts of this installation."""

    store: Store
    topics: Topics
    timezone: str
    """IANA name assumed for a chat that set none."""
    folder: Path | None
    """The watched folder, if there is one."""
    version: str
    door: Door = field(default_factory=Door)
    quotas: Quotas | None = None
    """How much one chat may ask for; None for as much as it likes."""
    space: Callable[[Session], Space] = field(default=lambda session: Space(session.figures.room(None)))
    """What there is of room."""
    code: Callable[[], str] = field(default=lambda: f"{INVITE}{secrets.token_urlsafe(18)}")
    """Makes an invite's code, which nobody can guess."""
    opml: Callable[[Iterable[Source]], tuple[str, int]] = field(default=lambda _: ("", 0))
    """Writes sources as a list (OPML), and says how many it had to leave out."""
