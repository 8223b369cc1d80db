"""The schema: made whole or not at all, brought up to date, made once however many begin."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.core.model import Archived, Article, SourceKind
from bot.core.ports import Session
from bot.matching.query import parse
from bot.matching.text import analyse
from store import beginnings, fts, migrations, search
from store.database import SqliteStore, open_store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def made_before(path: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database as it was made before that step was added."""
    with monkeypatch.context() as patch:
        before = migrations.STEPS[: [step.__name__ for step in migrations.STEPS].index(step)]
        patch.setattr(migrations, "STEPS", before)
        patch.setattr(migrations, "SCHEMA", len(before))
        open_store(path, now=NOW).close()


def test_a_new_database_is_marked_as_ours(tmp_path: Path) -> None:
    open_store(tmp_path / "n.db", now=NOW).close()
    assert rows(tmp_path / "n.db", "PRAGMA application_id") == [(migrations.APPLICATION,)]
    assert rows(tmp_path / "n.db", "PRAGMA user_version") == [(migrations.SCHEMA,)]


def test_our_tables_are_strict(tmp_path: Path) -> None:
    open_store(tmp_path / "n.db", now=NOW).close()
    sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    loose = {name for (name,) in rows(tmp_path / "n.db", sql)}
    assert loose <= {"sqlite_schema", "sqlite_sequence", "_sqlite_migrations"}


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "n.db").touch()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert store.read(lambda session: session.meta.get("created_at"))


def test_several_that_begin_at_once_make_it_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(tmp_path / "n.db", now=NOW), range(4)))
    for store in stores:
        store.close()
    assert rows(tmp_path / "n.db", "SELECT count(*) FROM _sqlite_migrations") == [(migrations.SCHEMA,)]


def test_an_old_database_is_brought_up_to_date_and_keeps_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        store.write(lambda session: session.meta.set("fact", "kept"))

    def second(database: Any) -> None:
        database.conn.execute("CREATE TABLE later (x INTEGER) STRICT")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, second))
    monkeypatch.setattr(migrations, "SCHEMA", len(migrations.STEPS))
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert store.read(lambda session: session.meta.get("fact")) == "kept"
    assert rows(tmp_path / "n.db", "SELECT * FROM later") == []
    assert rows(tmp_path / "n.db", "PRAGMA user_version") == [(migrations.SCHEMA,)]


def test_a_step_that_fails_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(database: Any) -> None:
        database.conn.execute("CREATE TABLE half (x INTEGER) STRICT")
        raise LookupError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, broken))
        patch.setattr(migrations, "SCHEMA", len(migrations.STEPS))
        with pytest.raises(LookupError):
            open_store(tmp_path / "n.db", now=NOW)
    assert rows(tmp_path / "n.db", "SELECT name FROM sqlite_schema") == []
    open_store(tmp_path / "n.db", now=NOW).close()


def titles(store: SqliteStore, query: str) -> list[str]:
    page = store.read(lambda session: session.search.newest(parse(query), NOW))
    return [hit.article.title for hit in page.hits]


def take(store: SqliteStore, title: str) -> Archived:
    def work(session: Session) -> Archived:
        source = session.sources.ensure(SourceKind.FOLDER, "/inbox", "inbox")
        new = Article(title, title, "Migrants at the border.", "The Outlet", language="en")
        archived = session.articles.add(
            new, source_id=source.id, now=NOW, language="en", story_id=session.stories.new(NOW), topics=()
        )
        session.search.index([(archived, analyse(new))])
        return archived

    return store.write(work)


def test_an_archive_from_before_there_were_beginnings_is_given_them_in_the_background(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginnings, "BROAD", 0)
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        first, second = take(store, "first"), take(store, "second")
    rows(tmp_path / "n.db", "DROP TABLE fulltext_beginnings")
    rows(tmp_path / "n.db", "DROP TABLE fulltext_outlets")
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0002%'")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert titles(store, "mig*") == ["second", "first"]
        assert titles(store, 'migrants source:"the outlet"') == ["second", "first"]
        store.write(lambda session: session.articles.retag(first.id, []))
        store.write(lambda session: session.search.index([(first, analyse(first.article))]))
        take(store, "third")
        assert store.read(lambda session: session.search.outdated())
        while store.write(lambda session: session.search.rebuild(1)):
            assert len(titles(store, "mig*")) == 3
        assert not store.read(lambda session: session.search.outdated())
        store.write(lambda session: session.articles.retag(second.id, []))
        assert set(titles(store, "mig*")) == {"first", "third"}
    assert (
        len(rows(tmp_path / "n.db", "SELECT rowid FROM fulltext_beginnings WHERE fulltext_beginnings MATCH 'mig'")) == 2
    )


