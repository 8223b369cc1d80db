"""From what a source shows to articles: who an item is, whether it says anything new, and what is remembered of it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Self

from bot.core.model import Article
from bot.core.url import canonical_url
from bot.sources.feeds.values import Feed, Item
from bot.sources.fields import flat
from bot.sources.web.answers import Validators

_MARK_BYTES, _MARK = 6, 8
"""Bytes of one mark, and its letters in base64: among the items of one source two never fall together by chance."""
REMEMBERED = 10_000
"""Items remembered of one source at most; a feed's own are 2,000 at most, an index shows a few sitemaps."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is remembered of one sitemap of an index: how to ask whether it has changed."""

    known: Validators = field(default_factory=Validators)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a polled source showed last: of each item who it is and what it said, as marks; an index's own parts."""

    marks: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The memory written as `text`; an empty one for what cannot be read, as articles seen again are known."""
        try:
            kept = json.loads(text)
            marks, parts = str(kept["marks"]), dict(kept.get("parts", {}))
            pairs = [marks[start : start + 2 * _MARK] for start in range(0, len(marks), 2 * _MARK)]
            return cls(
                {pair[:_MARK]: pair[_MARK:] for pair in pairs},
                {url: Part(Validators(*map(str, part[:3])), str(part[3])) for url, part in parts.items()},
            )
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return cls()

    @classmethod
    def is_of_items(cls, text: str) -> bool:
        """Whether a memory is of items and of no sitemaps; most are not read, as most sources have not changed."""
        if '"parts"' not in text and text.startswith('{"marks":"') and len(text) > len('{"marks":""}') + _MARK:
            return True
        memory = cls.parse(text)
        return bool(memory.marks and not memory.parts)

    def __str__(self) -> str:
        kept: dict[str, object] = {"marks": "".join(who + what for who, what in self.marks.items())}
        if self.parts:
            kept["parts"] = {
                url: [part.known.url, part.known.etag, part.known.last_modified, part.digest]
                for url, part in self.parts.items()
            }
        return json.dumps(kept, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Sighting:
    """What of a look is news to us, oldest first, how many items were never seen, and the marks of all it showed."""

    articles: tuple[Article, ...]
    new: int
    marks: dict[str, str]


def sight(feed: Feed, outlet: str, before: Memory) -> Sighting:
    """Tells what is new or changed in a feed from what was shown before; feeds begin with what is newest."""
    marks: dict[str, str] = {}
    changed: list[Article] = []
    new = 0
    for article in articles_of(feed, outlet):
        who, what = _mark(article.guid), _mark(*_said(article))
        if who in marks:
            continue
        marks[who] = what
        new += who not in before.marks
        if before.marks.get(who) != what:
            changed.append(article)
    return Sighting(tuple(reversed(changed)), new, marks)


def joined(memories: Iterable[dict[str, str]]) -> dict[str, str]:
    """The marks of several looks, the later ones counting; the oldest are forgotten past the limit."""
    marks: dict[str, str] = {}
    for memory in memories:
        for who, what in memory.items():
            marks.pop(who, None)
            marks[who] = what
    return dict(list(marks.items())[-REMEMBERED:])


def articles_of(feed: Feed, outlet: str) -> list[Article]:
    """The items that say anything, as articles of an outlet.

    An address that several items share (a live page, a home page) tells none of them apart and is left out, so that no
    item overwrites another.
    """
    items = [item for item in feed.items if item.title or item.text or item.summary]
    guids = Counter(item.guid for item in items if item.guid)
    urls = [canonical_url(item.url) if item.url else "" for item in items]
    titles: dict[str, set[str]] = {}
    for item, url in zip(items, urls, strict=True):
        titles.setdefault(url, set()).add(item.title or item.text or item.summary)
    own = [url if len(titles[url]) == 1 else "" for url in urls]
    return [_article(item, feed, outlet, guids, url) for item, url in zip(items, own, strict=True)]


def _article(item: Item, feed: Feed, outlet: str, guids: Counter[str], url: str) -> Article:
    """The item as an article; `url` is its canonical address where that is of no other item."""
    at = item.published_at or item.updated_at
    if item.guid and guids[item.guid] == 1:
        guid = item.guid
    elif url:
        guid = url
    else:
        guid = "hash:" + _mark(item.title or flat(item.text or item.summary), at.isoformat() if at else "")
    return Article(
        guid=guid,
        title=item.title,
        text=item.text or item.summary,
        source=outlet,
        url=item.url if url else None,
        published_at=at,
        language=item.language or feed.language,
        author=item.author,
    )


def _said(article: Article) -> tuple[str, ...]:
    """What an article says; its text on one line, as `flat` has it, whose blanks are single ones (`plain.prose`)."""
    at = article.published_at.isoformat() if article.published_at else ""
    line = article.text.replace("\n\n", " ").replace("\n", " ")
    return article.title, line, article.url or "", at


def _mark(*parts: str) -> str:
    digest = blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=_MARK_BYTES).digest()
    return b64encode(digest).decode()
