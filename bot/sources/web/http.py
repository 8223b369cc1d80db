"""GET over HTTP, hostile servers expected: every hop's address checked, every body bounded, every wait limited."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

import aiohttp
from aiohttp.http import HttpProcessingError

from bot.core.errors import RateLimited, SourceError, TooLarge, Unreachable, Unreadable
from bot.sources.web.addresses import Resolve, Target, admit, join, parse, shown
from bot.sources.web.answers import FEED, Answer, Ask, content_type, fresh_for, validators
from bot.sources.web.bodies import CODINGS, Inflater
from bot.sources.web.exchange import Line, Reply
from bot.sources.web.failures import explained, located, refused
from bot.sources.web.hosts import Gate
from bot.sources.web.lookup import Lookup

REQUEST_FOR = timedelta(seconds=20)
CONNECT_FOR = timedelta(seconds=10)
MAX_REDIRECTS = 5
_PERMANENT = (301, 308)
_REDIRECTS = (301, 302, 303, 307, 308)
_READ = 1 << 16
_LARGE, _LARGE_AT_ONCE = 1_000_000, 16
"""Bytes from which a body is large, and how many of these are taken in at once: else two hundred servers that send all
they may would take two gigabytes of memory."""


def user_agent(version: str, contact: str = "") -> str:
    """How newsbell presents itself: `newsbell/1.2 (+contact)`, so that a site's owner can reach ours."""
    reachable = "".join(character for character in contact if character.isascii() and character.isprintable())
    reachable = reachable.translate({ord("("): None, ord(")"): None, ord("\\"): None}).strip()
    return f"newsbell/{version}" + (f" (+{reachable})" if reachable else "")


def trusted(authority: str | None = None) -> ssl.SSLContext:
    """What connections are verified by: the system's authorities, or one (PEM); to be made once, as it reads them."""
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["http/1.1"])
    return context


@dataclass(frozen=True, slots=True)
class _Trail:
    """How far a URL has been followed: what is asked next, whether every redirect was permanent, what was asked."""

    target: Target
    permanent: bool = True
    asked: tuple[str, ...] = ()

    def follow(self, status: int, location: str) -> _Trail:
        """The trail one redirect on; Unreachable for one that leads nowhere, Forbidden for one that may not be."""
        where = shown(self.target.url)
        if not location:
            raise Unreachable(f"{where}: redirects without saying where")
        text = location.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        asked = (*self.asked, self.target.url)
        there = join(self.target, text)
        if there.url in asked:
            raise Unreachable(f"{where}: redirects in a circle")
        if len(asked) > MAX_REDIRECTS:
            raise Unreachable(f"{where}: redirects more than {MAX_REDIRECTS} times")
        return _Trail(there, self.permanent and status in _PERMANENT, asked)

    def arrived(self, answer: Answer) -> Answer:
        """The answer, with where the source has moved to."""
        moved = self.asked and self.permanent
        return replace(answer, moved_to=self.target.url_with_credentials) if moved else answer


