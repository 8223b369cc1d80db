"""Tokens as the full text index holds them: encoded so that FTS5's tokenizer can neither split nor change them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

ANYTHING = "any"
"""The label every article carries."""

_PLAIN = re.compile(r"[a-z0-9\u0080-\ud7ff\ue000-\U0010ffff]*")
_OTHER = re.compile(r"[^a-z0-9\u0080-\ud7ff\ue000-\U0010ffff]")
_OTHER_THAN_LINES = re.compile(r"[^\na-z0-9\u0080-\ud7ff\ue000-\U0010ffff]")


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


def label(kind: str, value: str) -> str:
    """The token of the `labels` column that says an article has `value` of `kind`."""
    return f"{kind}_{encode(value)}"


def _code(match: re.Match[str]) -> str:
    point = ord(match.group())
    return f"_{point:02x}" if point < 0x80 else f"_u{point:04x}"
