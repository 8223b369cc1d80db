"""Hostile feeds: the shared suite where it is present, and a suite of our own that is written here."""

from __future__ import annotations

import gzip
import json
import socket
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import NotAFeed, SourceError, TooLarge, Unreadable
from bot.sources.feeds.parse import BODY_LIMIT, parse
from bot.sources.feeds.values import ITEMS_LIMIT, Feed
from tests.growth import costs_at_most

SUITE = Path(__file__).parents[3] / "shared" / "feeds" / "hostile.tar.gz"
LOOPS = 300
"""No file may need more, by far: the slowest needs fifty."""


@cache
def suite() -> dict[str, bytes]:
    if not SUITE.exists():
        return {}
    with tarfile.open(SUITE) as archive:
        members = [(member.name, archive.extractfile(member)) for member in archive.getmembers() if member.isfile()]
        files = {name.removeprefix("./").removeprefix("hostile/"): file.read() for name, file in members if file}
    big = {name[:-3]: gzip.decompress(data) for name, data in files.items() if name.endswith(".gz")}
    return files | big


def expectations() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(suite().get("expectations.json", b"{}"))
    return found


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("the parser asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def attempt(body: bytes, content_type: str | None = None, base_url: str | None = None) -> Feed | SourceError:
    """The feed, or the error that says in one line what is wrong with it; anything else fails the test."""

    def read(body: bytes) -> Feed | SourceError:
        try:
            return parse(body, content_type, base_url)
        except SourceError as problem:
            return problem

    found = costs_at_most(LOOPS, read, body)
    assert isinstance(found, Feed) or 0 < len(str(found).splitlines()) < 2
    return found


@pytest.mark.skipif(not SUITE.exists(), reason="the shared suite is not here")
@pytest.mark.parametrize("name", sorted(expectations()))
def test_the_shared_suite_behaves_as_expected(name: str) -> None:
    expected = expectations()[name]
    feed = attempt(suite()[name], expected.get("content_type"))
    kind = expected["kind"]
    assert expected.get("forbid", "\0") not in repr(feed)
    if kind == "reject":
        assert isinstance(feed, NotAFeed)
    elif kind == "big":
        assert isinstance(feed, TooLarge)
    elif kind in ("parse", "date", "sitemap"):
        assert isinstance(feed, Feed)
        check(feed, expected)


def check(feed: Feed, expected: dict[str, Any]) -> None:
    first = feed.items[0] if feed.items else None
    found = {
        "n": len(feed.items),
        "title": first and first.title,
        "title_text": first and first.title,
        "link": first and first.url,
        "id": first and first.guid,
        "feed_title": feed.title,
        "feed_link": feed.url,
    }
    for name, value in found.items():
        assert expected.get(name, value) == value
        assert value in expected.get(f"{name}_in", [value])
    if "utc" in expected and first:
        at = first.published_at
        said = at and at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()
        assert said == expected["utc"]
        assert bool(at) or not expected["raw"] or feed.problems


ITEM = "<item><title>Gränsen</title><link>https://ex.org/1</link><guid isPermaLink='false'>g1</guid></item>"
RSS = f"<rss version='2.0'><channel><title>T</title><link>https://ex.org/</link>{ITEM}</channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>e</id><title>{}</title></entry></feed>"


def rss(item: str) -> bytes:
    return RSS.replace(ITEM, f"<item>{item}</item>").encode()


def deep(depth: int) -> str:
    return "<b>" * depth + "</b>" * depth


PARSED = {
    "blanks before": b" \r\n\t " + RSS.encode(),
    "a mark twice": b"\xef\xbb\xbf\xef\xbb\xbf" + RSS.encode(),
    "a warning before": b"<br />\n<b>Warning</b>: x in <b>/y.php</b><br />\n" + RSS.encode(),
    "a script after": RSS.encode() + b"\n<!-- cached --><script>var a=1;</script>",
    "utf-16": RSS.encode("utf-16"),
    "utf-16 without a mark": RSS.encode("utf-16-be"),
    "utf-32": RSS.encode("utf-32"),
    "utf-32 without a mark": RSS.encode("utf-32-le"),
    "declared utf-16": b"<?xml version='1.0' encoding='utf-16'?>" + RSS.encode(),
    "declared latin-1": b"<?xml version='1.0' encoding='iso-8859-1'?>" + RSS.encode(),
    "is latin-1": b"<?xml version='1.0' encoding='iso-8859-1'?>" + RSS.encode("latin-1"),
    "is latin-1, says utf-8": b"<?xml version='1.0' encoding='utf-8'?>" + RSS.encode("latin-1"),
    "declared nonsense": b"<?xml version='1.0' encoding='x-klingon'?>" + RSS.encode(),
    "a nul inside": RSS.encode().replace(b"</title>", b"\0</title>"),
    "control characters": RSS.encode().replace(b"</title>", b"\x0b\x1f</title>"),
    "a doctype": b"<!DOCTYPE rss SYSTEM 'http://127.0.0.1:1/rss.dtd'>" + RSS.encode(),
    "an entity to a file": b"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + RSS.encode(),
    "entities in entities": b"<!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>" + RSS.encode(),
    "a comment that looks like a feed": b"<!-- <feed></feed> -->" + RSS.encode(),
    "an undeclared prefix": RSS.replace("</item>", "<dc:date>2026-11-24</dc:date></item>").encode(),
    "an attribute twice": RSS.replace("version", "version='2.0' version").encode(),
    "a bare ampersand": RSS.replace("</item>", "<description>a & b</description></item>").encode(),
    "a cut end": RSS.encode()[:-20],
    "capitals": RSS.replace("rss", "RSS").replace("item", "ITEM").replace("channel", "CHANNEL").encode(),
    "gzip": gzip.compress(RSS.encode()),
    "gzip twice": gzip.compress(RSS[:60].encode()) + gzip.compress(RSS[60:].encode()),
    "an unclosed comment": RSS.replace("</channel>", "<!--" * 1_000).encode(),
    "an unclosed section": RSS.replace("</channel>", "<description><![CDATA[" * 1_000).encode(),
    "nesting within limits": RSS.replace("</item>", f"<description>{deep(150)}</description></item>").encode(),
}


@pytest.mark.parametrize("name", PARSED)
def test_what_can_be_understood_is(name: str) -> None:
    feed = attempt(PARSED[name])
    assert isinstance(feed, Feed)
    assert [(item.title, item.guid, item.url) for item in feed.items] == [("Gränsen", "g1", "https://ex.org/1")]


REFUSED: dict[str, tuple[bytes, type[SourceError]]] = {
    "nothing": (b"", NotAFeed),
    "blanks": (b" \n\t", NotAFeed),
    "a path": (b"/etc/passwd", NotAFeed),
    "an address": (b"http://127.0.0.1:1/feed", NotAFeed),
    "a page": (b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", NotAFeed),
    "a page that shows a feed": (b"<html><body><rss version='2.0'><channel/></rss></body></html>", NotAFeed),
    "an OPML list": (b"<opml version='2.0'><body><outline text='a'/></body></opml>", NotAFeed),
    "other XML": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAFeed),
    "other JSON": (b'{"items": 3}', NotAFeed),
    "a JSON list": (b"[1, 2, 3]", NotAFeed),
    "a JSON number": (b'{"version": ' + b"9" * 10_000 + b"}", Unreadable),
    "broken JSON": (b'{"items": [', Unreadable),
    "JSON too deep": (b'{"items": ' + b"[" * 100_000, Unreadable),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NotAFeed),
    "damaged gzip": (gzip.compress(RSS.encode())[:12] + b"\xff" * 40, Unreadable),
    "a gzip bomb": (gzip.compress(b" " * (BODY_LIMIT + 1)), TooLarge),
    "a large body": (b"<rss>" + b" " * BODY_LIMIT, TooLarge),
    "too many attributes": (rss(f"<title {' '.join(f'a{n}=_' for n in range(9_000))}/>".replace("_", "''")), TooLarge),
    "too deep": (rss(f"<description>{deep(9_000)}</description>"), TooLarge),
    "only depth": (b"<rss>" * 100_000, TooLarge),
    "too many elements": (rss("<a/>" * 600_000), TooLarge),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_feed_is_refused(name: str) -> None:
    body, error = REFUSED[name]
    assert type(attempt(body)) is error


SLOW: dict[str, Callable[[], bytes]] = {
    "less-than signs": lambda: rss("<title>" + "<" * 200_000 + "</title>"),
    "ampersands": lambda: rss("<title>" + "&" * 200_000 + "</title>"),
    "references": lambda: rss("<title>" + "&#" * 100_000 + "</title>"),
    "long references": lambda: rss("<title>&#" + "9" * 200_000 + ";</title>"),
    "digits for a date": lambda: rss("<pubDate>" + "1" * 400_000 + "</pubDate>"),
    "blanks in a date": lambda: rss("<pubDate>Tue," + " " * 400_000 + "24 Nov</pubDate>"),
    "quotes": lambda: rss("<description>" + "&lt;a href=&quot;" * 30_000 + "</description>"),
    "scripts": lambda: rss("<description>" + "&lt;script&gt;" * 30_000 + "</description>"),
    "doctypes": lambda: b"<!DOCTYPE [" * 20_000 + RSS.encode(),
    "comments": lambda: b"<!--" * 50_000 + RSS.encode(),
    "ends of nothing": lambda: rss("</b>" * 100_000),
    "a very long attribute": lambda: rss(f"<title a='{'x' * 3_000_000}'/>"),
    "a very long text": lambda: rss(f"<description>{'x ' * 1_500_000}</description>"),
    "many links": lambda: rss("<link>x</link>" * 20_000),
    "open tags": lambda: rss("<title>" + "<a " * 60_000 + "</title>"),
}


@pytest.mark.parametrize("name", SLOW)
def test_nothing_takes_long(name: str) -> None:
    attempt(SLOW[name]())


def test_only_the_newest_items_of_many_are_read() -> None:
    days = [f"<item><guid>{n}</guid><pubDate>{n % 28 + 1} Nov {2000 + n // 28}</pubDate></item>" for n in range(2_600)]
    feed = parse(RSS.replace(ITEM, "".join(reversed(days))).encode())
    assert len(feed.items) == ITEMS_LIMIT
    assert [item.guid for item in feed.items] == [str(n) for n in range(2_599, 599, -1)]
    assert feed.problems == ("2,600 items, of which the newest 2,000 are read",)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;Hi", "Hi"),
        ("<![CDATA[<b>Bold</b> &amp; title]]>", "Bold & title"),
        ("AT&amp;amp;T &amp;#8217;s", "AT&T ’s"),
        ("Caf&eacute; &ndash; don&#146;t", "Café – don’t"),
        ("A&#0;B&#xD800;C", "A\ufffdB\ufffdC"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("I &lt;3 &lt;Serbia&gt;", "I <3 <Serbia>"),
        ("one\n  two<br/>", "one two"),
        ("x" * 3_000, "x" * 999 + "…"),
    ],
)
def test_a_title_is_plain_text(said: str, meant: str) -> None:
    assert parse(rss(f"<title>{said}</title>")).items[0].title == meant
    assert "<script" not in repr(parse(ATOM.format(said).encode()))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://ex.org/"])
