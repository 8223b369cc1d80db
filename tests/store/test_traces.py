"""Nothing is left of rows that are gone, also not between the rows that stay; and nothing else is changed by that."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.model import Address
from bot.core.ports import Session
from store import database, traces
from store.database import SqliteStore, open_store
from store.sealing import opened, place_of, sealed
from store.traces import telling

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
SEED = 4
"""With which something is left where nothing is written anew: one of a few hundred chats, now and then."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as made:
        yield made


class Crowd:
    """Chats that come and go, so that pages are split and joined."""

    def __init__(self, store: SqliteStore, seed: int) -> None:
        self.store, self.random = store, random.Random(seed)
        self.here: dict[str, int] = {}
        self.gone: list[str] = []

    def comes_and_goes(self, rounds: int = 6, number: int = 100) -> None:
        for _ in range(rounds):
            self.store.write(lambda session: self.come(session, number))
            self.store.write(lambda session: self.leave(session, number * 9 // 10))

    def come(self, session: Session, number: int) -> None:
        for _ in range(number):
            self.comes(session)

    def leave(self, session: Session, number: int) -> None:
        for name in self.random.sample(list(self.here), number):
            session.chats.forget(self.here.pop(name))
            self.gone.append(name)

    def comes(self, session: Session) -> None:
        name = f"{self.random.randint(10**9, 10**10)}x{len(self.here) + len(self.gone):05}"
        chat = session.chats.ensure(Address("telegram", name), NOW)
        self.here[name] = chat.id
        for _ in range(self.random.randint(1, 3)):
            text = f'"{self.random.randint(0, 10**9)} {name} {"w" * self.random.randint(0, 300)}"'
            flags = {"urgent": False, "every": False, "next_due_at": None}
            session.subscriptions.add(chat, text, NOW, cadence="instant", **flags)  # type: ignore[arg-type]
        change = (name + "u" * self.random.randint(0, 300)) * self.random.randint(1, 3)
        session.chats.remember_undo(chat.id, NOW, change)

    @property
    def left(self) -> list[str]:
        """Of whom something can still be found."""
        files = self.store.path.parent.glob(f"{self.store.path.name}*")
        raw = b"".join(path.read_bytes() for path in files if path.is_file())
        return [name for name in self.gone if name.encode() in raw]


def test_of_hundreds_that_are_forgotten_nothing_is_left_between_those_that_stay(store: SqliteStore) -> None:
    crowd = Crowd(store, SEED)
    crowd.comes_and_goes()
    assert crowd.left == []
    names = store.exclusively(lambda connection: connection.execute("SELECT chat, id FROM chats").fetchall())
    assert dict(names) == crowd.here
    for check in ("integrity_check", "foreign_key_check"):
        found = store.exclusively(lambda connection, check=check: connection.execute(f"PRAGMA {check}").fetchall())  # type: ignore[misc]
        assert found in ([], [("ok",)])
    assert store.exclusively(lambda connection: connection.execute("PRAGMA foreign_keys").fetchone()) == (1,)


def test_without_that_something_would_be(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "rewrite", lambda connection: None)
    crowd = Crowd(store, SEED)
    crowd.comes_and_goes()
    assert crowd.left != []


def test_what_is_written_anew_is_as_it_was(store: SqliteStore) -> None:
    Crowd(store, 1).comes_and_goes(rounds=1, number=20)

    def everything(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
        names = [*telling(connection), "sqlite_sequence"]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}

    before = store.exclusively(everything)
    store.exclusively(traces.rewrite)
    assert store.exclusively(everything) == before


def test_large_tables_stay_as_they_are(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "LARGEST", 3)
    Crowd(store, 1).comes_and_goes(rounds=1, number=50)
    statements: list[str] = []
    store.exclusively(lambda connection: connection.set_trace_callback(statements.append))
    store.exclusively(traces.rewrite)
    store.exclusively(lambda connection: connection.set_trace_callback(None))
    assert not any(
        statement.startswith(('DELETE FROM main."chats"', 'DELETE FROM main."queries"')) for statement in statements
    )


def test_everything_that_tells_of_chats_is_known(store: SqliteStore) -> None:
    found = set(store.exclusively(telling))
    assert {*traces.TELLING, "undo", "mutes", "makers", "errands", "reports"} <= found
    assert not {"articles", "sources", "meta", "acted", "sqlite_sequence"} & found


def test_whatever_belongs_to_a_chat_goes_with_it(store: SqliteStore) -> None:
    """Of tables that are still to come, too: a column that names a chat or a subscription is a reference to it."""
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'"

    def look(connection: sqlite3.Connection) -> list[str]:
        loose = []
        for (table,) in connection.execute(sql).fetchall():
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            keys = {row[3]: (row[2], row[6]) for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
            column = next((name for name in ("chat_id", "subscription_id") if name in columns), None)
            parent = {"chat_id": "chats", "subscription_id": "subscriptions"}.get(column or "")
            if parent is not None and keys.get(str(column)) != (parent, "CASCADE"):
                loose.append(table)
        return loose

    assert store.exclusively(look) == [], "they need: REFERENCES chats ON DELETE CASCADE"


@pytest.mark.parametrize("text", ["", "/search a", "/search " + "претрага " * 400, "\ud800 lone", "x" * 64])
def test_a_sealed_command_is_read_with_its_key_and_not_without(text: str) -> None:
    kept = sealed("key", text)
    assert opened("key", kept) == text
    assert len(text) < 4 or text not in kept
    assert sealed("other", text) != kept or not text
    assert place_of("key") != place_of("other")
    assert "key" not in place_of("key")
