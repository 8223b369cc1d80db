"""A body may end anywhere: what was cut off is left out, and the feed says that it is not whole."""

from __future__ import annotations

import pytest

from bot.core.errors import SourceError
from bot.sources.feeds.markup import whole
from bot.sources.feeds.parse import parse
from tests.sources.test_feed_kinds import FOLDER

ITEM = "<item><title>A</title><link>https://ex.org/1</link></item>"


@pytest.mark.parametrize(
    ("text", "left", "complete"),
    [
        (f"<rss><channel>{ITEM}</channel></rss>", f"<rss><channel>{ITEM}</channel></rss>", True),
        (f"<RSS><channel>{ITEM}</channel></rss>", f"<RSS><channel>{ITEM}</channel></rss>", True),
        (f"<rss><channel>{ITEM}", f"<rss><channel>{ITEM}", False),
        (f"<rss><channel>{ITEM}<ite", f"<rss><channel>{ITEM}", False),
        (f"<rss><channel>{ITEM}<item><title>B</title>", f"<rss><channel>{ITEM}", False),
        (f"<rss><channel>{ITEM}<item><title>B</title><link>https://ex.org/", f"<rss><channel>{ITEM}", False),
        (f"<rss><channel>{ITEM[:-3]}", f"<rss><channel>{ITEM[:-3]}", False),
        ("<rss><channel><item><title>B", "<rss><channel>", False),
        ("<rss><channel><title>T</ti", "<rss><channel><title>T</ti", False),
        (
            "<a:feed><a:entry><a:id>1</a:id></a:entry><a:entry><a:id>2",
            "<a:feed><a:entry><a:id>1</a:id></a:entry>",
            False,
        ),
    ],
)
def test_of_a_cut_feed_whole_items_are_left(text: str, left: str, complete: bool) -> None:
    root = "feed" if "feed" in text else "rss"
    assert whole(root, text) == (left, complete)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "rdf.xml", "sitemap.xml", "sitemapindex.xml"])
def test_every_item_of_a_feed_cut_anywhere_is_one_of_the_whole(name: str) -> None:
    body = (FOLDER / name).read_bytes()
    feed = parse(body)
    assert feed.whole
    for cut in range(len(body) // 4, len(body) - 20, max(1, len(body) // 60)):
        try:
            part = parse(body[:cut])
        except SourceError:
            continue
        assert not part.whole
        assert "cut off before its end" in part.problems
        identities = {(item.guid, item.url, item.title) for item in feed.items}
        assert {(item.guid, item.url, item.title) for item in part.items} <= identities, body[:cut][-80:]
