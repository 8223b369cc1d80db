"""What readers' decisions look like in a terminal, in each language: goldens, as `UPDATE_GOLDEN=1` writes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.core.errors import Rejected
from bot.core.message import Message
from bot.core.model import Address, Article
from bot.core.ports import Limits
from bot.core.words import LANGUAGES
from handlers.console.render import render
from tests.handlers.newsroom import Newsroom

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass
class Screen:
    """A terminal of 80 columns without colour."""

    platform: str = "terminal"
    limits: Limits = field(default_factory=Limits)
    shown: list[str] = field(default_factory=list)

    async def send(self, address: Address, message: Message) -> str:
        """Shows it."""
        self.shown.append(render(message, width=80, color=False))
        return str(len(self.shown))

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """What was shown stays."""
        raise Rejected("a terminal cannot change what it has shown")


def _news(number: int, outlet: str = "Danube Wire") -> Article:
    title = f"Frontex case {number} of {chr(97 + number) * 5}"
    return Article(f"{title} {outlet}", title, f"{outlet}: {title.lower()}.", outlet, language="en")


def _scenes(room: Newsroom) -> Iterator[str]:
    """What is shown, in the order of a reader's week."""
    screen = Screen()

    def says(line: str) -> str:
        return f"> {line}\n{render(room.answer(line), width=80, color=False)}"

    def rings() -> str:
        before = len(screen.shown)
        asyncio.run(room.app.deliver(room.now, room.app.deliverer(screen, lambda _: True)))
        return "\n".join(screen.shown[before:])

    room.say("/subscribe frontex")
    room.take(_news(0))
    yield rings()
    yield from map(says, ("/mute 10", '/mute source:"harbour post" 7d', "/mute", "/unmute 10", "/save 10", "/saved"))
    yield from map(says, ("/irrelevant 10", "/irrelevant", "/undo", "/pause 3d", "/status"))
    room.take(*map(_news, range(1, 24)))
    room.app.owe(room.now)
    room.wait(days=3)
    yield rings()
    yield says("/digest more")
    room.say("/pause 1h")
    room.wait(hours=1)
    yield rings()
    room.take(_news(24), _news(25))
    room.app.owe(room.now)
    room.wait(hours=5)
    yield rings()
    room.say("/subscribe frontex daily 08:00")
    room.take(*(replace(entry, guid=f"late {entry.guid}") for entry in map(_news, range(26, 30))))
    room.app.owe(room.now)
    room.wait(days=9)
    yield rings()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_looks_so(language: str, room: Newsroom) -> None:
    room.say(f"/settings language {language}")
    shown = "\n".join(_scenes(room))
    path = GOLDEN / f"readers_{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown)
    assert shown == path.read_text()
