"""Whatever bytes come, parsing gives a feed of clean values or one of our errors, and soon."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import SourceError
from bot.sources import plain
from bot.sources.feeds.parse import parse
from bot.sources.feeds.values import Feed, feed_record, item_record
from bot.sources.fields import web_address

WORDS = [
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "</channel>", "</rss>", "<title>", "</title>", "<link>",
    "</link>", "<guid>", "</guid>", "<pubDate>", "</pubDate>", "<description>", "</description>", "<![CDATA[", "]]>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "</feed>",
    "<link href='/a' rel='alternate'/>", "<content type='xhtml'>", "<content type='html'>", "</content>", "<rdf:RDF>",
    "<urlset>", "<url>", "<loc>", "</loc>", "<sitemapindex>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>", "<!--",
    "-->", "<?xml version='1.0'?>", "&amp;", "&lt;", "&#8217;", "&#0;", "&nbsp;", "&x;", "http://ex.org/",
    "Tue, 24 Nov 2026 10:00:00 CET", "31.02.2026", "<media:title>", "<media:content url='u'>", "<dc:date>",
    "<author>", "<category term='x'/>", "<source url='x'>", "<svg>", "<a:b", ">", "<image>",
    "<enclosure url='x' length='y'/>", "{", "}", "[", "]", '"items":', '"version":', '"id":', ",", "é", "\x00",
    "<textInput>", "<cloud domain='x'/>", "<itunes:summary>", "<body>", "</body>", "<base64>",
    "<content mode='base64'>",
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=40).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "url", "title", "items", "authors", "author", "tags", "attachments", "hubs", "rss"])
            | st.sampled_from(["channel", "item", "guid", "date_published", "content_html", "language", "summary"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


def holds(body: bytes, content_type: str | None = None) -> None:
    """The contract of `parse`, for any bytes."""
    try:
        feed = parse(body, content_type, "https://ex.org/feed")
    except SourceError as problem:
        assert len(str(problem).splitlines()) == 1  # noqa: PT017
        return
    assert isinstance(feed, Feed)
    json.dumps([feed_record(feed), *map(item_record, feed.items)]).encode()
    for item in feed.items:
        assert item.url is None or web_address(item.url) == item.url
        assert "\n" not in item.title + (item.guid or "") + (item.author or "")
        assert "\x00" not in item.title + item.text + item.summary
        for at in (item.published_at, item.updated_at):
            assert at is None or at.utcoffset() == timedelta(0)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=koi8-r", "charset=utf-7"]))
def test_any_bytes_are_a_feed_or_refused(body: bytes, content_type: str | None) -> None:
    holds(body, content_type)


@settings(deadline=None, max_examples=300)
@given(MARKUP, st.sampled_from(["", "<rss><channel>", "<feed>", "<rdf:RDF><item>", "<urlset>", '{"items": [']))
def test_any_markup_is_a_feed_or_refused(text: str, before: str) -> None:
    holds((before + text).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=100)
@given(MARKUP, st.sampled_from(["utf-16", "utf-16-le", "utf-32", "cp1251", "cp1250", "latin-1"]))
def test_any_charset_is_read(text: str, codec: str) -> None:
    holds(("<rss><channel><item>" + text).encode(codec, "replace"))


@settings(deadline=None, max_examples=150)
@given(JSON, st.lists(JSON, max_size=4))
def test_any_json_is_a_feed_or_refused(said: object, items: list[object]) -> None:
    holds(json.dumps(said).encode())
    holds(json.dumps({"version": "https://jsonfeed.org/version/1", "title": said, "items": items}).encode())
    holds(json.dumps({"rss": {"channel": {"title": said, "item": items}}}).encode())


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=100), st.integers(0, 200), st.integers(0, 255))
def test_damaged_gzip_is_a_feed_or_refused(body: bytes, at: int, byte: int) -> None:
    packed = bytearray(gzip.compress(b"<rss><channel>" + body))
    packed[at % len(packed)] = byte
    holds(bytes(packed))


@settings(deadline=None, max_examples=150)
@given(MARKUP)
def test_plain_text_has_no_tags_that_html_knows(text: str) -> None:
    for shown in (plain.prose(text), plain.title(text)):
        assert shown == shown.strip()
    assert "\n" not in plain.title(text)
    assert "\n\n\n" not in plain.prose(text)
