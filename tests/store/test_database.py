"""The SQLite store: transactions, views, threads, and what it leaves on disk."""

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
from bot.core.model import Address
from bot.core.ports import Session
from store.database import SqliteStore, open_store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as opened:
        yield opened


def put(store: SqliteStore, value: str, name: str = "fact") -> None:
    store.write(lambda session: session.meta.set(name, value))


def fact(session: Session) -> str | None:
    return session.meta.get("fact")


def test_what_is_written_is_read_also_after_closing(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        put(store, "kept")
        assert store.read(fact) == "kept"
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert store.read(fact) == "kept"


def test_an_exception_leaves_nothing_behind_and_is_raised_as_it_is(store: SqliteStore) -> None:
    def work(session: Session) -> None:
        session.meta.set("fact", "half")
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        store.write(work)
    assert store.read(fact) is None
    put(store, "whole")
    assert store.read(fact) == "whole"


def test_a_driver_error_is_a_store_error_with_its_cause(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match=r"database .*n\.db: NOT NULL constraint failed") as caught:
        put(store, None)  # type: ignore[arg-type]
    assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)


def test_a_reader_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreError):
        store.read(lambda session: session.meta.set("fact", "sneaked in"))
    assert store.read(fact) is None


def test_a_reader_keeps_its_view_while_others_write(store: SqliteStore) -> None:
    put(store, "before")
    looked, written = threading.Event(), threading.Event()

    def look_twice(session: Session) -> tuple[str | None, str | None]:
        first = fact(session)
        looked.set()
        assert written.wait(10)
        return first, fact(session)

    with ThreadPoolExecutor(1) as pool:
        views = pool.submit(store.read, look_twice)
        assert looked.wait(10)
        put(store, "after")
        written.set()
        assert views.result(10) == ("before", "before")
    assert store.read(fact) == "after"


def test_operations_never_call_the_store_again(store: SqliteStore) -> None:
    for outer in (store.read, store.write):
        for inner in (store.read, store.write):
            with pytest.raises(RuntimeError, match="use its session"):
                outer(lambda _, inner=inner: inner(fact))  # type: ignore[misc]
    put(store, "still works")
    assert store.read(fact) == "still works"


def test_a_session_has_one_repository_a_noun(store: SqliteStore) -> None:
    nouns = ("articles", "stories", "sources", "chats", "subscriptions", "queries", "outbox", "search", "meta")
    found = store.read(lambda session: [getattr(session, noun) is getattr(session, noun) for noun in nouns])
    assert all(found)


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path / "n.db", now=NOW)
    store.close()
    store.close()
    for operation in (store.read, store.write):
        with pytest.raises(StoreError, match="it is closed"):
            operation(fact)


def test_closing_waits_for_what_is_being_written(tmp_path: Path) -> None:
    store = open_store(tmp_path / "n.db", now=NOW)
    started, go_on = threading.Event(), threading.Event()

    def slowly(session: Session) -> None:
        started.set()
        assert go_on.wait(10)
        session.meta.set("fact", "late")

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(store.write, slowly)
        assert started.wait(10)
        closing_down = pool.submit(store.close)
        go_on.set()
        closing_down.result(10)
        writing.result(10)
    with closing(open_store(tmp_path / "n.db", now=NOW)) as again:
        assert again.read(fact) == "late"


def test_a_reader_still_at_work_when_the_store_closes_lets_go_of_its_connection(tmp_path: Path) -> None:
    store = open_store(tmp_path / "n.db", now=NOW)
    started, go_on = threading.Event(), threading.Event()

    def slowly(session: Session) -> str | None:
        started.set()
        assert go_on.wait(10)
        return session.meta.get("created_at")

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(store.read, slowly)
        assert started.wait(10)
        store.close()
        go_on.set()
        assert reading.result(10)
    assert not store._readers


def test_of_many_who_read_at_once_few_connections_are_left(store: SqliteStore) -> None:
    together = threading.Barrier(6)

    def read(_: Session) -> int:
        return together.wait(10)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(lambda _: store.read(read), range(6))) == [*range(6)]
    assert 1 <= len(store._readers) <= 3, "each keeps the pages it has read"


def test_a_closed_store_leaves_one_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    store = open_store(path, now=NOW)
    put(store, "x")
    store.read(fact)
    for suffix in ("", "-wal", "-shm"):
        assert Path(f"{path}{suffix}").stat().st_mode & 0o777 == 0o600
    store.close()
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.is_file()) == ["n.db"]
    assert (tmp_path / "n.db-locks").stat().st_mode & 0o777 == 0o700


