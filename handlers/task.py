"""What a command leaves to the loop: work over the network, as a value, and what came of it for a second answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.core.chart import Chart
from bot.core.message import Message


@dataclass(frozen=True, slots=True)
class AddSource:
    """The feed at an address, or near it, is to be a source; its outcome is a SourceAdded, or a SourceError."""

    url: str


@dataclass(frozen=True, slots=True)
class SourceAdded:
    """A source that was found; `new` False when it was one already. `place` is fit to be seen."""

    name: str
    place: str
    new: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """A chart is to be drawn; its outcome is a Drawn."""

    chart: Chart


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as a PNG, None where it could not be drawn."""

    chart: Chart
    png: bytes | None


Task: TypeAlias = AddSource | Draw


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers at once and, where that is not all, what the loop has to do for a second answer."""

    message: Message
    task: Task | None = None
