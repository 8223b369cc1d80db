"""What readers' decisions look like in a terminal, in each language: goldens, as `UPDATE_GOLDEN=1` writes them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.model import Article
from bot.core.words import LANGUAGES
from handlers.console.render import render
from tests.handlers.newsroom import Newsroom, Paper

GOLDEN = Path(__file__).parents[1] / "golden"


def _news(number: int, outlet: str = "Danube Wire") -> Article:
    title = f"Frontex case {number} of {chr(97 + number) * 5}"
    return Article(f"{title} {outlet}", title, f"{outlet}: {title.lower()}.", outlet, language="en")


def _scenes(room: Newsroom) -> Iterator[str]:
    """What is shown, in the order of a reader's week."""
    screen = Paper(lambda _, message: render(message, width=80, color=False))

    def says(line: str) -> str:
        return f"> {line}\n{render(room.answer(line), width=80, color=False)}"

    def rings() -> str:
        before = len(screen.printed)
        asyncio.run(room.app.deliver(room.now, room.app.deliverer(screen, lambda _: True)))
        return "\n".join(screen.printed[before:])

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
