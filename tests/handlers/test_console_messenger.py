"""The terminal as a platform: what is written, for whom, and what happens when nobody reads."""

import asyncio
import io
import sys
from dataclasses import replace
from itertools import count

import pytest

from bot.core.errors import Unavailable
from bot.core.message import Line, Message, Text
from bot.core.model import Address
from handlers.console.messenger import ConsoleMessenger, Write, to_stdout

OWN = Address("terminal", "local")
HELLO = Message((Line((Text("Hello there, hello there."),)),))


def messenger(write: Write, width: int = 80) -> ConsoleMessenger:
    numbers = count(1)
    return ConsoleMessenger(write, lambda: f"ref-{next(numbers)}", width=lambda: width, color=False, own=OWN)


def test_a_message_is_written_with_a_blank_line_behind_it() -> None:
    written: list[str] = []
    screen = messenger(written.append, width=30)
    assert asyncio.run(screen.send(OWN, HELLO)) == "ref-1"
    assert asyncio.run(screen.send(OWN, HELLO)) == "ref-2"
    assert written == ["Hello there, hello there.\n\n"] * 2


def test_a_message_for_another_chat_says_so() -> None:
    written: list[str] = []
    asyncio.run(messenger(written.append).send(Address("terminal", "ana"), HELLO))
    assert written == ["terminal:ana\nHello there, hello there.\n\n"]


def test_the_width_is_asked_for_at_every_message() -> None:
    widths, written = [80, 24], list[str]()
    screen = ConsoleMessenger(written.append, lambda: "", width=lambda: widths.pop(0), color=False, own=OWN)
    for _ in range(2):
        asyncio.run(screen.send(OWN, HELLO))
    assert [text.count("\n") for text in written] == [2, 3]


def test_the_bell_sounds_for_what_rings_and_not_for_what_is_silent() -> None:
    written: list[str] = []
    screen = ConsoleMessenger(written.append, lambda: "", width=lambda: 80, color=False, own=OWN, bell="\a")
    asyncio.run(screen.send(OWN, HELLO))
    asyncio.run(screen.send(OWN, replace(HELLO, silent=True)))
    assert written == ["\aHello there, hello there.\n\n", "Hello there, hello there.\n\n"]


@pytest.mark.parametrize("problem", [BrokenPipeError(32, "Broken pipe"), ValueError("I/O operation on closed file")])
def test_a_closed_terminal_is_unavailable(problem: Exception) -> None:
    def write(text: str) -> None:
        raise problem

    with pytest.raises(Unavailable, match="closed"):
        asyncio.run(messenger(write).send(OWN, HELLO))


def test_letters_a_terminal_does_not_know_become_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(data, encoding="ascii"))
    to_stdout("│ Kosovo · Косово\n")
    assert data.getvalue() == b"? Kosovo ? ??????\n"
