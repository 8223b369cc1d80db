"""What is old leaves with all that hangs on it, in steps; what somebody saved, waits for or was just told stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.core.ports import Session
from bot.jobs import sweep as sweeping
from bot.jobs.sweep import ALERTS_FOR, REACHED, TOLD_FOR, Sweep
from bot.matching.query import parse
from store.database import SqliteStore
from tests.jobs.conftest import NOW, Newsbell, article

DAY = timedelta(days=1)
KEEP = timedelta(days=400)
OLD = NOW + KEEP + DAY


def swept(bell: Newsbell, at: Any = OLD) -> int:
    """All steps of a sweep; how many there were."""
    sweep, steps = Sweep(bell.app.store, KEEP), 1
    while sweep(at):
        steps += 1
        assert steps < 1_000
    return steps


def titles(bell: Newsbell) -> set[str]:
    """Those in the archive, which has to agree with the full text."""

    def look(session: Session) -> tuple[set[str], set[str]]:
        archived = session.articles.after(0, 1_000)
        found = session.search.newest(parse("lang:en"), OLD, limit=1_000)
        return {entry.article.title for entry in archived}, {hit.article.title for hit in found.hits}

    there, found = bell.app.store.read(look)
    assert there == found
    return there


def rows(bell: Newsbell, sql: str) -> list[tuple[Any, ...]]:
    store = bell.app.store
    assert isinstance(store, SqliteStore)
    with store.reading() as connection:
        return connection.execute(sql).fetchall()


def counted(bell: Newsbell) -> dict[str, int]:
    tables = ("articles", "stories", "alerts", "deliveries", "article_topics", "signatures", "pages", "growths")
    return {table: rows(bell, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def checked(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


def sound(bell: Newsbell) -> None:
    store = bell.app.store
    assert isinstance(store, SqliteStore)
    for table in ("fulltext", "fulltext_beginnings"):
        store.exclusively(partial(checked, table=table))
    assert rows(bell, "PRAGMA foreign_key_check") == []
    assert rows(bell, "PRAGMA integrity_check") == [("ok",)]


def test_an_old_article_leaves_without_a_trace(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.deliver(NOW)
    assert counted(bell)["deliveries"] == 1
    swept(bell)
    assert titles(bell) == set()
    assert set(counted(bell).values()) == {0}
    sound(bell)


def test_what_is_not_old_stays(bell: Newsbell) -> None:
    bell.take(article())
    swept(bell, NOW + KEEP)
    assert len(titles(bell)) == 1


def test_samples_and_what_somebody_saved_or_marked_stay(bell: Newsbell) -> None:
    saved, marked, other = (article(f"Frontex in {place}") for place in ("Skopje", "Tirana", "Bar"))
    subscription = bell.subscribe("frontex")
    bell.take(saved, marked, other, article("Frontex in a sample", sample=True))
    by_title = {
        entry.article.title: entry for entry in bell.app.store.read(lambda session: session.articles.after(0, 9))
    }
    chat, kept, noted = subscription.chat_id, by_title[saved.title], by_title[marked.title]
    bell.app.store.write(lambda session: session.shelf.save(chat, kept.id, NOW))
    bell.app.store.write(lambda session: session.shelf.mark(chat, subscription.id, noted.story_id, noted.id, NOW))
    bell.deliver(NOW)
    swept(bell)
    assert titles(bell) == {saved.title, marked.title, "Frontex in a sample"}
    bell.app.store.write(lambda session: session.shelf.drop(chat, kept.id))
    swept(bell)
    assert titles(bell) == {marked.title, "Frontex in a sample"}
    sound(bell)


def test_a_story_that_waits_or_was_just_told_stays(bell: Newsbell) -> None:
    bell.chat("away", paused_at=NOW)
    bell.subscribe("frontex", chat="away")
    bell.take(article())
    bell.app.owe(NOW)
    swept(bell)
    assert len(titles(bell)) == 1, "it waits in a paused chat"
    assert counted(bell)["alerts"] == 1, "which reads what it matched"
    away = bell.chat("away", paused_at=None).id
    bell.app.store.write(lambda session: session.outbox.replan(away, OLD, OLD, anew=True))
    bell.deliver(OLD)
    swept(bell)
    assert len(titles(bell)) == 1, "it was told a moment ago"
    swept(bell, OLD + TOLD_FOR + DAY)
    assert titles(bell) == set()


def test_alerts_leave_when_nobody_asks_for_them_any_more(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.deliver(NOW)
    swept(bell, NOW + ALERTS_FOR)
    assert counted(bell)["alerts"] == 1
    swept(bell, NOW + ALERTS_FOR + DAY)
    assert (counted(bell)["alerts"], counted(bell)["articles"], counted(bell)["deliveries"]) == (0, 1, 1)


def test_an_alert_that_is_not_yet_expanded_stays(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    swept(bell, NOW + ALERTS_FOR + DAY)
    assert counted(bell)["alerts"] == 1
    bell.deliver(NOW)
    assert len(bell.texts) == 1


def test_it_goes_in_small_steps_and_any_of_them_may_be_the_last(
    bell: Newsbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "ARTICLES", 2)
    bell.take(*(article(f"Frontex in town {number}") for number in range(7)))
    sweep = Sweep(bell.app.store, KEEP)
    left = []
    for _ in range(4):
        sweep(OLD)
        left.append(counted(bell)["articles"])
        sound(bell)
    assert left == [5, 3, 1, 0]
    assert bell.app.store.read(lambda session: session.meta.get(REACHED)) == "0"


def test_pages_are_given_back(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "RESERVE", 0)
    monkeypatch.setattr(sweeping, "PAGES", 8)
    bell.take(*(article(f"Frontex in town {number}", text=f"word{number} " * 4_000) for number in range(20)))
    (before,) = rows(bell, "PRAGMA page_count")[0]
    swept(bell)
    (after,) = rows(bell, "PRAGMA page_count")[0]
    assert after < before - 40, "the texts are 50 pages; the words that were met stay"
    assert rows(bell, "PRAGMA freelist_count")[0][0] < sweeping.PAGES
    sound(bell)


def test_a_database_that_began_without_giving_back_does_so_once_a_copy_of_it_is_restored(tmp_path: Path) -> None:
    from store.database import open_store
    from store.restoring import restore

    path = tmp_path / "n.db"
    open_store(path, now=NOW).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA auto_vacuum = NONE")
        connection.execute("VACUUM")
    with closing(open_store(path, now=NOW)) as store:
        assert store.give_back(0, 1) == 0
        store.backup(str(tmp_path / "b.db"))
    restore(tmp_path / "b.db", path, NOW)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
