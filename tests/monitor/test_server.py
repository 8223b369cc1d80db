"""/healthz and /metrics of a real store and a real sender, asked over HTTP at a port that was free."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.app import App
from bot.config import Settings
from bot.core.errors import StoreError, Unavailable
from bot.core.lanes import Lane
from bot.core.listening import Listening
from bot.core.message import Message, line
from bot.core.model import Address, SourceKind
from bot.core.space import LOW, Room, Space
from bot.core.vitals import Runs
from bot.jobs.sender import Sender
from bot.monitor import watching as looks
from bot.monitor.server import listening
from bot.monitor.watching import Watching
from bot.scheduler import wall_clock
from bot.showing import shown
from tests.jobs.conftest import NOW, Platform, article

LOCAL = Address("terminal", "local")


@dataclass
class Page:
    """What was answered."""

    status: int
    text: str
    kind: str

    def value(self, name: str, **labels: str) -> float:
        """One sample of a metrics page, read as Prometheus reads it."""
        families = text_string_to_metric_families(self.text)
        (found,) = (s.value for family in families for s in family.samples if s.name == name and s.labels == labels)
        return float(found)


class Site:
    """The bot's pages; `watching` is what they look at."""

    def __init__(self, app: App) -> None:
        self.platform = Platform()
        self.sender = Sender(self.platform)
        self.clock = [NOW]
        self.runs = {name: Runs(asyncio.get_running_loop().time()) for name in ("scan", "poll", "owe")}
        self.watching = Watching(app.store, lambda: self.clock[0], self.runs, {"terminal": self.sender.calls})

    async def get(self, path: str) -> Page:
        """Asks for a page."""
        url = f"http://{self.at}{path}"
        async with ClientSession() as session, session.get(url) as answer:
            return Page(answer.status, await answer.text(), answer.headers["Content-Type"])

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Site]:
        """Serves at a free port."""
        async with listening(Listening("127.0.0.1", 0), self.watching, "1.2.3") as self.at:
            yield self


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = Settings(tmp_path / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset())
    made = App.open(settings, NOW)
    yield made
    made.close()


def ring(app: App) -> None:
    """A subscriber of `frontex`, and an article for them that is due."""

    def subscribe(session: object) -> None:
        chat = session.chats.ensure(LOCAL, NOW)  # type: ignore[attr-defined]
        session.subscriptions.add(  # type: ignore[attr-defined]
            chat, "frontex", NOW, cadence="instant", urgent=False, every=False, next_due_at=None
        )

    app.store.write(subscribe)
    source = app.store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/in", "in"))
    list(app.intake.take([article()], source, NOW))


def test_a_bot_that_works_is_well_and_shows_its_figures(app: App) -> None:
    async def work() -> tuple[Page, Page, Page]:
        async with Site(app).serving() as site:
            ring(app)
            await asyncio.to_thread(app.owe, NOW)
            deliver = app.delivery([site.sender], lambda _: True)
            await deliver(NOW)
            at = asyncio.get_running_loop().time()
            site.runs["scan"].ended(at - 0.2, at, well=True)
            site.runs["scan"].ended(at - 0.2, at, well=False)
            return await site.get("/healthz"), await site.get("/metrics"), await site.get("/")

    health, metrics, other = asyncio.run(work())
    assert (health.status, health.text) == (200, "ok\n")
    assert other.status == 404
    assert metrics.kind.startswith("text/plain; version=0.0.4")
    assert metrics.value("newsbell_info", version="1.2.3") == 1
    assert metrics.value("newsbell_articles") == 1
    assert metrics.value("newsbell_matches_total") == 1
    assert metrics.value("newsbell_queries") == metrics.value("newsbell_subscriptions") == 1
    assert metrics.value("newsbell_deliveries", kind="alert", state="sent") == 1
    assert metrics.value("newsbell_deliveries", kind="alert", state="waiting") == 0
    assert metrics.value("newsbell_sources", state="ok") == 1
    sent = {"platform": "terminal", "lane": "alert", "outcome": "ok"}
    assert metrics.value("newsbell_send_seconds_count", **sent) == 1
    assert metrics.value("newsbell_rate_wait_seconds_count", platform="terminal") == 1
    assert metrics.value("newsbell_job_duration_seconds_sum", job="scan") == pytest.approx(0.4)
    assert metrics.value("newsbell_job_duration_seconds_bucket", job="scan", le="0.05") == 0
    assert metrics.value("newsbell_job_duration_seconds_bucket", job="scan", le="+Inf") == 2
    assert metrics.value("newsbell_job_failures_total", job="scan") == 1
    assert metrics.value("newsbell_resident_memory_bytes", process="main") > 10e6


def test_what_is_due_and_refused_stalls_and_says_which(app: App) -> None:
    async def work() -> tuple[Page, Page]:
        async with Site(app).serving() as site:
            ring(app)
            await asyncio.to_thread(app.owe, NOW)
            site.platform.answers = [Unavailable("down")]
            await app.delivery([site.sender], lambda _: True)(NOW)
            site.clock[0] = NOW + timedelta(minutes=6)
            site.watching._since -= 360
            return await site.get("/healthz"), await site.get("/metrics")

    health, metrics = asyncio.run(work())
    assert health.status == 503
    assert health.text.startswith("deliveries: terminal has taken nothing for 6 min while 1 are due")
    assert metrics.value("newsbell_stalled", what="deliveries") == 1
    assert metrics.value("newsbell_stalled", what="scans") == 0
    assert metrics.value("newsbell_due", platform="terminal") == 1
    assert metrics.value("newsbell_oldest_due_seconds", platform="terminal") == 360
    failed = {"platform": "terminal", "lane": "alert", "outcome": "Unavailable"}
    assert metrics.value("newsbell_send_seconds_count", **failed) == 1


