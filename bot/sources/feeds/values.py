"""What a feed says, as frozen values of plain text, and as the records `newsbell sources check --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

ITEMS_LIMIT = 2_000
"""Items read of one feed: the newest."""
PROBLEMS_LIMIT = 20
"""Problems told of one feed."""


class FeedKind(StrEnum):
    """What a document is, told by its first element and not by its content type."""

    RSS = "rss"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemapindex"
    PAGE = "page"
    """A section page: its items are the articles it links to."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an item; `length` in bytes, None where it is not said."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item: plain text, absolute http(s) addresses; `guid` is as the feed says it, None where it does not.

    `published_at` may lie in the future: it is what was said, and the time of the last change where only that is.
    `summary` and `text` are empty where there is none; where only a text is given, it is its own summary.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    author: str | None = None
    language: str | None = None
    summary: str = ""
    text: str = ""
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it was understood; of a sitemap index, the items are its sitemaps (address and time of change).

    `url` is the site it belongs to, `hub` its WebSub hub, `ttl_for` how long it says it stays as it is; `problems` are
    one line each, for its owner. One that is not `whole` was cut off: it has more items than it shows.
    """

    kind: FeedKind
    title: str = ""
    url: str | None = None
    language: str | None = None
    hub: str | None = None
    ttl_for: timedelta | None = None
    problems: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    whole: bool = True


def feed_record(feed: Feed) -> dict[str, object]:
    """What `sources check --json` prints of the feed itself."""
    return {
        "kind": str(feed.kind),
        "title": feed.title,
        "url": feed.url,
        "language": feed.language,
        "hub": feed.hub,
        "problems": list(feed.problems),
    }


def item_record(item: Item) -> dict[str, object]:
    """What `sources check --json` prints of an item; times are UTC in ISO 8601."""
    return {
        "guid": item.guid,
        "url": item.url,
        "title": item.title,
        "published": _iso(item.published_at),
        "updated": _iso(item.updated_at),
        "author": item.author,
        "language": item.language,
        "summary": item.summary,
        "text": item.text,
        "categories": list(item.categories),
        "enclosures": [{"url": file.url, "type": file.type, "length": file.length} for file in item.enclosures],
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
