"""A disk that is really full: what is due goes out and is settled, fetching waits, and all goes on when there is room.

What SQLite is told is true in both worlds: a file that may have no more pages, and a small tmpfs that something else
has filled up (where this machine lets one be mounted).
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.cli import run
from bot.config import Settings
from bot.core.errors import StoreFull
from bot.core.model import Address, Kind, State
from bot.core.space import Cause
from bot.jobs.scan import Scan
from handlers.dispatch import dispatch
from handlers.request import Request
from store import connections, database
from store.database import SqliteStore, open_store
from store.space import make_way
from tests.few_topics import few_topics
from tests.jobs.conftest import NOW, Newsbell, article
from tests.jobs.web import Desk, Entry

MINUTE = timedelta(minutes=1)
BALLAST = 4_000_000
TEXT = " ".join(f"officials{number} said on Tuesday that patrols{number} begin" for number in range(12_000))
"""So much that its article finds no room where a settled delivery still does."""


def opened(folder: Path, name: str = "n.db") -> Newsbell:
    """A newsbell with something set aside."""
    settings = Settings(
        folder / name, None, None, timedelta(seconds=60), "UTC", frozenset(), fulltext=False, ballast=BALLAST
    )
    return Newsbell(App(settings, open_store(settings.database, now=NOW), few_topics()))


@dataclass
class World:
    """A newsbell with a feed and a subscriber; each `minute` is one round of its timetable."""

    bell: Newsbell
    full: Callable[[], None]
    room: Callable[[], None]
    now: datetime = NOW
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.bell)
        self.desk.add()
        self.desk.shows(Entry("1", "Rain in Tirana"))
        self.desk.scan()
        self.bell.subscribe("frontex")
        self.watermark.begin(self.now)

    @property
    def store(self) -> SqliteStore:
        """The real one."""
        store = self.bell.app.store
        assert isinstance(store, SqliteStore)
        return store

    @property
    def watermark(self):  # type: ignore[no-untyped-def]
        """What knows whether there is room."""
        return self.bell.app.caretaker.watermark

    def minute(self) -> None:
        """A look at the room, a scan behind its gate, and what is due leaves; what fails has another run."""
        self.now += MINUTE
        self.watermark(self.now)
        scan: Scan = self.desk.polling
        with suppress(StoreFull):
            asyncio.run(self.watermark.gate(lambda at: scan(at, ("Wire",)))(self.now))
        with suppress(StoreFull):
            self.bell.deliver(self.now)

    def say(self, text: str) -> str:
        """What an admin is answered."""
        from bot.core.message import to_text

        request = Request(Address("terminal", "local"), text, self.now, admin=True)
        return to_text(dispatch(request, self.bell.app.services))

    def counts(self) -> dict[tuple[Kind, State], int]:
        """How many deliveries are where."""
        return self.store.read(lambda session: session.outbox.counts())

    def told(self, what: str) -> int:
        """In how many messages it was told."""
        return sum(what in text for text in self.bell.texts)

    def damage(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        check = "PRAGMA integrity_check"
        found = self.store.exclusively(lambda connection: connection.execute(check).fetchall())
        return [row[0] for row in found if row[0] != "ok"]


def lived(world: World) -> None:
    """An alert is due when the disk fills; a long article comes meanwhile."""
    world.bell.take(article("Frontex opens an office in Skopje"), now=world.now)
    world.full()
    world.desk.shows(Entry("2", "Frontex buys a plane", TEXT, world.now), Entry("1", "Rain in Tirana"))
    for _ in range(4):
        world.minute()
    assert world.watermark.cause is not None
    assert world.counts() == {(Kind.ALERT, State.SENT): 1}, "what was due is sent and settled"
    assert world.told("Frontex opens an office") == 1
    assert world.told("nothing is fetched") == 1, "admins are told once"
    asked = len(world.desk.web.asked)
    world.minute()
    assert len(world.desk.web.asked) == asked, "nobody is asked for what would find no room"
    status = world.say("/status")
    assert "nothing is fetched: " in status
    assert not world.store.path.with_name("n.db-ballast").exists()
    assert "Frontex opens an office" in world.say("/search skopje")
    world.room()
    for _ in range(3):
        world.minute()
    assert world.watermark.cause is None
    assert world.told("Frontex buys a plane") == 1, "what came meanwhile rings now"
    assert world.told("Frontex opens an office") == 1, "and nothing twice"
    assert world.told("There is room again") == 1
    assert "nothing is fetched" not in world.say("/status")
    assert world.store.path.with_name("n.db-ballast").stat().st_size == BALLAST
    assert world.damage() == []
    assert set(world.counts()) == {(Kind.ALERT, State.SENT)}


def pages(world: World, more: int | None) -> None:
    """Has the file grow by so many pages at most, None for as many as it likes."""
    world.store.exclusively(lambda connection: limit(connection, more))


def limit(connection: sqlite3.Connection, more: int | None) -> None:
    """The same of what a connection writes."""
    (held,) = connection.execute("PRAGMA page_count").fetchone()
    most = 1_073_741_823 if more is None else held + more
    connection.execute(f"PRAGMA max_page_count = {most}").fetchall()


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    bell = opened(tmp_path)
    world = World(bell, lambda: pages(world, 12), lambda: pages(world, None))
    lived(world)
    bell.app.close()


def test_tick_delivers_what_is_due_on_a_disk_that_fills_up_just_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith(("NEWSBELL_", "TELEGRAM_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSBELL_SEED_ARTICLES", "")
    monkeypatch.setenv("NEWSBELL_BALLAST", "")
    monkeypatch.chdir(tmp_path)
    at = ["--at", NOW.isoformat()]
    assert run(["tick", *at]) == 0
    bell = opened(tmp_path, "newsbell.db")
    bell.subscribe("frontex")
    bell.take(article("Frontex opens an office in Skopje"), now=NOW)
    bell.app.close()
    Path("inbox/plane.txt").write_text(f"Frontex buys a plane\n{TEXT}\n")

    def nearly_full(path: Path) -> sqlite3.Connection:
        connection = connections.open_writer(path)
        limit(connection, 12)
        return connection

    with monkeypatch.context() as full:
        full.setattr(database, "open_writer", nearly_full)
        capsys.readouterr()
        assert run(["tick", *at]) == 0
    printed = capsys.readouterr()
    assert "Frontex opens an office in Skopje" in printed.out
    assert "the disk is full; free some space" in printed.err
    assert run(["tick", *at]) == 0
    printed = capsys.readouterr()
    assert "Frontex buys a plane" in printed.out
    assert "opens an office" not in printed.out


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 MB; skipped where none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, stderr=subprocess.DEVNULL)
    except OSError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("no tmpfs can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, *, leave: int = 0) -> None:
    """Something else writes until nothing, or so much, is left."""
    with suppress(OSError), (folder / "filler").open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4_096))
    if leave:
        size = (folder / "filler").stat().st_size
        with (folder / "filler").open("r+b") as file:
            file.truncate(size - leave)


def test_a_disk_that_something_else_fills_up(small: Path) -> None:
    bell = opened(small)
    world = World(bell, lambda: fill(small), lambda: (small / "filler").unlink())
    lived(world)
    bell.app.close()


def test_a_disk_on_which_nothing_at_all_is_left(small: Path) -> None:
    """The ballast is gone, too, and its room taken by somebody else: nothing can be written until there is room."""
    bell = opened(small)
    world = World(bell, lambda: None, lambda: None)
    bell.take(article("Frontex opens an office in Skopje"), now=NOW)
    world.store.release_ballast()
    world.store.exclusively(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    fill(small)
    for _ in range(2):
        world.minute()
    assert world.watermark.cause is Cause.DISK
    assert bell.texts == [], "what could not be settled is not sent"
    assert world.say("/subscribe kosovo").startswith("Nothing was stored: ")
    assert "Frontex opens an office" in world.say("/search skopje")
    assert "the disk is full" in world.say("/status")
    (small / "filler").unlink()
    for _ in range(2):
        world.minute()
    assert world.told("Frontex opens an office") == 1
    assert "Subscribed: this is subscription 2" in world.say("/subscribe kosovo")
    assert world.damage() == []
    bell.app.close()


def test_a_start_on_a_full_disk_takes_what_was_set_aside(small: Path) -> None:
    bell = opened(small)
    bell.app.caretaker.watermark(NOW)
    bell.subscribe("frontex")
    bell.take(article(), now=NOW)
    bell.app.close()
    fill(small)
    with pytest.raises(StoreFull, match="the disk is full; free some space"):
        opened(small)
    make_way(small / "n.db")
    again = opened(small)
    assert not (small / "n.db-ballast").exists()
    again.app.caretaker.watermark.begin(NOW)
    again.deliver(NOW)
    assert again.app.caretaker.watermark.cause is Cause.DISK
    assert sum("Frontex opens an office" in text for text in again.texts) == 1
    again.app.close()
