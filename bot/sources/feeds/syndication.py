"""RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and RDF, as feedparser understands them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from bot.core.errors import NotAFeed
from bot.sources import plain
from bot.sources.feeds.feedparsing import Said, parsed
from bot.sources.feeds.fields import Problems, address, author, enclosures, guid_of, names, text_of
from bot.sources.feeds.values import ITEMS_LIMIT, Feed, FeedKind, Item
from bot.sources.fields import language_code

_PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_LONGEST_TTL = 10_080


def read(root: str, text: str, base_url: str | None, problems: Problems) -> Feed:
    """The feed in well bounded markup that begins with its element `root`; raises NotAFeed or Unreadable."""
    said = parsed(text, problems)
    version, feed = text_of(dict.get(said, "version")), said["feed"]
    if not version and not said["entries"]:
        raise NotAFeed(f"not a feed but an empty <{root}>")
    url = address(dict.get(feed, "link"), base_url)
    language = language_code(text_of(dict.get(feed, "language")))
    entries = said["entries"][:ITEMS_LIMIT]
    base = base_url or url or _self(feed)
    items = tuple(_item(entry, base, language, problems) for entry in entries)
    return Feed(
        kind=_kind(root, version),
        title=plain.title(text_of(dict.get(feed, "title"))),
        url=url,
        language=language,
        hub=address(_link(feed, "hub"), base),
        ttl_for=_ttl(feed),
        problems=problems.lines(),
        items=items,
    )


def _kind(root: str, version: str) -> FeedKind:
    if root == "feed" or (version.startswith("atom") and root != "rss"):
        return FeedKind.ATOM
    return FeedKind.RDF if root == "rdf" else FeedKind.RSS


def _item(entry: Said, base: str | None, language: str | None, problems: Problems) -> Item:
    summary, content = _summary(entry), _content(entry)
    language = _language(entry) or language
    text = plain.prose(content) if content else ""
    updated = problems.date(dict.get(entry, "updated"), language)
    published = problems.date(dict.get(entry, "published") or dict.get(entry, "created"), language)
    tags = _dicts(entry, "tags")
    return Item(
        guid=guid_of(dict.get(entry, "id")),
        url=address(dict.get(entry, "link"), base) or address(_link(entry, "alternate"), base),
        title=plain.title(text_of(dict.get(entry, "title"))),
        # RDF and many Atom feeds give the time of the last change alone.
        published_at=published or (updated if not dict.get(entry, "published") else None),
        updated_at=updated,
        author=_author(entry),
        language=language,
        summary=text if summary == content else plain.prose(summary),
        text=text,
        categories=names(dict.get(tag, "label") or dict.get(tag, "term") for tag in tags),
        enclosures=enclosures(_files(entry), base),
    )


def _summary(entry: Said) -> str:
    """What describes the item; a picture's caption only where nothing else does."""
    return text_of(dict.get(entry, "summary")) or text_of(dict.get(entry, "media_caption"))


def _content(entry: Said) -> str:
    """The longest text of the item's contents."""
    texts = [c for c in _dicts(entry, "content") if re.match(r"text/|application/xhtml", text_of(c.get("type")))]
    return max((text_of(content.get("value")) for content in texts), key=len, default="")


def _language(entry: Said) -> str | None:
    details = [dict.get(entry, name) for name in ("summary_detail", "title_detail")]
    said = [dict.get(entry, "language"), *(d.get("language") for d in details if isinstance(d, dict))]
    return next(filter(None, (language_code(text_of(tag)) for tag in said)), None)


def _author(entry: Said) -> str | None:
    """The authors' names; an address where no name is given."""
    people = [dict.get(person, "name") or dict.get(person, "email") for person in _dicts(entry, "authors")]
    return author(people) or author([dict.get(entry, "author")])


def _link(holder: Said, rel: str) -> object:
    """The address of the first link of a relation."""
    links = (link for link in _dicts(holder, "links") if text_of(link.get("rel")).lower() == rel)
    return next((href for link in links if (href := dict.get(link, "href"))), None)


def _self(feed: Said) -> str | None:
    """Where the feed says it lives, for links of one that was read from a file and names no site."""
    return address(_link(feed, "self"), None) or address(dict.get(feed, "id"), None)


def _files(entry: Said) -> Iterator[tuple[object, object, object]]:
    for link in _dicts(entry, "links"):
        if link.get("rel") == "enclosure":
            yield dict.get(link, "href") or dict.get(link, "url"), link.get("type"), link.get("length")
    for media in _dicts(entry, "media_content"):
        yield dict.get(media, "url"), media.get("type"), media.get("filesize")
    for picture in _dicts(entry, "media_thumbnail"):
        yield dict.get(picture, "url"), None, None


def _ttl(feed: Said) -> timedelta | None:
    """How long the feed says it stays as it is: `ttl` (RSS 2.0) or the syndication module's period; at most a week."""
    said = text_of(dict.get(feed, "ttl")).strip()
    if said.isdecimal() and len(said) < 9 and int(said):
        return timedelta(minutes=min(int(said), _LONGEST_TTL))
    period = _PERIODS.get(text_of(dict.get(feed, "sy_updateperiod")).strip().lower())
    often = text_of(dict.get(feed, "sy_updatefrequency")).strip()
    times = int(often) if often.isdecimal() and len(often) < 9 else 1
    return timedelta(minutes=min(period / max(times, 1), _LONGEST_TTL)) if period else None


def _dicts(holder: Said, name: str) -> list[Said]:
    """The dictionaries of a list that should hold nothing else."""
    found = dict.get(holder, name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
