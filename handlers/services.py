"""What a command may use, handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.core.model import Source
from bot.core.ports import Store
from bot.matching.topics import Topics


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
    opml: Callable[[Iterable[Source]], tuple[str, int]] = lambda _: ("", 0)
    """Writes sources as a list (OPML), and says how many it had to leave out."""
