"""Article JSONL: one object a line; a bad line is refused with its number and the rest goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.model import Article, Refused
from bot.sources.dates import moment, planted
from bot.sources.fields import clean, language_code, one_line, web_address
from bot.sources.prose import first_sentence

LINE_LIMIT = 10_000_000
"""Bytes of one line."""


class Lines(Protocol):
    """A binary stream, of which only lines are read."""

    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Unfinished(Refused):
    """An item that may only be half written yet: it ends where the file does."""


def items(stream: Lines, name: str, outlet: str, planted_at: datetime | None = None) -> Iterator[Article | Refused]:
    """Every line that is not blank as an Article or a Refused, ids `name:LINE`; `outlet` where none is given."""
    number = 0
    while line := stream.readline(LINE_LIMIT + 1):
        number += 1
        spot = f"{name}:{number}"
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            _skip(stream)
            yield Refused(spot, f"longer than {LINE_LIMIT:,} bytes: one article a line is expected")
        elif line.strip():
            yield _item(line, spot, outlet, planted_at)


def _skip(stream: Lines) -> None:
    """Reads on to the end of the line."""
    while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _item(line: bytes, spot: str, outlet: str, planted_at: datetime | None) -> Article | Refused:
    try:
        return article(_fields(line), spot, outlet, planted_at)
    except ValueError as problem:
        refused = Refused if line.endswith(b"\n") else Unfinished
        return refused(spot, str(problem))


def _fields(line: bytes) -> dict[str, object]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise ValueError(f"not UTF-8 at byte {problem.start + 1:,} of the line: save the file as UTF-8") from problem
    except json.JSONDecodeError as problem:
        raise ValueError(f"not JSON: {problem.msg} (character {problem.pos + 1:,})") from problem
    except (RecursionError, ValueError) as problem:
        raise ValueError("not JSON: nested too deep or a number too long") from problem
    if not isinstance(fields, dict):
        raise ValueError('not a JSON object: an article is {"title": ..., "text": ...}')  # noqa: TRY004
    return fields


def article(fields: dict[str, object], spot: str, outlet: str, planted_at: datetime | None = None) -> Article:
    """The article in the fields of a line; ValueError says what is wrong. A date not understood is undated."""
    title, text = one_line(_text(fields, "title")), clean(_text(fields, "text"))
    if not title and not text:
        raise ValueError("neither title nor text")
    published = _text(fields, "published")
    return Article(
        guid=one_line(_text(fields, "id")) or spot,
        title=title or first_sentence(text),
        text=text,
        source=one_line(_text(fields, "source")) or outlet,
        url=web_address(_text(fields, "url")),
        published_at=moment(published) or planted(published, planted_at),
        language=language_code(_text(fields, "language")),
        author=one_line(_text(fields, "author")) or None,
        sample=fields.get("sample") is True,
    )


def _text(fields: dict[str, object], name: str) -> str:
    """A field as text: numbers count as text, absent and null as empty; ValueError for anything else."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f'"{name}" must be text')  # noqa: TRY004
    return str(value)