def test_alerts_that_nobody_expands_and_jobs_that_hang_stall(app: App) -> None:
    async def work() -> Page:
        async with Site(app).serving() as site:
            ring(app)
            site.clock[0] = NOW + timedelta(minutes=6)
            site.watching._since -= 360
            site.runs["poll"].since -= 180
            return await site.get("/healthz")

    health = asyncio.run(work())
    assert health.status == 503
    assert [told.partition(":")[0] for told in health.text.splitlines()] == ["scans", "expansion"]


def test_what_the_database_takes_is_shown_and_that_nothing_is_fetched_for_it(app: App) -> None:
    room = Room(database=800_000, log=4_000, free=LOW, copies=(700_000, 600_000), kept=50_000, ballast=64_000)
    past = ((NOW - timedelta(days=7), 100_000), (NOW, 800_000))
    found = [Space(room, most=10_000_000, past=past)]

    async def work() -> tuple[Page, Page, Page]:
        async with Site(app).serving() as site:
            site.watching.space = lambda _: found[0]
            well = await site.get("/metrics")
            found[0] = replace(found[0], room=replace(room, free=1_000_000), past=())
            return well, await site.get("/metrics"), await site.get("/healthz")

    well, full, health = asyncio.run(work())
    parts = {what: well.value("newsbell_disk_bytes", what=what) for what in ("database", "log", "copies", "ballast")}
    assert parts == {"database": 800_000, "log": 4_000, "copies": 1_350_000, "ballast": 64_000}
    assert well.value("newsbell_disk_free_bytes") == LOW
    assert well.value("newsbell_disk_used_ratio") == pytest.approx(0.1554)
    assert well.value("newsbell_growth_bytes_per_day") == 100_000
    assert well.value("newsbell_days_left") == 42
    assert well.value("newsbell_disk_full") == well.value("newsbell_stalled", what="scans") == 0
    assert full.value("newsbell_disk_full") == full.value("newsbell_stalled", what="scans") == 1
    assert "\nnewsbell_days_left" not in full.text
    assert health.status == 503
    assert health.text == (
        "scans: nothing is fetched: the disk is full: 1.0 MB are free, 34 MB are needed; "
        "free some space there, or shorten NEWSBELL_KEEP\n"
    )


def test_a_store_that_does_not_answer_is_what_stalls_and_the_rest_is_shown(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "LOOK_FOR", 0.05)

    async def work() -> tuple[Page, Page]:
        site = Site(app)
        let_go = asyncio.Event()
        loop = asyncio.get_running_loop()
        calls = []

        class Stuck:
            def read(self, _: object) -> object:
                calls.append(1)
                asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result()
                raise StoreError("database n.db: it is locked")

        site.watching.store = Stuck()  # type: ignore[assignment]
        async with site.serving():
            pages = await site.get("/healthz"), await site.get("/metrics")
            again = await site.get("/healthz")
            let_go.set()
        assert again.status == 503
        assert len(calls) == 2, "looks that hang do not pile up"
        return pages

    health, metrics = asyncio.run(work())
    assert (health.status, health.text) == (503, "database: it cannot be read (no answer within 0.05 s)\n")
    assert metrics.value("newsbell_stalled", what="database") == 1
    assert "newsbell_articles" not in metrics.text
    assert metrics.value("newsbell_job_failures_total", job="scan") == 0


def test_a_sender_times_its_calls_and_what_they_waited_for() -> None:
    from tests.simulated import simulate
    from tests.strict import StrictPlatform

    async def work() -> Sender:
        sender = Sender(StrictPlatform(latency=0.2))

        async def send(number: int) -> None:
            message = Message((line(str(number)),))
            address = Address("strict", str(number))
            await sender.call(Lane.ALERT, address, lambda: sender.messenger.send(address, message))

        await asyncio.gather(*map(send, range(61)))
        return sender

    calls = simulate(work()).calls
    assert calls.took["alert", "ok"].total == pytest.approx(61 * 0.2)
    assert calls.waited.total == pytest.approx(sum(number / 29 for number in range(61)), rel=0.1)
    assert calls.accepted_at == pytest.approx(60 / 29 + 0.2, rel=0.1)


def test_a_place_that_is_taken_is_a_warning_and_nothing_more(app: App) -> None:
    said: list[str] = []

    async def work(port: int) -> None:
        warned = asyncio.Event()

        def say(text: str) -> None:
            said.append(text)
            warned.set()

        object.__setattr__(app.settings, "http", Listening("127.0.0.1", port))
        async with shown(app, {}, app.delivery([], lambda _: True, wall_clock), say):
            await asyncio.wait_for(warned.wait(), 20)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        asyncio.run(work(port))
    (told,) = said
    assert told.startswith(f"NEWSBELL_HTTP: nothing is shown at 127.0.0.1:{port} (")
    assert "in use" in told
