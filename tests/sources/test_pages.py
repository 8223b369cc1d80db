"""Articles' pages from servers that behave badly: every page ends as its text, or as one line that says why not."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import Forbidden, RateLimited, SourceError, TooLarge, Unreachable, Unreadable
from bot.core.pages import PageRead, Ring, Unread
from bot.sources.fulltext import PAGE_LIMIT, Reading, fulltext
from bot.sources.network import Network
from bot.sources.pages import ArticlePages
from bot.sources.web.hosts import Gate
from bot.sources.web.robots import Robots
from tests.sources.asking import NOW, client
from tests.sources.misbehaving import Behaviour, Server, answer, endless, redirect, reset, serving, stall
from tests.sources.test_fulltext import PARAGRAPHS, SENTENCES, SUMMARY, TITLE, page

HTML = {"Content_Type": "text/html; charset=utf-8"}
ARTICLE = answer(200, page(*PARAGRAPHS), **HTML)
WHOLE = PageRead("\n\n".join(PARAGRAPHS))
WAITS = timedelta(milliseconds=200)


def unread(url: str) -> Unread:
    return Unread(1, url, "127.0.0.1", TITLE, SUMMARY, Ring.AT_ONCE, 1, NOW, NOW)


async def extractor(data: bytes, title: str, summary: str, charset: str | None) -> Reading:
    return fulltext(data, title, summary, charset)


@asynccontextmanager
async def reader(**options: Any) -> AsyncIterator[ArticlePages]:
    async with client(**options) as http:
        yield ArticlePages(http, Robots(http), extractor)


def look(behaviours: dict[str, Behaviour], path: str = "/a", **options: Any) -> tuple[PageRead, list[str]]:
    """What one server's page brings, and what it was asked for."""

    async def run() -> tuple[PageRead, list[str]]:
        async with serving(behaviours) as server, reader(**options) as pages:
            read = await pages.read(unread(server.url(path)), NOW)
            return read, [asked.path for asked in server.asked]

    return asyncio.run(run())


