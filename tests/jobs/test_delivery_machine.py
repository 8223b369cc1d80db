"""Whatever people, platforms, crashes and clocks do: each owed line is sent, dead with a reason, or called off.

None comes twice, unless a crash came between a platform's answer and our commit.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from bot.app import App
from bot.config import Settings
from bot.core.errors import ChatGone, ChatMoved, DeliveryError, NoPermission, Rejected, Throttled, Unavailable
from bot.core.message import Message, to_text
from bot.core.model import Address, Article, SourceKind
from bot.core.ports import Limits, Session, Store
from bot.core.presence import come_back
from handlers.request import Request
from store.database import SqliteStore, open_store
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.simulated import simulate

T = TypeVar("T")

START = datetime(2026, 3, 27, 20, tzinfo=UTC)
"""Two days before clocks go forward in Europe."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHATS = ("ana", "bojan", "-7")
WORDS = ("kosovo", "drina", "frontex")
MARK = re.compile(r"\bm\d+x\b")

FAILURES: dict[str, Callable[[Address], DeliveryError]] = {
    "throttled": lambda _: Throttled(timedelta(seconds=5)),
    "throttled for long": lambda _: Throttled(timedelta(minutes=20)),
    "everyone throttled": lambda _: Throttled(timedelta(minutes=3), everyone=True),
    "away": lambda _: Unavailable("away"),
    "rejected": lambda _: Rejected("odd"),
    "gone": lambda _: ChatGone("blocked"),
    "silenced": lambda _: NoPermission("no rights"),
    "moved": lambda address: ChatMoved(Address(address.platform, address.chat + "+")),
}
SCRIPT = st.lists(st.sampled_from((None, None, None, None, None, *FAILURES)), max_size=4)
CRASH = st.one_of(st.none(), st.none(), st.integers(0, 40))
SAID = (
    '/subscribe "kosovo"', '/subscribe "drina" urgent', '/subscribe "frontex" every', '/subscribe "drina" daily 08:00',
    '/subscribe "kosovo" daily 02:30,20:00', "/unsubscribe 1", "/unsubscribe 2", "/undo", "/pause", "/resume",
    "/status", "/settings timezone Asia/Tokyo", "/settings timezone America/New_York", "/settings quiet 22:00-07:00",
    "/settings quiet off",
)  # fmt: skip
"""What people say: each line a subscription, a zone, a pause ..."""


class Crash(BaseException):
    """The process is no more."""


@dataclass
class Process:
    """What one process may still do: at moment `die_at` it dies, and nothing it does has an effect any more."""

    die_at: int | None = None
    dead: bool = False
    moments: count[int] = field(default_factory=count)

    def moment(self) -> None:
        """After any call of the store or the platform: what lies before one lies after another, or is nothing yet."""
        if self.dead or next(self.moments) == self.die_at:
            self.dead = True
            raise Crash


@dataclass
class MortalStore:
    """A store in a process that may die inside and after any of its writes."""

    store: Store
    process: Process = field(default_factory=Process)

    def write(self, work: Callable[[Session], T]) -> T:
        """Writes, if it lives."""

        def mortal(session: Session) -> T:
            result = work(session)
            self.process.moment()
            return result

        if self.process.dead:
            raise Crash
        result = self.store.write(mortal)
        self.process.moment()
        return result

    def read(self, work: Callable[[Session], T]) -> T:
        """Reads, if it lives."""
        if self.process.dead:
            raise Crash
        return self.store.read(work)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


@dataclass
class World:
    """The platform as everybody sees it: what it accepted as (chat, reference, text), and what it does next."""

    accepted: list[tuple[str, str, str]] = field(default_factory=list)
    script: list[str | None] = field(default_factory=list)


