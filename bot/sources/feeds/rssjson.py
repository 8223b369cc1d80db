"""RSS 2.0 written as JSON (`{"rss": {"channel": ...}}`), which Scripting News and its relatives publish."""

from __future__ import annotations

from typing import Any

from bot.sources import plain
from bot.sources.feeds.fields import Problems, address, author, enclosures, guid_of, names, text_of
from bot.sources.feeds.values import ITEMS_LIMIT, Feed, FeedKind, Item
from bot.sources.fields import language_code


def channel_of(said: dict[str, Any]) -> dict[str, Any] | None:
    """The channel of RSS in JSON, None for other JSON."""
    rss = said.get("rss")
    channel = rss.get("channel") if isinstance(rss, dict) else None
    return channel if isinstance(channel, dict) and isinstance(channel.get("item"), list) else None


def read(channel: dict[str, Any], base_url: str | None) -> Feed:
    """The feed in a channel; what is no item is passed over."""
    problems = Problems()
    url = address(channel.get("link"), base_url)
    language = language_code(text_of(channel.get("language")))
    entries = [entry for entry in channel["item"] if isinstance(entry, dict)][:ITEMS_LIMIT]
    items = tuple(_item(entry, base_url or url, language, problems) for entry in entries)
    title = plain.title(text_of(channel.get("title")))
    return Feed(FeedKind.JSON, title, url, language, problems=problems.lines(), items=items)


def _item(entry: dict[str, Any], base: str | None, language: str | None, problems: Problems) -> Item:
    guid, file, tags = _value(entry.get("guid")), entry.get("enclosure"), entry.get("category")
    files = [(file.get("url"), file.get("type"), file.get("length"))] if isinstance(file, dict) else []
    return Item(
        guid=guid_of(guid),
        url=address(entry.get("link"), base) or address(guid, None),
        title=plain.title(text_of(entry.get("title"))),
        published_at=problems.date(entry.get("pubDate"), language),
        author=author([entry.get("author")]),
        language=language,
        summary=plain.prose(text_of(entry.get("description"))),
        text=plain.prose(text_of(entry.get("content:encoded"))),
        categories=names(map(_value, tags if isinstance(tags, list) else [tags])),
        enclosures=enclosures(files, base),
    )


def _value(said: object) -> object:
    """The text of an element that also has attributes."""
    return said.get("#value") if isinstance(said, dict) else said