def problem(behaviours: dict[str, Behaviour], path: str = "/a", **options: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        look(behaviours, path, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def robots(rules: str) -> Behaviour:
    return answer(200, f"User-agent: *\n{rules}".encode())


def test_a_page_is_asked_for_after_its_robots_txt() -> None:
    assert look({"/a": ARTICLE}) == (WHOLE, ["/robots.txt", "/a"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_without_a_robots_txt_pages_are_read(status: int) -> None:
    assert look({"/a": ARTICLE, "/robots.txt": answer(status)})[0] == WHOLE


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_robots_txt_that_fails_puts_its_pages_off(status: int) -> None:
    error = problem({"/a": ARTICLE, "/robots.txt": answer(status)})
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(hours=1)


def test_robots_txt_holds_for_every_hop() -> None:
    behaviours = {"/a": redirect("/private/a"), "/private/a": ARTICLE, "/robots.txt": robots("Disallow: /private")}
    assert isinstance(problem(behaviours), Forbidden)
    behaviours["/robots.txt"] = robots("Disallow: /a")
    assert "stay away" in str(problem(behaviours))
    behaviours["/robots.txt"] = robots("Disallow: /b")
    assert look(behaviours) == (WHOLE, ["/robots.txt", "/a", "/private/a"])


def test_robots_txt_of_the_host_that_is_redirected_to_is_asked_too() -> None:
    async def run(rules: str) -> PageRead:
        async with (
            serving({"/a": ARTICLE, "/robots.txt": robots(rules)}) as there,
            serving({"/a": redirect(there.url("/a"))}) as here,
            reader() as pages,
        ):
            return await pages.read(unread(here.url("/a")), NOW)

    assert asyncio.run(run("Allow: /")) == WHOLE
    with pytest.raises(Forbidden, match="stay away"):
        asyncio.run(run("Disallow: /"))


def test_one_robots_txt_serves_many_pages_and_nothing_is_asked_at_once() -> None:
    async def run() -> Server:
        async with serving({f"/{number}": ARTICLE for number in range(5)}) as server, reader() as pages:
            await asyncio.gather(*(pages.read(unread(server.url(f"/{number}")), NOW) for number in range(5)))
            return server

    server = asyncio.run(run())
    assert [asked.path for asked in server.asked].count("/robots.txt") == 1
    assert (len(server.asked), server.most_at_once) == (6, 1)


def test_private_addresses_are_refused_at_every_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    def public_but_for_one(address: object) -> str | None:
        return "private" if str(address) == "127.0.0.1" else None

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.2"]

    async def run() -> None:
        for module in ("addresses", "exchange"):
            monkeypatch.setattr(f"bot.sources.web.{module}.refusal", public_but_for_one)
        async with (
            serving({"/a": ARTICLE}) as inner,
            serving({"/a": redirect(inner.url("/a")), "/b": ARTICLE}, host="127.0.0.2") as outer,
            reader(private=False, resolve=resolve) as pages,
        ):
            assert await pages.read(unread(f"http://wire.example:{outer.port}/b"), NOW) == WHOLE
            for url in (f"http://wire.example:{outer.port}/a", inner.url("/a")):
                with pytest.raises(Forbidden, match="NEWSBELL_FETCH_PRIVATE"):
                    await pages.read(unread(url), NOW)
            assert inner.asked == [], "not even its robots.txt is asked for"

    asyncio.run(run())


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (reset(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<html>"), Unreadable),
        (answer(200, b"<html>", Content_Length="10000000000", **HTML), TooLarge),
        (answer(200, gzip.compress(b"x" * 40_000_000), Content_Encoding="gzip", **HTML), TooLarge),
        (answer(200, b"x" * (PAGE_LIMIT + 1), **HTML), TooLarge),
        (answer(200, b"<html>", Content_Length="100", **HTML), Unreadable),
        (answer(200, b"%PDF-1.7", Content_Type="application/pdf"), Forbidden),
        (answer(200, b"{}", Content_Type="application/json"), Forbidden),
        (answer(200, b"GIF89a", Content_Type="image/gif"), Forbidden),
        (answer(500), Unreachable),
        (answer(402), Forbidden),
        (answer(304), Unreadable),
        (redirect("/a"), Unreachable),
        (redirect("file:///etc/passwd"), Forbidden),
        (redirect("/b?token=secret"), SourceError),
    ],
)
def test_a_page_that_misbehaves_is_one_line(behaviour: Behaviour, kind: type[SourceError]) -> None:
    error = problem({"/a": behaviour})
    assert isinstance(error, kind)
    assert "secret" not in str(error)


def test_a_page_that_stalls_or_never_ends_is_left() -> None:
    async def run() -> tuple[list[int], list[BaseException | PageRead]]:
        over, sent = asyncio.Event(), list[int]()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"
        behaviours = {"/stall": stall(head, over), "/endless": endless(head, b"x" * 100_000, sent)}
        async with serving(behaviours) as server, reader(request_for=WAITS) as pages:
            reads = (pages.read(unread(server.url(path)), NOW) for path in behaviours)
            ended = await asyncio.gather(*reads, return_exceptions=True)
            over.set()
            return sent, ended

    sent, (stalled, endless_one) = asyncio.run(run())
    assert isinstance(stalled, Unreachable)
    assert isinstance(endless_one, TooLarge | Unreachable | Unreadable)
    assert sum(sent) < 10 * PAGE_LIMIT


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (page(*["We and our partners store cookies. Manage consent and privacy."] * 2, title="Wait"), "a cookie wall"),
        (page(SENTENCES[0], SENTENCES[1], "Subscribe to continue reading this story."), "a paywall"),
        (page("Checking your browser before you access the site. Please enable JavaScript."), "a robot check"),
        (page(SENTENCES[0]), "no more than its source says"),
        (b"", "no more than its source says"),
    ],
)
def test_a_wall_with_a_200_leaves_what_was_said_and_tells_why(html: bytes, reason: str) -> None:
    assert look({"/a": answer(200, html, **HTML)})[0] == PageRead(reason=reason)


def test_a_page_that_keeps_its_worker_too_long_is_not_asked_for_again() -> None:
    async def slow(data: bytes, title: str, summary: str, charset: str | None) -> Reading:
        raise Unreadable("took longer than 10 s to parse")

    async def run() -> None:
        async with serving({"/a": ARTICLE}) as server, client() as http:
            await ArticlePages(http, Robots(http), slow).read(unread(server.url("/a")), NOW)

    with pytest.raises(Forbidden, match="took longer"):
        asyncio.run(run())


def test_the_network_reads_pages_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(data: bytes) -> bool:
        raise AssertionError("extracts on the event loop")

    async def run() -> PageRead:
        network = Network("1", private=True, gate=Gate(gap_for=timedelta(0)))
        async with serving({"/a": ARTICLE}) as server, network:
            return await ArticlePages(network, Robots(network), network.extract).read(unread(server.url("/a")), NOW)

    monkeypatch.setattr("bot.sources.fulltext._bounded", here)
    assert asyncio.run(run()) == WHOLE
