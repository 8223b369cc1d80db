"""What `doctor` finds in a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

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
        "SQLite", "full text", "disk", "schema", "journal", "write access", "privacy", "deliveries", "integrity",
        "references",
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
