"""robots.txt by the letter of RFC 9309, its examples included, and remembered on a clock that is handed in."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError, Unreachable
from bot.sources.web.answers import FEED, Answer, Ask
from bot.sources.web.robots import ALL, SIZE_LIMIT, Robots, read
from tests.growth import costs_at_most

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/ab", False),
        ("Disallow: /a", "/b", True),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /A", "/a", True),
        ("Allow: /a\nDisallow: /", "/ab", True),
        ("Disallow: /\nAllow: /a", "/b", False),
        ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
        ("Allow: /same\nDisallow: /same", "/same", True),
        ("Disallow: /*.gif$", "/x/y.gif", False),
        ("Disallow: /*.gif$", "/x/y.gif?z", True),
        ("Disallow: /*.gif", "/x/y.gifs", False),
        ("Disallow: /a*b*c$", "/abcbc", False),
        ("Disallow: /a*bc$", "/abc", False),
        ("Disallow: /ab*b$", "/ab", True),
        ("Disallow: *?print", "/x?print=1", False),
        ("Disallow: /x$", "/x", False),
        ("Disallow: /x$", "/xy", True),
        ("Disallow: /foo/bar?baz=quz", "/foo/bar?baz=quz", False),
        ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("Disallow: /foo/bar/%E3%83%84", "/foo/bar/ツ", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /a%3cd.html", "/a%3Cd.html", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: / # all of it", "/a", False),
        ("  disallow :\t/a  ", "/a", False),
        ("Nonsense\nCrawl-delay: 9\nDisallow: /a", "/a", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)  # fmt: skip
def test_a_rule_holds_for_what_it_matches_and_the_longest_decides(rules: str, path: str, allowed: bool) -> None:
    assert read(f"User-agent: *\n{rules}".encode()).allow(path) is allowed


@pytest.mark.parametrize(
    ("agents", "meant"),
    [
        ("newsbell", True),
        ("NewsBell", True),
        ("newsbell/1.0", True),
        ("newsbell (a bot)", True),
        ("news", False),
        ("newsbells", False),
        ("my-newsbell", False),
        ("*", True),
        ("otherbot\nUser-agent: newsbell", True),
        ("newsbell\n\n# between\n\nUser-agent: otherbot", True),
        ("newsbell\nSitemap: https://x/\nUser-agent: otherbot", True),
    ],
)
def test_a_group_is_ours_by_its_product_token(agents: str, meant: bool) -> None:
    assert read(f"User-agent: {agents}\nDisallow: /".encode()).allow("/a") is not meant


def test_our_own_groups_are_joined_and_then_the_general_one_does_not_count() -> None:
    rules = read(
        b"User-agent: newsbell\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-Agent: NEWSBELL\r\nDisallow: /b\r"
        b"Allow: /b/c\nUser-agent: x\nDisallow: /d"
    )
    assert [path for path in ("/a", "/b", "/b/c", "/d", "/e") if rules.allow(path)] == ["/b/c", "/d", "/e"]
    assert read(b"User-agent: newsbell\nUser-agent: x\n\nUser-agent: *\nDisallow: /").allow("/a") is False
    assert read(b"User-agent: newsbell\nDisallow:\n\nUser-agent: *\nDisallow: /").allow("/a")


def test_only_so_much_is_read() -> None:
    data = b"User-agent: *\nDisallow: /a\n" + b"#" * SIZE_LIMIT + b"\nDisallow: /b\n"
    assert [read(data).allow("/a"), read(data).allow("/b")] == [False, True]


def test_patterns_made_to_take_long_do_not() -> None:
    rules = read(b"User-agent: *\n" + b"Disallow: /" + b"*a" * 2_000 + b"b$\n" + b"Disallow: /*x*y*z\n" * 5_000)
    assert costs_at_most(100, rules.allow, "/" + "a" * 4_000)


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_are_rules_and_any_text_a_path(data: bytes, path: str) -> None:
    for start in (b"", b"User-agent: *\n", b"User-agent: newsbell\nDisallow: /"):
        read(start + data).allow("/" + path)


class Site:
    """An `Http` that answers robots.txt as told, and counts."""

    def __init__(self, *answers: bytes | SourceError, fresh_for: timedelta | None = None) -> None:
        self.answers, self.fresh_for = list(answers), fresh_for
        self.asked: list[str] = []

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        self.asked.append(url)
        assert (ask.limit, ask.cut) == (SIZE_LIMIT, True)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, SourceError):
            raise answer
        return Answer(200, url, body=answer, fresh_for=self.fresh_for)


async def permitted(robots: Robots, url: str, now: datetime) -> bool | timedelta:
    """Whether a page may be fetched, or how long that cannot be said."""
    try:
        await robots.permit(url, now)
    except Forbidden as refusal:
        if "stay away" not in str(refusal):
            raise
        return False
    except RateLimited as pause:
        return pause.retry_after
    return True


def allowed(site: Site, *looks: tuple[str, timedelta]) -> list[bool | timedelta]:
    async def run() -> list[bool | timedelta]:
        robots = Robots(site)
        return [await permitted(robots, url, NOW + later) for url, later in looks]

    return asyncio.run(run())


def test_a_site_is_asked_once_a_day_and_every_origin_for_itself() -> None:
    site = Site(b"User-agent: *\nDisallow: /private")
    page, private = "https://example.org/a", "https://me:pw@EXAMPLE.org:443/private/x?y"
    assert allowed(site, (page, 0 * HOUR), (private, 23 * HOUR), (page, 24 * HOUR)) == [True, False, True]
    assert site.asked == ["https://example.org/robots.txt"] * 2
    site = Site(b"")
    allowed(site, ("http://example.org/", 0 * HOUR), ("https://example.org:8443/", 0 * HOUR))
    assert site.asked == ["http://example.org/robots.txt", "https://example.org:8443/robots.txt"]


@pytest.mark.parametrize(("fresh_for", "kept_for"), [(0 * HOUR, HOUR), (3 * HOUR, 3 * HOUR), (99 * HOUR, 24 * HOUR)])
def test_what_the_server_calls_fresh_is_kept_within_bounds(fresh_for: timedelta, kept_for: timedelta) -> None:
    site, page = Site(b"", fresh_for=fresh_for), "https://example.org/"
    allowed(site, (page, 0 * HOUR), (page, kept_for - timedelta(seconds=1)))
    assert len(site.asked) == 1
    allowed(site, (page, 0 * HOUR), (page, kept_for))
    assert len(site.asked) == 3


@pytest.mark.parametrize("error", [Missing("404"), Gone("410"), Forbidden("403")])
def test_without_a_robots_txt_everything_is_allowed(error: SourceError) -> None:
    assert allowed(Site(error), ("https://example.org/a", 0 * HOUR)) == [True]


def test_a_site_that_fails_allows_nothing_for_a_while() -> None:
    site, page = Site(Unreachable("500"), b""), "https://example.org/a"
    assert allowed(site, (page, 0 * HOUR), (page, HOUR / 2), (page, HOUR)) == [HOUR, HOUR / 2, True]
    assert len(site.asked) == 2
    site = Site(RateLimited("busy", HOUR / 4), b"")
    assert allowed(site, (page, 0 * HOUR), (page, HOUR / 4)) == [HOUR / 4, True]


def test_a_clock_set_back_asks_again() -> None:
    site, page = Site(b""), "https://example.org/a"
    allowed(site, (page, 48 * HOUR), (page, 0 * HOUR))
    assert len(site.asked) == 2


def test_many_pages_at_once_ask_once() -> None:
    site = Site(b"User-agent: *\nDisallow: /9\nSitemap: /s.xml")

    async def run() -> list[bool | timedelta]:
        robots = Robots(site)
        return await asyncio.gather(*(permitted(robots, f"https://example.org/{number}", NOW) for number in range(10)))

    assert (asyncio.run(run()), len(site.asked)) == ([True] * 9 + [False], 1)
    assert ALL.allow("/anything")


def test_a_page_that_is_no_web_address_is_forbidden() -> None:
    with pytest.raises(Forbidden):
        allowed(Site(b""), ("file:///etc/passwd", 0 * HOUR))
