"""GET against servers that misbehave in every way they can: an error in time, never half a feed."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.errors import SourceError, TooLarge, Unreachable, Unreadable
from bot.sources.web.answers import Answer, Ask
from bot.sources.web.http import Client
from tests.sources.asking import FEED_BODY, HEAD, NOW, client, get, look, problem
from tests.sources.misbehaving import Server, answer, endless, raw, reset, serving, stall


def test_compressed_bodies_arrive_whole() -> None:
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    codings = {
        "gzip": gzip.compress(FEED_BODY, mtime=0),
        "x-gzip": gzip.compress(FEED_BODY[:9], mtime=0) + gzip.compress(FEED_BODY[9:], mtime=0) + b"\0" * 20,
        "deflate": zlib.compress(FEED_BODY),
        "Deflate": bare.compress(FEED_BODY) + bare.flush(),
        "identity": FEED_BODY,
    }
    for coding, data in codings.items():
        assert get({"/": answer(200, data, Content_Encoding=coding)}).body == FEED_BODY


@pytest.mark.parametrize(
    ("data", "coding"),
    [
        (gzip.compress(FEED_BODY, mtime=0)[:-9], "gzip"),
        (FEED_BODY, "gzip"),
        (gzip.compress(FEED_BODY, mtime=0)[:12] + b"junk" * 9, "gzip"),
        (zlib.compress(FEED_BODY)[:-6], "deflate"),
        (FEED_BODY, "br"),
        (FEED_BODY, "gzip, gzip"),
        (gzip.compress(b"", mtime=0) * 1_100, "gzip"),
    ],
)
def test_a_damaged_body_is_an_error_and_never_half_a_feed(data: bytes, coding: str) -> None:
    assert isinstance(problem({"/": answer(200, data, Content_Encoding=coding)}), Unreadable)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 60_000_000, mtime=0))
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
    monkeypatch.setattr("bot.sources.web.http._LARGE", 1_000)
    monkeypatch.setattr("bot.sources.web.http._LARGE_AT_ONCE", 2)
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
