"""From an address a person gives to a source: a feed as it is, the feed a page names, or where sites keep theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.core.errors import Missing, NotAFeed, RateLimited, SourceError, Unreachable, Unreadable
from bot.core.model import SourceKind
from bot.sources.discovery import Candidate, common_feeds, sitemaps_named
from bot.sources.feeds.values import Feed
from bot.sources.fields import one_line
from bot.sources.listing import host
from bot.sources.polled import Reader, content_type_of
from bot.sources.web.addresses import parse, shown
from bot.sources.web.answers import Answer, Ask, Http

TRIES = 12
"""Addresses asked for one source at most."""
NAME_LIMIT = 80
_ANY = Ask(accept="application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.8")


class Leads(Protocol):
    """The feeds a page names, wherever that is found out; raises SourceError."""

    async def __call__(self, body: bytes, content_type: str | None, base_url: str, /) -> tuple[Candidate, ...]:
        """The candidates, likeliest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """A source that answers: its kind, its address as it is to be stored, and what it shows."""

    kind: SourceKind
    location: str
    feed: Feed
    answer: Answer

    @property
    def name(self) -> str:
        """What the source calls itself, else its host."""
        return one_line(self.feed.title, NAME_LIMIT) or host(self.location)


@dataclass(frozen=True)
class Finder:
    """Finds sources over any `Http`; what was fetched once is not fetched again."""

    http: Http
    read: Reader
    leads: Leads

    async def find(self, url: str, now: datetime, *, page: bool = False) -> Found:
        """The page to watch at an address, or the feed there or nearest to it; raises SourceError."""
        return await (self.at(url, now, page=True) if page else self.feed(url, now))

    async def feed(self, url: str, now: datetime) -> Found:
        """The feed at an address, or of the page at it; raises SourceError, NotAFeed when there is none to be found.

        Asked are the address itself, then what its page names or else the places where sites keep feeds, then the
        sitemaps of news that robots.txt names.
        """
        answer = await self.http.get(url, now, _ANY)
        try:
            return await self._understood(url, answer)
        except (NotAFeed, Unreadable) as problem:
            named = await self.leads(answer.body or b"", content_type_of(answer), answer.url)
            tried = [candidate.url for candidate in named] or list(common_feeds(answer.url))
            found = await self._first([place for place in tried if place != answer.url], now)
            found = found or await self._first(await self._sitemaps(answer.url, now), now)
            if found is not None:
                return found
            if isinstance(problem, Unreadable):
                raise Unreadable(f"{shown(url)}: {problem}") from problem
        raise NotAFeed(f"{shown(url)}: neither a feed nor a page that names one")

    async def at(self, url: str, now: datetime, *, page: bool = False) -> Found:
        """What is at an address itself, read as a feed or as a section page; raises SourceError."""
        answer = await self.http.get(url, now, _ANY)
        try:
            return await self._understood(url, answer, SourceKind.PAGE if page else SourceKind.FEED)
        except SourceError as problem:
            raise type(problem)(f"{shown(url)}: {problem}") from problem

    async def _sitemaps(self, url: str, now: datetime) -> list[str]:
        """The sitemaps of news that the site's robots.txt names; others have addresses and no headlines."""
        place = f"{parse(url).site}/robots.txt"
        try:
            answer = await self.http.get(place, now, _ANY)
        except SourceError:
            return []
        named = sitemaps_named((answer.body or b"").decode(errors="replace"), place)
        return [sitemap for sitemap in named if "news" in sitemap.lower()]

    async def _first(self, urls: Iterable[str], now: datetime) -> Found | None:
        """The first of these that is a feed; a host that does not answer, or wants a pause, ends the search."""
        for url in list(urls)[:TRIES]:
            try:
                answer = await self.http.get(url, now, _ANY)
                return await self._understood(url, answer)
            except (Unreachable, RateLimited) as problem:
                if not isinstance(problem, Missing):
                    return None
            except SourceError:
                continue
        return None

    async def _understood(self, url: str, answer: Answer, kind: SourceKind = SourceKind.FEED) -> Found:
        feed = await self.read(kind, answer.body or b"", content_type_of(answer), answer.url)
        return Found(kind, _home(url, answer), feed, _settled(answer))


def _home(url: str, answer: Answer) -> str:
    """The address to store, in its one spelling, credentials included."""
    return answer.moved_to or parse(url).url_with_credentials


def _settled(answer: Answer) -> Answer:
    """The answer as that of the address that is stored."""
    return replace(answer, moved_to=None)
