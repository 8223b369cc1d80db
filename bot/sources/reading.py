"""What a polled source shows, whatever its kind, read from bytes: meant to run in worker processes."""

from __future__ import annotations

from bot.core.errors import NotAFeed
from bot.core.model import SourceKind
from bot.sources.discovery import Candidate, articles_linked, feeds_named, page_text
from bot.sources.feeds.parse import parse, unpacked
from bot.sources.feeds.values import Feed, FeedKind, Item


def read(kind: SourceKind, body: bytes, content_type: str | None, base_url: str | None) -> Feed:
    """The body as what a source of this kind shows; raises NotAFeed, TooLarge or Unreadable."""
    return _page(body, content_type, base_url or "") if kind is SourceKind.PAGE else parse(body, content_type, base_url)


def leads(body: bytes, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
    """The feeds a page names; raises TooLarge or Unreadable."""
    return feeds_named(page_text(unpacked(body), content_type), base_url)


def _page(body: bytes, content_type: str | None, base_url: str) -> Feed:
    """The articles a section page links to, in the page's order; NotAFeed when it links to none."""
    linked = articles_linked(page_text(unpacked(body), content_type), base_url)
    if not linked:
        raise NotAFeed("a page that links to no article")
    items = tuple(Item(guid=link.url, url=link.url, title=link.title) for link in linked)
    return Feed(FeedKind.PAGE, url=base_url, items=items)
