"""What holds after any fault: nothing lost, nothing told twice, nothing damaged; archive and index agree."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.core.model import Archived
from bot.core.ports import Session
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.text import document_of
from store.alerts import UNFINISHED
from store.database import SqliteStore

SAMPLED = 25
"""Words of the archive that are looked up."""


def broken(store: SqliteStore, now: datetime, chance: random.Random) -> Iterator[str]:
    """A line for each thing that does not hold."""
    yield from _owed(store, now)
    yield from store.exclusively(lambda connection: list(_damage(connection)))
    yield from store.read(lambda session: list(_disagreement(session, now, chance)))


def _owed(store: SqliteStore, now: datetime) -> Iterator[str]:
    """Every delivery that was owed is sent, dead with a reason, or cancelled; no alert waits to be expanded."""
    with store.reading() as connection:
        due = int(now.timestamp() * 1_000_000)
        waiting = connection.execute(
            "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'leased') AND due_at <= ?", (due,)
        ).fetchone()[0]
        silent = connection.execute(
            "SELECT count(*) FROM deliveries WHERE state = 'dead' AND coalesce(reason, '') = ''"
        ).fetchone()[0]
        unexpanded = connection.execute(f"SELECT count(*) FROM {UNFINISHED}").fetchone()[0]
    if waiting:
        yield f"{waiting} deliveries are due and were neither sent nor given up"
    if silent:
        yield f"{silent} deliveries are dead without a reason"
    if unexpanded:
        yield f"{unexpanded} alerts have not reached their subscribers"


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    """SQLite finds the file, its references and its full text whole."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        yield f"integrity_check: {found}"
    if connection.execute("PRAGMA foreign_key_check").fetchall():
        yield "foreign_key_check: rows lead nowhere"
    tables = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall()
    if not tables:
        yield "no full text was found"
    for (name,) in tables:
        try:
            connection.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'integrity-check\')')
        except sqlite3.DatabaseError as error:
            yield f"full text {name}: {error}"


def _disagreement(session: Session, now: datetime, chance: random.Random) -> Iterator[str]:
    """What a search finds for words of the archive is what the archive's own texts say."""
    archive = session.articles.after(0, 1_000_000)
    if not archive:
        yield "the archive is empty"
        return
    documents = [(archived, document_of(archived)) for archived in archive]
    for word in sorted(_words(archive, chance)):
        query = parse(f'"{word}"')
        meant = {archived.id for archived, document in documents if matches(query, document)}
        found = {hit.id for hit in session.search.newest(query, now + timedelta(days=9), limit=len(archive)).hits}
        if found != meant:
            yield f"“{word}”: search finds {len(found)} articles, the archive holds {len(meant)}"


def _words(archive: list[Archived], chance: random.Random) -> set[str]:
    """Some words, rare and common."""
    chosen = [chance.choice(archive) for _ in range(SAMPLED)]
    return {
        chance.choice(words)
        for archived in chosen
        if (words := [word for word in archived.article.title.split() if word.isalnum()])
    }
