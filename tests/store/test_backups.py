"""Copies of a database: whole, private, checked, a few of them kept; one put back, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.core.ports import Session
from store import backups
from store.backups import KEPT, dailies, verified
from store.database import SqliteStore, open_store
from store.migrations import SCHEMA
from store.restoring import restore

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as opened:
        yield opened


def put(store: SqliteStore, value: str) -> None:
    store.write(lambda session: session.meta.set("fact", value))


def fact(path: Path) -> str | None:
    with closing(SqliteStore(path)) as opened:
        return opened.read(lambda session: session.meta.get("fact"))


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_backup_is_whole_private_and_opens(store: SqliteStore, tmp_path: Path) -> None:
    store.write(lambda session: session.meta.set("fact", "kept"))
    store.backup(str(tmp_path / "b.db"))
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    with closing(open_store(tmp_path / "b.db", now=NOW)) as copy:
        assert copy.read(lambda session: session.meta.get("fact")) == "kept"
        assert {what: well for what, well, _ in copy.check()}["integrity"]


def test_a_backup_never_replaces_a_file(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(StoreError, match=r"backup .*b\.db: it exists already; choose another name"):
        store.backup(str(tmp_path / "b.db"))
    assert (tmp_path / "b.db").read_text() == "mine"
    (tmp_path / "link.db").symlink_to(tmp_path / "nowhere.db")
    with pytest.raises(StoreError, match="exists already"):
        store.backup(str(tmp_path / "link.db"))


def test_a_backup_that_fails_leaves_no_file(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="it cannot be written"):
        store.backup(str(tmp_path / "missing" / "b.db"))

    def fails(target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "_flush", fails)
    with pytest.raises(KeyboardInterrupt):
        store.backup(str(tmp_path / "b.db"))
    assert not (tmp_path / "b.db").exists()


def test_a_backup_taken_while_others_write_is_of_one_moment(store: SqliteStore, tmp_path: Path) -> None:
    stop = threading.Event()

    def both(number: int) -> None:
        def work(session: Session) -> None:
            session.meta.set("one", str(number))
            session.meta.set("other", str(number))

        store.write(work)

    def keep_writing() -> int:
        number = 0
        while not stop.is_set():
            both(number := number + 1)
        return number

    both(0)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(keep_writing)
        try:
            for copy in range(3):
                store.backup(str(tmp_path / f"{copy}.db"))
        finally:
            stop.set()
        assert writing.result(10) > 0
    for copy in range(3):
        with closing(open_store(tmp_path / f"{copy}.db", now=NOW)) as opened:
            one, other = opened.read(lambda session: (session.meta.get("one"), session.meta.get("other")))
            assert one == other


def test_everything_of_a_database_is_its_owners_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
            put(store, "secret")
            store.backup(str(tmp_path / "b.db"))
            store.backup_daily(str(tmp_path / "kept"), NOW)
            files = {path.name: mode(path) for path in tmp_path.rglob("*") if path.is_file()}
            assert {"n.db", "n.db-wal", "n.db-shm", "b.db", "n-2026-03-02.db"} <= set(files)
            assert set(files.values()) == {0o600}
            assert mode(tmp_path / "kept") == 0o700
        restore(tmp_path / "b.db", tmp_path / "n.db", NOW)
        assert {mode(path) for path in tmp_path.rglob("*") if path.is_file()} == {0o600}
    finally:
        os.umask(before)


def damaged(path: Path) -> Path:
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    return path


def test_a_copy_that_is_damaged_does_not_count(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_flush", damaged)
    with pytest.raises(StoreError, match="it is damaged"):
        store.backup(str(tmp_path / "b.db"))
    with pytest.raises(StoreError, match="it is damaged"):
        store.backup_daily(str(tmp_path / "kept"), NOW)
    assert not (tmp_path / "b.db").exists()
    assert list((tmp_path / "kept").iterdir()) == []


def test_no_copy_fills_the_disk(store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "SPARE", 10**18)
    with pytest.raises(StoreError, match=r"MB are needed, .* MB are free; make room there"):
        store.backup(str(tmp_path / "b.db"))
    assert not (tmp_path / "b.db").exists()


def test_a_day_has_one_copy_and_the_last_seven_are_kept(store: SqliteStore, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for day in range(KEPT + 3):
        put(store, f"day {day}")
        made = store.backup_daily(str(folder), NOW + day * DAY)
        assert made is not None
        assert store.backup_daily(str(folder), NOW + day * DAY + timedelta(hours=6)) is None
    others = [folder / name for name in ("n-before-upgrade.db", "n2-2026-03-02.db", "mine.txt")]
    for other in others:
        other.touch()
    store.backup_daily(str(folder), NOW + (KEPT + 3) * DAY)
    kept = dailies(store.path, folder)
    assert [path.name for path in kept] == [f"n-{NOW + day * DAY:%Y-%m-%d}.db" for day in range(KEPT + 3, 3, -1)]
    assert all(other.exists() for other in others), "what is not ours to drop"
    assert fact(kept[-1]) == "day 4"


def test_what_a_killed_copy_left_is_made_anew(store: SqliteStore, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "n-2026-03-02.unfinished").write_text("half")
    assert store.backup_daily(str(tmp_path / "kept"), NOW) is not None
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["n-2026-03-02.db"]


def test_restoring_puts_the_copy_in_place_and_keeps_what_was_there(store: SqliteStore, tmp_path: Path) -> None:
    put(store, "then")
    store.backup(str(tmp_path / "b.db"))
    put(store, "now")
    store.close()
    kept = restore(tmp_path / "b.db", store.path, NOW)
    assert kept == tmp_path / "n.db.replaced-2026-03-02T120000"
    assert (fact(store.path), fact(kept), fact(tmp_path / "b.db")) == ("then", "now", "then")
    again = restore(kept, store.path, NOW)
    assert again is not None
    assert again != kept
    assert (fact(store.path), fact(again)) == ("now", "then")


def test_restoring_where_there_is_no_database_makes_one(store: SqliteStore, tmp_path: Path) -> None:
    put(store, "then")
    store.backup(str(tmp_path / "b.db"))
    assert restore(tmp_path / "b.db", tmp_path / "new.db", NOW) is None
    assert fact(tmp_path / "new.db") == "then"


def test_a_damaged_database_is_replaced_and_kept_with_its_log(store: SqliteStore, tmp_path: Path) -> None:
    put(store, "then")
    store.backup(str(tmp_path / "b.db"))
    store.close()
    damaged(store.path)
    (tmp_path / "n.db-wal").write_bytes(b"a log of that one")
    before = store.path.read_bytes()
    kept = restore(tmp_path / "b.db", store.path, NOW)
    assert kept is not None
    assert kept.read_bytes() == before
    assert fact(store.path) == "then"
    assert (
        b"a log of that one" not in (tmp_path / "n.db-wal").read_bytes() if (tmp_path / "n.db-wal").exists() else True
    )


@pytest.mark.parametrize("state", ["damaged", "text", "empty", "newer", "somebody else's", "missing"])
def test_what_cannot_be_put_back_leaves_everything_as_it_was(store: SqliteStore, tmp_path: Path, state: str) -> None:
    source = tmp_path / "b.db"
    put(store, "now")
    if state != "missing":
        store.backup(str(source))
    store.close()
    if state == "damaged":
        damaged(source)
    elif state in ("text", "empty"):
        source.write_text("words\n" * 2_000 if state == "text" else "")
    elif state in ("newer", "somebody else's"):
        pragma = f"user_version = {SCHEMA + 1}" if state == "newer" else "application_id = 7"
        with closing(sqlite3.connect(source)) as connection:
            connection.execute(f"PRAGMA {pragma}")
    files = sorted(tmp_path.iterdir())
    with pytest.raises(StoreError) as caught:
        restore(source, store.path, NOW)
    assert str(source) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == files
    assert fact(store.path) == "now"


def test_a_database_that_is_in_use_is_not_replaced(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.restoring.BUSY_SECONDS", 0.01)
    put(store, "now")
    store.backup(str(tmp_path / "b.db"))
    with pytest.raises(StoreError, match="another program is using it"):
        restore(tmp_path / "b.db", store.path, NOW)
    put(store, "later")
    assert fact(store.path) == "later"
    assert not (tmp_path / "n.db.restoring").exists()


def test_the_schema_of_a_copy_is_told(store: SqliteStore, tmp_path: Path) -> None:
    store.backup(str(tmp_path / "b.db"))
    assert verified(tmp_path / "b.db") == SCHEMA