def test_a_source_that_failed_before_there_was_health_is_failing_since_it_was_known_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_before(tmp_path / "n.db", "_health", monkeypatch)
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        insert = "INSERT INTO sources (kind, location, name, failed_at, problem) VALUES ('feed', ?, ?, ?, ?)"
        connection.execute(insert, ("https://a.example/", "A", 1_000_000, "no answer"))
        connection.execute(insert, ("https://b.example/", "B", None, None))
        connection.commit()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        first, second = store.read(lambda session: session.sources.all())
    assert (first.failures, first.failing_since_at) == (1, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    assert (second.failures, second.failing_since_at) == (0, None)


def test_words_of_an_archive_that_did_not_keep_when_they_were_met_may_be_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "BROAD", 0)
    monkeypatch.setattr(search, "NEWEST", 0)
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        take(store, "first")
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        connection.execute("ALTER TABLE fulltext_words DROP COLUMN seen")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0004%'")
        connection.execute("PRAGMA user_version = 3")
        connection.commit()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert titles(store, "migrant") == ["first"]
        take(store, "second")
        assert titles(store, "migrant") == ["second", "first"]


def test_alerts_from_before_keep_their_numbers_and_new_ones_go_on_past_all_there_ever_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_before(tmp_path / "n.db", "_alerts", monkeypatch)
    alerts = [(1, 10, 5, 7, 1_000, 0, 1, None), (2, 10, 5, 8, 1_000, 1, 1, 0), (3, 11, 5, 7, 2_000, 1, 1, 0)]
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        connection.executemany(
            "INSERT INTO queries (id, text, live, version) VALUES (?, ?, 1, 1)", [(7, "a"), (8, "b")]
        )
        insert = "INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        connection.executemany(insert, [*alerts, (9, 12, 6, 7, 3_000, 1, 1, None)])
        connection.execute("DELETE FROM alerts WHERE id = 9")
        connection.commit()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        kept = rows(tmp_path / "n.db", "SELECT * FROM alerts ORDER BY id")
        assert kept == [(*alert[:6], None) for alert in alerts]
        assert store.write(lambda session: session.outbox.raise_alerts([(11, 5, 7), (11, 5, 8)], NOW)) == 1
    assert rows(tmp_path / "n.db", "SELECT leader FROM alerts WHERE id > 9") == [(2,)]


@pytest.mark.parametrize(
    ("reached", "at", "waiting"),
    [
        ((None, None, 41, 0, 0), (3, 41), [3, 4, 5]),
        ((0, 0, 0, 0, 0), (1, 0), [1, 2, 3, 4, 5]),
        ((None, None, None, None, 0), (5, 0), [5]),
        ((None,) * 5, (9, None), []),
    ],
)
def test_alerts_from_before_are_expanded_from_where_they_were(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reached: tuple[int | None, ...],
    at: tuple[int, int | None],
    waiting: list[int],
) -> None:
    """Of story 5 query 7 had an old article first, then a new one; the first of story 6 is gone, and number 9."""
    made_before(tmp_path / "n.db", "_expansion", monkeypatch)
    known = [(10, 5, 7, 1_000, 0, 1), (11, 5, 7, 2_000, 0, 0), (12, 5, 7, 3_000, 1, 1), (13, 5, 7, 4_000, 1, 0)]
    known += [(14, 6, 7, 5_000, 1, 0)]
    with closing(sqlite3.connect(tmp_path / "n.db")) as connection:
        connection.execute("INSERT INTO queries (id, text, live, version) VALUES (7, 'a', 1, 1)")
        rest = [(number, *alert, its) for number, (alert, its) in enumerate(zip(known, reached, strict=True), start=1)]
        insert = "INSERT INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        connection.executemany(insert, [*rest, (9, 12, 6, 7, 3_000, 1, 1, None)])
        connection.execute("DELETE FROM alerts WHERE id = 9")
        connection.commit()
    with closing(open_store(tmp_path / "n.db", now=NOW)) as store:
        assert rows(tmp_path / "n.db", "SELECT alert_id, reached FROM expansion") == [at]
        leaders = rows(tmp_path / "n.db", "SELECT leader FROM alerts ORDER BY id")
        assert leaders == [(None,), (1,), (None,), (3,), (None,)]
        store.write(lambda session: session.outbox.raise_alerts([(15, 6, 7)], NOW))
        found = []
        while alert := store.read(lambda session: session.outbox.next_alert()):
            assert alert[1] == (at[1] if alert[0].id == at[0] else 0)
            found.append(alert[0].id)
            store.write(lambda session, alert=alert: session.outbox.expanded(alert[0].id, None))  # type: ignore[misc]
        assert found == [*waiting, 10]
