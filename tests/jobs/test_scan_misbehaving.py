"""From sockets to the archive: whatever a server does, others go on, what it shows is there, and nothing is doubled."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import POLLED, Kind, Outlook, SourceKind
from bot.jobs.scan import Scanned
from bot.sources.polled import Polled
from tests.jobs.conftest import NOW, Newsbell, empty
from tests.jobs.web import WIRE, Desk, Entry, reader, rss
from tests.sources.asking import client
from tests.sources.misbehaving import Asked, Behaviour, Server, Writer, answer, endless, redirect, reset, serving, stall

HOUR = timedelta(hours=1)
WORDS = ("amber", "basalt", "cedar", "delta", "ember", "fjord", "grain", "hollow", "island", "jetty", "kiosk", "marble")
REQUEST_FOR = timedelta(seconds=1)
"""What a request may take where one stalls."""


def entry(number: int) -> Entry:
    """A story of its own that names Frontex."""
    word = WORDS[number % len(WORDS)] + str(number)
    text = " ".join(f"{word}{other}{turn}" for turn in range(4) for other in WORDS)
    return Entry(f"g{number}", f"Frontex {word}", text, NOW + number * HOUR / 4, f"https://wire.example/g{number}")


def honest(*entries: Entry) -> Behaviour:
    """A feed as it should be served, with its validator; 304 to who holds it."""
    body = rss(*entries)
    tag = f'"{len(body)}-{entries[0].guid if entries else ""}"'

    async def behave(asked: Asked, writer: Writer) -> None:
        same = asked.headers.get("if-none-match") == tag
        await answer(304 if same else 200, b"" if same else body, ETag=tag, Content_Type="text/xml")(asked, writer)

    return behave


@dataclass
class Rooms:
    """A newsbell with one source on the server under test and one on a neighbour that is always honest."""

    desk: Desk
    hours: int = 0
    hurried: bool = False

    async def look(self, tested: Server, neighbour: Server, behaviour: Behaviour) -> Scanned:
        """Both sources are asked; the neighbour has a new article each time."""
        tested.behaviours["/feed"] = behaviour
        news = [Entry(f"n{hour}", f"Neighbour note {hour}", at=NOW) for hour in range(self.hours + 1)]
        neighbour.behaviours["/feed"] = honest(*reversed(news))
        async with client(**({"request_for": REQUEST_FOR} if self.hurried else {})) as http:
            polled = Polled(http, reader)
            scan = replace(self.desk.bell.app.scan, fetchers=dict.fromkeys(POLLED, polled))
            now = NOW + self.hours * HOUR
            scanned = await scan(now, ("Tested", "Neighbour"))
        self.hours += 1
        return scanned

    def forget(self) -> None:
        """What was remembered of the source is gone, as after a damaged memory."""
        source = self.desk.source("Tested")
        self.desk.bell.app.store.write(lambda session: session.sources.fetched(source.id, NOW, Outlook()))

    def titles(self, outlet: str = "Tested") -> list[str]:
        """The headlines archived of an outlet, sorted."""
        return sorted(title for _, title, _, source, _ in self.desk.archive() if source == outlet)

    def rung(self) -> int:
        """How many alerts are owed in all."""
        self.desk.bell.app.owe(NOW + self.hours * HOUR)
        counts = self.desk.bell.app.store.read(lambda session: session.outbox.counts())
        return sum(number for (kind, _), number in counts.items() if kind is Kind.ALERT)


def opened(bell: Newsbell) -> Rooms:
    rooms = Rooms(Desk(bell))
    bell.subscribe("frontex")
    return rooms


async def with_servers(rooms: Rooms, play: Callable[[Server, Server], Awaitable[None]]) -> None:
    async with serving({}, host="127.0.0.2") as tested, serving({}, host="127.0.0.3") as neighbour:
        rooms.desk.add(tested.url("/feed"), name="Tested")
        rooms.desk.add(neighbour.url("/feed"), name="Neighbour")
        await play(tested, neighbour)


BODY = rss(entry(3), entry(2), entry(1))
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
PAGE = b"<html><body>One moment</body></html>"


def short(body: bytes, cut: int) -> Behaviour:
    """A body that ends too early and is said to be no longer, with a validator for all of it."""

    async def behave(asked: Asked, writer: Writer) -> None:
        held = asked.headers.get("if-none-match") == '"all of it"'
        head = b'HTTP/1.1 200 OK\r\nETag: "all of it"\r\nContent-Length: %d\r\n\r\n' % cut
        writer.write(b"HTTP/1.1 304 Same\r\n\r\n" if held else head + body[:cut])

    return behave


def elsewhere(item: Entry) -> Entry:
    """The same story under another guid and address."""
    return replace(item, guid=f"moved-{item.guid}", url=f"https://wire.example/new/{item.guid}")


def stalls(start: bytes) -> Behaviour:
    """So much, and then nothing for longer than a request may take."""

    async def behave(asked: Asked, writer: Writer) -> None:
        over = asyncio.Event()
        asyncio.get_running_loop().call_later(2 * REQUEST_FOR.total_seconds(), over.set)
        await stall(start, over)(asked, writer)

    return behave


def skewed(*shown: Entry) -> Behaviour:
    """A server whose clock is ten years ahead, in its headers and in what it publishes."""
    ahead = NOW + 3_650 * timedelta(days=1)
    date = format_datetime(ahead, usegmt=True)
    body = rss(*(replace(item, at=ahead) for item in shown))
    return answer(200, body, Date=date, Last_Modified=date, Expires=date, ETag='"skew"')


def bomb() -> bytes:
    return gzip.compress(b"\0" * 30_000_000)


MISBEHAVIOURS: dict[str, tuple[Behaviour, bool]] = {
    "stalls before it answers": (stalls(b""), True),
    "stalls mid-body": (stalls(HEAD + b"Content-Length: 9999\r\n\r\n" + BODY[:300]), True),
    "says it is longer": (answer(200, BODY, Content_Length=str(len(BODY) + 500)), True),
    "says it is shorter, at an address": (short(BODY, BODY.index(b"/g2</link>") + 1), False),
    "says it is shorter, at a headline": (short(BODY, BODY.index(b"</title><link>https://wire.example/g2")), False),
    "resets": (reset(HEAD + b"Content-Length: 9999\r\n\r\n" + BODY[:400]), True),
    "redirects in a circle": (redirect("/feed"), True),
    "sends a gzip bomb": (answer(200, bomb(), Content_Encoding="gzip"), True),
    "never ends": (endless(HEAD + b"\r\n", b"<item>" * 30_000, []), True),
    "has new guids": (honest(*(replace(entry(n), guid=f"new-{n}") for n in (3, 2, 1))), False),
    "has new guids and addresses": (honest(*(elsewhere(entry(n)) for n in (3, 2, 1))), False),
    "answers a page": (answer(200, PAGE, Content_Type="text/html"), True),
    "answers 304 to nothing": (answer(304, b"", Content_Length="-"), True),
    "has another clock": (skewed(entry(3), entry(2), entry(1)), False),
    "answers nothing": (answer(200, b""), True),
    "fails": (answer(500, b"oops"), True),
}
"""Each with whether the look fails."""

MISBEHAVING: dict[str, Callable[[list[Entry]], Behaviour]] = {
    "longer": lambda shown: answer(200, rss(*shown), Content_Length="99999"),
    "shorter": lambda shown: short(rss(*shown), len(rss(*shown)) * 2 // 3),
    "reset": lambda shown: reset(HEAD + b"Content-Length: 9999\r\n\r\n" + rss(*shown)[:200]),
    "circle": lambda shown: redirect("/feed"),
    "guids": lambda shown: honest(*(replace(item, guid=f"new-{item.guid}") for item in shown)),
    "elsewhere": lambda shown: honest(*map(elsewhere, shown)),
    "page": lambda shown: answer(200, PAGE, Content_Type="text/html"),
    "clock": lambda shown: skewed(*shown),
    "empty": lambda shown: answer(200, rss()),
    "fails": lambda shown: answer(503, b"", Retry_After="1"),
}


@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_others_go_on_and_what_it_shows_again_is_there_once(bell: Newsbell, name: str) -> None:
    behaviour, fails = MISBEHAVIOURS[name]
    rooms = opened(bell)
    rooms.hurried = name.startswith("stalls")

    async def play(tested: Server, neighbour: Server) -> None:
        await rooms.look(tested, neighbour, honest(entry(1), entry(0)))
        if "304" in name:
            rooms.forget()
        scanned = await rooms.look(tested, neighbour, behaviour)
        assert [source.name for source, _ in scanned.failed] == (["Tested"] if fails else [])
        assert rooms.titles("Neighbour") == ["Neighbour note 0", "Neighbour note 1"], "others go on"
        for _ in range(2):
            await rooms.look(tested, neighbour, honest(entry(3), entry(2), entry(1)))

    asyncio.run(with_servers(rooms, play))
    assert rooms.titles() == sorted(entry(number).title for number in range(4))
    assert rooms.rung() == 2, "what came after the first look, each once"


SHOWN = 3
"""Items that the feed shows; each look finds one more, and one less."""


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from([*MISBEHAVING, "honest", "honest"]), max_size=7))
def test_in_any_order_what_was_seen_honestly_is_there_and_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory, looks: list[str]
) -> None:
    app = empty(tmp_path_factory.mktemp("chaos") / "n.db")
    rooms, visible = opened(Newsbell(app)), set[str]()

    async def play(tested: Server, neighbour: Server) -> None:
        await rooms.look(tested, neighbour, honest(entry(0)))
        for number, name in enumerate([*looks, "honest"], SHOWN):
            shown = [entry(number - back) for back in range(SHOWN)]
            await rooms.look(tested, neighbour, MISBEHAVING[name](shown) if name in MISBEHAVING else honest(*shown))
            visible.update(item.title for item in shown if name == "honest")

    asyncio.run(with_servers(rooms, play))
    titles = rooms.titles()
    assert visible <= set(titles)
    assert len(titles) == len(set(titles))
    assert rooms.titles("Neighbour") == sorted(f"Neighbour note {hour}" for hour in range(len(looks) + 2))
    assert rooms.rung() == len(titles) - 1, "all but the first look's, each once"
    app.close()


ORDERS = ("tdlgp", "tlgdp")


def feed_of(entries: list[Entry], order: str) -> bytes:
    """A feed whose items have their parts in this order, by first letters: guid, title, link, description, pubDate."""

    def item(entry: Entry) -> str:
        parts = {
            "g": f"<guid isPermaLink='false'>{entry.guid}</guid>",
            "t": f"<title>{entry.title}</title>",
            "l": f"<link>{entry.url}</link>",
            "d": f"<description>{entry.text}</description>",
            "p": f"<pubDate>{format_datetime(entry.at or NOW)}</pubDate>",
        }
        return f"<item>{''.join(parts[letter] for letter in order)}</item>"

    items = "".join(map(item, entries))
    return f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("order", ORDERS)
def test_a_feed_that_is_cut_anywhere_makes_no_article_of_half_an_item(bell: Newsbell, order: str) -> None:
    desk = Desk(bell)
    whole = [
        Entry(f"guid-{word}", f"Headline of {word}", f"A {word}.", url=f"https://wire.example/{word}")
        for word in WORDS[:3]
    ]
    body, rest = feed_of(whole, order), feed_of(whole[1:], order)
    desk.add()
    for cut in range(body.index(b"<item>"), len(body), 19):
        desk.web.pages[WIRE] = rest
        desk.scan()
        desk.web.pages[WIRE] = body[:cut]
        desk.scan(HOUR)
        assert len(desk.archive()) in (2, 3), body[:cut][-80:]
    desk.web.pages[WIRE] = body
    desk.scan(2 * HOUR)
    assert [title for _, title, *_ in desk.archive()] == sorted(item.title for item in whole)


def test_what_was_cut_off_is_asked_for_again_in_full(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    desk.shows(entry(1))
    desk.scan()
    body = rss(entry(3), entry(2), entry(1))
    desk.web.pages[WIRE] = body[: body.rindex(b"<item>")]
    assert desk.scan(HOUR).new == 2
    desk.scan(2 * HOUR)
    assert desk.web.asks[-1].known.etag == "", "with its validator the server would say that nothing has changed"


@pytest.mark.usefixtures("impatient")
def test_a_sitemap_or_a_page_that_is_cut_anywhere_makes_no_article_of_half_an_address(bell: Newsbell) -> None:
    desk = Desk(bell)
    places = [f"https://map.example/2026/03/10/{word}" for word in WORDS[:3]]
    news = "<n:news><n:title>The story of {}</n:title><n:publication_date>2026-03-10</n:publication_date></n:news>"
    urls = "".join(f"<url><loc>{place}</loc>{news.format(place[-5:])}</url>" for place in places)
    names = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    links = "".join(f"<p><a href='{place}'>The story of {place[-5:]} today</a></p>" for place in places)
    bodies = {
        SourceKind.FEED: f"<urlset {names}>{urls}</urlset>".encode(),
        SourceKind.PAGE: f"<html><body><main>{links}</main></body></html>".encode(),
    }
    for kind, body in bodies.items():
        url = f"https://map.example/{kind}"
        desk.add(url, kind, name=kind)
        for cut in range(body.index(places[0].encode()), len(body), 9):
            desk.web.pages[url] = body[:cut]
            desk.scan(names=(kind,))
        desk.web.pages[url] = body
        desk.scan(HOUR, (kind,))
    assert {guid for guid, *_ in desk.archive()} == set(places)
