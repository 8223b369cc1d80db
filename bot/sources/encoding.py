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
_SUPERSETS = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What a label means to browsers (WHATWG Encoding 4.2)."""
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253"}
"""Windows code pages that are declared as their ISO cousins; bytes 0x80 to 0x9f give them away."""
_C1 = re.compile(rb"[\x80-\x9f]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_FLAW_SHARE = 10
"""Broken UTF-8 is UTF-8 still where so many letters are sound for each that is not."""
_DECODED_SHARE = 50
"""A declaration lies where more than one character in so many cannot be read."""
_XML_CHARSET = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s{0,9}=\s{0,9}["']([\w:.-]{1,40})""", re.IGNORECASE)
_DECLARATION_SEARCH = 4_096
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_SHAPES: dict[tuple[bool, ...], str] = {
    (True, False, False, False): "utf-32-le",
    (False, False, False, True): "utf-32-be",
    (True, False, True, False): "utf-16-le",
    (False, True, False, True): "utf-16-be",
}
"""Which of the first four bytes are not zero, for ASCII markup in wide units."""
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


def decode_web(data: bytes, *declared: str | None) -> str:
    """The text of a feed or page whose declarations, the most trusted first, may lie; never refused, always readable.

    A byte order mark or the look of UTF-16 and UTF-32 (XML 1.0, appendix F) decides, then UTF-8 with few flaws, then
    what is declared, then letters; what cannot be read is U+FFFD.
    """
    wide = _wide(data[:4])
    if wide:
        return data.decode(wide, "replace").lstrip("\ufeff")
    data = data.replace(b"\0", b"").removeprefix(codecs.BOM_UTF8)
    text = data.decode("utf-8", "replace")
    flaws = text.count("\ufffd") - data.count("\ufffd".encode())  # one that was written is none
    if flaws and _FLAW_SHARE * flaws > sum(map(len, _BEYOND_ASCII.findall(text))) - flaws:
        text = _as_declared(data, declared)
    return text.lstrip("\ufeff")


def xml_charset(data: bytes) -> str | None:
    """The encoding an XML declaration names, also behind what is wrongly before it; None where there is none."""
    found = _XML_CHARSET.search(data[:_DECLARATION_SEARCH])
    return found.group(1).decode("ascii") if found else None


def _wide(start: bytes) -> str | None:
    """The codec of a text in units of two or four bytes, None for one byte or UTF-8."""
    for mark, codec in _WIDE_MARKS:
        if start.startswith(mark):
            return codec
    return _WIDE_SHAPES.get(tuple(map(bool, start)))


def _as_declared(data: bytes, declared: tuple[str | None, ...]) -> str:
    codecs_named = list(filter(None, map(_known, declared)))
    # Servers say Latin-1 for everything, so it counts only where nothing else is said.
    for codec in sorted(codecs_named, key=lambda codec: codec == "cp1252"):
        codec = _WINDOWS.get(codec, codec) if _C1.search(data) else codec
        text = data.decode(codec, "replace")
        if _DECODED_SHARE * text.count("\ufffd") <= len(text) and codec != "utf-8":
            return text
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
    return _SUPERSETS.get(name, name) if _ONE_OR_TWO_BYTES.match(name) else None


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
