"""A newsbell of two platforms and six feeds on a simulated clock; all around it is scripted, its store is real."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.config import Settings
from bot.core.cadence import parse_cadence
from bot.core.errors import StoreError, Unavailable, Unreachable
from bot.core.model import Address, SourceKind
from bot.core.plan import next_digest
from bot.core.ports import Session
from bot.jobs.deliver import Deliver
from bot.jobs.sender import Sender
from store.database import SqliteStore, open_store
from tests.jobs.conftest import Newsbell
from tests.jobs.web import Desk, Entry, Web, rss
from tests.strict import StrictPlatform

START = datetime(2026, 3, 10, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEEDS, CHATS, SHOWN = 6, 60, 12
"""Feeds, chats, and how many entries a feed shows."""
EVERY = 4
"""Minutes between two articles."""
CALM_FOR = timedelta(days=3)
"""How long nothing is wrong any more at the end: the last retry comes after more than two days."""
WORDS = ("amber", "basalt", "cedar", "delta", "ember", "fjord", "grain", "hollow", "island", "jetty", "kiosk", "marble")
BALLAST = 8_000_000
"""Bytes set aside for a full disk."""
READY_FOR = timedelta(hours=1)
"""How often a calm world looks around."""


def headline(number: int) -> str:
    """A story of its own that names Frontex."""
    return f"Frontex {WORDS[number % len(WORDS)]}{number}"


def entry(number: int, at: datetime) -> Entry:
    """An article that shares no word but one with any other."""
    word = f"{WORDS[number % len(WORDS)]}{number}"
    text = " ".join(f"{word}{other}{turn}" for turn in range(4) for other in WORDS)
    return Entry(f"g{number}", headline(number), text, at, f"https://wire.example/g{number}")


@dataclass
class Shaky(StrictPlatform):
    """A strict platform that can be down: then nothing is taken, and nothing answers."""

    is_down: bool = False

    async def _called(self, address: Address) -> None:
        if self.is_down:
            raise Unavailable(f"{self.platform} does not answer")
        await super()._called(address)


@dataclass
class World:
    """The world at `now`: `minute` of its script, `jumped` by as much as its clock was set wrong."""

    app: App
    chance: random.Random
    web: Web = field(default_factory=Web)
    platforms: tuple[Shaky, Shaky] = field(default_factory=lambda: (Shaky("telegram"), Shaky("slack")))
    jumped: timedelta = timedelta(0)
    minute: int = 0
    published: list[int] = field(default_factory=list)
    shown: dict[int, list[Entry]] = field(default_factory=lambda: {feed: [] for feed in range(FEEDS)})
    store_errors: int = 0
    known_down: bool = False
    """Whether the bot knows when a platform is down, and claims nothing for it."""
    network_gone: bool = False
    delivering: asyncio.Future[None] | None = None
    after_scan: Callable[[], None] | None = None
    """Happens once, when the next scan has ended and nobody was told of what it brought."""
    asked_before: int = 0
    """How many fetches there had been."""
    missed: list[str] = field(default_factory=list)
    """What should have been while it was wrong, and was not."""

    @property
    def store(self) -> SqliteStore:
        """The real one."""
        store = self.app.store
        assert isinstance(store, SqliteStore)
        return store

    def now(self) -> datetime:
        """What the clock on the wall says."""
        return START + timedelta(seconds=asyncio.get_running_loop().time()) + self.jumped

    def people(self) -> None:
        """Half of the chats hear at once, the other half by a daily digest; each platform has both."""
        self.store.write(self._subscribe)

    def _subscribe(self, session: Session) -> None:
        daily = parse_cadence("daily 08:00")
        assert daily is not None
        for number in range(CHATS):
            platform = self.platforms[number % 2].platform
            chat = replace(session.chats.ensure(Address(platform, str(1_000 + number)), START), max_per_hour=60)
            session.chats.save(chat)
            due = next_digest(daily, chat, START, "UTC") if number % 4 >= 2 else None
            cadence = str(daily) if due else "instant"
            session.subscriptions.add(
                chat, "frontex", START, cadence=cadence, urgent=False, every=False, next_due_at=due
            )

    def publish(self) -> None:
        """One more article in one of the feeds."""
        number = len(self.published)
        feed = number % FEEDS
        self.shown[feed] = [entry(number, self.now()), *self.shown[feed]][:SHOWN]
        self.published.append(number)

    def serve(self) -> None:
        """The web as it is now: feeds, or what a network that is gone, slow or lying makes of them."""
        for feed, entries in self.shown.items():
            whole: bytes | Exception = rss(*entries)
            self.web.pages[url(feed)] = Unreachable(f"{url(feed)}: no such name") if self.network_gone else whole

    def lie(self) -> None:
        """Some feeds are cut off, empty, a page of a hotel's network, a redirect's text, or a server error."""
        for feed in range(FEEDS):
            whole = self.web.pages[url(feed)]
            if isinstance(whole, bytes) and self.chance.random() < 0.7:
                lies: tuple[bytes | Exception, ...] = (
                    whole[: self.chance.randrange(len(whole))],
                    b"",
                    b"<html><body>Sign in to the network</body></html>",
                    b"\x1f\x8b" + whole[:40],
                    Unreachable(f"{url(feed)}: answers 503 Service Unavailable"),
                    Unreachable(f"{url(feed)}: no answer within 30 s"),
                )
                self.web.pages[url(feed)] = self.chance.choice(lies)

    async def pass_over(self, deliver: Deliver) -> None:
        """Everything the timetable does, as it does it: what fails is told, and its next run comes all the same."""
        desk, watermark = Desk(Newsbell(self.app), self.web), self.app.caretaker.watermark
        await self._guarded(lambda: asyncio.to_thread(watermark, self.now()))
        polling = watermark.gate(lambda at: desk.polling(at, [f"Feed {feed}" for feed in range(FEEDS)]))
        await self._guarded(lambda: polling(self.now()))
        if self.after_scan is not None:
            self.after_scan()
            self.after_scan = None
        await self._guarded(lambda: asyncio.to_thread(self.app.owe, self.now()))
        if self.delivering is None or self.delivering.done():  # one pass at a time, however long it takes
            self.delivering = asyncio.ensure_future(self._guarded(lambda: deliver(self.now())))

    async def _guarded(self, job: Callable[[], object]) -> None:
        try:
            await job()  # type: ignore[misc]
        except StoreError:
            self.store_errors += 1

    def deliverer(self) -> Deliver:
        """Sends over both platforms."""

        def takes(address: Address) -> bool:
            down = {platform.platform: platform.is_down for platform in self.platforms}
            return not (self.known_down and down[address.platform])

        return self.app.delivery([Sender(platform) for platform in self.platforms], takes, self.now)

    def told(self) -> Counter[tuple[str, int]]:
        """How often each chat was told each story."""
        counted: Counter[tuple[str, int]] = Counter()
        for platform in self.platforms:
            for _, address, text in platform.told:
                for number in numbers_in(text):
                    counted[address, number] += 1
        return counted


class Inline(Executor):
    """Does at once what is handed to it: on a simulated clock nobody waits for threads."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        """Done when it returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **named))
        except Exception as error:
            future.set_exception(error)
        return future


