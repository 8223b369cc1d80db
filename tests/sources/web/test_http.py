"""GET, and what the answer says: headers, statuses, pauses, and many hosts at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError, Unreachable, Unreadable
from bot.sources.web.answers import Answer, Ask, Validators
from bot.sources.web.http import Client, user_agent
from tests.sources.asking import FEED_BODY, HEAD, NOW, client, get, look, problem
from tests.sources.misbehaving import Server, answer, serving, stall


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
        (400, Forbidden),
        (408, Unreachable),
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


def test_html_with_200_is_an_answer_like_any_other() -> None:
    found = get({"/": answer(200, b"<!doctype html><title>Sorry</title>", Content_Type="text/html")})
    assert found.content_type == "text/html"


def test_clock_skew_of_the_server_does_no_harm() -> None:
    skewed = {"Date": "Fri, 25 Nov 2016 09:00:00 GMT", "Expires": "Fri, 25 Nov 2016 09:20:00 GMT"}
    assert get({"/": answer(200, b"x", **skewed)}).fresh_for == timedelta(minutes=20)


def test_headers_that_could_not_be_sent_back_are_not_kept() -> None:
    found = get({"/": answer(200, b"x", ETag='"\udcff"', Last_Modified="m" * 2_000)})
    assert (found.validators.etag, found.validators.last_modified) == ("", "")


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
    async def run() -> None:
        over = asyncio.Event()
        bad = {"/": stall(HEAD, over)}
        good = {"/": answer(200, FEED_BODY)}
        async with serving(bad) as slow, serving(good, host="127.0.0.2") as fast, client() as http:
            waiting = asyncio.ensure_future(http.get(slow.url(), NOW))
            await http.get(fast.url(), NOW)
            assert not waiting.done()
            waiting.cancel()
            over.set()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(run())


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
