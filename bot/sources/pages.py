"""Articles' own pages over any `Http`: asked for as robots.txt permits at every hop, and read for their text."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.core.errors import Forbidden, Unreadable
from bot.core.pages import PageRead, Unread
from bot.sources.fulltext import PAGE_LIMIT, Reading
from bot.sources.web.addresses import shown
from bot.sources.web.answers import PAGE, Http
from bot.sources.web.robots import Robots

_HTML = ("text/html", "application/xhtml+xml", "")
"""Media types of pages; one that does not say may be a page."""


class Extractor(Protocol):
    """`bot.sources.fulltext.fulltext`, wherever it runs; Unreadable where it took too long or died."""

    def __call__(self, page: bytes, title: str, summary: str, charset: str | None, /) -> Awaitable[Reading]:
        """The article's text from its page."""


@dataclass(frozen=True)
class ArticlePages:
    """The PageReader of the web."""

    http: Http
    robots: Robots
    extract: Extractor

    async def read(self, unread: Unread, now: datetime) -> PageRead:
        """The text of the page; nothing, and why, of one that is a wall or has no more than its source said.

        Raises SourceError: Forbidden for what robots.txt keeps us from and what is no page, and as `Http.get`.
        """
        ask = replace(PAGE, limit=PAGE_LIMIT, permit=self.robots.permit)
        answer = await self.http.get(unread.url, now, ask)
        if answer.content_type not in _HTML:
            raise Forbidden(f"{shown(unread.url)}: no page, but {answer.content_type[:60]}")
        try:
            reading = await self.extract(answer.body or b"", unread.title, unread.said, answer.charset)
        except Unreadable as error:
            raise Forbidden(f"{shown(unread.url)}: {error}") from error  # a page that costs as much is asked for once
        if reading.wall is not None:
            return PageRead(reason=f"a {reading.wall}")
        return PageRead(reading.text) if reading.whole else PageRead(reason="no more than its source says")
