"""Whatever comes: queries, feeds, lists of sources, article files and settings are taken, or refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.batches import read_files
from bot.config import OPTIONS, load
from bot.core.errors import ConfigError, QuerySyntaxError, SourceError
from bot.matching.query import parse as parse_query
from bot.sources.feeds.parse import parse as parse_feed
from bot.sources.keeping import import_list
from bot.sources.opml import read as read_list
from store.database import SqliteStore, open_store
from tests.fuzz.soup import bytes_soup, fuzzed, soup
from tests.growth import grows_in_step, repeated
from tests.jobs.conftest import NOW

QUERY = (
    '"', "“", "(", ")", " OR ", " AND ", " NOT ", "-", " NEAR/8 ", " NEAR/", "~8", "~", "*", " ", "title:",
    "source:", "lang:", "topic:", "since:7d", "before:2026-11-01", "migra", "border", "granica", "Београд", "難民",
    "or", "٣", "²",
)  # fmt: skip
FEED = (
    b"<rss>", b"<rss version='2.0'><channel>", b"<channel>", b"</channel>", b"<item>", b"</item>", b"<title>",
    b"</title>", b"<link>https://example.org/", b"</link>", b"<guid>", b"</guid>", b"<pubDate>Tue, 10 Mar 2026",
    b"</pubDate>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"</entry>", b"<link href='", b"'/>",
    b"<content type='html'>", b"<![CDATA[", b"]]>", b"<urlset>", b"<url><loc>", b"<sitemapindex>",
    b"<?xml version='1.0' encoding='", b"utf-16'?>", b"<!DOCTYPE a [<!ENTITY b '", b"&b;", b"&amp;", b"&#x0;",
    b"<media:content url='", b"{", b"}", b'{"version": ', b'"items": [', b'"date_published": "2026', b"[", b"]",
    b",", b'"', b"\xff\xfe", b"\x1f\x8b", b"\xef\xbb\xbf", b"<", b">",
)  # fmt: skip
LIST = (
    b"<opml>", b"<opml version='2.0'>", b"</opml>", b"<head><title>", b"</title></head>", b"<body>", b"</body>",
    b"<outline ", b"text='", b"xmlUrl='https://example.org/", b"xmlUrl='file:///etc", b"isComment='true'", b"'",
    b"/>", b">", b"</outline>", b"<!DOCTYPE a [<!ENTITY b '", b"&b;", b"<![CDATA[", b"\x00", b"\xff\xfe", b"&#0;",
    b"language='sr'",
)  # fmt: skip
FILE = (
    b'{"title": "', b'"}\n', b"\n", b'{"id": 1, ', b'"text": "', b'", ', b'"published": "2026-13-01"', b"[1]",
    b"null", b"NaN", b"{" * 99, b"<html>", b"<p>", b"\xff", b"\x00", b"\x1f\x8b", b"1e999", b'"published": 1e30',
)  # fmt: skip


@fuzzed
@given(soup(*QUERY), st.booleans())
def test_a_query_is_read_or_its_fault_is_named(text: str, dates: bool) -> None:
    fault = None
    try:
        node = parse_query(text, dates=dates)
    except QuerySyntaxError as raised:
        fault = raised
    if fault is None:
        assert str(parse_query(str(node), dates=dates)) == str(node)
        return
    assert 0 <= fault.position <= len(text)
    assert str(fault)
    if fault.suggestion:
        parse_query(fault.suggestion, dates=dates)


@fuzzed
@given(bytes_soup(*FEED), st.sampled_from([None, "text/xml; charset=utf-7", "text/html;charset=", "application/json"]))
def test_a_feed_is_read_or_refused(body: bytes, kind: str | None) -> None:
    with suppress(SourceError):
        for item in parse_feed(body, kind, "https://example.org/feed").items:
            assert "\0" not in f"{item.title}{item.text}{item.guid}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    made = open_store(tmp_path_factory.mktemp("fuzz") / "n.db", now=NOW)
    yield made
    made.close()


@fuzzed
@given(bytes_soup(*LIST), st.booleans())
def test_a_list_of_sources_is_taken_in_or_refused(store: SqliteStore, inside: bytes, framed: bool) -> None:
    data = b"<opml version='2.0'><body><outline text='" + inside + b"'/></body></opml>" if framed else inside
    with suppress(SourceError):
        import_list(store, data)
    for source in store.read(lambda session: session.sources.all()):
        assert source.location.startswith(("http://", "https://"))


@fuzzed
@given(bytes_soup(*FILE), st.sampled_from([".jsonl", ".jsonl.gz", ".html", ".txt", ".xml"]))
def test_an_article_file_is_read_and_each_bad_line_is_told(tmp_path: Path, data: bytes, ending: str) -> None:
    file = tmp_path / f"file{ending}"
    file.write_bytes(data)
    with suppress(SourceError):
        for entry in read_files(file, None):
            assert entry


NAMES = [option.name for option in OPTIONS]
VALUES = (
    "0", "1", "7d", "99999d", "-1", "9" * 5_000, "a" * 5_000, "\0", "~nobody-here/x", "~", "/", ".",
    "127.0.0.1:99999", "[::", "telegram:42", "slack:", "open", "invited", "xoxb-1", "1:a", "https://", "http://[",
    "Europe/Belgrade", "../etc", "²", "/dev/null/x", "Europe/" + "x" * 300, "CON", "localtime", "\ud800",
)  # fmt: skip


@fuzzed
@given(
    st.dictionaries(
        st.sampled_from([*NAMES, *(f"{name}_FILE" for name in NAMES), "NEWSBELL_", "NEWSBELL_X"]),
        st.one_of(st.sampled_from(VALUES), soup(*VALUES, most=3)),
        max_size=6,
    )
)
def test_an_environment_is_settings_or_every_problem_in_words(tmp_path: Path, environment: dict[str, str]) -> None:
    with suppress(ConfigError):
        assert load(environment, tmp_path / ".env").timezone


@fuzzed
@given(
    bytes_soup(
        *(f"{name}=".encode() for name in NAMES),
        b"\n",
        b"'",
        b'"',
        b"#",
        b"export ",
        b"=",
        b"\\",
        b"${A}",
        b"\xff",
        b"\x00",
    )
)
def test_a_settings_file_is_settings_or_every_problem_in_words(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / ".env"
    file.write_bytes(data)
    with suppress(ConfigError):
        assert load({}, file).scan_for >= timedelta(seconds=1)


QUERIES = (
    "(", "a OR ", '"', "a NEAR/8 ", "-", "title:", "a* ", "NOT ", "a~8 ", ")", "“a” ", "е\u0301", "lang:",
    '"a b"~8 ', "source:a ", "((a) OR ", "a -b ", "since:", "*", "難", "&amp;",
)  # fmt: skip


@pytest.mark.parametrize("piece", QUERIES)
def test_a_query_twice_as_long_takes_no_more_than_three_times_as_long(piece: str) -> None:
    def read(text: str) -> None:
        with suppress(QuerySyntaxError):
            parse_query(text, dates=True, max_terms=100_000, max_length=10**9)

    grows_in_step(repeated(piece), read, 1_000, 30_000)


FEEDS = {
    "items": ("<rss><channel>", "<item><title>a</title></item>", "</channel></rss>"),
    "open items": ("<rss><channel>", "<item>", ""),
    "nesting": ("<rss><channel><item>", "<a>", ""),
    "data": ("<rss><channel><item><title>", "<![CDATA[", ""),
    "entities": ("<rss><channel><item><title>", "&a", ""),
    "attributes": ("<rss ", "a='b' ", "><channel>"),
    "comments": ("<rss><!--", "--", "<channel>"),
    "entries": ("<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry><id>a</id><link href='b'/></entry>", "</feed>"),
    "places": ("<urlset>", "<url><loc>https://example.org/a</loc></url>", "</urlset>"),
    "JSON": ('{"version": "https://jsonfeed.org/version/1", "items": [', '{"id": "a", "content_html": "<p>"},', "]}"),
    "brackets": ("", "[", ""),
    "blanks": ("", " ", "<rss>"),
    "paragraphs": ("<rss><channel><item><description>", "&lt;p&gt;", "</description></item></channel></rss>"),
}


@pytest.mark.parametrize("form", FEEDS.values(), ids=FEEDS)
def test_a_feed_twice_as_long_takes_no_more_than_three_times_as_long(form: tuple[str, str, str]) -> None:
    first, piece, last = form

    def read(body: bytes) -> None:
        with suppress(SourceError):
            parse_feed(body)

    grows_in_step(lambda size: (first + repeated(piece)(size) + last).encode(), read, 4_000, 60_000)


LISTS = {
    "outlines": ("<opml><body>", "<outline text='a' xmlUrl='https://example.org/a'/>", "</body></opml>"),
    "nesting": ("<opml><body>", "<outline text='a'>", ""),
    "attributes": ("<opml><body><outline ", "a='b' ", "/></body></opml>"),
    "heads": ("<opml><head>", "<a>b</a>", "</head></opml>"),
    "text": ("<opml><body><outline text='", "&amp;", "'/></body></opml>"),
}


@pytest.mark.parametrize("form", LISTS.values(), ids=LISTS)
def test_a_list_twice_as_long_takes_no_more_than_three_times_as_long(form: tuple[str, str, str]) -> None:
    first, piece, last = form

    def read(data: bytes) -> None:
        with suppress(SourceError):
            read_list(data)

    grows_in_step(lambda size: (first + repeated(piece)(size) + last).encode(), read, 4_000, 60_000)
