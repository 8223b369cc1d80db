"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.core.errors import NotAFeed, Unreadable
from bot.sources import plain
from bot.sources.feeds import rssjson
from bot.sources.feeds.fields import Problems, address, author, enclosures, guid_of, names, text_of
from bot.sources.feeds.values import ITEMS_LIMIT, Feed, FeedKind, Item
from bot.sources.fields import language_code

_ITEMS = re.compile(r'"items"\s{0,99}:\s{0,99}\[\s*+')
_COMMA = re.compile(r"\s*+,\s*+")


def read(text: str, base_url: str | None) -> Feed:
    """The feed in a JSON text; NotAFeed for other JSON, Unreadable for what is no JSON."""
    problems = Problems()
    said = _loaded(text, problems)
    channel = rssjson.channel_of(said)
    if channel is not None:
        return rssjson.read(channel, base_url)
    listed = said.get("items")
    if not isinstance(listed, list) or not (_mark(said) or any(map(_looks_like_an_item, listed))):
        raise NotAFeed("not a feed but other JSON")
    if not _mark(said):
        problems.add("no version of JSON Feed is named")
    return _feed(said, listed, base_url, problems)


def _feed(said: dict[str, Any], listed: list[object], base_url: str | None, problems: Problems) -> Feed:
    url = address(said.get("home_page_url"), base_url)
    language = language_code(text_of(said.get("language")))
    found = [entry for entry in listed if isinstance(entry, dict)]
    if len(found) < len(listed):
        problems.add("something among the items is no item")
    items = [_item(entry, base_url or url, language, problems) for entry in found[: 5 * ITEMS_LIMIT]]
    return Feed(
        kind=FeedKind.JSON,
        title=plain.title(text_of(said.get("title"))),
        url=url,
        language=language,
        hub=next((address(hub.get("url"), base_url) for hub in _dicts(said, "hubs")), None),
        items=_newest(items, len(found), problems),
        problems=problems.lines(),
    )


def _loaded(text: str, problems: Problems) -> dict[str, Any]:
    try:
        try:
            said = json.loads(text, strict=False)
        except ValueError:
            said = json.loads(_cut_short(text), strict=False)
            problems.add("cut short: what is complete was read")
    except RecursionError as problem:
        raise Unreadable("JSON that nests too deep") from problem
    except ValueError as problem:
        raise Unreadable("looks like JSON and is none") from problem
    if not isinstance(said, dict):
        raise NotAFeed("not a feed but other JSON")
    return said


def _cut_short(text: str) -> str:
    """The text closed behind the last complete item; ValueError where there is none."""
    decoder = json.JSONDecoder(strict=False)
    start = _ITEMS.search(text)
    position = start.end() if start else len(text)
    end = 0
    while text.startswith("{", position):
        try:
            _, end = decoder.raw_decode(text, position)
        except ValueError:
            break
        after = _COMMA.match(text, end)
        position = after.end() if after else len(text)
    if not end:
        raise ValueError("no complete item")
    return text[:end] + "]}"


def _mark(said: dict[str, Any]) -> bool:
    return "jsonfeed.org" in text_of(said.get("version"))


def _looks_like_an_item(entry: object) -> bool:
    return isinstance(entry, dict) and "id" in entry and ("content_html" in entry or "content_text" in entry)


def _newest(items: list[Item], total: int, problems: Problems) -> tuple[Item, ...]:
    if total > ITEMS_LIMIT:
        problems.add(f"{total:,} items, of which the newest {ITEMS_LIMIT:,} are read")
    dated = sorted(range(len(items)), key=lambda n: at.timestamp() if (at := items[n].published_at) else 0.0)
    return tuple(items[index] for index in sorted(dated[-ITEMS_LIMIT:]))


def _item(entry: dict[str, Any], base: str | None, language: str | None, problems: Problems) -> Item:
    language = language_code(text_of(entry.get("language"))) or language
    text = plain.prose(text_of(entry.get("content_html"))) or plain.prose(text_of(entry.get("content_text")))
    updated = problems.date(entry.get("date_modified"), language)
    published = problems.date(entry.get("date_published"), language)
    people = [*_dicts(entry, "authors"), *([entry["author"]] if isinstance(entry.get("author"), dict) else [])]
    tags = entry.get("tags")
    files = ((f.get("url"), f.get("mime_type"), f.get("size_in_bytes")) for f in _dicts(entry, "attachments"))
    return Item(
        guid=_id(entry.get("id")),
        url=address(entry.get("url"), base) or address(entry.get("external_url"), base),
        title=plain.title(text_of(entry.get("title"))),
        published_at=published or (updated if not entry.get("date_published") else None),
        updated_at=updated,
        author=author(person.get("name") for person in people),
        language=language,
        summary=plain.prose(text_of(entry.get("summary"))),
        text=text,
        categories=names(tags if isinstance(tags, list) else ()),
        enclosures=enclosures(files, base),
    )


def _id(said: object) -> str | None:
    """The id as text: version 1.1 has readers turn numbers into text."""
    number = isinstance(said, int | float) and not isinstance(said, bool)
    return guid_of(str(said) if number else said)


def _dicts(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = holder.get(name)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
