"""The watermark: what rests while there is no room, what admins are told of it and how often, and how it ends."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.core.errors import StoreError, StoreFull
from bot.core.model import Address, Kind, State
from bot.core.space import DAY, LOW, MEASURED, Cause, past_of
from bot.jobs.watermark import Watermark
from store import space
from tests.jobs.conftest import NOW, Newsbell, article

MB = 10**6
MINUTE = timedelta(minutes=1)
BALLAST = 2 * MB
PLENTY = 10 * LOW


class Usage(NamedTuple):
    """What a disk says of itself."""

    free: int


@dataclass
class Disk:
    """The disk of a newsbell's database, as full as a test says; what looks at it is `watermark`."""

    bell: Newsbell
    watermark: Watermark
    free: int = PLENTY
    now: datetime = NOW

    def pass_(self, span: timedelta = MINUTE) -> Cause | None:
        """Time, then a look; why jobs rest."""
        self.now += span
        self.watermark(self.now)
        return self.watermark.cause

    def told(self) -> list[str]:
        """What the admins were told since the last time, a line each."""
        before = len(self.bell.texts)
        self.bell.deliver(self.now)
        return [line[2:] for text in self.bell.texts[before:] for line in text.splitlines() if line.startswith("• ")]

    @property
    def has_ballast(self) -> bool:
        """Whether the file is there."""
        return self.bell.app.settings.database.with_name("n.db-ballast").exists()

    def pages(self, more: int) -> None:
        """Has the file grow by so many pages at most: what SQLite is told then is that the disk is full."""

        def limit(connection: sqlite3.Connection) -> None:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + more}").fetchall()

        self.bell.app.store.exclusively(limit)  # type: ignore[attr-defined]

    def limit(self, most: int | None) -> None:
        """Has the database take so many bytes at most."""
        self.watermark.most = most

    @property
    def taken(self) -> int:
        """What counts against a limit."""
        return self.bell.app.store.read(self.watermark.look).room.staying


@pytest.fixture
def disk(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> Disk:
    admins = [Address("terminal", "local")]
    watermark = Watermark(bell.app.store, None, BALLAST, None, admins, "UTC")
    disk = Disk(bell, watermark)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(disk.free))
    watermark.begin(NOW)
    return disk


def test_with_room_there_is_nothing_to_tell_but_something_is_set_aside(disk: Disk) -> None:
    assert disk.pass_() is None
    assert disk.has_ballast
    assert disk.told() == []