def url(feed: int) -> str:
    """Where a feed is."""
    return f"https://feed{feed}.example/rss"


def numbers_in(text: str) -> Iterator[int]:
    """The numbers of the stories a message tells."""
    for part in text.split("Frontex ")[1:]:
        word = part.split(maxsplit=1)[0] if part.split() else ""
        digits = "".join(letter for letter in word if letter.isdigit())
        name = word.rstrip("0123456789")
        if digits and WORDS[int(digits) % len(WORDS)] == name:
            yield int(digits)


def opened(folder: Path, seed: int) -> World:
    """A world at its beginning: feeds are known, and people have subscribed."""
    logging.getLogger("bot").setLevel(logging.CRITICAL)
    settings = Settings(
        folder / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset(), fulltext=False, ballast=BALLAST
    )
    world = World(App(settings, open_store(folder / "n.db", now=START)), random.Random(seed))
    world.app.scan.turns._threads = Inline()  # type: ignore[assignment]
    for feed in range(FEEDS):
        world.store.write(
            lambda session, feed=feed: session.sources.ensure(SourceKind.FEED, url(feed), f"Feed {feed}")  # type: ignore[misc]
        )
    world.people()
    world.app.caretaker.watermark.begin(START)
    return world


Script = Callable[[World], None]


async def live(world: World, script: Script, minutes: int) -> None:
    """So many minutes in which `script` does what it does, and then days in which nothing is wrong."""
    deliver = world.deliverer()
    world.serve()
    await world.pass_over(deliver)
    for world.minute in range(minutes):
        script(world)
        if world.minute % EVERY == 0:
            world.publish()
        world.serve()
        if "lies" in script.__name__:
            world.lie()
        await world.pass_over(deliver)
        await asyncio.sleep(MINUTE.total_seconds())
    for platform in world.platforms:
        platform.is_down = False
    world.network_gone = False
    world.serve()
    for _ in range(CALM_FOR // READY_FOR):
        await world.pass_over(deliver)
        await asyncio.sleep(READY_FOR.total_seconds())
    if world.delivering is not None:
        await world.delivering
