"""Finding a source from the address a person gives, and asking for nothing twice."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.errors import Forbidden, NotAFeed, SourceError, Unreachable
from bot.core.model import SourceKind
from bot.sources.discovery import COMMON_PATHS, Candidate
from bot.sources.feeds.values import FeedKind
from bot.sources.finding import Finder, Found
from bot.sources.reading import leads
from tests.jobs.conftest import NOW
from tests.jobs.web import Entry, Web, reader, rss

HOME = "https://paper.example/"
FEED = rss(Entry("1", "Rain in Tirana"))
NEWS = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://paper.example/a</loc></url></urlset>"


async def named(body: bytes, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
    return leads(body, content_type, base_url)


def find(web: Web, url: str = HOME, *, page: bool = False) -> Found:
    return asyncio.run(Finder(web, reader, named).find(url, NOW, page=page))


def linking(*urls: str) -> bytes:
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{url}'>" for url in urls)
    return f"<html><head>{links}</head><body>News</body></html>".encode()


def test_a_feed_is_what_it_is_and_asked_for_once() -> None:
    web = Web({HOME: FEED})
    found = find(web)
    assert (found.kind, found.location, found.name) == (SourceKind.FEED, HOME, "Wire")
    assert web.asked == [HOME]


def test_a_page_that_names_feeds_leads_to_the_first_that_is_one() -> None:
    web = Web({HOME: linking("/broken", "/private", "/feed"), f"{HOME}broken": b"<html></html>", f"{HOME}feed": FEED})
    web.pages[f"{HOME}private"] = Forbidden("private")
    assert find(web).location == f"{HOME}feed"
    assert web.asked == [HOME, f"{HOME}broken", f"{HOME}private", f"{HOME}feed"]


def test_without_a_word_the_usual_places_are_tried() -> None:
    web = Web({HOME: b"<html><body>News</body></html>", f"{HOME}rss.xml": FEED})
    assert find(web).location == f"{HOME}rss.xml"


def test_at_last_the_sitemaps_of_news_that_robots_names() -> None:
    web = Web(
        {HOME: b"<html><body>News</body></html>", f"{HOME}robots.txt": b"Sitemap: /all.xml\nSitemap: /news.xml\n"}
    )
    web.pages[f"{HOME}news.xml"] = NEWS
    found = find(web)
    assert (found.location, found.feed.kind) == (f"{HOME}news.xml", FeedKind.SITEMAP)
    assert f"{HOME}all.xml" not in web.asked


def test_a_site_without_any_is_said_after_few_questions() -> None:
    web = Web({HOME: b"<html><body>News</body></html>"})
    with pytest.raises(NotAFeed, match="neither a feed nor a page that names one"):
        find(web)
    assert len(web.asked) <= len(COMMON_PATHS) + 2


@pytest.mark.parametrize("problem", [Unreachable("no answer"), Forbidden("private")])
def test_an_address_that_does_not_answer_is_its_own_error(problem: SourceError) -> None:
    web = Web({HOME: problem})
    with pytest.raises(type(problem)):
        find(web)
    assert web.asked == [HOME]


def test_a_page_to_watch_is_the_page_itself() -> None:
    page = b"<html><body><a href='/2026/03/10/a'>A story of three words</a></body></html>"
    found = find(Web({HOME: page}), page=True)
    assert (found.kind, found.location, found.name) == (SourceKind.PAGE, HOME, "paper.example")


def test_credentials_are_kept_to_ask_with_and_a_moved_feed_is_added_where_it_is() -> None:
    secret = "https://user:pw@paper.example/feed"
    assert find(Web({secret: FEED}), secret).location == secret
    moved = find(Web({HOME: FEED}, moved={HOME: "https://new.example/feed"}))
    assert moved.location == "https://new.example/feed"
    assert moved.answer.moved_to is None
