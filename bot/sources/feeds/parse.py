"""Bytes from outside to a Feed: unpacked, decoded, told what they are, and bounded before anything parses them."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

from bot.core.errors import NotAFeed, TooLarge, Unreadable
from bot.sources.encoding import decode_web, xml_charset
from bot.sources.feeds import jsonfeed, markup, sitemap, syndication
from bot.sources.feeds.fields import Problems
from bot.sources.feeds.values import ITEMS_LIMIT, Feed
from bot.sources.fields import web_address

BODY_LIMIT = 10_000_000
"""Bytes of a feed, unpacked."""

_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{1,40})""", re.IGNORECASE)
_GZIP = b"\x1f\x8b"


def parse(body: bytes, content_type: str | None = None, base_url: str | None = None) -> Feed:
    """The feed in `body`, of any kind; `content_type` is the HTTP header, `base_url` where it was fetched from.

    Raises NotAFeed, TooLarge or Unreadable. The content type decides nothing but the charset: it is often wrong.
    """
    body = unpacked(body)
    if not body.strip():
        raise NotAFeed("empty")
    text = decode_web(body, charset_of(content_type), xml_charset(body))
    base_url = web_address(base_url or "")
    if text.lstrip()[:1] in ("{", "["):
        return jsonfeed.read(text, base_url)
    name, text = markup.root(text)
    text, whole = markup.whole(name, markup.mended(text))
    feed = _read(name, text, base_url)
    return feed if whole else replace(feed, whole=False, problems=(*feed.problems, "cut off before its end"))


def _read(name: str, text: str, base_url: str | None) -> Feed:
    """The feed in markup that begins with its element `name`."""
    if name in ("urlset", "sitemapindex"):
        return sitemap.read(name, markup.bounded(text), base_url)
    problems = Problems()
    text, items = markup.newest(text)
    if items > ITEMS_LIMIT:
        problems.add(f"{items:,} items, of which the newest {ITEMS_LIMIT:,} are read")
    return syndication.read(name, markup.bounded(text), base_url, problems)


def unpacked(body: bytes) -> bytes:
    """The body without gzip around it (sitemaps.org); TooLarge past the limit, Unreadable where it is damaged."""
    whole = b""
    while body.startswith(_GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            whole += unpacker.decompress(body, BODY_LIMIT + 1 - len(whole))
        except zlib.error as problem:
            raise Unreadable("damaged gzip") from problem
        body = unpacker.unused_data
        _within(len(whole))
        if not body:
            return whole
    _within(len(body))
    return whole or body


def charset_of(content_type: str | None) -> str | None:
    """The charset a Content-Type header names, None where it names none."""
    found = _CHARSET.search((content_type or "")[:500])
    return found.group(1) if found else None


def _within(size: int) -> None:
    if size > BODY_LIMIT:
        raise TooLarge(f"larger than {BODY_LIMIT // 1_000_000} MB")
