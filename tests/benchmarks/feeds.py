"""A cold sweep: feeds of real size that were never asked, fetched over TLS, parsed in two processes, looked through.

It is the bot's own scan, from the store into the store, but that their articles are left out, as taking them in is
measured by itself (`tests.benchmarks.day`). Then a part of them shows news, which is taken in as well.
"""

from __future__ import annotations

import gzip
import re
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from html import escape
from itertools import count
from pathlib import Path
from random import Random

from bot.core.model import Article, SourceKind
from bot.core.ports import Session
from tests.benchmarks.corpus import SHARED
from tests.benchmarks.server import Site, serving
from tests.benchmarks.sweeping import Swept, opened, swept
from tests.benchmarks.workload import articles

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
FEEDS, AGAIN = 2_000, 300
"""Feeds, and those of them that are looked at again."""
USUAL = 300_000
"""Bytes up to which a feed is of usual size: five of six real ones, 77 kB on the average; all of them have 204 kB."""

_REAL = SHARED / "feeds" / "realworld.tar.gz"
_ID = re.compile(rb"(<(?:guid|id)\b[^>]*>)([^<]{1,400})(</(?:guid|id)>)")
_NEWS = 5
"""Items of each feed that are other ones at the second look."""


@lru_cache(maxsize=1)
def bodies() -> list[bytes]:
    """Real feeds where they are at hand, else generated ones of their usual size."""
    if not _REAL.exists():
        return [_generated(number) for number in range(200)]
    with tarfile.open(_REAL) as archive:
        members = [archive.extractfile(member) for member in archive if member.isfile()]
        return [member.read() for member in members if member]


@dataclass(frozen=True)
class _Feeds:
    """A host's feed is one of these, its items told from others' by their ids; who saw it sees news."""

    shown: Sequence[bytes]

    def answer(self, number: int, head: bytes) -> bytes:
        look = int(b'If-None-Match: "0"' in head)
        body = gzip.compress(_varied(self.shown[number % len(self.shown)], number, look), 1)
        headers = f'Content-Encoding: gzip\r\nETag: "{look}"\r\nContent-Length: {len(body)}\r\nConnection: close'
        return f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n{headers}\r\n\r\n".encode() + body


def _varied(body: bytes, number: int, look: int) -> bytes:
    """The feed as no other source shows it; at a later look its first few items are new ones."""
    numbers = count()

    def other(match: re.Match[bytes]) -> bytes:
        return b"%s%s#%d.%d%s" % (match[1], match[2], number, look * (next(numbers) <= _NEWS), match[3])

    return _ID.sub(other, body)


def measure(feeds: int = FEEDS, again: int = AGAIN) -> dict[str, float]:
    """Figures of feeds of usual size, of real ones as they are, and of a second look at some."""
    usual = [body for body in bodies() if len(body) <= USUAL]
    figures = _figures(f"{feeds:,} feeds of usual size, cold", _cold(usual, feeds, again=0)[0])
    if len(usual) < len(bodies()):
        figures |= _figures(f"{feeds:,} feeds as large as real ones, cold", _cold(bodies(), feeds, again=0)[0])
    return figures | _figures(
        f"{again:,} feeds with {_NEWS} news each, all taken in", _cold(usual, again, again=again)[1]
    )


def _figures(name: str, scan: Swept) -> dict[str, float]:
    figures = {
        "CPU-s": scan.cpu,
        "CPU-ms a feed": scan.cpu * 1e3 / scan.fetched,
        "peak memory, MB": scan.peak,
        "event loop blocked, longest, ms": scan.blocked,
        "event loop blocked by its own work, longest, CPU-ms": scan.worked,
        "seconds": scan.seconds,
    }
    if scan.new:
        figures |= {"articles": scan.new, "CPU-ms an article": scan.cpu * 1e3 / scan.new}
    return {f"{name}, {what}": figure for what, figure in figures.items()}


def _cold(shown: Sequence[bytes], feeds: int, *, again: int) -> list[Swept]:
    """A look at so many feeds whose articles are left out, and maybe another one that takes in."""
    with serving(_Feeds(shown)) as site, tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "feeds.db"
        with opened(database, NOW) as app:
            app.store.write(partial(_add, site, range(feeds)))
        scans = [swept(database, site, NOW, taking=False)]
        assert scans[0].fetched == feeds
        return [*scans, swept(database, site, NOW + timedelta(days=1))] if again else scans


def _add(site: Site, numbers: range, session: Session) -> None:
    for number in numbers:
        session.sources.ensure(SourceKind.FEED, site.url(number), f"Feed {number}")


def _generated(number: int) -> bytes:
    """A feed of as many items, with as long texts, as real ones of usual size have."""
    chance = Random(number)
    entries = "".join(
        f"<item><guid>{number}-{place}</guid><title>{escape(found.title)}</title>"
        f"<link>https://feeds.example/{number}/{place}</link>"
        f"<pubDate>Tue, 24 Nov 2026 {place % 24:02}:00:00 GMT</pubDate>"
        f"<description>{escape(f'<p>{found.text[:3_000]}</p>')}</description></item>"
        for place, found in enumerate(chance.sample(_articles(), 25))
    )
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{entries}</channel></rss>".encode()


@lru_cache(maxsize=1)
def _articles() -> list[Article]:
    return articles(3)[:2_000]


if __name__ == "__main__":
    import sys

    for name, value in measure(*map(int, sys.argv[1:])).items():
        print(f"{name}: {value:.3f}")
