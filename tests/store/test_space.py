"""What a database takes of its disk, its ballast, and the write that finds no room."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.core.errors import StoreError, StoreFull
from bot.core.space import Room
from store import space
from store.backups import dailies
from store.connections import checkpoint
from store.database import SqliteStore, open_store
from store.failures import refusal

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MB = 10**6


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as opened:
        yield opened


def room(store: SqliteStore, copies: str | None = None) -> Room:
    return store.read(lambda session: session.figures.room(copies))


def put(store: SqliteStore, size: int, name: str = "large") -> None:
    store.write(lambda session: session.meta.set(name, "x" * size))


def test_what_is_in_use_counts_and_not_what_is_free_inside(store: SqliteStore) -> None:
    before = room(store)
    put(store, 3 * MB)
    store.exclusively(checkpoint)
    grown = room(store)
    assert 3 * MB <= grown.database - before.database < 4 * MB
    store.write(lambda session: session.meta.drop("large"))
    assert room(store).database == before.database
    assert (store.path.stat().st_size) > grown.database - MB, "the file keeps its size"
    assert room(store).free == pytest.approx(shutil.disk_usage(store.path.parent).free, rel=0.1)


def test_the_log_is_what_is_not_yet_in_the_database(store: SqliteStore) -> None:
    put(store, 2 * MB)
    assert room(store).log == Path(f"{store.path}-wal").stat().st_size > 2 * MB
    store.exclusively(checkpoint)
    assert room(store).log == 0


def test_copies_count_where_they_are_on_the_same_disk(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    assert room(store, str(folder)).all_copies == 0
    for day in range(2):
        store.backup_daily(str(folder), NOW + day * DAY)
    (folder / "n-schema-3-2026-03-02T120000.db").write_bytes(bytes(1_000))
    for name in ("other-2026-03-02.db", "n-other-2026-03-02.db", "n-2026-03-02.unfinished"):
        (folder / name).write_bytes(bytes(7))
    found = room(store, str(folder))
    assert [len(found.copies), found.kept] == [2, 1_000]
    assert found.copies[0] == dailies(store.path, folder)[0].stat().st_size
    assert room(store).all_copies == 0
    monkeypatch.setattr(space, "same_disk", lambda *_: False)
    assert room(store, str(folder)).all_copies == 0


def test_the_ballast_takes_real_room_is_its_owners_only_and_is_given_up(store: SqliteStore) -> None:
    [ballast] = [store.path.with_name("n.db-ballast")]
    assert store.keep_ballast(3 * MB)
    assert not store.keep_ballast(3 * MB), "it is there already"
    assert ballast.stat().st_blocks * 512 >= 3 * MB
    assert ballast.stat().st_mode & 0o777 == 0o600
    assert room(store).ballast == 3 * MB
    assert store.keep_ballast(2 * MB), "another size is another file"
    assert store.release_ballast()
    assert not store.release_ballast()
    assert not store.keep_ballast(0)
    assert not ballast.exists()


def test_a_file_system_that_promises_nothing_is_written_to(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", unsupported)
    assert store.keep_ballast(3 * MB)
    ballast = store.path.with_name("n.db-ballast")
    assert ballast.stat().st_size == 3 * MB
    assert len(set(ballast.read_bytes()[-1_000:])) > 100, "nothing that could be made smaller"


def test_no_room_for_the_ballast_leaves_none(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(space, "_take", full)
    with pytest.raises(StoreFull, match="no room for its ballast"):
        store.keep_ballast(MB)
    assert not store.path.with_name("n.db-ballast").exists()


def limited(store: SqliteStore, more: int) -> Callable[[sqlite3.Connection], object]:
    """Has the file grow by so many pages at most."""

    def limit(connection: sqlite3.Connection) -> object:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        return connection.execute(f"PRAGMA max_page_count = {pages + more}").fetchall()

    return store.exclusively(limit)  # type: ignore[return-value]


def test_who_asked_for_it_hears_of_every_write_that_finds_no_room(store: SqliteStore) -> None:
    heard: list[str] = []
    store.heed_full(lambda: heard.append(store.read(lambda session: session.meta.get("created_at") or "")))
    put(store, 100)
    assert not heard
    limited(store, 1)
    with pytest.raises(StoreFull, match="the disk is full; free some space and try again, nothing was half written"):
        put(store, MB)
    with pytest.raises(StoreFull):
        store.try_room()
    assert len(heard) == 2
    assert all(heard), "the store may be used by whoever hears of it"
    limited(store, 1_000)
    store.try_room()
    assert store.read(lambda session: session.meta.get("probe")) is None


def test_an_error_of_the_disk_is_a_full_one_where_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    def refused() -> StoreError:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        return refusal(error, tmp_path / "n.db")

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(4_096))
    assert isinstance(refused(), StoreFull)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10 * MB))
    assert not isinstance(refused(), StoreFull)


def test_older_copies_give_way_to_the_limit_and_the_newest_stays(store: SqliteStore, tmp_path: Path) -> None:
    put(store, MB)
    store.exclusively(checkpoint)
    size, folder = store.path.stat().st_size, tmp_path / "kept"
    for day in range(9):
        assert store.backup_daily(str(folder), NOW + day * DAY, 4 * size)
    kept = dailies(store.path, folder)
    assert [path.stem[-2:] for path in kept] == ["10", "09", "08"]
    assert store.backup_daily(str(folder), NOW + 8 * DAY, size) is None
    assert [path.stem[-2:] for path in dailies(store.path, folder)] == ["10"], "a lower limit counts at once"


def test_a_copy_that_does_not_fit_beside_the_database_is_not_made(store: SqliteStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"NEWSBELL_DISK_MAX.*raise that, or set NEWSBELL_BACKUPS to a folder on"):
        store.backup_daily(str(tmp_path / "kept"), NOW, 1_000)
    assert dailies(store.path, tmp_path / "kept") == []
