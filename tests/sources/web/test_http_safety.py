"""GET where it leads astray: redirects, credentials, private addresses, names that change, certificates."""

from __future__ import annotations

import asyncio
import socket
import ssl
from ipaddress import IPv4Address, IPv6Address

import pytest
import trustme

from bot.core.errors import Forbidden, Missing, SourceError, Unreachable, Unreadable
from bot.sources.web.addresses import refusal
from bot.sources.web.http import MAX_REDIRECTS, trusted
from tests.sources.asking import NOW, client, get, pem, problem
from tests.sources.misbehaving import answer, raw, redirect, serving


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


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "//2130706433:{port}/",
        "http://0177.1:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://[::1]:{port}/",
        "http://inner.example:{port}/",
        "http://localhost:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://user@10.0.0.1/",
        "http://127.0.0.2:22/",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_private_address_is_refused(
    location: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def public_but_for_one(address: IPv4Address | IPv6Address) -> str | None:
        return None if str(address) == "127.0.0.2" else refusal(address)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.2" if host == "outer.example" else "127.0.0.1"]

    async def run() -> None:
        for module in ("addresses", "exchange"):
            monkeypatch.setattr(f"bot.sources.web.{module}.refusal", public_but_for_one)
        pages = {"/fine": answer(200, b"x")}
        async with serving(pages) as inner, serving(pages, host="127.0.0.2") as outer:
            outer.behaviours["/"] = redirect(location.format(port=inner.port), status)
            async with client(private=False, resolve=resolve) as http:
                assert (await http.get(f"http://outer.example:{outer.port}/fine", NOW)).status == 200
                with pytest.raises(Forbidden):
                    await http.get(f"http://outer.example:{outer.port}/", NOW)
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


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("127.0.0.1", "127.0.0.2")], ids=["alone", "of several"])
def test_the_socket_itself_refuses_an_address_that_was_never_checked(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unchecked(*arguments: object, **options: object) -> tuple[object, ...]:
        return tuple(map(IPv4Address, addresses))

    async def run() -> None:
        monkeypatch.setattr("bot.sources.web.exchange.addresses_of", unchecked)
        async with serving({"/": answer(200, b"x")}) as server, client(private=False) as http:
            with pytest.raises(Forbidden, match="this machine"):
                await http.get(f"http://fooled.example:{server.port}/", NOW)
            assert server.asked == []

    asyncio.run(run())


def test_the_name_goes_into_host_and_sni_and_the_certificate_is_checked() -> None:
    authority = trustme.CA()
    serverside, clientside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), trusted(pem(authority))
    authority.issue_cert("feeds.example").configure_cert(serverside)
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
            for context in (None, trusted(), trusted(pem(trustme.CA()))):
                async with client(resolve=resolve, context=context) as http:
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
