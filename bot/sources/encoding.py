"""Bytes to text: a byte order mark, UTF-8, what is declared, else the likeliest Windows code page of Europe."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from bot.core.errors import Unreadable

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TELLING = {
    "cp1250": (*"čćšžđąęłśźżőűăţşěřů",),
    "cp1251": (*"аеиноцтрсвлкмдпубгзчшћжђјљњџъьыяюѓќїє",),
    "cp1252": (*"àèêñòìùõøåæãôïûœ", "ão", "õe"),
    "cp1253": (*"αειονςτσρκλμπηυάέήίόύώ",),
    "cp1254": (*"ışğ",),
}
"""Letters that texts in a code page are full of, and that their bytes rarely give in another."""
_ONE_OR_TWO_BYTES = re.compile(r"cp\d|iso8859|koi8|mac|ascii|gb|big5|euc|shift_jis")
"""Codecs of charsets; the others Python knows are escapes and transports, or want a byte order mark."""
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")
_CONTROL_SHARE = 50
"""One control character in so many bytes is no text."""
_SAMPLE = 20_000


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in `data`, however it is encoded; Unreadable for bytes that are no text.

    UTF-8 goes before what is declared, because declarations lie and other encodings hardly ever form valid UTF-8.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec)
    if b"\0" in data or _CONTROL_SHARE * _controls(data[:_SAMPLE]) > len(data[:_SAMPLE]):
        raise Unreadable("not text but binary")
    for codec in ("utf-8", *filter(None, [_known(declared)])):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return data.decode(_likeliest(data[:_SAMPLE]), "replace")


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROLS))


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"not valid {codec.upper()} at byte {problem.start:,}: save it as UTF-8") from problem


def _known(declared: str | None) -> str | None:
    """The codec of a declared charset, None for an unknown one; Latin-1 means windows-1252 (WHATWG Encoding 4.2)."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return None
    return {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(name, name) if _ONE_OR_TWO_BYTES.match(name) else None


def _likeliest(data: bytes) -> str:
    return max(_TELLING, key=lambda codec: _plausibility(data.decode(codec, "replace"), _TELLING[codec]))


def _plausibility(text: str, telling: tuple[str, ...]) -> int:
    """Telling letters, less what a wrong code page shows: scripts mixed in a word, capitals after small letters."""
    score = sum(map(text.lower().count, telling))
    for before, letter in pairwise(text):
        if not (before.isalpha() and letter.isalpha()):
            continue
        mixed = before.isascii() != letter.isascii() and max(before, letter) > "\u036f"
        score -= 2 * mixed + 2 * (before.islower() and letter.isupper())
    return score