class Client:
    """An `Http` on aiohttp, to be entered with `async with` on the loop that uses it.

    `private` lifts the check of addresses (NEWSBELL_FETCH_PRIVATE). Connections are not kept: over thousands of hosts
    that would hold gigabytes of TLS buffers for nothing.
    """

    def __init__(
        self,
        agent: str,
        gate: Gate,
        *,
        private: bool = False,
        resolve: Resolve | None = None,
        context: ssl.SSLContext | None = None,
        request_for: timedelta = REQUEST_FOR,
        connect_for: timedelta = CONNECT_FOR,
    ) -> None:
        self._agent, self._gate, self._private, self._context = agent, gate, private, context
        self._lookup = Lookup()
        self._resolve: Resolve = resolve or self._lookup
        self._request_for, self._connect_for = request_for.total_seconds(), connect_for.total_seconds()
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._line: Line | None = None

    async def __aenter__(self) -> Self:
        context = trusted() if self._context is None else self._context
        self._line = Line(self._resolve, context, self._private, self._request_for, self._connect_for)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._line = None
        self._lookup.close()

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        """See `Http.get`; a redirect within a host is followed in the same turn, unless each hop needs a permit.

        The permit is asked for before the turn: it may have to ask the same host.
        """
        trail = _Trail(parse(url))
        while True:
            if ask.permit is not None:
                await ask.permit(trail.target.url, now)
            host, hops = trail.target.host, len(trail.asked)
            async with self._gate.turn(host):
                while trail.target.host == host and (ask.permit is None or len(trail.asked) == hops):
                    came = await self._ask(trail.target, now, ask)
                    if isinstance(came, Answer):
                        return trail.arrived(came)
                    trail = trail.follow(*came)

    async def _ask(self, target: Target, now: datetime, ask: Ask) -> Answer | tuple[int, str]:
        """What a target answers, as `_answer` has it; a SourceError for what goes wrong."""
        admit(target, private=self._private)
        assert self._line is not None, "enter the client first"
        try:
            return await self._line.get(
                target, self._headers(target, ask), lambda reply: _answer(reply, target, now, ask, self._large)
            )
        except RateLimited as pause:
            self._gate.pause(target.host, pause.retry_after)
            raise
        except SourceError:
            raise
        except (aiohttp.ClientError, HttpProcessingError, OSError, TimeoutError, ValueError) as error:
            raise explained(error, target) from None  # its own text and request may name credentials

    def _headers(self, target: Target, ask: Ask) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept": ask.accept, "Accept-Encoding": CODINGS}
        if target.authorization:
            headers["Authorization"] = target.authorization
        if ask.known.url == target.url:
            headers |= {"If-None-Match": ask.known.etag} if ask.known.etag else {}
            headers |= {"If-Modified-Since": ask.known.last_modified} if ask.known.last_modified else {}
        return headers


async def _answer(
    response: Reply, target: Target, now: datetime, ask: Ask, large: asyncio.Semaphore
) -> Answer | tuple[int, str]:
    """What one hop answers: an Answer, or a redirect as status and Location."""
    status, headers = response.status, response.headers
    if status in _REDIRECTS:
        return status, headers.get("Location", "")
    if status == 304 and not _conditional(target, ask):
        raise Unreadable(f"{shown(target.url)}: answers 304 Not Modified to a question that was not asked")
    if status != 304 and (not 200 <= status < 300 or status == 206):
        raise refused(target, status, headers, now)
    body, cut = (None, False) if status == 304 else await _body(response, target, ask, large)
    kind, charset = content_type(headers)
    return Answer(
        status,
        target.url,
        ask.known if status == 304 else validators(target.url, headers),  # a 304 is about what we hold
        body,
        kind,
        charset,
        fresh_for(headers, now),
        cut=cut,
    )


def _conditional(target: Target, ask: Ask) -> bool:
    return ask.known.url == target.url and bool(ask.known.etag or ask.known.last_modified)


async def _body(response: Reply, target: Target, ask: Ask, large: asyncio.Semaphore) -> tuple[bytes, bool]:
    """The body, and whether it was cut; TooLarge, or Unreadable when it is damaged."""
    if not ask.cut and _length(response.headers) > ask.limit:
        raise _too_large(target, ask)
    body = bytearray()
    try:
        async with AsyncExitStack() as place:
            async for piece in await place.enter_async_context(aclosing(_pieces(response, ask))):
                if len(body) <= _LARGE < len(body) + len(piece):
                    await place.enter_async_context(large)
                body += piece
                if len(body) > ask.limit:
                    break
    except Unreadable as error:
        raise located(error, target) from None
    if len(body) > ask.limit and not ask.cut:
        raise _too_large(target, ask)
    return bytes(body[: ask.limit]), len(body) > ask.limit


def _length(headers: Mapping[str, str]) -> int:
    """The bytes that a body is announced with, 0 if unsaid."""
    length = headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


async def _pieces(response: Reply, ask: Ask) -> AsyncGenerator[bytes, None]:
    """The body decompressed; what comes on the wire is held to the limit as well, and may unpack to nothing."""
    inflater, received = Inflater(response.headers.get("Content-Encoding", "")), 0
    async for data in response.content.iter_chunked(_READ):
        received += len(data)
        for index, piece in enumerate(inflater.feed(data)):
            if index:
                await asyncio.sleep(0)  # a small answer that unpacks to much lets the others go on
            yield piece
        if received > ask.limit:
            raise Unreadable("its body is longer compressed than not")
    inflater.finish()


def _too_large(target: Target, ask: Ask) -> TooLarge:
    return TooLarge(f"{shown(target.url)}: its body is larger than {ask.limit:,} bytes")
