"""Every conversation of the transcripts over Telegram: the real client, a strict server, and the same answers.

What people of a transcript type is typed in a private chat each and, in a second newsroom, said to the dispatch that
every platform shares. What Telegram shows has to be the words of that answer, and its buttons to hold what they type.
Time stands still and there is no web: what needs them is left out.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.access import LINK, Access
from bot.core.message import Actions, Card, Message, to_text
from bot.core.model import Address
from handlers.dispatch import answer
from handlers.request import Request
from handlers.task import Answer
from handlers.telegram.buttons import data_of
from handlers.telegram.render import BUTTONS, LABEL
from tests.botapi.server import BotApi, Shown
from tests.handlers.newsroom import Newsroom, open_newsroom
from tests.handlers.telegram.chatroom import Chatroom, chatroom
from tests.transcripts.stage import CUE, guard

HERE = Path(__file__).parent
USERS = {"": 42, "local": 42, "ana": 43, "bob": 44, "eve": 45}
"""Who is who in Telegram."""


@pytest.fixture
def beside(tmp_path: Path, template: Path) -> Iterator[Newsroom]:
    """A second newsroom like the first."""
    newsroom = open_newsroom(tmp_path / "beside.db", template)
    yield newsroom
    newsroom.app.close()


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, room: Newsroom, beside: Newsroom) -> None:
    cues = [found for line in path.read_text().splitlines() if (found := CUE.fullmatch(line))]
    names = [name.strip() for cue in cues for name in (cue["admins"] or ":").partition(":")[2].split(",")]
    admins = frozenset(_address(USERS[name]) for name in ["local", *names] if name) if any(names) else frozenset()
    object.__setattr__(room.app, "settings", replace(room.app.settings, admins=admins))
    for cue in cues:
        if cue["access"]:
            guard(room, Access(cue["access"]), admins)
            guard(beside, Access(cue["access"]), admins)
            beside.app.store.write(lambda session: session.meta.set(LINK, "https://t.me/newsbell_bot?start="))
    api, typed = BotApi(), [(USERS[cue["name"] or ""], cue["text"]) for cue in cues if cue["text"]]

    async def work() -> None:
        async with chatroom(api, room) as here:
            for user, line in typed:
                for newsroom in (room, beside):
                    newsroom.wait(seconds=10)
                await _same(here, user, line, _meant(beside, user, line, admins))

    asyncio.run(work())
    assert typed
    assert api.violations == []


def _address(user: int) -> Address:
    return Address("telegram", str(user))


def _meant(newsroom: Newsroom, user: int, line: str, admins: frozenset[Address]) -> Answer:
    """What every platform answers."""
    speaker = _address(user)
    request = Request(speaker, line, newsroom.now, speaker in admins, "Ana", speaker=speaker, picks=True)
    return answer(request, newsroom.services)


async def _same(here: Chatroom, user: int, line: str, meant: Answer) -> None:
    """Says the line, unless it is for the web, and compares what is shown with what is meant."""
    if meant.task is not None:
        return
    before = len(here.api.shown)
    await here.asks(line, user)
    shown = here.api.shown[before:]
    text = "".join(entry.text + "\n" for entry in shown if entry.file is None)
    assert _words(text) == _words(_said(meant.message)), line
    assert (
        _buttons(shown)
        == [
            (action.label, data_of(action))
            for block in meant.message.blocks
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
    buttons = [button for entry in shown for button in entry.buttons]
    return [(button["text"], button["callback_data"]) for button in buttons if len(button["text"]) < LABEL]
