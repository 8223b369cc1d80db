"""Conversations as specifications: every `> line` of a transcript is typed, and what follows it is the answer.

`UPDATE_GOLDEN=1` writes the answers as they are now into the files, to be read before they are kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.handlers.newsroom import Newsroom

HERE = Path(__file__).parent
PROMPT = "> "


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, room: Newsroom) -> None:
    written = path.read_text()
    typed = [line.removeprefix(PROMPT) for line in written.splitlines() if line.startswith(PROMPT)]
    spoken = "\n".join(f"{PROMPT}{line}\n{_answer(room, line)}\n" for line in typed)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(spoken)
    assert spoken == written


def _answer(room: Newsroom, line: str) -> str:
    room.wait(seconds=10)
    return room.say(line)
