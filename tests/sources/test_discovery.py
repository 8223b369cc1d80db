"""What pages and robots.txt name: feeds, sitemaps, and the articles of a section page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.discovery import (
    FOUND_LIMIT,
    LINKS_LIMIT,
    articles_linked,
    common_feeds,
    feeds_named,
    page_text,
    sitemaps_named,
)
from bot.sources.fields import web_address
from tests.growth import costs_at_most

PAGE = """<!DOCTYPE html><html><head><base href="/vesti/">
<link rel="stylesheet" href="a.css" type="text/css">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="ALTERNATE feed" type="application/rss+xml; charset=utf-8" title="Main &amp; more" href="feed/">
<link rel="alternate" type="application/atom+xml" href="https://other.example/atom.xml">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json" href="/feed/json">
<link rel="alternate" hreflang="en" href="/en/">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="feed/">
</head><body></body></html>"""

SECTION = """<html><body>
<header><nav><a href="/2026/11/24/from-the-menu-to-all/">An article in the menu bar</a></nav></header>
<main>
  <article><a href="/2026/11/24/granica-otvorena/"><img alt=""></a>
    <header><h2><a href="/2026/11/24/granica-otvorena/?utm_source=home#top">Granica je <b>ponovo</b> otvorena</a></h2>
    </header></article>
  <article><a href="https://www.glasnik.example/vest/ministri-u-ohridu-o-novcu">Ministri u Ohridu o novcu</a></article>
  <p><a href="/clanak/1234567">Jedanaest opština traži pomoć</a> <a href="/clanak/1234567#comments">komentari</a></p>
  <a href="/tag/balkan-i-granice-eu/">Sve o Balkanu i granicama</a>
  <a href="/2026/11/24/">Sve od ovog dana danas</a>
  <a href="/o-nama">O nama i redakciji našoj</a>
  <a href="/slika-dana-u-boji.jpg">Slika dana u boji</a>
  <a href="https://elsewhere.example/2026/11/24/another-site-s-story/">Another site has this story</a>
  <a href="https://video.glasnik.example/2026/11/24/razgovor-sa-ministrom/">Razgovor sa ministrom na videu</a>
  <a href="mailto:a@b.example">Write a letter to us</a> <a>No address is here</a>
</main>
<footer><a href="/2026/11/24/from-the-footer-of-page/">An article in the footer</a></footer></body></html>"""


def test_feeds_are_found_in_the_order_of_the_page_and_comments_come_last() -> None:
    found = feeds_named(PAGE, "https://glasnik.example/x/y")
    assert [(feed.url, feed.title) for feed in found] == [
        ("https://glasnik.example/vesti/feed/", "Main & more"),
        ("https://other.example/atom.xml", ""),
        ("https://glasnik.example/feed.json", ""),
        ("https://glasnik.example/feed/json", ""),
        ("https://glasnik.example/comments/feed/", "Comments"),
    ]


def test_articles_of_a_section_are_found_in_order_with_their_headlines() -> None:
    found = articles_linked(SECTION, "https://glasnik.example/vesti/")
    assert [(link.url, link.title) for link in found] == [
        ("https://glasnik.example/2026/11/24/granica-otvorena/", "Granica je ponovo otvorena"),
        ("https://www.glasnik.example/vest/ministri-u-ohridu-o-novcu", "Ministri u Ohridu o novcu"),
        ("https://glasnik.example/clanak/1234567", "Jedanaest opština traži pomoć"),
        ("https://video.glasnik.example/2026/11/24/razgovor-sa-ministrom/", "Razgovor sa ministrom na videu"),
    ]


def test_common_paths_begin_below_the_page() -> None:
    found = common_feeds("https://ex.example/en/news?page=2#top")
    assert found[:2] == ("https://ex.example/en/feed/", "https://ex.example/en/rss")
    assert "https://ex.example/feed/" in found
    assert len(found) == len(set(found)) < 15
    assert common_feeds("ftp://ex.example/") == ()


def test_sitemaps_are_found_in_robots_txt() -> None:
    robots = (
        "User-agent: *\nDisallow: /a\nSitemap: https://ex.example/news.xml\n sitemap:/s.xml\r\nSITEMAP: javascript:x\n"
    )
    assert sitemaps_named(robots, "https://ex.example/robots.txt") == (
        "https://ex.example/news.xml",
        "https://ex.example/s.xml",
    )


def test_a_page_is_read_in_its_own_charset() -> None:
    page = '<meta charset="windows-1251"><title>Граница открыта</title>'
    assert page_text(page.encode("cp1251")) == page
    assert page_text(page.encode("koi8-r"), "text/html; charset=koi8-r") == page


@pytest.mark.parametrize(
    "page",
    [
        "<link rel=alternate type=application/rss+xml href=/f{}>" * 30_000,
        "<a href=/2026/11/24/a-story-that-is-long/>" * 30_000,
        "<div>" * 100_000 + "<a href=/2026/11/24/a>x y z</a>",
        "<a " * 100_000,
        "Sitemap: /a\n" * 50_000 + "sitemap" + " " * 400_000,
        "<!--" * 100_000,
    ],
    ids=range(6),
)
def test_hostile_pages_are_read_soon(page: str) -> None:
    def found(page: str) -> None:
        assert len(feeds_named(page, "https://ex.example/")) <= FOUND_LIMIT
        assert len(articles_linked(page, "https://ex.example/")) <= LINKS_LIMIT
        assert len(sitemaps_named(page, "https://ex.example/")) <= FOUND_LIMIT

    costs_at_most(300, found, page)


TAGS = [
    "<a href='/2026/11/24/x-y-z'>",
    "</a>",
    "<base href='//['>",
    "<link rel=alternate type=text/xml href=rss>",
    "<p",
    "'",
    "a",
]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(TAGS) | st.text(max_size=8), max_size=20).map("".join), st.text(max_size=20))
def test_any_page_and_address_are_read(page: str, address: str) -> None:
    for base_url in (address, "https://ex.example/" + address):
        found = [*feeds_named(page, base_url), *articles_linked(page, base_url)]
        assert all(web_address(candidate.url) == candidate.url for candidate in found)
        sitemaps_named(page, base_url)
        common_feeds(base_url)
