"""A source over weeks, with everything in its place: the client, the gate, the poll, and a server that changes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot.core.errors import SourceError
from bot.core.poll import Poll, Standing
from bot.core.polling import due_at, failed, moved, settled, succeeded
from bot.sources.looks import changed, question, showed, unchanged
from bot.sources.web.hosts import Gate
from bot.sources.web.http import Client
from tests.sources.misbehaving import Asked, Server, Writer, answer, raw, redirect, serving

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
DAY = timedelta(days=1)


class Watch:
    """One source asked whenever it is due, its state kept as text between looks."""

    def __init__(self, server: Server, path: str) -> None:
        self.server, self.location = server, server.url(path)
        self.state, self.now = "", NOW
        gate = Gate(clock=lambda: self.now.timestamp(), gap_for=timedelta(0))
        self.http = Client("newsbell/1", gate, private=True, context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.bodies: list[bytes] = []

    @property
    def poll(self) -> Poll:
        return Poll.parse(self.state)

    async def look(self) -> Poll:
        """Goes to when the source is due, and asks it once."""
        poll = self.poll
        self.now = max(self.now, due_at(poll, self.location, self.now))
        try:
            came = await self.http.get(self.location, self.now, question(poll))
        except SourceError as error:
            self.state = str(failed(poll, self.location, error, self.now))
            return self.poll
        seen = unchanged(came)
        if changed(poll, came):
            self.bodies.append(came.body or b"")
            items_at = tuple(self.now - timedelta(hours=hours) for hours in range(20))
            seen = showed(came, items_at, shown=20, new=1)
        after = succeeded(poll, self.location, seen, self.now)
        if (there := moved(after)) is not None:
            self.location, after = there, settled(after)
        self.state = str(after)
        return self.poll


@asynccontextmanager
async def watching(server_pages: dict[str, bytes]) -> AsyncIterator[Watch]:
    pages = {path: answer(200, body, ETag='"1"') for path, body in server_pages.items()}
    async with serving(pages) as server:
        watch = Watch(server, "/feed")
        async with watch.http:
            yield watch


async def conditional(asked: Asked, writer: Writer) -> None:
    known = asked.headers.get("if-none-match") == '"1"'
    await (answer(304) if known else answer(200, b"one", ETag='"1"'))(asked, writer)


def test_what_did_not_change_is_not_parsed_again_whether_or_not_the_server_says_so() -> None:
    async def run() -> None:
        async with watching({"/feed": b"one"}) as watch:
            for _ in range(3):
                await watch.look()
            assert watch.bodies == [b"one"]
            watch.server.behaviours["/feed"] = conditional
            await watch.look()
            assert watch.server.asked[-1].headers["if-none-match"] == '"1"'
            watch.server.behaviours["/feed"] = answer(200, b"two", ETag='"2"')
            await watch.look()
            assert (watch.bodies, watch.poll.etag) == ([b"one", b"two"], '"2"')

    asyncio.run(run())


def test_a_moved_source_is_followed_and_after_three_times_believed() -> None:
    async def run() -> None:
        async with watching({"/new": b"one"}) as watch:
            watch.server.behaviours["/feed"] = redirect("/new", 301)
            watch.server.behaviours["/new"] = conditional
            for _ in range(3):
                assert watch.location.endswith("/feed")
                await watch.look()
            assert watch.location == watch.server.url("/new")
            await watch.look()
            assert [asked.path for asked in watch.server.asked[-2:]] == ["/new", "/new"]
            assert watch.bodies[0] == b"one"

    asyncio.run(run())


def test_a_source_that_ends_is_asked_weekly_and_comes_back() -> None:
    async def run() -> None:
        async with watching({"/feed": b"one"}) as watch:
            await watch.look()
            watch.server.behaviours["/feed"] = answer(404)
            looks = 0
            while (await watch.look()).standing is not Standing.DISABLED:
                looks += 1
            assert 13 * DAY < watch.now - NOW < 15 * DAY
            assert looks < 50
            assert "404" in watch.poll.reason
            await watch.look()
            assert 19 * DAY < watch.now - NOW < 24 * DAY
            watch.server.behaviours["/feed"] = answer(200, b"two")
            assert (await watch.look()).standing is Standing.OK
            assert watch.bodies == [b"one", b"two"]

    asyncio.run(run())


def test_a_server_that_breaks_in_every_way_loses_nothing_that_was_visible_afterwards() -> None:
    async def run() -> None:
        async with watching({"/feed": b"one"}) as watch:
            await watch.look()
            for broken in (raw(b""), raw(b"junk"), answer(500), answer(429, Retry_After="60"), answer(304, ETag='"9"')):
                watch.server.behaviours["/feed"] = broken
                await watch.look()
            watch.server.behaviours["/feed"] = answer(200, b"two", ETag='"2"')
            while watch.poll.digest == "" or len(watch.bodies) < 2:
                await watch.look()
            assert watch.bodies == [b"one", b"two"]

    asyncio.run(run())
