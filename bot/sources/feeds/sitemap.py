"""Sitemaps with their news, and sitemap indexes (sitemaps.org; the news extension is Google's)."""

from __future__ import annotations

from typing import Any

from bot.core.errors import Unreadable
from bot.sources import plain
from bot.sources.feeds.fields import Problems, address, enclosures, names
from bot.sources.feeds.values import ITEMS_LIMIT, Feed, FeedKind, Item
from bot.sources.fields import language_code
from bot.sources.trees import Element, xml_tree


def read(root: str, text: str, base_url: str | None) -> Feed:
    """The sitemap or index in markup that begins with its element `root`; Unreadable where nothing can be parsed.

    An item without a title has none in the sitemap: only its address, and when it changed, are known.
    """
    tree = xml_tree(text)
    if tree is None:
        raise Unreadable("cannot be parsed as XML")
    problems = Problems()
    index = root == "sitemapindex"
    said = [_said(element) for element in tree if _local(element) == ("sitemap" if index else "url")]
    items = [item for facts in said if (item := _item(facts, base_url, problems)).url]
    if len(items) < len(said):
        problems.add("an entry without a usable address")
    first: dict[str, Any] = next((facts for facts in said if "name" in facts), {})
    return Feed(
        kind=FeedKind.SITEMAP_INDEX if index else FeedKind.SITEMAP,
        title=plain.title(first.get("name", "")),
        language=language_code(first.get("language", "")),
        items=_newest(items, problems),
        problems=problems.lines(),
    )


def _said(element: Element) -> dict[str, str]:
    """What an entry says, by local name; `image:loc` is `image`, the first of equal names counts."""
    facts: dict[str, str] = {}
    for part in element.iter():
        name, text = _local(part), (part.text or "").strip()
        if name == "loc" and part.getparent() is not element:
            name = "image"
        if name and text:
            facts.setdefault(name, text)
    return facts


def _item(facts: dict[str, str], base_url: str | None, problems: Problems) -> Item:
    url = address(facts.get("loc"), base_url)
    language = language_code(facts.get("language", ""))
    return Item(
        guid=url,
        url=url,
        title=plain.title(facts.get("title", "")),
        published_at=problems.date(facts.get("publication_date"), language),
        updated_at=problems.date(facts.get("lastmod"), language),
        language=language,
        categories=names(facts.get("keywords", "").split(",")),
        enclosures=enclosures([(facts.get("image"), None, None)], base_url),
    )


def _newest(items: list[Item], problems: Problems) -> tuple[Item, ...]:
    if len(items) > ITEMS_LIMIT:
        problems.add(f"{len(items):,} addresses, of which the newest {ITEMS_LIMIT:,} are read")
    by_age = sorted(range(len(items)), key=lambda index: _age(items[index]))
    return tuple(items[index] for index in sorted(by_age[-ITEMS_LIMIT:]))


def _age(item: Item) -> float:
    at = item.published_at or item.updated_at
    return at.timestamp() if at else 0.0


def _local(element: Element) -> str:
    """The element's name without namespace, in lower case; empty for comments."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
