"""Markup before it is parsed: where its first element is, what would make a parser choke, and only its newest items."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from functools import lru_cache

from bot.core.errors import NotAFeed, TooLarge
from bot.sources.dates import moment
from bot.sources.feeds.values import ITEMS_LIMIT

DEPTH_LIMIT = 200
ATTRIBUTES_LIMIT = 200
"""Attributes of one element: parsers take time quadratic in them."""
TAGS_LIMIT = 500_000
"""Tags of all that is parsed, opening and closing."""
ROOTS = frozenset(("rss", "feed", "rdf", "channel", "urlset", "sitemapindex"))
"""First elements of feeds and sitemaps, without prefix, in lower case."""
_ROOT_SEARCH = 65_536

_PROLOG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!doctype(?:[^\[>]*\[.*?\]\s*>|[^>]*(?:>|\Z))|<[?!][^>]*(?:>|\Z)"
    r"|<(?:(?P<prefix>[a-z_][\w.-]{0,40}):)?(?P<name>[a-z_][\w.-]{0,40})",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"<!--[^-]*+(?:-(?!->)[^-]*+)*+(-->|\Z)|<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(\]\]>|\Z)"
    r"|<(/?)([\w:.-]+)([^<>]*)"
)
_NAME = re.compile(r"<([\w:.-]{1,80})")
_EMPTY = frozenset(("br", "hr", "img", "input", "meta", "wbr", "area", "embed", "source"))
"""HTML elements that have no end, in feeds that forgot to escape them."""
_SELF_NESTED = frozenset(("p", "li", "tr", "td", "option"))
"""HTML elements that end where the next one begins."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What may not be in XML (XML 1.0, 2.2)."""
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#0{0,5}(?:3[489]|6[02])|#[xX]0{0,5}(?:2[267]|3[cCeE]));)"
    r"(#[0-9]{1,99}|#[xX][0-9a-fA-F]{1,99}|[a-zA-Z][a-zA-Z0-9]{1,30});"
)
_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRIES = {
    root: (
        re.compile(rf"<(?:[\w.-]{{1,40}}:)?(?:{names})(?=[\s>])", re.IGNORECASE),
        re.compile(rf"</(?:[\w.-]{{1,40}}:)?(?:{names})\s*>", re.IGNORECASE),
    )
    for root, names in (("rss", "item|entry"), ("urlset", "url"), ("sitemapindex", "sitemap"))
}
"""How an item begins and ends, by the root of what it is in; what is neither sitemap nor index is as RSS is."""
_DATE = re.compile(
    r"<(?:\w{1,20}:)?(?:pubdate|published|issued|date|updated|modified)\b[^>]{0,99}>"
    r"\s{0,99}(?:<!\[CDATA\[)?([^<\]]{4,99})",
    re.IGNORECASE,
)


def root(text: str, roots: frozenset[str] = ROOTS) -> tuple[str, str]:
    """The name of the first element that is one of `roots`, and the text from there on; NotAFeed where there is none.

    What servers print before it (warnings, blanks), the XML declaration and the DOCTYPE with its entities are left out.
    """
    first = ""
    for found in _PROLOG.finditer(text, 0, _ROOT_SEARCH):
        name = (found["name"] or "").lower()
        if name in roots:
            return name, text[found.start() :]
        first = first or name
        if first in ("html", "opml"):
            break
    said = {"": "neither XML nor JSON", "html": "a web page", "opml": "an OPML list of feeds"}
    raise NotAFeed(f"not a feed but {said.get(first, f'something that begins with <{first}>')}")


def mended(text: str) -> str:
    """Markup without what XML forbids, with HTML's character references resolved, and without what follows its end."""
    name = _NAME.match(text)
    start = text.rfind(f"</{name.group(1)}") if name else -1
    end = text.find(">", start) if start >= 0 else -1
    text = text[: end + 1] if end >= 0 else text
    return _REFERENCE.sub(lambda found: _resolved(found.group()), _ILLEGAL.sub("", text))


