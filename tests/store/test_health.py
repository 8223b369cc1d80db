"""What `doctor` finds in a database, and backups."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.core.ports import Session
from store import health
from store.database import SqliteStore, open_store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as opened:
        yield opened


def findings(store: SqliteStore) -> dict[str, tuple[bool, str]]:
    return {what: (well, found) for what, well, found in store.check()}


def test_a_sound_database_is_well_throughout(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ROOM", 0)
    found = findings(store)
    assert [what for what, (well, _) in found.items() if not well] == []
    assert set(found) == {
        "SQLite", "full text", "disk", "schema", "journal", "write access", "deliveries", "integrity", "references"
    }  # fmt: skip
    assert found["journal"] == (True, "wal")


def test_the_store_may_be_used_between_two_findings(store: SqliteStore) -> None:
    for what, _, _ in store.check():
        store.write(lambda session, what=what: session.meta.set("latest", what))  # type: ignore[misc]
        assert store.read(lambda session: session.meta.get("latest")) == what
    assert what == "references"


@pytest.mark.parametrize(("version", "affected"), [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)])
def test_a_sqlite_with_the_wal_reset_bug_is_pointed_out(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], affected: bool
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    well, found = findings(store)["SQLite"]
    assert well
    assert ("WAL-reset bug" in found) == affected


def test_a_nearly_full_disk_is_not_well(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ROOM", 10**18)
    well, found = findings(store)["disk"]
    assert not well
    assert found.startswith("only ")


def test_rows_that_lead_nowhere_are_found(store: SqliteStore) -> None:
    def break_it(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("INSERT INTO undo (chat_id, at, change) VALUES (99, 0, '')")
        connection.execute("PRAGMA foreign_keys = ON")

    store.exclusively(break_it)
    well, found = findings(store)["references"]
    assert not well
    assert found.startswith("1 rows lead nowhere, in undo")


def test_a_database_that_cannot_be_written_is_found(store: SqliteStore) -> None:
    store.exclusively(lambda connection: connection.execute("PRAGMA query_only = ON").fetchall())
    well, found = findings(store)["write access"]
    assert not well
    assert "it cannot be written; check the permissions" in found


def test_a_backup_is_whole_private_and_opens(store: SqliteStore, tmp_path: Path) -> None:
    store.write(lambda session: session.meta.set("fact", "kept"))
    store.backup(str(tmp_path / "b.db"))
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    with closing(open_store(tmp_path / "b.db", now=NOW)) as copy:
        assert copy.read(lambda session: session.meta.get("fact")) == "kept"
        assert findings(copy)["integrity"][0]


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

    monkeypatch.setattr(health, "_flush", fails)
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
