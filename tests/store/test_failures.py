"""Databases that cannot be used: one line each that says what to do, and nothing lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from store.database import SqliteStore, open_store
from store.migrations import SCHEMA

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def refusal(path: Path) -> str:
    """What opening says, which is one line and names the file."""
    with pytest.raises(StoreError) as caught:
        open_store(path, now=NOW)
    text = str(caught.value)
    assert text.startswith(f"database {path}")
    assert "\n" not in text
    return text


def made(path: Path) -> Path:
    open_store(path, now=NOW).close()
    return path


def alter(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def newer(path: Path) -> Path:
    return alter(made(path), "PRAGMA user_version = 99")


def somebody_elses(path: Path) -> Path:
    return alter(path, "CREATE TABLE theirs (x)")


def marked_as_somebody_elses(path: Path) -> Path:
    return alter(path, "PRAGMA application_id = 7", "PRAGMA user_version = 1")


def text(path: Path) -> Path:
    path.write_text("NEWSBELL_DATABASE=newsbell.db\n" * 100)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def without_folder(path: Path) -> Path:
    return path.parent / "missing" / path.name


def in_a_file(path: Path) -> Path:
    path.write_text("x")
    return path / "n.db"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            newer,
            f"was written by a newer newsbell (schema 99, this one knows {SCHEMA}): upgrade newsbell, "
            "put back the copy made before that one's upgrade (newsbell restore FILE), or use another",
        ),
        (somebody_elses, "it belongs to another program; set NEWSBELL_DATABASE to another file"),
        (marked_as_somebody_elses, "it belongs to another program"),
        (text, "it is not a newsbell database; set NEWSBELL_DATABASE to another file"),
        (folder, "it is a folder; set NEWSBELL_DATABASE to a file"),
        (without_folder, "cannot be written (No such file or directory)"),
        (in_a_file, "cannot be opened"),
    ],
)
def test_what_cannot_be_used_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    path = make(tmp_path / "n.db")
    before = path.read_bytes() if path.is_file() else None
    assert says in refusal(path)
    assert before == (path.read_bytes() if path.is_file() else None)


UNPRIVILEGED = """
import os, sys
import filelock
from datetime import UTC, datetime
from pathlib import Path
from store.database import open_store
if os.getuid() == 0:
    os.seteuid(65534)
try:
    open_store(Path(sys.argv[1]), now=datetime.now(UTC))
except Exception as error:
    print(type(error).__name__, error)
"""
"""Opens as somebody whom permissions stop, which root is not."""


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    for parent in (path for path in tmp_path.parents if path.name.startswith(("pytest-", "popen-"))):
        parent.chmod(0o755)
    tmp_path.chmod(0o555)
    command = [sys.executable, "-c", UNPRIVILEGED, str(tmp_path / "n.db")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    tmp_path.chmod(0o755)
    expected = f"StoreError database {tmp_path / 'n.db'}: the folder {tmp_path} cannot be written (Permission denied); "
    assert done.stdout == expected + "change its permissions, or use another NEWSBELL_DATABASE\n"


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:  # type: ignore[misc]
    with closing(open_store(tmp_path / "n.db", now=NOW)) as opened:
        yield opened


def put(store: SqliteStore, name: str, value: str) -> None:
    store.write(lambda session: session.meta.set(name, value))


def get(store: SqliteStore, name: str) -> str | None:
    return store.read(lambda session: session.meta.get(name))


def run_on_writer(store: SqliteStore, sql: str) -> None:
    store.exclusively(lambda connection: connection.execute(sql).fetchall())


def test_a_full_disk_loses_nothing_and_recovers(store: SqliteStore) -> None:
    put(store, "kept", "yes")
    run_on_writer(store, "PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        put(store, "large", "x" * 10_000_000)
    assert (get(store, "kept"), get(store, "large")) == ("yes", None)
    run_on_writer(store, "PRAGMA max_page_count = 1000000")
    put(store, "large", "x" * 10_000_000)
    assert len(get(store, "large") or "") == 10_000_000


def test_another_programs_lock_is_named(store: SqliteStore) -> None:
    run_on_writer(store, "PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program is using it"):
            put(store, "fact", "x")
        other.execute("ROLLBACK")
    put(store, "fact", "x")
    assert get(store, "fact") == "x"


def test_a_damaged_database_says_to_restore_a_backup(tmp_path: Path) -> None:
    path = made(tmp_path / "n.db")
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (path.stat().st_size - 8192))
    with closing(SqliteStore(path)) as store:
        with pytest.raises(StoreError, match="it is damaged; stop newsbell and restore the latest backup"):
            get(store, "created_at")
        findings = {what: well for what, well, _ in store.check()}
        assert findings["integrity"] is False
        assert findings["SQLite"] is True
