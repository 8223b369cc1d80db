"""Typed text as the query language reads it: typographic marks, unusual spaces and a platform's escaping undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_ALIKE = {
    '"': "“”„‟«»‹›″〝〞〟「」『』",
    "'": "‘’‚‛′`´",
    "-": "‐‑‒–—―−﹘﹣",
    " ": "\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\x85"
    + "".join(map(chr, (*range(0x2000, 0x200B), *range(0x20), 0x7F))),
}
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
_PLAIN = {ord(mark): ord(plain) for plain, marks in _ALIKE.items() for mark in marks}
# Full-width forms of ASCII are its characters shifted (Unicode block FF00).
_FULL_WIDTH = {code: _PLAIN.get(code - 0xFEE0, code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE: dict[int, int | None] = {**_FULL_WIDTH, **_PLAIN, **dict.fromkeys(map(ord, _INVISIBLE))}
_UNUSUAL = re.compile(f"[{re.escape(''.join(map(chr, _TABLE)))}<>&]")

# Slack, "Formatting text for app surfaces": links are <url> or <url|label>, and only & < > are escaped.
_LINK = re.compile(r"<(?:mailto:)?([^<>|]*)(?:\|([^<>|]*))?>")
_ESCAPED = re.compile(r"&(?:amp;)*[lg]t;|&(?:amp;)+|[<>]")


@dataclass(frozen=True, slots=True)
class Typed:
    """Normalised text; character `i` of it stands at `offsets[i]` of what was typed (None: at `i`)."""

    text: str
    offsets: tuple[int, ...] | None = None

    def position(self, index: int) -> int:
        """Where `index` of the text, or its end, stands in what was typed."""
        return index if self.offsets is None else self.offsets[index]


def read(typed: str) -> Typed:
    """`typed` normalised, with the way back; normalising twice changes nothing."""
    if not _UNUSUAL.search(typed):
        return Typed(typed)
    kept = [(_TABLE.get(ord(mark), ord(mark)), offset) for offset, mark in enumerate(typed)]
    text = "".join(chr(code) for code, _ in kept if code is not None)
    offsets = [offset for code, offset in kept if code is not None] + [len(typed)]
    text, offsets = _replaced(_LINK, _label, text, offsets)
    text, offsets = _replaced(_ESCAPED, _unescaped, text, offsets)
    return Typed(text, tuple(offsets))


def normalise(typed: str) -> str:
    """`typed` as the query language reads it: plain quotes, dashes and spaces; `&amp;` and `<url|label>` undone."""
    return read(typed).text


def _replaced(
    pattern: re.Pattern[str], kept: Callable[[re.Match[str]], tuple[str, int]], text: str, offsets: list[int]
) -> tuple[str, list[int]]:
    """Each match replaced by what is `kept` of it, which says its text and where in `text` that begins."""
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        piece, start = kept(match)
        pieces += text[done : match.start()], piece
        places += offsets[done : match.start()] + offsets[start : start + len(piece)]
        done = match.end()
    return "".join(pieces) + text[done:], places + offsets[done:]


def _label(match: re.Match[str]) -> tuple[str, int]:
    group = 2 if match[2] else 1
    return match[group], match.start(group)


def _unescaped(match: re.Match[str]) -> tuple[str, int]:
    """< and > become spaces: they part words and mean nothing in a query."""
    return "&" if match[0].endswith("amp;") else " ", match.start()
