"""GET against servers that behave, and against servers that misbehave in every way they can."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
import trustme
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError, TooLarge, Unreachable, Unreadable
from bot.sources.answers import FEED, Answer, Ask, Validators
from bot.sources.hosts import Gate
from bot.sources.http import MAX_REDIRECTS, Client, user_agent
from tests.sources.misbehaving import Behaviour, Server, answer, endless, raw, redirect, reset, serving, stall

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
T = TypeVar("T")
FEED_BODY = b"<rss><channel><title>Wire</title></channel></rss>"


@asynccontextmanager
async def client(**options: Any) -> AsyncIterator[Client]:
    gate = options.pop("gate", None) or Gate(gap_for=timedelta(0))
    context = options.pop("context", None) or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with Client("newsbell/1", gate, private=options.pop("private", True), context=context, **options) as http:
        yield http


def get(behaviours: dict[str, Behaviour], path: str = "/", ask: Ask = FEED, user: str = "", **options: Any) -> Answer:
    """The answer of one server to one GET."""
    return look(behaviours, lambda http, server: http.get(server.url(path, user), NOW, ask), **options)


def look(behaviours: dict[str, Behaviour], use: Callable[[Client, Server], Awaitable[T]], **options: Any) -> T:
    async def run() -> T:
        async with serving(behaviours) as server, client(**options) as http:
            return await use(http, server)

    return asyncio.run(run())


def problem(behaviours: dict[str, Behaviour], path: str = "/", ask: Ask = FEED, **options: Any) -> SourceError:
    """What a GET fails with: always a SourceError, of one line that names the address."""
    with pytest.raises(SourceError) as caught:
        get(behaviours, path, ask, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_answer_is_a_value_with_what_matters() -> None:
    found = get(
        {
            "/": answer(
                200,
                FEED_BODY,
                Content_Type='Text/XML; charset="Windows-1250"',
                ETag='W/"a b"',
                Last_Modified="Tue, 24 Nov 2026 03:10:00 GMT",
                Cache_Control="public, max-age=600",
                Age="60",
            )
        }
    )
    assert (found.status, found.body, found.content_type, found.charset) == (200, FEED_BODY, "text/xml", "windows-1250")
    assert found.validators == Validators(found.url, 'W/"a b"', "Tue, 24 Nov 2026 03:10:00 GMT")
    assert (found.fresh_for, found.moved_to) == (timedelta(minutes=9), None)
    assert len(found.digest) == 24


def test_we_say_who_we_are_and_what_we_know() -> None:
    async def use(http: Client, server: Server) -> list[dict[str, str]]:
        known = Validators(server.url("/f"), 'W/"x"', "yesterday, verbatim")
        await http.get(server.url("/f"), NOW, Ask(known))
        await http.get(server.url("/other"), NOW, Ask(known))
        return [asked.headers for asked in server.asked]

    first, second = look({"/f": answer(304), "/other": answer(200)}, use)
    assert first["user-agent"] == "newsbell/1"
    assert first["accept-encoding"] == "gzip, deflate"
    assert (first["if-none-match"], first["if-modified-since"]) == ('W/"x"', "yesterday, verbatim")
    assert "cookie" not in first
    assert "if-none-match" not in second
    assert "if-modified-since" not in second


def test_an_unchanged_source_keeps_what_it_was_asked_with() -> None:
    async def use(http: Client, server: Server) -> tuple[Answer, Validators]:
        known = Validators(server.url("/f"), '"1"', "then")
        return await http.get(server.url("/f"), NOW, Ask(known)), known

    found, known = look({"/f": answer(304, ETag='"2"', Expires="0")}, use)
    assert (found.status, found.body, found.digest) == (304, None, "")
    assert found.validators == known


def test_a_304_that_nobody_asked_for_is_an_error() -> None:
    assert isinstance(problem({"/": answer(304)}), Unreadable)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (206, Unreachable),
        (300, Unreachable),
        (400, Unreachable),
        (401, Forbidden),
        (403, Forbidden),
        (404, Missing),
        (410, Gone),
        (451, Forbidden),
        (500, Unreachable),
        (503, Unreachable),
        (599, Unreachable),
    ],
)
def test_each_status_says_what_to_do_next(status: int, kind: type[SourceError]) -> None:
    error = problem({"/": answer(status, b"<html>an error page</html>")})
    assert type(error) is kind
    assert f"answers {status}" in str(error)


@pytest.mark.parametrize(
    ("status", "asked", "pause_for"),
    [
        (429, "120", timedelta(minutes=2)),
        (429, "Wed, 25 Nov 2026 09:10:00 GMT", timedelta(minutes=10)),
        (429, "-", timedelta(minutes=5)),
        (429, "soon", timedelta(minutes=5)),
        (503, "30", timedelta(seconds=30)),
        (503, "999999999999", timedelta(days=1)),
        (429, "Wed, 25 Nov 2020 09:00:00 GMT", timedelta(0)),
    ],
)
def test_a_pause_is_asked_for_in_seconds_or_until_a_date(status: int, asked: str, pause_for: timedelta) -> None:
    error = problem({"/": answer(status, Retry_After=asked)})
    assert isinstance(error, RateLimited)
    assert error.retry_after == pause_for


def test_a_pause_holds_for_everything_on_the_host() -> None:
    async def use(http: Client, server: Server) -> int:
        for path in ("/busy", "/other"):
            with pytest.raises(RateLimited):
                await http.get(server.url(path), NOW)
        return len(server.asked)

    assert look({"/busy": answer(429, Retry_After="60"), "/other": answer(200)}, use) == 1


def test_compressed_bodies_arrive_whole() -> None:
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    codings = {
        "gzip": gzip.compress(FEED_BODY),
        "x-gzip": gzip.compress(FEED_BODY[:9]) + gzip.compress(FEED_BODY[9:]) + b"\0" * 20,
        "deflate": zlib.compress(FEED_BODY),
        "Deflate": bare.compress(FEED_BODY) + bare.flush(),
        "identity": FEED_BODY,
    }
    for coding, data in codings.items():
        assert get({"/": answer(200, data, Content_Encoding=coding)}).body == FEED_BODY


@pytest.mark.parametrize(
    ("data", "coding"),
    [
        (gzip.compress(FEED_BODY)[:-9], "gzip"),
        (FEED_BODY, "gzip"),
        (gzip.compress(FEED_BODY)[:12] + b"junk" * 9, "gzip"),
        (zlib.compress(FEED_BODY)[:-6], "deflate"),
        (FEED_BODY, "br"),
        (FEED_BODY, "gzip, gzip"),
        (gzip.compress(b"") * 1_100, "gzip"),
    ],
)
def test_a_damaged_body_is_an_error_and_never_half_a_feed(data: bytes, coding: str) -> None:
    assert isinstance(problem({"/": answer(200, data, Content_Encoding=coding)}), Unreadable)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 60_000_000))
    inner = gzip.decompress(bomb)
    assert isinstance(problem({"/": answer(200, inner, Content_Encoding="gzip")}), TooLarge)


def test_empty_compressed_blocks_without_end_are_an_error() -> None:
    pump = zlib.compressobj()
    data = pump.compress(b"<rss>") + b"".join(pump.flush(zlib.Z_FULL_FLUSH) for _ in range(400_000))
    ask = Ask(limit=100_000)
    assert isinstance(problem({"/": answer(200, data, Content_Encoding="deflate")}, ask=ask), Unreadable)


@pytest.mark.parametrize("length", ["10000000000", "10000001"])
def test_a_body_announced_as_too_large_is_not_read(length: str) -> None:
    assert isinstance(problem({"/": answer(200, b"x", Content_Length=length)}), TooLarge)


def test_a_body_at_the_limit_is_whole_and_a_byte_more_is_too_large_or_cut() -> None:
    body = b"x" * 1_001
    assert isinstance(problem({"/": answer(200, body)}, ask=Ask(limit=1_000)), TooLarge)
    assert get({"/": answer(200, body)}, ask=Ask(limit=1_001)).body == body
    found = get({"/": answer(200, body)}, ask=Ask(limit=1_000, cut=True))
    assert (found.body, found.cut) == (body[:1_000], True)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (HEAD + b"\r\n", b"x" * 10_000),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"2710\r\n" + b"x" * 10_000 + b"\r\n"),
    ],
)
def test_an_endless_body_is_given_up_at_the_limit(head: bytes, piece: bytes) -> None:
    sent: list[int] = []
    assert isinstance(problem({"/": endless(head, piece, sent)}, ask=Ask(limit=500_000)), TooLarge)
    assert sum(sent) < 20_000_000


def test_only_so_many_large_bodies_are_taken_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sources.http._LARGE", 1_000)
    monkeypatch.setattr("bot.sources.http._LARGE_AT_ONCE", 2)
    head = HEAD + b"Content-Length: 300000\r\n\r\n" + b"x" * 2_000

    async def run() -> None:
        over = asyncio.Event()
        good = {"/": answer(200, b"x" * 2_000), "/small": answer(200, b"x" * 900)}
        async with AsyncExitStack() as stack:
            slow = [
                await stack.enter_async_context(serving({"/": stall(head, over)}, host=f"127.0.0.{n}")) for n in (7, 8)
            ]
            fine = await stack.enter_async_context(serving(good, host="127.0.0.9"))
            http = await stack.enter_async_context(client())
            stalled = [asyncio.ensure_future(http.get(server.url(), NOW)) for server in slow]
            while not http._large.locked():
                await asyncio.sleep(0)
            waiting = asyncio.ensure_future(http.get(fine.url(), NOW))
            stalled[0].cancel()
            assert (await waiting).status == 200
            assert (await http.get(fine.url("/small"), NOW)).status == 200
            stalled[1].cancel()
            await asyncio.gather(*stalled, return_exceptions=True)
            assert not http._large.locked()
            over.set()

    asyncio.run(run())


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200",
        HEAD + b"Content-Length: 100\r\n\r\n<rss>",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rs",
    ],
)
def test_a_stall_anywhere_ends_with_the_time_a_request_has(start: bytes) -> None:
    async def use(http: Client, server: Server) -> SourceError:
        over = asyncio.Event()
        server.behaviours["/"] = stall(start, over)
        with pytest.raises(Unreachable, match="in time") as caught:
            await http.get(server.url(), NOW)
        over.set()
        return caught.value

    look({}, use, request_for=timedelta(milliseconds=60))


@pytest.mark.parametrize("start", [b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\n<rss>"])
def test_a_reset_anywhere_is_an_error(start: bytes) -> None:
    assert isinstance(problem({"/": reset(start)}), Unreachable | Unreadable)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02 no HTTP at all",
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello",
        HEAD + b"Content-Length: 100\r\n\r\n<rss>cut",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n<rss>\r\n",
    ],
)
def test_what_is_not_http_or_ends_early_is_an_error(data: bytes) -> None:
    assert isinstance(problem({"/": raw(data)}), Unreadable | Unreachable)


def test_a_body_longer_than_it_says_ends_where_it_says_it_ends() -> None:
    found = get({"/": answer(200, FEED_BODY + b"HTTP/1.1 200 OK\r\n\r\nsmuggled", Content_Length=str(len(FEED_BODY)))})
    assert found.body == FEED_BODY


PARTS = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 304 x\r\n", b"HTTP/1.1 302 \r\n", b"HTTP/2 200\r\n", b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"\r\n", b"5\r\nhello\r\n",
    b"0\r\n\r\n", b"Location: http://[\r\n", b"Location: \xff\r\n", b"Content-Encoding: gzip\r\n", b"\x1f\x8b\x08",
    b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
    b"Set-Cookie: a=b; x\r\n", b"\xff\xfe: \xff\r\n", b" folded\r\n", b"Content-Type: \r\n", b"hello",
]  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=5), max_size=9).map(b"".join))
@example(b"".join(PARTS))
@example(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
def test_whatever_a_server_says_is_an_answer_or_a_source_error(data: bytes) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n"):
        outcome: Answer | SourceError
        try:
            outcome = get({"/": raw(start + data)}, request_for=timedelta(milliseconds=300))
        except SourceError as error:
            outcome = error
        assert "\n" not in str(outcome) if isinstance(outcome, SourceError) else outcome.body is not None


def test_html_with_200_is_an_answer_like_any_other() -> None:
    found = get({"/": answer(200, b"<!doctype html><title>Sorry</title>", Content_Type="text/html")})
    assert found.content_type == "text/html"


def test_clock_skew_of_the_server_does_no_harm() -> None:
    skewed = {"Date": "Fri, 25 Nov 2016 09:00:00 GMT", "Expires": "Fri, 25 Nov 2016 09:20:00 GMT"}
    assert get({"/": answer(200, b"x", **skewed)}).fresh_for == timedelta(minutes=20)


def test_headers_that_could_not_be_sent_back_are_not_kept() -> None:
    found = get({"/": answer(200, b"x", ETag='"\udcff"', Last_Modified="m" * 2_000)})
    assert (found.validators.etag, found.validators.last_modified) == ("", "")


def test_redirects_are_followed_and_permanent_ones_remembered() -> None:
    pages = {
        "/a": redirect("/b", 301),
        "/b": redirect("c?x=1", 308),
        "/t": redirect("/c", 302),
        "/c": answer(200, b"x"),
    }
    found = get(pages, "/a", user="me:secret@")
    assert found.url.endswith("/c?x=1")
    assert (found.moved_to or "").endswith("/c?x=1")
    assert "me:secret@" in (found.moved_to or "")
    assert "secret" not in repr(found)
    pages["/a"] = redirect("/t", 301)
    assert get(pages, "/a").moved_to is None


@pytest.mark.parametrize(("count", "fine"), [(MAX_REDIRECTS, True), (MAX_REDIRECTS + 1, False)])
def test_five_redirects_are_followed_and_no_more(count: int, fine: bool) -> None:
    pages = {f"/{number}": redirect(f"/{number + 1}") for number in range(count)} | {f"/{count}": answer(200, b"x")}
    if fine:
        assert get(pages, "/0").status == 200
    else:
        assert "redirects more than" in str(problem(pages, "/0"))


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("/", Unreachable),
        ("", Unreachable),
        ("file:///etc/passwd", Forbidden),
        ("ftp://example.org/", Forbidden),
        ("data:text/html,x", Forbidden),
        ("javascript:alert(1)", Forbidden),
        ("//:80/", Forbidden),
        ("http://[::1", Forbidden),
        ("http://exa mple/", Forbidden),
    ],
)
def test_a_redirect_in_a_circle_or_to_no_web_address_is_an_error(location: str, kind: type[SourceError]) -> None:
    assert isinstance(problem({"/": redirect(location)}), kind)


def test_credentials_are_sent_as_basic_auth_and_stay_within_their_origin() -> None:
    async def run() -> list[tuple[str, str | None]]:
        async with serving({"/": answer(200, b"x")}, host="127.0.0.2") as other, client() as http:
            pages = {"/": redirect("/same"), "/same": redirect(other.url(user="her:own@"))}
            async with serving(pages) as server:
                await http.get(server.url(user="me:p%40ss@"), NOW)
                return [(each.path, each.headers.get("authorization")) for each in [*server.asked, *other.asked]]

    sent = "Basic bWU6cEBzcw=="
    assert asyncio.run(run()) == [("/", sent), ("/same", sent), ("/", None)]


def test_credentials_never_reach_an_error() -> None:
    for behaviour in (answer(500), raw(b"junk"), redirect("file:///x"), answer(200, b"x", Content_Encoding="br")):
        with pytest.raises(SourceError) as caught:
            get({"/": behaviour}, "/?token=abcdef", user="me:hunter2@")
        assert "hunter2" not in repr(caught.value)
        assert "abcdef" not in str(caught.value)


def test_a_private_address_is_refused_first_hop_and_last() -> None:
    async def run() -> None:
        async with serving({"/": answer(200, b"secret")}) as inner, client(private=False) as http:
            for host in ("127.0.0.1", "2130706433", "0x7f.1", "[::ffff:7f00:1]", "localhost", "x.localhost."):
                with pytest.raises(Forbidden):
                    await http.get(f"http://{host}:{inner.port}/", NOW)
            assert inner.asked == []

    asyncio.run(run())


def test_a_name_is_resolved_once_and_what_was_checked_is_connected_to() -> None:
    async def run() -> None:
        async with serving({"/": answer(200, b"x")}) as server:
            found: list[list[str]] = [
                ["93.184.216.34", "127.0.0.1"],
                ["10.0.0.1"],
                ["::ffff:127.0.0.1"],
                ["64:ff9b::a00:1"],
            ]

            async def resolve(host: str, port: int) -> list[str]:
                return found.pop(0)

            async with client(private=False, resolve=resolve) as http:
                while found:
                    with pytest.raises(Forbidden, match=r"rebinding\.example"):
                        await http.get(f"http://rebinding.example:{server.port}/", NOW)
            assert server.asked == []

    asyncio.run(run())


def test_the_socket_itself_refuses_an_address_that_was_never_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unchecked(*arguments: object, **options: object) -> tuple[object, ...]:
        from ipaddress import ip_address

        return (ip_address("127.0.0.1"),)

    async def run() -> None:
        monkeypatch.setattr("bot.sources.http.addresses_of", unchecked)
        async with serving({"/": answer(200, b"x")}) as server, client(private=False) as http:
            with pytest.raises(Forbidden, match="this machine"):
                await http.get(f"http://fooled.example:{server.port}/", NOW)
            assert server.asked == []

    asyncio.run(run())


def test_the_name_goes_into_host_and_sni_and_the_certificate_is_checked() -> None:
    authority = trustme.CA()
    serverside, clientside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("feeds.example").configure_cert(serverside)
    authority.configure_trust(clientside)
    named: list[str | None] = []
    serverside.sni_callback = lambda connection, name, context: named.append(name)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.3"]

    async def run() -> None:
        options = {"resolve": resolve, "context": clientside}
        async with serving({"/": answer(200, b"x")}, host="127.0.0.3", context=serverside) as server:
            async with client(**options) as http:
                await http.get(f"https://FEEDS.example.:{server.port}/", NOW)
                with pytest.raises(Unreachable, match=r"no safe connection: .*wrong\.example"):
                    await http.get(f"https://wrong.example:{server.port}/", NOW)
                with pytest.raises((Unreadable, Unreachable)):
                    await http.get(f"http://feeds.example:{server.port}/", NOW)
            async with client(resolve=resolve) as http:
                with pytest.raises(Unreachable, match="no safe connection: "):
                    await http.get(f"https://feeds.example:{server.port}/", NOW)
            assert [asked.headers["host"] for asked in server.asked] == [f"feeds.example:{server.port}"]

    asyncio.run(run())
    assert named[0] == "feeds.example"


def test_a_server_without_tls_is_told_apart_from_one_that_is_silent() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def run() -> None:
        listening = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with listening, client() as http:
            with pytest.raises(Unreachable, match="no safe connection"):
                await http.get(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/", NOW)

    asyncio.run(run())


def test_a_host_that_is_not_there_is_missing_and_a_closed_port_unreachable() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        import socket

        raise socket.gaierror(socket.EAI_NONAME if host == "gone.example" else socket.EAI_AGAIN, "not known")

    async def run() -> None:
        async with client(resolve=nowhere) as http:
            with pytest.raises(Missing):
                await http.get("http://gone.example/", NOW)
            with pytest.raises(Unreachable) as caught:
                await http.get("http://later.example/", NOW)
            assert not isinstance(caught.value, Missing)
            async with serving({}) as server:
                pass
            with pytest.raises(Unreachable, match="no connection"):
                await http.get(server.url(), NOW)

    asyncio.run(run())


def test_two_hundred_hosts_at_once_and_one_request_a_host() -> None:
    async def run() -> int:
        hosts = [f"127.0.0.{number}" for number in range(10, 14)]
        async with client() as http:
            servers = []
            async with asyncio.TaskGroup() as group:
                for host in hosts:
                    serving_host = serving({"/": answer(200, b"x")}, host=host)
                    server = await serving_host.__aenter__()
                    servers.append((serving_host, server))
                    for _ in range(5):
                        group.create_task(http.get(server.url(), NOW))
            for serving_host, _ in servers:
                await serving_host.__aexit__(None, None, None)
            return max(server.most_at_once for _, server in servers)

    assert asyncio.run(run()) == 1


def test_a_bad_server_never_holds_up_the_others() -> None:
    async def run() -> float:
        over = asyncio.Event()
        bad = {"/": stall(HEAD, over)}
        good = {"/": answer(200, FEED_BODY)}
        async with serving(bad) as slow, serving(good, host="127.0.0.2") as fast, client() as http:
            waiting = asyncio.ensure_future(http.get(slow.url(), NOW))
            started = time.perf_counter()
            await http.get(fast.url(), NOW)
            took = time.perf_counter() - started
            waiting.cancel()
            over.set()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            return took

    assert asyncio.run(run()) < 2


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("", "newsbell/1.2"),
        ("desk@example.org", "newsbell/1.2 (+desk@example.org)"),
        ("a)\r\nX: y\u0107", "newsbell/1.2 (+aX: y)"),
    ],
)
def test_the_user_agent_names_a_contact(contact: str, expected: str) -> None:
    assert user_agent("1.2", contact) == expected
