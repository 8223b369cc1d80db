"""Conversations in which time passes and articles arrive.

`> line` is typed; `~ 3d` lets time pass, and `~ Headline | Outlet | Text` lets an article arrive; what follows is the
answer, or what rings. `UPDATE_GOLDEN=1` writes them as they are now, to be read before they are kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.core.model import Article
from tests.handlers.newsroom import Newsroom

HERE = Path(__file__).parent / "readers"
PROMPT, DIRECTION = "> ", "~ "
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_conversation(path: Path, room: Newsroom) -> None:
    written = path.read_text()
    cues = [line for line in written.splitlines() if line.startswith((PROMPT, DIRECTION))]
    spoken = "\n".join(f"{cue}\n{_followed(room, cue)}\n" for cue in cues)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(spoken)
    assert spoken == written


def _followed(room: Newsroom, cue: str) -> str:
    room.wait(seconds=10)
    if cue.startswith(PROMPT):
        return room.say(cue.removeprefix(PROMPT))
    direction = cue.removeprefix(DIRECTION)
    if " | " in direction:
        title, outlet, *rest = direction.split(" | ")
        text = rest[0] if rest else f"{outlet} reported so at {room.now:%H:%M} on {room.now:%d %B}: {title.lower()}."
        room.take(Article(f"{title} {outlet}", title, text, outlet, language="en"))
    else:
        room.wait(**{UNITS[direction[-1]]: int(direction[:-1])})
    return "\n\n".join(room.deliver()) or "(nothing rings)"
