"""Spans as Slack's markup (mrkdwn): all from outside escaped, addresses that cannot break out of a link; pure."""

from __future__ import annotations

import re

from bot.core.message import Code, Link, Mark, Span, Spans, Strong, When
from bot.core.pieces import Headline, cleaned
from handlers.slack.spoken import Speech

URL = 1500
"""Characters of an address, as it is written, that is still linked to."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Exactly these three (docs.slack.dev/messaging/formatting-message-text)."""
_BREAKING = {letter: f"%{ord(letter):02X}" for letter in '|<>"`^\\{}'}
_WEB = re.compile(r"https?://[^\s/?#%\"<>|^`\\{}]+", re.IGNORECASE)
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_LATEST = 4_102_444_800
"""The year 2100: a moment beyond it is no date."""
_JOINT = "\u200b"
"""Parts a mark from a letter beside it: within a word it would not count."""


def escaped(text: str) -> str:
    """Text as it can stand anywhere in markup, or in a plain text object."""
    return cleaned(text).translate(_ESCAPES)


def markup(spans: Spans, speech: Speech) -> str:
    """The spans as markup; commands among them as they are typed in Slack."""
    said = ""
    for span in spans:
        text = _span(span, speech)
        marked = text != escaped(span.text) and text[:1] in "*`"
        if marked and said and (said[-1].isalnum() or said[-1] in "*`"):
            said += _JOINT
        if said and said[-1] in "*`" and text[:1].isalnum():
            said += _JOINT
        said += text
    return said


def _span(span: Span, speech: Speech) -> str:
    match span:
        case Headline(text=text, url=url):
            link = linked(text, url)
            return link if "*" in link else _around("*", link)
        case Link(text=text, url=url):
            return linked(text, url)
        case Strong(text) | Mark(text):
            return escaped(text) if "*" in text else _around("*", escaped(text))
        case Code(text):
            typed = speech.typed(text)
            return escaped(typed) if "`" in typed else _around("`", escaped(typed))
        case When(at=at, text=text):
            unix = int(at.timestamp())
            if not 0 <= unix < _LATEST or not text.strip():
                return escaped(text)
            return f"<!date^{unix}^{{date_short_pretty}} {{time}}|{escaped(text)}>"
    return escaped(span.text)


def _around(mark: str, text: str) -> str:
    """The text between two marks, blanks left outside them; what has several lines has no form."""
    inside = text.strip()
    if not inside or "\n" in inside:
        return text
    start = text.index(inside)
    return f"{text[:start]}{mark}{inside}{mark}{text[start + len(inside) :]}"


def linked(text: str, url: str) -> str:
    """The label as a link, or alone where the address is none."""
    label, address = " ".join(escaped(text).split()), linkable(url)
    return f"<{address}|{label}>" if address and label else label


def linkable(url: str) -> str | None:
    """The address as it stands in a link, None when it is none or too long."""
    address = _NOT_IN_AN_ADDRESS.sub("", url)
    if not _WEB.match(address):
        return None
    written = "".join(_BREAKING.get(letter, letter) for letter in address).replace("&", "&amp;")
    return written if len(written) <= URL else None