def test_the_settings_of_both_kinds_of_connection(store: SqliteStore) -> None:
    def settings(connection: sqlite3.Connection) -> dict[str, object]:
        names = (
            "page_size",
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "secure_delete",
            "query_only",
            "busy_timeout",
        )
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    common = {"page_size": 8192, "journal_mode": "wal", "busy_timeout": 5000}
    writer = store.exclusively(settings)
    assert writer == common | {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 0}
    with store.reading() as connection:
        reader = settings(connection)
        assert connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    assert {**common, "query_only": 1}.items() <= reader.items()


def test_closing_empties_the_log_also_beside_other_readers(store: SqliteStore) -> None:
    put(store, "x")
    with closing(open_store(store.path, now=NOW)) as other:
        other.read(fact)
        store.close()
        assert Path(f"{store.path}-wal").stat().st_size == 0
        assert other.read(fact) == "x"


def test_a_reader_that_closes_last_leaves_the_log_to_the_next_writer(store: SqliteStore, tmp_path: Path) -> None:
    """As after a crash of the writer: checkpoints are for whoever holds the write lock."""
    put(store, "x")
    left = tmp_path / "left.db"
    for suffix in ("", "-wal"):
        Path(f"{left}{suffix}").write_bytes(Path(f"{store.path}{suffix}").read_bytes())
    before = left.read_bytes()
    with closing(SqliteStore(left)) as after_crash:
        assert after_crash.read(fact) == "x"
    assert left.read_bytes() == before
    with closing(open_store(left, now=NOW)) as next_one:
        put(next_one, "y")
    assert left.read_bytes() != before


@pytest.mark.parametrize("name", ["a b?c=#1%20.db", "база.db", "file:x.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with closing(open_store(tmp_path / name, now=NOW)) as store:
        put(store, "x")
        assert store.read(fact) == "x"
    assert (tmp_path / name).stat().st_size


def test_a_forgotten_chat_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    with closing(open_store(path, now=NOW)) as store:
        marks = [f"{word}-{'z' * 40}" for word in ("chat", "reason", "query", "undo")]

        def live(session: Session) -> int:
            chat = session.chats.ensure(Address("terminal", marks[0]), NOW)
            flags = {"urgent": False, "every": False, "next_due_at": None}
            subscription = session.subscriptions.add(chat, marks[2], NOW, cadence="instant", **flags)  # type: ignore[arg-type]
            session.outbox.raise_alerts([(1, 1, subscription.query_id)], NOW)
            session.outbox.tell(chat.id, subscription.id, range(200), NOW, marks[1])
            session.chats.remember_undo(chat.id, NOW, marks[3])
            return chat.id

        chat_id = store.write(live)
        assert store.exclusively(lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall())
        assert all(mark in everything(path) for mark in marks)
        store.write(lambda session: session.chats.forget(chat_id))
        assert not [mark for mark in marks if mark in everything(path)]
        assert store.read(lambda session: session.outbox.counts()) == {}


def test_a_reader_in_the_way_delays_the_wiping_only(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    with closing(open_store(path, now=NOW)) as store:
        chat = store.write(lambda session: session.chats.ensure(Address("terminal", "y" * 40), NOW))
        with store.reading() as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM chats").fetchone()
            with ThreadPoolExecutor(1) as pool:
                pool.submit(store.write, lambda session: session.chats.forget(chat.id)).result(10)
            assert "y" * 40 in everything(path)
            connection.rollback()
        put(store, "the next write")
        assert "y" * 40 not in everything(path)


def everything(path: Path) -> str:
    return "".join(
        entry.read_bytes().decode("latin-1") for entry in path.parent.glob(f"{path.name}*") if entry.is_file()
    )


def test_of_a_forgotten_chat_the_alerts_go_that_nobody_else_asked_for(tmp_path: Path) -> None:
    def prepare(session: Session) -> tuple[int, int]:
        chats = [session.chats.ensure(Address("terminal", name), NOW) for name in ("ana", "bojan")]
        terms = {"cadence": "instant", "urgent": False, "every": False, "next_due_at": None}
        own, _ = (session.subscriptions.add(chats[0], text, NOW, **terms) for text in ("kosovo", "serbia"))  # type: ignore[arg-type]
        shared = session.subscriptions.add(chats[1], "serbia", NOW, **terms)  # type: ignore[arg-type]
        session.outbox.raise_alerts([(1, 1, own.query_id), (1, 1, shared.query_id), (2, 2, own.query_id)], NOW)
        return chats[0].id, shared.query_id

    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        chat_id, kept = store.write(prepare)
        store.write(lambda session: session.chats.forget(chat_id))
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        assert connection.execute("SELECT query_id FROM alerts").fetchall() == [(kept,)]
