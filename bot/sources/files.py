"""Articles from files on disk: .jsonl, .jsonl.gz, .txt and .html, each item an Article, or a Refused that says why."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from bot.core.errors import Forbidden, SourceError, TooLarge, Unreachable, Unreadable
from bot.core.model import Article, Refused
from bot.sources import jsonl
from bot.sources.encoding import decode
from bot.sources.jsonl import Unfinished
from bot.sources.markup import charset, page
from bot.sources.prose import story

DOCUMENT_LIMIT = 10_000_000
"""Bytes of a .txt or .html file, which is one article."""
INFLATED_LIMIT = 100
"""Times its own size a .gz file may grow to; article JSONL grows about fourfold."""
INFLATED_FREE = 200_000_000
"""Bytes any .gz file may grow to."""

KINDS = (".jsonl", ".jsonl.gz", ".txt", ".html", ".htm")
_HALF_WRITTEN = (".part", ".tmp", ".swp", ".crdownload", "~")


def read(path: Path, *, name: str | None = None, planted_at: datetime | None = None) -> Iterator[Article | Refused]:
    """Everything in one file, in order; never raises for what the file is or holds.

    `name` is what ids call the file, by default its own name. `planted_at` is what the dates of samples are counted
    from. The outlet falls back to the name of the folder the file is in.
    """
    name = name or path.name
    try:
        with _opened(path) as stream:
            yield from _contents(stream, path, name, planted_at)
    except SourceError as problem:
        yield Refused(name, str(problem))
    except OSError as problem:
        yield Refused(name, f"cannot be read: {problem.strerror or problem}")


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """The files meant: folders stand for the files in and below them, sorted; anything else stands for itself.

    Hidden and temporary names in folders are left out; links to folders are not followed. A folder that cannot be
    listed stands for itself too, so that `read` says why.
    """
    for path in paths:
        if os.path.isdir(path):  # Path.is_dir raises where a parent folder is out of reach
            yield from _below(path)
        else:
            yield path


def _below(folder: Path) -> Iterator[Path]:
    problems: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and not name.lower().endswith(_HALF_WRITTEN):
                yield Path(parent, name)
    yield from (Path(problem.filename) for problem in problems)


def _opened(path: Path) -> BinaryIO:
    """The file, opened without ever waiting on it; SourceError when there is none that may be read."""
    try:
        # Without O_NONBLOCK the opening of a named pipe waits for a writer.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as problem:
        raise Unreachable("no such file") from problem
    except PermissionError as problem:
        raise Forbidden("may not be read: check its permissions") from problem
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise Unreadable("not a file but a folder, pipe or device")


def _contents(stream: BinaryIO, path: Path, name: str, planted_at: datetime | None) -> Iterator[Article | Refused]:
    size = os.fstat(stream.fileno()).st_size
    outlet = path.absolute().parent.name
    kind = next((kind for kind in KINDS if path.name.lower().endswith(kind)), None)
    if kind is None:
        yield Refused(name, f"an unknown kind of file: {', '.join(KINDS)} are read")
    elif size == 0:
        yield Unfinished(name, "empty")
    elif kind == ".jsonl":
        yield from jsonl.items(stream, name, outlet, planted_at)
    elif kind == ".jsonl.gz":
        yield from _inflated(stream, size, name, outlet, planted_at)
    else:
        yield _document(stream, size, name, outlet, prose=kind == ".txt")


class _Bounded:
    """Lines of a stream; TooLarge once they add up to more than `limit` bytes."""

    def __init__(self, stream: jsonl.Lines, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readline(self, size: int, /) -> bytes:
        line = self._stream.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise TooLarge("grows out of all proportion when unpacked: unpack it yourself if it can be trusted")
        return line


def _inflated(
    stream: BinaryIO, size: int, name: str, outlet: str, planted_at: datetime | None
) -> Iterator[Article | Refused]:
    with gzip.GzipFile(fileobj=stream) as inflated:
        try:
            yield from jsonl.items(
                _Bounded(inflated, max(INFLATED_FREE, INFLATED_LIMIT * size)), name, outlet, planted_at
            )
        except EOFError:
            yield Unfinished(name, "ends early: still being written, or cut off")
        except (gzip.BadGzipFile, zlib.error) as problem:
            raise Unreadable("damaged, or not gzip at all") from problem


def _document(stream: BinaryIO, size: int, name: str, outlet: str, *, prose: bool) -> Article | Refused:
    if size > DOCUMENT_LIMIT:
        return Refused(name, f"{size:,} bytes in one article, more than {DOCUMENT_LIMIT:,}: split it, or use .jsonl")
    data = stream.read(DOCUMENT_LIMIT)
    found = story(decode(data)) if prose else page(decode(data, charset(data)))
    if not found.title and not found.text:
        return Unfinished(name, "holds no story")
    return Article(
        guid=name,
        title=found.title,
        text=found.text,
        source=found.outlet or outlet,
        url=found.url,
        published_at=found.published_at,
        language=found.language,
        author=found.author,
    )
