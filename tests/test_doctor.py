"""What `newsbell doctor` says of a healthy, a full, a locked, a newer, an older and a damaged database: what to do."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import App
from bot.cli import run
from bot.scheduler import wall_clock
from store import backups, connections, database, health, locks, migrations
from store.database import open_store
from store.migrations import SCHEMA
from tests.core.conftest import golden
from tests.store.test_backups import damaged, fact

__all__ = ["golden"]

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database in use, and nothing of this machine's settings."""
    for name in [name for name in os.environ if name.startswith(("NEWSBELL_", "TELEGRAM_", "SLACK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSBELL_BACKUPS", "kept")
    monkeypatch.setattr(health, "ROOM", 0)
    monkeypatch.setattr(backups, "SPARE", 0)
    monkeypatch.chdir(tmp_path)
    with closing(open_store(Path("newsbell.db"), now=NOW)) as store:
        store.write(lambda session: session.meta.set("fact", "kept"))
        store.backup_daily("kept", wall_clock())
    return tmp_path


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit code and, by what was looked at, what is not well; `backups` in any case."""
    capsys.readouterr()
    code = run(["doctor"])
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert all(line.startswith(("ok   ", "BAD  ")) for line in lines), "a line each"
    found = {
        line[5:].partition(": ")[0]: line.partition(": ")[2] for line in lines if "BAD" in line or "backups" in line
    }
    return code, found


def restores(found: dict[str, str]) -> str:
    """The copy that `backups` says to put back, as a command line's arguments."""
    return found["backups"].partition("newsbell restore ")[2].partition(" puts")[0]


def test_a_healthy_one_is_well_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = doctor(capsys)
    assert code == 0
    assert list(found) == ["backups"]
    assert Path(restores(found)).exists()


def test_looking_changes_nothing(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    with closing(sqlite3.connect("newsbell.db")) as connection:
        before = connection.execute("SELECT name, value FROM meta ORDER BY name").fetchall()
    doctor(capsys)
    with closing(sqlite3.connect("newsbell.db")) as connection:
        assert connection.execute("SELECT name, value FROM meta ORDER BY name").fetchall() == before
    os.environ["NEWSBELL_DATABASE"] = "none.db"
    try:
        assert run(["doctor"]) == 0
    finally:
        del os.environ["NEWSBELL_DATABASE"]
    assert not (home / "none.db").exists()


def test_a_full_one_says_to_make_room(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> sqlite3.Connection:
        connection = connections.open_writer(path)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(database, "open_writer", full)
    code, found = doctor(capsys)
    assert code == 1
    assert "the disk is full; free some space" in found["write access"]
    assert set(found) == {"write access", "backups"}


class Usage(NamedTuple):
    """What a disk says of itself."""

    free: int


def disk_of(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """Has the database's disk say that so much is free."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))


def test_a_full_disk_says_to_make_room_and_what_waits_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_of(monkeypatch, 3_000_000)
    code, found = doctor(capsys)
    assert code == 1
    assert found["disk"] == "full, 3 MB free: free some space, nothing is fetched until then"
    assert found["room"].startswith(
        "nothing is fetched: the disk is full: 3.0 MB are free, 34 MB are needed; free some space there, "
        "or shorten NEWSBELL_KEEP; "
    )
    assert found["room"].endswith("; nothing is set aside for a full disk (NEWSBELL_BALLAST): newsbell run does so "
                                  "when there is room")  # fmt: skip
    assert set(found) == {"disk", "room", "backups"}
    disk_of(monkeypatch, 10**11)
    assert doctor(capsys)[0] == 0


def test_a_database_that_may_not_grow_says_which_settings_help(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSBELL_DISK_MAX", "1MB")
    code, found = doctor(capsys)
    assert (code, set(found)) == (1, {"room", "backups"})
    for way in ("as much as it may; raise NEWSBELL_DISK_MAX", "shorten NEWSBELL_KEEP", "NEWSBELL_BACKUPS) on another"):
        assert way in found["room"]
    monkeypatch.setenv(
        "NEWSBELL_DISK_MAX", found["room"].partition("the database takes ")[2].partition(" MB")[0] + "5MB"
    )
    code, found = doctor(capsys)
    assert code == 1
    assert re.match(r"9\d% of what it may take: raise NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP", found["room"])
    monkeypatch.setenv("NEWSBELL_DISK_MAX", "10MB")
    assert doctor(capsys)[0] == 0


def test_a_locked_one_says_who_has_to_end(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect("newsbell.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        code, found = doctor(capsys)
        other.execute("ROLLBACK")
    assert code == 1
    assert "another program is using it; close that program" in found["write access"]
    assert doctor(capsys)[0] == 0


def test_one_that_another_newsbell_keeps_writing_to_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "WRITE_PATIENCE", 0.01)
    with locks.WriteLock(Path("newsbell.db")).held():
        code, found = doctor(capsys)
    assert code == 1
    assert "another newsbell keeps writing to it" in found["write access"]


def test_a_newer_one_says_all_ways_out_and_one_of_them_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect("newsbell.db")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    code, found = doctor(capsys)
    assert code == 1
    assert set(found) == {"schema", "backups"}
    assert f"schema {SCHEMA + 1}, this one knows {SCHEMA}" in found["schema"]
    for way in ("upgrade newsbell", "newsbell restore FILE", "use another NEWSBELL_DATABASE"):
        assert way in found["schema"]
    assert run(["chat"]) == 1
    assert run(["restore", restores(found)]) == 0
    assert doctor(capsys)[0] == 0


def test_a_damaged_one_is_put_back_by_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    damaged(Path("newsbell.db"))
    code, found = doctor(capsys)
    assert code == 1
    assert "damaged" in found["integrity"]
    assert run(["restore", restores(found)]) == 0
    assert fact(Path("newsbell.db")) == "kept"
    assert doctor(capsys)[0] == 0


def test_one_whose_head_is_damaged_is_put_back_too(capsys: pytest.CaptureFixture[str]) -> None:
    with Path("newsbell.db").open("r+b") as file:
        file.write(b"\0" * 4096)
    code, found = doctor(capsys)
    assert code == 1
    assert "newsbell" in found["schema"]
    assert run(["restore", restores(found)]) == 0
    assert doctor(capsys)[0] == 0


def test_one_that_others_may_read_says_how_to_close_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("newsbell.db").chmod(0o644)
    code, found = doctor(capsys)
    assert (code, found["privacy"]) == (1, "others may read it: chmod 600 newsbell.db")


def test_copies_that_stopped_being_made_are_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    [copy] = Path("kept").iterdir()
    copy.rename(f"kept/newsbell-{wall_clock() - timedelta(days=5):%Y-%m-%d}.db")
    code, found = doctor(capsys)
    assert code == 1
    assert "5 days ago" in found["backups"]


MASKS = (
    (r"(SQLite|Python): .*", r"\1: #"),
    (r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "#"),
    (r"[\d.,]+ [MG]B", "# MB"),
    (r"schema \d+|schema: \d+|knows \d+", "schema #"),
    (r"latest backup \(.*", "latest backup (#)"),
)
"""What differs from day to day and from machine to machine."""


@contextmanager
def as_it_is(_: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is wrong."""
    yield


@contextmanager
def a_full_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Its disk has next to nothing left."""
    disk_of(monkeypatch, 3_000_000)
    yield


@contextmanager
def a_locked_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program holds it for good."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect("newsbell.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def a_newer_one(_: pytest.MonkeyPatch) -> Iterator[None]:
    """A newer newsbell wrote it."""
    with closing(sqlite3.connect("newsbell.db")) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    yield


@contextmanager
def a_damaged_one(_: pytest.MonkeyPatch) -> Iterator[None]:
    """Its pages are not what they were."""
    damaged(Path("newsbell.db"))
    yield


@pytest.mark.parametrize("state", [as_it_is, a_full_one, a_locked_one, a_newer_one, a_damaged_one])
def test_the_whole_of_what_is_said(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    golden: Callable[[str, str], None],
    state: Callable[[pytest.MonkeyPatch], AbstractContextManager[None]],
) -> None:
    monkeypatch.setenv("NEWSBELL_BALLAST", "")
    disk_of(monkeypatch, 10**11)
    capsys.readouterr()
    with state(monkeypatch):
        code = run(["doctor"])
    said = capsys.readouterr().out.strip()
    assert code == ("BAD" in said)
    for pattern, shown in MASKS:
        said = re.sub(pattern, shown, said)
    golden(f"doctor_{state.__name__}", said)


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> None:
    """This newsbell has a step that the database does not know of yet."""

    def later(db: object) -> None:
        db.conn.execute("CREATE TABLE later (x INTEGER) STRICT")  # type: ignore[attr-defined]

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, later))
    for module in (migrations, health):
        monkeypatch.setattr(module, "SCHEMA", SCHEMA + 1)


def schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.usefixtures("older")
def test_an_older_one_is_upgraded_by_what_is_said_and_there_is_a_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = doctor(capsys)
    assert code == 1
    assert found["schema"] == f"{SCHEMA}, this newsbell needs {SCHEMA + 1}: stop newsbell, then newsbell upgrade"
    assert schema(Path("newsbell.db")) == SCHEMA, "a doctor upgrades nothing"
    assert run(["upgrade"]) == 0
    said = capsys.readouterr().out
    assert doctor(capsys)[0] == 0
    kept = Path(said.partition("To go back, install the newsbell you had, then: newsbell restore ")[2].splitlines()[0])
    assert (schema(kept), schema(Path("newsbell.db"))) == (SCHEMA, SCHEMA + 1)
    assert run(["restore", str(kept)]) == 0
    assert (schema(Path("newsbell.db")), fact(Path("newsbell.db"))) == (SCHEMA, "kept")
    assert run(["upgrade"]) == 0
    capsys.readouterr()
    assert run(["upgrade"]) == 0
    assert capsys.readouterr().out == f"newsbell.db: up to date (schema {SCHEMA + 1})\n"


@pytest.mark.usefixtures("older")
def test_whatever_opens_an_older_one_first_keeps_it_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "kosovo"]) == 0
    assert "as it was it is kept as kept/newsbell-schema-" in capsys.readouterr().err
    assert len(list(Path("kept").glob("newsbell-schema-*.db"))) == 1


@pytest.mark.usefixtures("older")
def test_no_copy_no_upgrade(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "SPARE", 10**18)
    assert run(["upgrade"]) == 1
    assert "set NEWSBELL_BACKUPS to a folder on another disk" in capsys.readouterr().err
    assert schema(Path("newsbell.db")) == SCHEMA


def test_a_database_that_is_not_there_needs_no_upgrade(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSBELL_DATABASE", "none.db")
    assert run(["upgrade"]) == 0
    assert "there is none yet" in capsys.readouterr().out


def test_the_app_opens_without_a_word_when_there_is_nothing_to_upgrade() -> None:
    from bot.config import load

    said: list[str] = []
    App.open(load({}, Path("none")), NOW, said.append).close()
    assert said == []
