"""What is kept of a field that came from outside: clean text, one-line titles, http(s) addresses, language codes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

TITLE_LIMIT = 1_000
"""Characters of a title; longer ones are not titles."""
ADDRESS_LIMIT = 4_000
"""Characters of a URL; longer ones are dropped."""

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
"""Everything the three above are after: most texts have none of it, and one look is enough."""
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?")


def clean(text: str) -> str:
    """The text with `\\n` line ends, without control characters and outer blanks; a lone surrogate becomes U+FFFD."""
    if _ODD.search(text):
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))
    return text.strip()


def flat(text: str) -> str:
    """The clean text on one line, every run of blanks one blank."""
    return " ".join(clean(text).split())


def one_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """The flat text, cut at a word with `…` where it is longer than `limit` characters."""
    line = flat(text)
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    head, _, _ = kept.rpartition(" ")
    return (head if len(head) > limit // 2 else kept).rstrip(" ,;:-–—") + "…"


def web_address(text: str) -> str | None:
    """The http(s) URL, blanks escaped and line breaks dropped as browsers do (WHATWG URL); None for anything else."""
    url = re.sub(r"[\t\n\r]", "", clean(text)).replace(" ", "%20")
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname and len(url) <= ADDRESS_LIMIT else None


def language_code(text: str) -> str | None:
    """The language of a BCP 47 tag in lower case (`sr` for `sr-Latn-RS`), None for what is no such tag or `und`."""
    found = _LANGUAGE.fullmatch(text.strip().lower())
    return found.group(1) if found and found.group(1) != "und" else None
