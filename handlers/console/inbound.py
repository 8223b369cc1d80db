"""What a person types, or a pipe holds, as lines of chat."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from io import UnsupportedOperation
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

LEAVE = ("/quit", "/exit")
"""What ends a terminal's input as Ctrl-D does."""
LINE_LIMIT = 16_000
"""Bytes of one line that are read; the rest of it is dropped."""
_CHUNK = 65_536
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

Read = Callable[[int], bytes]


def _nothing() -> None:
    pass


async def lines(
    stdin: TextIO,
    *,
    interactive: bool,
    prompt: str = "> ",
    verbs: Sequence[str] = (),
    on_cut: Callable[[], object] = _nothing,
) -> AsyncIterator[str]:
    """Yields each line that is not blank, trimmed and without control characters, until the input ends or says LEAVE.

    A prompt ends with Ctrl-D or Ctrl-C too; there `verbs` complete after a slash, and what is written to sys.stdout
    meanwhile appears above it. Elsewhere bytes that are not UTF-8 become U+FFFD, and `on_cut` is called before a line
    that was longer than LINE_LIMIT.
    """
    source: AsyncGenerator[str] = _typed(prompt, verbs) if interactive else _piped(_reader(stdin), on_cut)
    async with aclosing(source):
        async for text in source:
            line = _CONTROL.sub("", text.replace("\t", " ")).strip()
            if line.lower() in LEAVE:
                return
            if line:
                yield line


async def _typed(prompt: str, verbs: Sequence[str]) -> AsyncGenerator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory
    from prompt_toolkit.patch_stdout import patch_stdout

    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(), completer=completer(verbs), complete_while_typing=False
    )
    # Raw, because the renderer's own colours have to pass; it has already taken everybody else's escapes out.
    with patch_stdout(raw=True), suppress(EOFError, KeyboardInterrupt):
        while True:
            # A paste may hold several lines.
            for line in (await session.prompt_async(prompt)).splitlines():
                yield line


def completer(verbs: Sequence[str]) -> Completer:
    """Completes the verb that a line begins with, and nothing behind it."""
    from prompt_toolkit.completion import WordCompleter

    return WordCompleter([*(f"/{verb}" for verb in verbs), LEAVE[0]], sentence=True)


async def _piped(read: Read, on_cut: Callable[[], object]) -> AsyncGenerator[str]:
    """Lines as soon as they are complete; a last one without a line end counts too."""
    kept, cut = b"", False
    while chunk := await _in_thread(lambda: read(_CHUNK)):
        *complete, rest = chunk.split(b"\n")
        for part in complete:
            yield _line(kept + part, cut, on_cut)
            kept, cut = b"", False
        cut = cut or len(kept) + len(rest) > LINE_LIMIT
        kept = (kept + rest)[:LINE_LIMIT]
    if kept:
        yield _line(kept, cut, on_cut)


def _line(data: bytes, cut: bool, on_cut: Callable[[], object]) -> str:
    if cut or len(data) > LINE_LIMIT:
        on_cut()
    return data[:LINE_LIMIT].decode("utf-8", "replace")


def _reader(stdin: TextIO) -> Read:
    """Reads the stream's bytes, past its own buffer: that one holds a lock Python needs on its way out."""
    try:
        descriptor = stdin.fileno()
    except (UnsupportedOperation, OSError, ValueError):
        return lambda size: stdin.read(size).encode("utf-8", "replace")
    return lambda size: os.read(descriptor, size)


async def _in_thread(read: Callable[[], bytes]) -> bytes:
    """The result of a blocking read in a daemon thread, which a stop does not have to wait for; empty on an error."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[bytes] = loop.create_future()

    def settle(data: bytes) -> None:
        if not result.done():
            result.set_result(data)

    def work() -> None:
        try:
            data = read()
        except (OSError, ValueError):
            data = b""
        with suppress(RuntimeError):  # the loop has closed meanwhile
            loop.call_soon_threadsafe(settle, data)

    threading.Thread(target=work, name="newsbell-stdin", daemon=True).start()
    return await result
