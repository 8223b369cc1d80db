"""What is typed or piped in, line by line."""

import asyncio
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from handlers.console.inbound import LINE_LIMIT, completer, lines


async def gather(stdin: TextIO, cuts: list[None]) -> list[str]:
    return [line async for line in lines(stdin, interactive=False, on_cut=lambda: cuts.append(None))]


def read(stdin: TextIO) -> tuple[list[str], int]:
    """Every line of a stream, and how many were cut."""
    cuts: list[None] = []
    return asyncio.run(gather(stdin, cuts)), len(cuts)


@contextmanager
def pipe() -> Iterator[tuple[TextIO, int]]:
    """A pipe's reading end as standard input would be, and the descriptor to write to."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="ascii") as stream:
        yield stream, writing


def piped(data: bytes) -> tuple[list[str], int]:
    with pipe() as (stream, writing):
        os.write(writing, data)
        os.close(writing)
        return read(stream)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n \n\r\n\t\n", []),
        (b"/help\n", ["/help"]),
        (b"/help", ["/help"]),
        (b"  /search kosovo \r\n/digest", ["/search kosovo", "/digest"]),
        ("/search Косово\n".encode(), ["/search Косово"]),
        (b"/search \xff\xfe\n", ["/search \ufffd\ufffd"]),
        (b"/search \x1b[31mred\x07\0 x\n", ["/search [31mred x"]),
        (b"a\tb\n", ["a b"]),
        (b"/help\n /Quit \n/digest\n", ["/help"]),
        (b"/exit", []),
        (b"quit\n/quitter\n", ["quit", "/quitter"]),
    ],
)
def test_lines_of_a_pipe(data: bytes, expected: list[str]) -> None:
    assert piped(data) == (expected, 0)


def test_a_stream_that_is_no_file_is_read_as_well() -> None:
    assert read(io.StringIO("/help\n\n/search Косово")) == (["/help", "/search Косово"], 0)


def test_a_closed_standard_input_is_an_empty_one() -> None:
    stream = io.StringIO("/help")
    stream.close()
    assert read(stream) == ([], 0)


@pytest.mark.parametrize("length", [LINE_LIMIT - 1, LINE_LIMIT, LINE_LIMIT + 1, 10 * LINE_LIMIT])
@pytest.mark.parametrize("end", ["\n/after\n", ""])
def test_a_very_long_line_is_cut_and_said(length: int, end: str) -> None:
    found, cuts = read(io.StringIO("x" * length + end))
    assert found == ["x" * min(length, LINE_LIMIT)] + ["/after"] * bool(end)
    assert cuts == (length > LINE_LIMIT)


def test_a_line_is_there_before_the_pipe_ends() -> None:
    async def converse(stream: TextIO, writing: int) -> list[str]:
        source = lines(stream, interactive=False)
        os.write(writing, b"/he")
        first = asyncio.ensure_future(anext(source))
        await asyncio.sleep(0)
        os.write(writing, b"lp\n/topics\n")
        answers = [await first, await anext(source)]
        os.close(writing)
        return answers + [line async for line in source]

    with pipe() as (stream, writing):
        assert asyncio.run(asyncio.wait_for(converse(stream, writing), 60)) == ["/help", "/topics"]


def test_a_stop_does_not_wait_for_a_line() -> None:
    async def stopped(stream: TextIO) -> bool:
        waiting = asyncio.ensure_future(anext(lines(stream, interactive=False)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
        return waiting.cancelled()

    with pipe() as (stream, writing):
        assert asyncio.run(stopped(stream))
        os.close(writing)


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("ab \r\t\n\nЖ\x1b"), max_size=60), st.integers(3, 9))
def test_no_line_depends_on_how_the_bytes_arrive(text: str, size: int) -> None:
    class Slow(io.StringIO):
        """Gives a few characters at a time."""

        def read(self, _: int | None = -1, /) -> str:
            return super().read(size)

    assert read(Slow(text)) == read(io.StringIO(text))


async def typed(keys: str) -> list[str]:
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        keyboard.send_text(keys)
        return [line async for line in lines(sys.stdin, interactive=True, verbs=["search", "start", "topics"])]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("\x04", []),
        ("/help\r\x04", ["/help"]),
        ("  \r /topics \r\x04", ["/topics"]),
        ("/help\rhalf\x03", ["/help"]),
        ("/help\r/quit\r", ["/help"]),
        ("\x1b[200~/help\n/topics\x1b[201~\r\x04", ["/help", "/topics"]),
    ],
    ids=["ctrl-d", "enter", "trimmed", "ctrl-c", "quit", "paste"],
)
def test_a_prompt(keys: str, expected: list[str]) -> None:
    assert asyncio.run(asyncio.wait_for(typed(keys), 20)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("/", ["/search", "/start", "/topics", "/quit"]), ("/st", ["/start"]), ("/search st", []), ("st", [])],
)
def test_verbs_complete_at_the_beginning_of_a_line(text: str, expected: list[str]) -> None:
    found = completer(["search", "start", "topics"]).get_completions(Document(text), CompleteEvent())
    assert [completion.text for completion in found] == expected


def test_what_is_said_meanwhile_goes_through_the_prompt() -> None:
    async def converse() -> bool:
        before = sys.stdout
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            keyboard.send_text("/help\r\x04")
            during = [sys.stdout is not before async for _ in lines(sys.stdin, interactive=True)]
        return during == [True] and sys.stdout is before

    assert asyncio.run(asyncio.wait_for(converse(), 20))
