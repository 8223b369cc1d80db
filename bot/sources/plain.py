"""Markup to plain text: what a reader of an HTML fragment sees, in paragraphs, and what a title says."""

from __future__ import annotations

import html
import re
from itertools import chain

from bot.sources.fields import TITLE_LIMIT, clean, one_line

# A comment or an element of no interest runs to its end, or to the end of all: nothing is read over and over.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<opaque>script|style|template|noscript|iframe|object|svg|math|textarea|select|head)\b"
    r".*?(?:</(?P=opaque)\b[^>]*(?:>|\Z)|\Z)"
    r"""|<(?P<tag>/?[a-z][a-z0-9]{0,30}(?:[:-][a-z0-9:-]{0,60})?)(?=[\s/>])"""
    r"""(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+(?:>|\Z)|<[!?][^>]*(?:>|\Z)""",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_ABSURD_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{0,9999};")
_ESCAPED_TWICE = re.compile(r"</(?:a|p|b|i|u|em|strong|div|span|ul|ol|li|h[1-6])>|<br ?/?>|<img ", re.IGNORECASE)
"""What a fragment without any tag shows when it was escaped once too often."""
_OTHER_SPACE = re.compile(r"[^\S\u00a0]+")
_BREAKS = re.compile(r"\n{3,}")

_PARAGRAPHS = frozenset((
    "p", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "section", "article",
    "header", "footer", "aside", "nav", "figure", "figcaption", "pre", "hr", "main", "address", "details", "form"
))  # fmt: skip
_LINES = frozenset(("br", "li", "tr", "dt", "dd", "caption", "summary", "option"))
_CELLS = frozenset(("td", "th", "img", "video", "audio", "button", "input"))
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "center", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "source", "picture", "embed", "link", "meta", "body",
    "html", "tbody", "thead", "tfoot", "col", "colgroup"
))  # fmt: skip
_KNOWN = _PARAGRAPHS | _LINES | _CELLS | _INLINE
_SPACES = {
    **dict.fromkeys(_KNOWN, ""),
    **dict.fromkeys(_LINES, "\n"),
    **dict.fromkeys(_PARAGRAPHS, "\n\n"),
    **dict.fromkeys(_CELLS, " "),
}
_SPACING = _SPACES | {f"/{name}": "" if name in _LINES else space for name, space in _SPACES.items()}
"""What tags leave in a text; those that are not here leave nothing."""


def prose(markup: str) -> str:
    """The text of an HTML fragment, paragraphs parted by a blank line; without any tag, its own lines are kept.

    Takes time linear in the fragment; scripts, styles and embedded things are no text; what was escaped twice is read
    as it was meant.
    """
    tagged = "<" in markup and bool(_MARKUP.search(markup))
    if not tagged and "&lt;" in markup and _ESCAPED_TWICE.search(again := unescape(markup)):
        markup, tagged = again, True
    if tagged:
        markup = _spaced(" ".join(markup.splitlines()))
    lines = (" ".join(line.split()) for line in clean(unescape(markup)).split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip()


def title(markup: str) -> str:
    """A title on one line without tags of HTML; what only looks like a tag (`<3`, `<Serbia>`) is kept.

    No-break spaces stay what they are: they are part of how a title is written.
    """
    if "<" in markup:
        markup = _MARKUP.sub(_inline, markup)
    line = _OTHER_SPACE.sub(" ", clean(unescape(markup)))
    return line if len(line) <= TITLE_LIMIT else one_line(line)


def unescape(text: str) -> str:
    """The text with complete character references resolved once, as HTML 13.2.5.80 does; absurd ones are U+FFFD."""
    if "&" not in text:
        return text
    text = _REFERENCE.sub(lambda found: html.unescape(found.group()), text)
    return _ABSURD_REFERENCE.sub("\ufffd", text) if "&#" in text else text


def _spaced(markup: str) -> str:
    """The markup with its tags as the space they take; it is split, as a call a tag would be half of the work."""
    first, *parts = _MARKUP.split(markup)
    spaces = [
        _SPACING[tag] if tag in _SPACING else _SPACING.get(tag.lower(), "") if tag else " " if opaque else ""
        for opaque, tag in zip(parts[::3], parts[1::3], strict=True)
    ]
    return "".join((first, *chain.from_iterable(zip(spaces, parts[2::3], strict=True))))


def _inline(found: re.Match[str]) -> str:
    name = (found["tag"] or "").lower().removeprefix("/")
    if name and name not in _KNOWN:
        return found.group()
    return "" if name in _INLINE else " "