@dataclass
class Line:
    """One worker's connection to the platform."""

    world: World
    process: Process
    platform: str = "terminal"
    limits: Limits = field(default_factory=lambda: Limits(edits=True))
    busy: set[str] = field(default_factory=set)

    async def send(self, address: Address, message: Message) -> str:
        """Accepts, or fails as scripted; the process may die on the way and after."""
        await self._call(address)
        reference = str(len(self.world.accepted))
        self.world.accepted.append((str(address), reference, to_text(message)))
        self.process.moment()
        return reference

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """The same for an edit."""
        await self._call(address)

    async def _call(self, address: Address) -> None:
        assert address.chat not in self.busy, "one message in flight a chat"
        self.busy.add(address.chat)
        try:
            if self.process.dead:
                raise Crash
            await asyncio.sleep(0.02)
            self.process.moment()
            failure = self.world.script.pop(0) if self.world.script else None
            if failure is not None:
                raise FAILURES[failure](address)
        finally:
            self.busy.discard(address.chat)


class DeliveryMachine(RuleBasedStateMachine):
    """Three chats, three words, two workers, one platform."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = START
        stores = fresh_store(self.folder / "n.db"), open_store(self.folder / "n.db", now=START)
        self.stores = [MortalStore(store) for store in stores]
        known = Settings(self.folder / "n.db", None, None, MINUTE, "UTC", frozenset())
        self.apps = [App(known, store, few_topics()) for store in self.stores]  # type: ignore[arg-type]
        self.world = World()
        self.texts: list[str] = []
        self.may_repeat: Counter[str] = Counter()
        for name in CHATS:
            self.say(name, "/settings timezone Europe/Belgrade")
            self.say(name, '/subscribe "kosovo"')
        self.say("ana", '/subscribe "drina" daily 08:00')
        self.say("bojan", '/subscribe "frontex" urgent')

    def teardown(self) -> None:
        try:
            self.everything_ends()
        finally:
            for store in self.stores:
                store.store.close()
            shutil.rmtree(self.folder)

    def say(self, name: str, text: str) -> None:
        """Somebody in the chat commands something, wherever it lives now."""
        self.apps[0].answer(Request(self.address(name), text, self.now))

    def address(self, name: str) -> Address:
        """The chat's address after all its moves."""
        rows = self.rows("SELECT chat FROM chats WHERE rtrim(chat, '+') = ? ORDER BY length(chat) DESC LIMIT 1", name)
        return Address("terminal", str(rows[0][0]) if rows else name)

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        store = self.stores[0].store
        assert isinstance(store, SqliteStore)
        with store.reading() as connection:
            return connection.execute(sql, values).fetchall()

    @rule(name=st.sampled_from(CHATS), what=st.sampled_from(SAID))
    def command(self, name: str, what: str) -> None:
        self.say(name, what)

    @rule(name=st.sampled_from(CHATS), most=st.sampled_from((1, 8)))
    def ceiling(self, name: str, most: int) -> None:
        address = self.address(name)

        def change(session: Session) -> None:
            chat = session.chats.ensure(address, self.now)
            session.chats.save(replace(chat, max_per_hour=most))

        self.apps[0].store.write(change)

    @rule(
        stories=st.lists(st.sets(st.sampled_from(WORDS), min_size=1), min_size=1, max_size=3),
        script=SCRIPT,
        die_at=CRASH,
    )
    def news(self, stories: list[set[str]], script: list[str | None], die_at: int | None) -> None:
        for words in stories:
            self.publish(words)
        self.deliver(script, die_at, workers=1)

    def publish(self, words: set[str]) -> None:
        number = len(self.texts)
        own = " ".join(f"{chr(97 + number % 26)}{part}q{number}" for part in range(8))
        self.texts.append(f"{own} {' '.join(sorted(words))}")
        self.take(number, "Sample Post")

    @rule(story=st.integers(0, 50), outlet=st.sampled_from(("Daily Bell", "Border Wire")))
    def grow(self, story: int, outlet: str) -> None:
        if self.texts:
            self.take(story % len(self.texts), outlet)

    def take(self, story: int, outlet: str) -> None:
        """An outlet carries the story; its headline says which article it is."""
        guid = f"m{story}0{len(outlet)}x"
        source = self.apps[0].store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
        article = Article(guid, f"Report {guid}", self.texts[story], outlet, language="en")
        list(self.apps[0].intake.take([article], source, self.now))

    @rule(passed=st.sampled_from((MINUTE, 6 * MINUTE, 40 * MINUTE, 7 * HOUR, DAY, -HOUR)))
    def wait(self, passed: timedelta) -> None:
        """Time passes, or the clock is put right; then a pass finds what there is to do."""
        self.now += passed
        self.run([None])

    @rule(script=SCRIPT, die_at=CRASH, workers=st.integers(1, 2))
    def deliver(self, script: list[str | None], die_at: int | None, workers: int) -> None:
        self.world.script = list(script)
        self.run([die_at] * workers)

    def run(self, deaths: list[int | None]) -> None:
        """A pass of one worker or two; a death at some moment is that of all, as they share a loop."""
        process = Process(deaths[0])

        async def work() -> None:
            passes = []
            for app, store, _ in zip(self.apps, self.stores, deaths, strict=False):
                store.process = process
                deliver = app.deliverer(Line(self.world, process), lambda _: True)
                passes.append(app.deliver(self.now, deliver))
            await asyncio.gather(*passes)

        before = len(self.world.accepted)
        try:
            simulate(work())
        except (Crash, AssertionError):
            if not process.dead:
                raise
        for store in self.stores:
            store.process = Process()
        if process.dead:
            settled = {ref for (ref,) in self.rows("SELECT message_ref FROM deliveries")}
            lost = [(chat, text) for chat, ref, text in self.world.accepted[before:] if ref not in settled]
            for chat, text in lost:
                self.may_repeat.update({f"{chat.rstrip('+')} {mark}": 1 for mark in set(MARK.findall(text))})

    def everything_ends(self) -> None:
        """All is well again: what is owed arrives, and then nothing is left."""
        self.world.script = []
        for name in CHATS:
            chat_id = self.rows("SELECT id FROM chats WHERE chat = ?", self.address(name).chat)[0][0]
            assert isinstance(chat_id, int)
            self.apps[0].store.write(lambda session, chat_id=chat_id: come_back(session, chat_id))  # type: ignore[misc]
            self.say(name, "/resume")
            self.say(name, "/settings quiet off")
        for _ in range(4):
            self.now += DAY + MINUTE
            self.run([None])
        open_rows = self.rows("SELECT kind, state, reason FROM deliveries WHERE state IN ('waiting', 'leased')")
        assert open_rows == []
        assert self.rows("SELECT id FROM deliveries WHERE state IN ('dead', 'cancelled') AND reason IS NULL") == []
        assert self.rows("SELECT id FROM errands WHERE state IN ('waiting', 'leased')") == []
        self.check_what_was_sent_was_told()
        self.check_none_came_twice()

    def check_what_was_sent_was_told(self) -> None:
        """By its own headline or, in a digest, which tells a story once, as one more outlet of it."""
        sql = """
            SELECT d.message_ref, a.guid, a.outlet, (
                SELECT group_concat(o.guid, ' ') FROM articles o WHERE o.story_id = a.story_id
            ) FROM deliveries d JOIN articles a ON a.id = d.article_id
            WHERE d.state = 'sent' AND d.message_ref IS NOT NULL
        """
        for reference, guid, outlet, story in self.rows(sql):
            _, _, text = self.world.accepted[int(str(reference))]
            joined = text.startswith("Digest") and str(outlet) in text
            as_outlet = joined and any(other in text for other in str(story).split())
            assert str(guid) in text or as_outlet or "more: /digest" in text

    def check_none_came_twice(self) -> None:
        told: Counter[str] = Counter()
        for chat, _, text in self.world.accepted:
            kind = "digest" if text.startswith("Digest") else "alert"
            told.update({f"{kind} {chat.rstrip('+')} {mark}": 1 for mark in set(MARK.findall(text))})
        for what, times in told.items():
            assert times <= 1 + self.may_repeat[what.partition(" ")[2]], what


TestDelivery = DeliveryMachine.TestCase
TestDelivery.settings = settings(max_examples=12, stateful_step_count=25, deadline=None)
