"""Sources that are polled: feeds, sitemaps and their indexes, and section pages, over any `Http` and any reader."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.core.errors import Missing, RateLimited, SourceError, Unreachable
from bot.core.model import Fetched, Outlook, Refused, Source, SourceKind
from bot.core.poll import Poll, Seen
from bot.core.polling import failed, moved, settled, silent_at, succeeded
from bot.sources.feeds.values import Feed, FeedKind, Item
from bot.sources.looks import changed, question, showed, unchanged
from bot.sources.sighting import Memory, Part, Sighting, joined, sight
from bot.sources.web.addresses import shown
from bot.sources.web.answers import FEED, PAGE, Answer, Http, Validators

CHILDREN = 3
"""Sitemaps of an index that are read: the newest."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Reader(Protocol):
    """`bot.sources.reading.read`, wherever it runs; raises SourceError."""

    def __call__(
        self, kind: SourceKind, body: bytes, content_type: str | None, base_url: str | None, /
    ) -> Awaitable[Feed]:
        """What the body shows."""


@dataclass(frozen=True)
class Polled:
    """Fetches sources of kinds FEED and PAGE; the source's state is a Poll, whose memory is a Memory."""

    http: Http
    read: Reader

    async def fetch(self, source: Source, now: datetime) -> Fetched:
        """What the source shows that was not shown the last time, or says something else now; raises SourceError."""
        poll = Poll.parse(source.state)
        known = question(poll).known
        if not Memory.is_of_items(poll.memory):
            known = Validators()  # an index stays as it is while its sitemaps change, and no memory has seen nothing
        answer = await self._ask(source.kind, source.location, now, known)
        if known.url and not changed(poll, answer):
            return _fetched(source, poll, unchanged(answer), now)
        return await self.take(source, answer, await self._read(source.kind, source.location, answer), now)

    async def take(self, source: Source, answer: Answer, feed: Feed, now: datetime) -> Fetched:
        """What is new in a feed that has been fetched and read; raises SourceError for an index of which nothing is."""
        poll = Poll.parse(source.state)
        memory = Memory.parse(poll.memory)
        if feed.kind is FeedKind.SITEMAP_INDEX:
            return await self._index(source, poll, memory, answer, feed, now)
        sighting = sight(feed, source.name, memory)
        seen = showed(
            answer if feed.whole else _unproven(answer),
            _dates(feed.items),
            shown=len(feed.items),
            new=sighting.new,
            ttl_for=feed.ttl_for,
            memory=str(Memory(sighting.marks)),
        )
        return _fetched(source, poll, seen, now, sighting, _wordless(source, feed.items))

    def failed(self, source: Source, error: SourceError, now: datetime) -> Outlook:
        """The source backs off, and after long enough stands worse."""
        return _outlook(failed(Poll.parse(source.state), source.location, error, now))

    async def _index(
        self, source: Source, poll: Poll, memory: Memory, answer: Answer, index: Feed, now: datetime
    ) -> Fetched:
        """The newest few sitemaps of an index; one that fails is left out, and asked again as if never asked.

        At the first look, which rings nothing, one that may yet answer is not left out: it would ring the next time.
        """
        parts: dict[str, Part] = {}
        items: list[Item] = []
        refused: list[Refused] = []
        for url in (urls := newest(index.items)):
            try:
                parts[url], shows = await self._part(url, memory.parts.get(url, Part()), now)
                items.extend(shows)
            except SourceError as error:
                refused.append(Refused(shown(url), str(error)))
                if len(refused) == len(urls) or (source.fetched_at is None and _may_pass(error)):
                    raise
        feed = replace(index, items=tuple(items))
        sighting = sight(feed, source.name, memory)
        kept = Memory(joined((memory.marks, sighting.marks)), parts)
        seen = showed(answer, _dates(items), shown=len(items), new=sighting.new, memory=str(kept))
        seen = seen if items else replace(seen, items_at=None)
        return _fetched(source, poll, seen, now, sighting, (*refused, *_wordless(source, items)))

    async def _part(self, url: str, before: Part, now: datetime) -> tuple[Part, tuple[Item, ...]]:
        """What is remembered of a sitemap now, and its items; none when it has not changed."""
        answer = await self._ask(SourceKind.FEED, url, now, before.known)
        if answer.body is None:
            return replace(before, known=answer.validators), ()
        part = Part(answer.validators, answer.digest)
        if answer.digest == before.digest:
            return part, ()
        feed = await self._read(SourceKind.FEED, url, answer)
        part = part if feed.whole else Part()
        return part, feed.items if feed.kind is FeedKind.SITEMAP else ()

    async def _ask(self, kind: SourceKind, url: str, now: datetime, known: Validators) -> Answer:
        return await self.http.get(url, now, replace(PAGE if kind is SourceKind.PAGE else FEED, known=known))

    async def _read(self, kind: SourceKind, url: str, answer: Answer) -> Feed:
        """What the answer shows; its SourceError says where."""
        try:
            return await self.read(kind, answer.body or b"", content_type_of(answer), answer.url)
        except SourceError as error:
            raise type(error)(f"{shown(url)}: {error}") from error


def _unproven(answer: Answer) -> Answer:
    """The answer as one that proves nothing of the next: what was cut off has to be asked for again in full."""
    return replace(answer, validators=Validators(), body=None)


def newest(sitemaps: Iterable[Item]) -> list[str]:
    """The addresses of the few newest sitemaps of an index: as they are dated, else those that stand last."""
    urls = [(item.updated_at or _BEGINNING, number, item.url) for number, item in enumerate(sitemaps) if item.url]
    return [url for _, _, url in sorted(urls)[-CHILDREN:]]


def content_type_of(answer: Answer) -> str | None:
    """The Content-Type header as far as it matters to a reader."""
    kind = answer.content_type or "application/octet-stream"
    return f"{kind}; charset={answer.charset}" if answer.charset else answer.content_type or None


def _may_pass(error: SourceError) -> bool:
    return isinstance(error, Unreachable | RateLimited) and not isinstance(error, Missing)


def _dates(items: Iterable[Item]) -> tuple[datetime, ...]:
    return tuple(at for item in items if (at := item.published_at or item.updated_at))


def _wordless(source: Source, items: Iterable[Item]) -> tuple[Refused, ...]:
    """What is said of items that are only an address: a sitemap without news has nothing but those."""
    count = sum(not (item.title or item.text or item.summary) for item in items)
    return (Refused(shown(source.location), f"{count:,} items have neither headline nor text"),) if count else ()


def _fetched(
    source: Source,
    poll: Poll,
    seen: Seen,
    now: datetime,
    sighting: Sighting | None = None,
    refused: tuple[Refused, ...] = (),
) -> Fetched:
    after = succeeded(poll, source.location, seen, now)
    home = moved(after)
    outlook = replace(_outlook(settled(after)), location=home) if home else _outlook(after)
    return Fetched(sighting.articles if sighting else (), refused, outlook)


def _outlook(poll: Poll) -> Outlook:
    return Outlook(str(poll), poll.next_at, poll.standing, poll.since_at, silent_at=silent_at(poll))