def test_a_full_disk_is_told_once_with_what_to_do_and_takes_the_ballast(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.free = LOW - 1
    assert [disk.pass_() for _ in range(3)] == [Cause.DISK] * 3
    assert not disk.has_ballast
    assert disk.told() == [
        "The disk is full: 17 MB are free, and nothing is fetched until 36 MB are. What is due still goes out. "
        "Free some space on it; fetching then goes on by itself.",
        "The 2.0 MB that were set aside for this (NEWSBELL_BALLAST) are given up.",
    ]
    disk.free = 2 * LOW
    assert disk.pass_() is Cause.DISK, "what was given up would not fit"
    disk.free = 2 * LOW + BALLAST
    assert disk.pass_(timedelta(hours=3)) is None
    assert disk.has_ballast
    assert disk.told() == [
        "There is room again: fetching goes on, after 3 hours without.",
        "2.0 MB are set aside again (NEWSBELL_BALLAST).",
    ]
    said = [record.getMessage().partition(" ")[0] for record in caplog.records if "disk=" in record.getMessage()]
    assert said == ["disk=ballast", "disk=full", "disk=room"], "once each"


def test_another_process_knows_of_it_while_it_may_be_so(disk: Disk) -> None:
    other = Watermark(disk.bell.app.store, None, BALLAST, None, [], "UTC")

    def seen() -> Cause | None:
        return disk.bell.app.store.read(other.look).cause

    disk.pass_()
    assert seen() is None
    disk.free = 0
    disk.pass_()
    disk.free = LOW + 1
    assert seen() is Cause.DISK, "as the running bot waits for more"
    disk.free = PLENTY
    assert seen() is None, "whether or not the bot runs"


def test_what_was_given_up_is_known_after_a_restart_and_forgotten_with_the_setting(disk: Disk) -> None:
    disk.free = 0
    disk.pass_()
    disk.watermark = Watermark(disk.bell.app.store, None, BALLAST, None, [], "UTC")
    disk.free = 2 * LOW + BALLAST - 1
    disk.watermark.cause = Cause.DISK
    assert disk.pass_() is Cause.DISK
    disk.watermark.ballast = 0
    assert disk.pass_() is None


def test_where_there_never_was_room_to_set_something_aside_none_is_waited_for(disk: Disk) -> None:
    disk.watermark.store.release_ballast()
    disk.free = 0
    disk.pass_()
    disk.free = 2 * LOW
    assert disk.pass_() is None
    assert not disk.has_ballast


def test_a_limit_holds_fetching_and_leaves_the_ballast_alone(disk: Disk) -> None:
    disk.pass_()
    disk.limit(disk.taken)
    assert disk.pass_() is Cause.LIMIT
    assert disk.has_ballast
    (told,) = disk.told()
    assert told.startswith("The database takes ")
    assert "Raise NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP" in told
    disk.limit(disk.taken + 1_000)
    assert disk.pass_() is Cause.LIMIT, "it does not go to and fro"
    disk.limit(2 * disk.taken)
    assert disk.pass_() is None
    assert disk.told() == ["There is room again: fetching goes on, after 2 minutes without."]


def test_admins_are_told_at_four_fifths_once_and_again_only_after_it_was_below(disk: Disk) -> None:
    disk.pass_()
    for _ in range(2):
        disk.limit(round(disk.taken / 0.79))
        assert disk.pass_() is None
        assert disk.told() == []
        disk.limit(round(disk.taken / 0.81))
        assert [disk.pass_() for _ in range(3)] == [None] * 3
        (told,) = disk.told()
        assert ", 81 % of what it may" in told
        disk.limit(round(disk.taken / 0.79))
        disk.pass_()
        disk.limit(round(disk.taken / 0.81))
        disk.pass_()
        assert disk.told() == [], "a hair below is not below"
        disk.limit(2 * disk.taken)
        disk.pass_()


def test_what_is_full_at_once_is_not_told_as_nearly_full_too(disk: Disk) -> None:
    disk.limit(1)
    disk.pass_()
    assert len(disk.told()) == 1


def test_a_disk_that_fills_up_says_how_long_it_lasts(disk: Disk) -> None:
    for _ in range(3):
        disk.bell.app.store.write(lambda session: session.meta.set(str(disk.now), "x" * 100_000))
        disk.pass_(DAY)
    disk.limit(round(disk.taken * 1.2))
    disk.pass_()
    tight, growing = disk.told()
    assert "83 % of what it may" in tight
    assert growing.startswith("It grows by 0.1 MB a day: there is room for ")


def test_the_size_is_remembered_once_a_day(disk: Disk) -> None:
    def past() -> int:
        return len(past_of(disk.bell.app.store.read(lambda session: session.meta.get(MEASURED))))

    for _ in range(30):
        disk.pass_(timedelta(hours=1))
    assert past() == 2
    for _ in range(20):
        disk.pass_(DAY)
    assert past() == 8


def test_jobs_rest_while_there_is_no_room_and_what_was_under_way_is_refused(disk: Disk) -> None:
    done: list[datetime] = []

    async def job(now: datetime) -> None:
        done.append(now)

    gated = disk.watermark.gate(job)
    asyncio.run(gated(disk.now))  # type: ignore[arg-type]
    disk.watermark.guard()
    disk.watermark.insist()
    disk.free = 0
    disk.pass_()
    asyncio.run(gated(disk.now))  # type: ignore[arg-type]
    assert done == [NOW]
    disk.watermark.cause = None

    async def refused(now: datetime) -> None:
        raise StoreFull("full")

    assert asyncio.run(disk.watermark.gate(refused)(NOW)) is None  # type: ignore[arg-type]
    disk.pass_()
    with pytest.raises(StoreFull, match="no room"):
        disk.watermark.guard()
    with pytest.raises(StoreFull, match=r"the disk is full: 0.0 MB are free, 36 MB are needed; free some space there"):
        disk.watermark.insist()


def test_a_write_that_finds_no_room_is_heeded_at_once_whatever_the_disk_says(disk: Disk) -> None:
    disk.pass_()
    disk.pages(20)
    with pytest.raises(StoreFull):
        disk.bell.app.store.write(lambda session: session.meta.set("large", "x" * MB))
    assert disk.watermark.cause is Cause.REFUSED
    assert not disk.has_ballast
    assert disk.pass_() is Cause.REFUSED, "the disk says that there is room, a write of some size does not"
    told = disk.told()
    assert told[0].startswith("The disk takes no more, though 168 MB seem to be free")
    disk.pages(10_000)
    assert disk.pass_() is None
    assert disk.has_ballast
    assert len(disk.told()) == 2


def test_a_write_that_finds_no_room_on_a_full_disk_is_that(disk: Disk) -> None:
    disk.pass_()
    disk.pages(20)
    disk.free = 0
    with pytest.raises(StoreFull):
        disk.bell.app.store.write(lambda session: session.meta.set("large", "x" * MB))
    assert disk.watermark.cause is Cause.DISK
    disk.free = BALLAST  # which was just given up
    assert disk.pass_() is Cause.DISK
    assert disk.told()[0].startswith("The disk is full: 2.0 MB are free, and nothing is fetched until 36 MB are.")


def test_what_cannot_even_be_recorded_is_told_when_it_can(disk: Disk, caplog: pytest.LogCaptureFixture) -> None:
    disk.pass_()
    disk.pages(0)
    disk.free = 0
    store = disk.bell.app.store
    disk.watermark.store = replace_write(store)  # type: ignore[assignment]
    assert disk.pass_() is Cause.DISK
    disk.watermark.store = store
    assert disk.pass_() is Cause.DISK
    assert len(disk.told()) == 2
    assert not [record for record in caplog.records if record.exc_info]


def replace_write(store: object) -> object:
    """The store, when nothing at all can be written."""

    class Refusing:
        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

        def write(self, _: object) -> object:
            raise StoreFull("full")

    return Refusing()


def test_a_ballast_that_cannot_be_made_stops_nothing(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> bool:
        raise StoreError("database n.db: there is no room for its ballast")

    disk.watermark.store.release_ballast()
    monkeypatch.setattr(space, "keep_ballast", none)
    assert disk.pass_() is None


def drop(place: Path) -> None:
    """An article in the watched folder."""
    (place / "inbox" / "a.txt").write_text("Frontex buys a plane\nIt is white, and a second one follows soon.\n")


def test_nothing_comes_in_while_it_is_held_and_what_is_due_goes_out(bell: Newsbell, tmp_path: Path) -> None:
    """The app as a whole: a folder's article waits, an alert that is owed leaves, and later the article rings, too."""
    bell.subscribe("frontex")
    bell.take(article())
    watermark = bell.app.caretaker.watermark
    watermark.begin(NOW)
    watermark.cause = Cause.LIMIT
    drop(tmp_path)
    with pytest.raises(StoreFull):
        bell.scan()
    bell.deliver()
    assert len(bell.texts) == 1
    assert bell.app.store.read(lambda session: session.articles.count()) == 1
    assert bell.app.store.read(lambda session: session.outbox.counts()) == {(Kind.ALERT, State.SENT): 1}
    watermark(NOW + MINUTE)
    assert watermark.cause is None
    assert bell.scan(NOW + MINUTE) == ["Frontex buys a plane"]


def test_the_timetable_gates_what_brings_something_in_and_nothing_else(bell: Newsbell, tmp_path: Path) -> None:
    ran: list[str] = []

    class Named:
        """A job that says that it ran."""

        def __init__(self, name: str) -> None:
            self.name = name

        async def __call__(self, now: datetime) -> None:
            ran.append(self.name)

    app = bell.app
    app.caretaker.watermark.cause = Cause.LIMIT
    drop(tmp_path)
    entries = app.entries(Named("poll"), Named("pages"), Named("deliver"))  # type: ignore[arg-type]
    by_name = {entry.name: entry for entry in entries}
    assert {"scan", "poll", "pages", "deliver", "room"} <= by_name.keys()
    for name in ("scan", "poll", "pages", "deliver"):
        asyncio.run(by_name[name].job(NOW))  # type: ignore[arg-type]
    assert ran == ["deliver"]
    assert app.store.read(lambda session: session.articles.count()) == 0
