"""What a page or a robots.txt says of where articles can be had: feeds, sitemaps, and a section page's own articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit

from bot.core.url import canonical_url
from bot.sources import plain
from bot.sources.encoding import decode_web
from bot.sources.feeds.parse import BODY_LIMIT, charset_of
from bot.sources.fields import web_address
from bot.sources.markup import charset
from bot.sources.trees import Element, html_tree

FOUND_LIMIT = 50
"""Feeds, and sitemaps, told of one page."""
LINKS_LIMIT = 500
"""Article links told of one page."""
_ANCHORS_LIMIT = 10_000
_ROBOTS_LIMIT = 512_000
"""RFC 9309 2.5 asks for 500 KiB at least."""

COMMON_PATHS = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/rss/", "/feeds/posts/default",
)  # fmt: skip
"""Where sites keep feeds that no page of theirs names, the likeliest first."""

_FEED_TYPES = frozenset((
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "application/xml", "text/xml",
))  # fmt: skip
_FEED_LIKE = re.compile(r"rss|feed|atom|rdf|\.xml", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|komentar", re.IGNORECASE)
_SITEMAP = re.compile(r"(?im)^[ \t]{0,20}sitemap[ \t]{0,20}:[ \t]{0,20}(\S{1,2000})")

_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|temat?|categor(?:y|ies)|kategorij[ae]|kategorie|authors?|autori?|search|page|login|register"
    r"|account|subscribe|newsletter|contact|kontakt|about|impressum|privacy|terms|cookies|wp-content|wp-admin|feed|rss)"
    r"(?:/|$)|\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|xml|css|js|json|ico)$",
    re.IGNORECASE,
)
_DATED = re.compile(r"/(?:19|20)\d\d[/-]\d{1,2}[/-][^/]*[^\W\d_]|/(?:19|20)\d\d[/-]\d{1,2}[/-]\d{1,2}[/-][^/]")
_NUMBERED = re.compile(r"\d{5,}")
_OUTSIDE = frozenset(("nav", "footer", "header", "aside", "form"))
_TITLE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed, and what the page calls it."""

    url: str
    title: str = ""


def page_text(body: bytes, content_type: str | None = None) -> str:
    """The text of a page of any charset, at most BODY_LIMIT bytes of it."""
    body = body[:BODY_LIMIT]
    return decode_web(body, charset_of(content_type), charset(body))


def feeds_named(page: str, base_url: str) -> tuple[Candidate, ...]:
    """Feeds that `<link rel=alternate>` names, in the page's order, those of comments last (WHATWG HTML 4.6.8.1)."""
    tree = html_tree(page)
    if tree is None:
        return ()
    base = _base(tree, base_url)
    found: dict[str, Candidate] = {}
    for link in islice(tree.iter("link"), _ANCHORS_LIMIT):
        url = _resolved(base, link.get("href"))
        if url and _names_a_feed(link, url):
            found.setdefault(url, Candidate(url, plain.title(link.get("title") or "")))
    by_worth = sorted(found.values(), key=lambda candidate: bool(_COMMENTS.search(candidate.url + candidate.title)))
    return tuple(by_worth[:FOUND_LIMIT])


def common_feeds(url: str) -> tuple[str, ...]:
    """Addresses to try for a site that names no feed: below the page's own folder first, then below the root."""
    parts = urlsplit(web_address(url) or "")
    if not parts.netloc:
        return ()
    root = f"{parts.scheme}://{parts.netloc}"
    folder = parts.path if parts.path.endswith("/") else parts.path.rpartition("/")[0]
    below = (root + folder.rstrip("/") + path for path in COMMON_PATHS[:3])
    return tuple(dict.fromkeys([*below, *(root + path for path in COMMON_PATHS)]))


def articles_linked(page: str, base_url: str) -> tuple[Candidate, ...]:
    """Links of a section page that look like articles of the same site, in the page's order, each once.

    The title is the longest text that links there; navigation, forms and footers are passed over.
    """
    tree = html_tree(page)
    if tree is None:
        return ()
    base, titles, urls = _base(tree, base_url), dict[str, str](), dict[str, str]()
    for anchor in _anchors(tree):
        url = _resolved(base, anchor.get("href"))
        if not url or not _same_site(url, base_url) or canonical_url(url) == canonical_url(base_url):
            continue
        key, title = canonical_url(url), _anchor_title(anchor)
        urls.setdefault(key, url.partition("#")[0])
        titles[key] = max(titles.get(key, ""), title, key=len)
    likely = (Candidate(urls[key], title) for key, title in titles.items() if _looks_like_an_article(urls[key], title))
    return tuple(islice(likely, LINKS_LIMIT))


def sitemaps_named(robots: str, base_url: str) -> tuple[str, ...]:
    """Sitemaps a robots.txt names (sitemaps.org, RFC 9309 2.2.4), in order, each once; relative ones are resolved."""
    found = (_resolved(base_url, line) for line in _SITEMAP.findall(robots[:_ROBOTS_LIMIT]))
    return tuple(dict.fromkeys(filter(None, found)))[:FOUND_LIMIT]


def _names_a_feed(link: Element, url: str) -> bool:
    rel, kind = (link.get("rel") or "").lower().split(), (link.get("type") or "").lower().partition(";")[0].strip()
    if "feed" in rel:
        return True
    generic = kind in ("application/json", "application/xml", "text/xml")
    return "alternate" in rel and kind in _FEED_TYPES and (not generic or bool(_FEED_LIKE.search(urlsplit(url).path)))


def _base(tree: Element, base_url: str) -> str:
    """What relative links are relative to: the page's `<base>`, else its address."""
    said = next((base.get("href") for base in islice(tree.iter("base"), 10) if base.get("href")), "")
    return _resolved(base_url, said) or base_url


def _resolved(base: str, href: str | None) -> str | None:
    try:
        return web_address(urljoin(base, (href or "").strip())) if href else None
    except ValueError:
        return None


def _anchors(tree: Element) -> Iterator[Element]:
    """The links outside navigation and the like; an article's own header counts as inside the article."""
    for anchor in islice(tree.iter("a"), _ANCHORS_LIMIT):
        names = [element.tag for element in islice(anchor.iterancestors(), 100)]
        if "article" in names or "main" in names or not _OUTSIDE.intersection(names):
            yield anchor


def _anchor_title(anchor: Element) -> str:
    text = plain.title(" ".join(islice(anchor.itertext(), 100))[:2_000])
    return text or plain.title((anchor.get("title") or "")[:2_000])


def _same_site(url: str, base_url: str) -> bool:
    """Whether the hosts are one, or one is below the other, `www.` aside."""
    host, home = ((urlsplit(address).hostname or "").removeprefix("www.") for address in (url, base_url))
    return host == home or host.endswith("." + home)


def _looks_like_an_article(url: str, title: str) -> bool:
    """Judged by the path (a date, a number, a worded last part) and by a title of more words than a menu has."""
    path = urlsplit(url).path
    if path.strip("/") == "" or _NO_ARTICLE.search(path) or len(title.split()) < _TITLE_WORDS:
        return False
    last = path.rstrip("/").rpartition("/")[2]
    return bool(_DATED.search(path) or _NUMBERED.search(path) or last.count("-") + last.count("_") >= 2)