def test_a_link_that_is_no_web_address_is_none(link: str) -> None:
    assert parse(rss(f"<title>A</title><link>{link}</link>"), base_url="https://ex.org/feed").items[0].url is None


def test_what_was_said_wrongly_is_a_problem_and_no_more() -> None:
    feed = parse(rss("<title>A</title><pubDate>Tue, 31 Feb 2026 10:00:00 GMT</pubDate>"))
    assert feed.items[0].published_at is None
    assert feed.problems == ("unreadable date: Tue, 31 Feb 2026 10:00:00 GMT",)


def test_a_date_in_the_future_is_kept_as_it_is_said() -> None:
    feed = parse(rss("<pubDate>Tue, 24 Nov 2076 10:00:00 CET</pubDate>"))
    assert feed.items[0].published_at == datetime(2076, 11, 24, 9, tzinfo=UTC)


def test_the_header_decides_where_the_document_says_nothing() -> None:
    body = RSS.replace("Gränsen", "Балкански рут").encode("cp1251")
    assert parse(body, "application/rss+xml; charset=windows-1251").items[0].title == "Балкански рут"


def test_links_are_resolved_and_guids_are_not() -> None:
    body = rss("<title>A</title><link>news/1?a=1&amp;b=2</link><guid>hp 1</guid>")
    item = parse(body, base_url="https://ex.org/feeds/all.xml").items[0]
    assert (item.url, item.guid) == ("https://ex.org/feeds/news/1?a=1&b=2", "hp 1")
    assert parse(body).items[0].url == "https://ex.org/news/1?a=1&b=2"


def test_a_base_in_the_document_goes_before_its_address() -> None:
    entry = "<entry><id>e</id><title>A</title><link href='../a'/></entry>"
    body = f"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://ex.org/blog/'>{entry}</feed>".encode()
    assert parse(body, base_url="https://cdn.example/f").items[0].url == "https://ex.org/a"
    assert parse(body.replace(b"https://ex.org", b""), base_url="https://ex.org/f").items[0].url == "https://ex.org/a"