def whole(root: str, text: str) -> tuple[str, bool]:
    """The mended markup without an item that was cut off, and whether its end is there.

    A server may stop anywhere. What is left of an item would be taken for another one: without its guid, under half of
    its address. One that only lacks its end tag, or a part of that, has all its parts.
    """
    name = _NAME.match(text)
    if name is None or f"</{name.group(1).lower()}" in text[-len(name.group(1)) - 99 :].lower():
        return text, True
    begins, ends = (list(pattern.finditer(text)) for pattern in _ENTRIES.get(root, _ENTRIES["rss"]))
    closed = ends[-1].end() if ends else 0
    if not begins or begins[-1].start() < closed:
        return text[:closed] if closed else text, False
    last = begins[-1]
    tail = text[text.rfind("<") :].lower()
    complete = len(tail) > 2 and f"</{last.group()[1:].lower()}>".startswith(tail)
    return text if complete else text[: last.start()], False


def bounded(text: str) -> str:
    """The markup up to a comment or CDATA that never ends; TooLarge past a limit of depth, attributes or tags."""
    open_tags: list[str] = []
    for count, found in enumerate(_TAG.finditer(text)):
        comment, data, end, name, rest = found.groups()
        if comment == "" or data == "":
            return text[: found.start()]
        if count > TAGS_LIMIT:
            raise TooLarge(f"more than {TAGS_LIMIT:,} tags")
        if name is None:
            continue
        if end:
            if open_tags and open_tags[-1] == name:
                open_tags.pop()
            else:
                _close(open_tags, name)
            continue
        if len(rest) > ATTRIBUTES_LIMIT and rest.count("=") > ATTRIBUTES_LIMIT and _attributes(rest) > ATTRIBUTES_LIMIT:
            raise TooLarge(f"an element with more than {ATTRIBUTES_LIMIT} attributes")
        if not rest.endswith("/") and name not in _EMPTY:
            _open(open_tags, name)
    return text


def newest(text: str) -> tuple[str, int]:
    """The markup with only its newest items where it has too many, and how many it had; undated ones are the oldest."""
    starts = [found.start() for found in _ITEM.finditer(text)]
    if len(starts) <= ITEMS_LIMIT:
        return text, len(starts)
    kind = _ITEM.match(text, starts[0])
    closing = f"</{text[starts[0] + 1 : kind.end()]}>" if kind else ""
    end = text.rfind(closing)
    end = end + len(closing) if end > starts[-1] else len(text)
    blocks = [text[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    by_age = sorted(range(len(blocks)), key=lambda index: _age(blocks[index]), reverse=True)
    kept = "".join(blocks[index] for index in sorted(by_age[:ITEMS_LIMIT]))
    return text[: starts[0]] + kept + text[end:], len(starts)


def _attributes(rest: str) -> int:
    return rest.count('="') + rest.count("='") + rest.count("= ")


def _open(open_tags: list[str], name: str) -> None:
    if name in _SELF_NESTED and open_tags and open_tags[-1] == name:
        return
    open_tags.append(name)
    if len(open_tags) > DEPTH_LIMIT:
        raise TooLarge(f"elements nest deeper than {DEPTH_LIMIT}")


def _close(open_tags: list[str], name: str) -> None:
    """Ends the innermost element of that name with all that was left open in it; an end of nothing is passed over."""
    if name in open_tags:
        del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name) :]


@lru_cache(2_000)
def _resolved(reference: str) -> str:
    """The character meant; a reference that means markup, or nothing, stays for the parser to see."""
    number = reference.startswith("&#")
    if len(reference) > 12 and number:
        return "\ufffd"
    text = html.unescape(reference)
    if text == reference or any(letter in "<>&\"'" for letter in text):
        return "" if number else reference
    return _ILLEGAL.sub("\ufffd", text)


def _age(block: str) -> datetime:
    found = _DATE.search(block, 0, 20_000)
    return (moment(found.group(1)) if found else None) or datetime.min.replace(tzinfo=UTC)
