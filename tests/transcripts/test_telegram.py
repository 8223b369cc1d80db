"""Every conversation of the transcripts over Telegram: the real client, a strict server, and the same answers.

What a transcript types is typed in a private chat and, in a second newsroom, said to the dispatch that every platform
shares. What Telegram shows has to be the words of that answer, and its buttons to type what they say they type.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.message import Actions, Card, Message, to_text
from handlers.dispatch import dispatch
from handlers.request import Request
from handlers.telegram.buttons import data_of
from handlers.telegram.render import BUTTONS, LABEL
from tests.botapi.server import BotApi, Shown
from tests.handlers.newsroom import Newsroom, open_newsroom
from tests.handlers.telegram.chatroom import ANA, Chatroom, chatroom

HERE = Path(__file__).parent
PROMPT = "> "


@pytest.fixture
def beside(tmp_path: Path, template: Path) -> Iterator[Newsroom]:
    """A second newsroom like the first."""
    newsroom = open_newsroom(tmp_path / "beside.db", template)
    yield newsroom
    newsroom.app.close()


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, room: Newsroom, beside: Newsroom) -> None:
    typed = [line.removeprefix(PROMPT) for line in path.read_text().splitlines() if line.startswith(PROMPT)]
    api = BotApi()

    async def work() -> None:
        async with chatroom(api, room) as here:
            for line in typed:
                for newsroom in (room, beside):
                    newsroom.wait(seconds=10)
                await _same(here, line, dispatch(Request(ANA, line, beside.now, speaker=ANA), beside.services))

    asyncio.run(work())
    assert typed
    assert api.violations == []


async def _same(here: Chatroom, line: str, meant: Message) -> None:
    """Says the line, and compares what is shown with what is meant."""
    before = len(here.api.shown)
    await here.asks(line)
    shown = here.api.shown[before:]
    assert _words("".join(entry.text + "\n" for entry in shown if entry.file is None)) == _words(_said(meant)), line
    assert (
        _buttons(shown)
        == [
            (action.label, data_of(action.command))
            for block in meant.blocks
            if isinstance(block, Actions)
            for action in block.actions
            if len(action.label) < LABEL
        ][:BUTTONS]
    ), line


def _said(message: Message) -> str:
    """The message in words; a card's address is behind its headline, a file's name on the file."""
    bare = (replace(block, url=None) if isinstance(block, Card) else block for block in message.blocks)
    return to_text(Message(tuple(block for block in bare if type(block).__name__ not in ("Actions", "Document"))))


def _words(text: str) -> str:
    """The words, whatever blanks and marks of tables stand between them."""
    return re.sub(r"[\s\xa0|·:•]+", "", text)


def _buttons(shown: list[Shown]) -> list[tuple[str, str]]:
    return [
        (button["text"], button["callback_data"])
        for entry in shown
        for button in entry.buttons
        if len(button["text"]) < LABEL
    ]
