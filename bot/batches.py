"""Streams of articles from files, in lists of one batch's size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.core.model import Article, Refused
from bot.jobs.intake import BATCH

T = TypeVar("T")


def read_files(path: Path, planted_at: datetime | None) -> Iterator[Article | Refused]:
    """The articles of a file or of every file in a folder, and what could not be read of them."""
    from bot.sources.files import expand as files
    from bot.sources.files import read

    for file in files([path]):
        yield from read(file, name=file.relative_to(path).as_posix() if file != path else None, planted_at=planted_at)


def chunked(items: Iterable[T]) -> Iterator[list[T]]:
    """Lists of one batch's size, for streams too long to hold."""
    stream = iter(items)
    while chunk := list(islice(stream, BATCH)):
        yield chunk
