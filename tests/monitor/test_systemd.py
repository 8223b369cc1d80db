"""systemd is told by real datagrams: ready when a platform listens, alive while nothing hangs, and that it stops."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot import attending
from bot.app import App
from bot.attending import attend
from bot.config import Settings
from bot.core.errors import StoreError
from bot.core.vitals import Runs
from bot.jobs.sender import Sender
from bot.monitor.systemd import UNWATCHED, Systemd
from bot.monitor.watching import Watching
from tests.jobs.conftest import NOW, Platform
from tests.simulated import simulate


@dataclass
class Manager:
    """A socket as systemd has it, path or abstract."""

    name: str
    socket: socket.socket

    @property
    def heard(self) -> list[list[str]]:
        """The lines of each datagram that came since the last time."""
        found = []
        while True:
            try:
                found.append(self.socket.recv(65_536).decode().split("\n"))
            except BlockingIOError:
                return found

    def environment(self, **more: str) -> dict[str, str]:
        """What it gives the process."""
        return {"NOTIFY_SOCKET": self.name, **more}


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@newsbell-test/{tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if name.startswith("@") else name)
        listening.setblocking(False)
        yield Manager(name, listening)


def test_what_is_told_arrives_as_the_protocol_has_it(manager: Manager) -> None:
    systemd = Systemd.of(manager.environment(), 1)
    assert systemd is not None
    systemd.tell("READY=1", status="serving Telegram")
    systemd.tell("WATCHDOG=1")
    systemd.tell("WATCHDOG=1", status="two\nlines, READY=1\n" + "x" * 1_000)
    first, second, third = manager.heard
    assert first == ["READY=1", "STATUS=serving Telegram"]
    assert second == ["WATCHDOG=1"]
    assert third[0] == "WATCHDOG=1"
    assert third[1].startswith("STATUS=two lines, READY=1 xxx")
    assert len(third) == 2
    assert len(third[1]) < 500


@pytest.mark.parametrize(
    ("given", "watchdog"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "7"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "-1"}, None),
    ],
)
def test_the_watchdog_is_fed_three_times_as_often_as_it_asks(given: dict[str, str], watchdog: float | None) -> None:
    systemd = Systemd.of({"NOTIFY_SOCKET": "/run/notify", **given}, 7)
    assert systemd is not None
    assert systemd.watchdog_for == watchdog
    assert systemd.every == UNWATCHED if watchdog is None else systemd.every <= watchdog / 3


@pytest.mark.parametrize("address", ["", "@", "/", "notify", "vsock:2:1"])
def test_who_was_not_started_by_systemd_tells_nobody(address: str) -> None:
    assert Systemd.of({"NOTIFY_SOCKET": address} if address else {}, 1) is None


def test_a_manager_that_is_gone_is_logged_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Systemd(str(tmp_path / "nobody")).tell("WATCHDOG=1")
    Systemd("/" + "x" * 200).tell("WATCHDOG=1")
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


@dataclass
class Chat:
    """A platform that is up when the test says so."""

    platform: str = "terminal"
    is_up: bool = False
    sender: Sender = field(default_factory=lambda: Sender(Platform()))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = App.open(Settings(tmp_path / "n.db", None, None, timedelta(seconds=60), "UTC", frozenset()), NOW)
    yield made
    made.close()


@dataclass
class Service:
    """A service that is attended, on a clock that jumps; `told` is what systemd heard, with when."""

    manager: Manager
    app: App
    chat: Chat = field(default_factory=Chat)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    told: list[tuple[float, str]] = field(default_factory=list)
    hung: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)

    async def live(self, *happens: tuple[float, Callable[[], object]]) -> None:
        """Runs until it is stopped; at these seconds these functions are called."""
        loop = asyncio.get_running_loop()
        self.runs = {"poll": Runs(loop.time()), "owe": Runs(loop.time())}
        calls = {"terminal": self.chat.sender.calls}
        self.watching = Watching(self.app.store, lambda: NOW, self.runs, calls)
        for seconds, happening in happens:
            loop.call_later(seconds, happening)
        systemd = Systemd(self.manager.name, 60.0)
        attended = asyncio.ensure_future(attend(systemd, self.watching, [self.chat], self.stop))
        while not attended.done():
            await asyncio.wait([attended], timeout=1)
            self.told += [(loop.time(), " ".join(lines)) for lines in self.manager.heard]
            if "owe" not in self.hung:
                self.runs["owe"].ended(loop.time(), loop.time(), well="owe" not in self.failing)
            self.runs["poll"].ended(loop.time(), loop.time(), well=True)
        await attended

    def up(self) -> None:
        """The platform accepts the token."""
        self.chat.is_up = True


def live(manager: Manager, app: App, *happens: tuple[float, str]) -> list[tuple[float, str]]:
    """What systemd heard of a service to which this happened."""

    async def run() -> list[tuple[float, str]]:
        service = Service(manager, app)
        actions: dict[str, Callable[[], object]] = {
            "up": service.up,
            "stop": service.stop.set,
            "owe hangs": lambda: service.hung.add("owe"),
            "owe fails": lambda: service.failing.add("owe"),
        }
        await service.live(*((seconds, actions[name]) for seconds, name in happens))
        return service.told

    return simulate(run())


def test_it_is_ready_when_a_platform_listens_and_not_before(manager: Manager, app: App) -> None:
    (ready_at, ready), *fed, (stopped_at, last) = live(manager, app, (7, "up"), (100, "stop"))
    assert ready == "READY=1 WATCHDOG=1 STATUS=serving Terminal"
    assert 7 <= ready_at < 9
    assert [text for _, text in fed] == ["WATCHDOG=1 STATUS=serving Terminal"] * 4
    assert last.startswith("STOPPING=1 STATUS=stopping")
    assert stopped_at == pytest.approx(100, abs=1)


def test_where_no_platform_can_be_reached_it_is_ready_all_the_same_and_says_so(manager: Manager, app: App) -> None:
    (ready_at, ready), *_ = live(manager, app, (50, "stop"))
    assert ready == "READY=1 WATCHDOG=1 STATUS=Terminal cannot be reached"
    assert ready_at == pytest.approx(attending.READY_WITHIN, abs=1)


def test_told_to_stop_before_it_was_ready_it_only_says_that(manager: Manager, app: App) -> None:
    assert [text.split()[0] for _, text in live(manager, app, (3, "stop"))] == ["STOPPING=1"]


def test_what_hangs_starves_the_watchdog_and_is_named(manager: Manager, app: App) -> None:
    told = live(manager, app, (1, "up"), (100, "owe hangs"), (1_000, "stop"))
    starved = [text for at, text in told if 720 < at < 1_000]
    assert starved
    assert not any("WATCHDOG" in text for text in starved)
    assert starved[-1].startswith("STATUS=the job owe has not ended for 1")
    assert all("WATCHDOG" in text for at, text in told if at < 700)


def test_what_only_fails_is_said_and_starves_nobody(manager: Manager, app: App) -> None:
    told = live(manager, app, (1, "up"), (100, "owe fails"), (1_000, "stop"))
    assert all("WATCHDOG=1" in text for _, text in told[:-1])
    assert "STATUS=expansion: alerts have not become deliveries for 14 min" in told[-2][1]


@pytest.mark.parametrize(("error", "fed"), [(StoreError("no room"), True), (TimeoutError(), False)])
def test_a_store_that_refuses_is_no_reason_to_restart_and_one_that_hangs_is(
    app: App, error: Exception, fed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: object) -> None:
        raise error

    monkeypatch.setattr(app.store, "read", refuse)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        told = live(Manager(str(tmp_path / "notify"), listening), app, (1, "up"), (25, "stop"))
    assert ["WATCHDOG=1" in text for _, text in told[:-1]] == [fed, fed]
    assert all("database: it cannot be read" in text for _, text in told[:-1])
