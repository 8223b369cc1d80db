"""One feed of each kind, and what `sources check --json` says of it, beside each other in tests/sources/feeds."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sources.feeds.parse import parse
from bot.sources.feeds.values import FeedKind, feed_record, item_record

FOLDER = Path(__file__).parent / "feeds"
KINDS = {
    "rss.xml": FeedKind.RSS,
    "rss091.xml": FeedKind.RSS,
    "atom.xml": FeedKind.ATOM,
    "atom03.xml": FeedKind.ATOM,
    "rdf.xml": FeedKind.RDF,
    "feed.json": FeedKind.JSON,
    "rss.json": FeedKind.JSON,
    "sitemap.xml": FeedKind.SITEMAP,
    "sitemapindex.xml": FeedKind.SITEMAP_INDEX,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_feed_is_told_as_its_golden_says(name: str) -> None:
    base_url = "https://harbour.example/feed/" if name == "rss.xml" else None
    feed = parse((FOLDER / name).read_bytes(), base_url=base_url)
    assert feed.kind is KINDS[name]
    told = [feed_record(feed), *map(item_record, feed.items)]
    golden = FOLDER / f"{name}.golden.jsonl"
    assert told == [json.loads(line) for line in golden.read_text(encoding="utf-8").splitlines()]


def test_every_file_here_is_tested() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*KINDS, *(f"{name}.golden.jsonl" for name in KINDS)}


@pytest.mark.parametrize(
    ("name", "minutes"), [("rss.xml", 15), ("rdf.xml", 15), ("atom.xml", None), ("feed.json", None)]
)
def test_a_feed_may_say_how_long_it_stays_as_it_is(name: str, minutes: int | None) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert parse((FOLDER / name).read_bytes()).ttl_for == expected
