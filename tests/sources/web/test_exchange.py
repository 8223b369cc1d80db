"""The connection under a GET: the event loops it runs on, a host of several addresses, who hangs up first."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
import trustme

from bot.core.errors import Unreachable, Unreadable
from bot.loops import on_loop
from bot.sources.web.addresses import parse
from bot.sources.web.answers import Ask, Validators
from bot.sources.web.exchange import Line, Reply
from bot.sources.web.http import trusted
from tests.sources.asking import FEED_BODY, NOW, client, get, pem, problem
from tests.sources.misbehaving import Asked, Behaviour, Writer, answer, raw, serving, stall

On = Callable[[Coroutine[Any, Any, None]], None]


def first(behaviour: Behaviour, then: Behaviour) -> Behaviour:
    """Answers the first request so, and every later one otherwise."""
    left = [behaviour]

    async def behave(asked: Asked, writer: Writer) -> None:
        await (left.pop() if left else then)(asked, writer)

    return behave


@pytest.mark.parametrize("on", [asyncio.run, on_loop])
def test_either_event_loop_asks_over_tls_and_reads_a_body_to_its_end(on: On) -> None:
    authority, serverside = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(serverside)
    body = FEED_BODY * 20_000

    async def run() -> None:
        pages = {"/": answer(200, body), "/unended": answer(200, body, Content_Length="-")}
        async with serving(pages, context=serverside) as server, client(context=trusted(pem(authority))) as http:
            for path in pages:
                assert (await http.get(server.url(path), NOW)).body == body
            known = Validators(server.url(), '"1"')
            server.behaviours["/"] = answer(304)
            assert (await http.get(server.url(), NOW, Ask(known))).validators == known
            assert [asked.headers["connection"] for asked in server.asked] == ["close"] * 3

    on(run())


@pytest.mark.parametrize("on", [asyncio.run, on_loop])
def test_a_host_is_asked_at_the_first_of_its_addresses_that_answers(on: On) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"] if host == "two.example" else ["127.0.0.8", "127.0.0.9"]

    async def run() -> None:
        async with serving({"/": answer(200, b"x")}) as server, client(resolve=resolve) as http:
            assert (await http.get(f"http://two.example:{server.port}/", NOW)).body == b"x"
            with pytest.raises(Unreachable, match="no connection"):
                await http.get(f"http://none.example:{server.port}/", NOW)
            assert len(server.asked) == 1

    on(run())


def test_an_address_without_tls_is_passed_over_for_one_that_has_it() -> None:
    authority, serverside = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("two.example").configure_cert(serverside)

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    async def run() -> None:
        async with serving({"/": answer(200, b"x")}, context=serverside) as server:
            listening = await asyncio.start_server(plain, "127.0.0.9", server.port)
            async with listening, client(resolve=resolve, context=trusted(pem(authority))) as http:
                assert (await http.get(f"https://two.example:{server.port}/", NOW)).body == b"x"

    asyncio.run(run())


@pytest.mark.parametrize("on", [asyncio.run, on_loop])
def test_who_hangs_up_before_the_connection_is_safe_or_speaks_no_tls_is_told_of(on: On) -> None:
    said = [b"", b"SSH-2.0-x\r\n"]

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(said[0])
        writer.close()

    async def run() -> None:
        listening = await asyncio.start_server(speak, "127.0.0.1", 0)
        async with listening, client() as http:
            url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
            with pytest.raises(Unreachable, match="the connection failed"):
                await http.get(url, NOW)
            said.pop(0)
            with pytest.raises(Unreachable, match="no safe connection"):
                await http.get(url, NOW)

    on(run())


@pytest.mark.parametrize("on", [asyncio.run, on_loop])
def test_what_came_over_tls_is_whole_however_slowly_it_is_taken_and_however_it_ends(on: On) -> None:
    authority, serverside = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(serverside)
    body = bytes(range(256)) * 4_000

    async def unannounced(asked: Asked, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.get_extra_info("socket").shutdown(socket.SHUT_WR)

    async def slowly(reply: Reply) -> bytes:
        taken = bytearray()
        async for piece in reply.content.iter_chunked(5_000):
            taken += piece
            for _ in range(3):
                await asyncio.sleep(0)
        return bytes(taken)

    async def run() -> None:
        pages = {"/": answer(200, body), "/unended": answer(200, body, Content_Length="-"), "/cut": unannounced}
        async with serving(pages, context=serverside) as server:
            line = Line(resolve, trusted(pem(authority)), True, 20, 10)
            for path in pages:
                assert await line.get(parse(server.url(path)), {}, slowly) == body

    async def resolve(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    on(run())


def test_who_hangs_up_before_an_answer_is_asked_once_more_and_not_twice() -> None:
    assert get({"/": first(raw(b""), answer(200, b"x"))}).body == b"x"
    assert "hung up" in str(problem({"/": first(raw(b""), first(raw(b""), answer(200, b"x")))}))


def test_what_announces_an_answer_is_not_one() -> None:
    early = raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
    found = get({"/": early})
    assert (found.status, found.body) == (200, b"x")
    assert problem({"/": raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")})


@pytest.mark.parametrize("etag", ["1\r\nHost: other.example", "1\n", "\0", "\x7f"])
def test_a_header_that_would_begin_another_is_never_sent(etag: str) -> None:
    async def run() -> None:
        async with serving({"/": answer(304)}) as server, client() as http:
            with pytest.raises(Unreadable):
                await http.get(server.url(), NOW, Ask(Validators(server.url(), etag)))
            assert server.asked == []

    asyncio.run(run())


def test_the_time_for_a_connection_and_that_for_a_request_are_told_apart() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    over = asyncio.Event()

    async def run() -> None:
        listening = await asyncio.start_server(silent, "127.0.0.1", 0)
        short = {"connect_for": timedelta(milliseconds=100)}
        pages = {"/": stall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", over)}
        async with listening, client(**short) as http, serving(pages) as server:
            with pytest.raises(Unreachable, match="no connection in time"):
                await http.get(f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/", NOW)
            async with client(request_for=timedelta(milliseconds=100)) as hasty:
                with pytest.raises(Unreachable, match="no whole answer in time"):
                    await hasty.get(server.url(), NOW)
            over.set()

    asyncio.run(run())
