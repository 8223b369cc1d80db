"""Tokens as the full text index holds them: encoded so that FTS5's tokenizer can neither split nor change them.

A word stands there as its folded form and the tag of its stem (`migrants_en`), or as its folded form alone where it has
no stem: `_` and a tag are no code of `encode`, so no two words stand alike, and other words that begin so do so too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from sys import intern

from bot.matching.document import Document, Indexed, Tokens

LETTERS = 3
"""Letters of a beginning that is kept: the fewest a person may type. What is longer is the beginning of fewer words."""

ANYTHING = "any"
"""The label every article carries."""

_CODED = r"/:-`{-\x7f\ud800-\udfff"
"""What has a code, as part of a set, beside what comes before `/`: said the other way round it takes re ten times as
long to compile."""
_PLAIN = re.compile(rf"[^\x00-{_CODED}]*")
_OTHER = re.compile(rf"[\x00-{_CODED}]")
_OTHER_THAN_LINES = re.compile(rf"[\x00-\t\x0b-{_CODED}]")


@lru_cache(maxsize=32_768)
def encode(token: str) -> str:
    """The token with every character but a-z, 0-9 and those past ASCII as `_xx` or `_uxxxx`, hexadecimal.

    No code begins another, so the beginnings of a token are those of its encoding.
    """
    return token if _PLAIN.fullmatch(token) else _OTHER.sub(_code, token)


def encode_all(tokens: Sequence[str]) -> Sequence[str]:
    """Each of many tokens encoded: those of a text all in one go, which takes a tenth of the time."""
    lines = "\n".join(tokens)
    if lines.count("\n") >= len(tokens):  # one holds a line end, as no word of a text does
        return [*map(encode, tokens)]
    encoded, changes = _OTHER_THAN_LINES.subn(_code, lines)
    return encoded.split("\n") if changes else tokens


def tagged(word: str, tag: str) -> str:
    """The token of an encoded word that has a stem of this tag, or none ("")."""
    return f"{word}_{tag}" if tag else word


def indexed(tokens: Tokens) -> Indexed:
    """One text as the index holds it, unless that was made beforehand (`written_out`)."""
    if tokens.indexed is not None:
        return tokens.indexed
    tail = tagged("", next(filter(None, tokens.stems), "").partition("_")[0])  # the stems of one text have one tag
    words = [*zip(encode_all(tokens.folded), tokens.stems, strict=True)]
    row = " ".join([word + tail if stem else word for word, stem in words])
    begun = {word[:LETTERS] for word in set(tokens.folded) if len(word) >= LETTERS}
    # The same text for the same word, so that a pickle of many articles holds it once.
    met = tuple([intern(f"{word} {stem}") for word, stem in dict.fromkeys(words)])
    return Indexed(row, " ".join(encode_all([*begun])), met)


def written_out(document: Document) -> Document:
    """The document with what the index holds of its texts, which takes a third of what adding it takes."""
    title, body = document.title, document.body
    if title.indexed is not None and body.indexed is not None:
        return document
    return replace(document, title=replace(title, indexed=indexed(title)), body=replace(body, indexed=indexed(body)))


def label(kind: str, value: str) -> str:
    """The token of the `labels` column that says an article has `value` of `kind`."""
    return f"{kind}_{encode(value)}"


def _code(match: re.Match[str]) -> str:
    point = ord(match.group())
    return f"_{point:02x}" if point < 0x80 else f"_u{point:04x}"
