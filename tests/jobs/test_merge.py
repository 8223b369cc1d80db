"""Merge: the running bot brings the full text into one piece, a step at a time, and leaves it alone otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.jobs.merge import merge
from store.database import SqliteStore
from tests.jobs.conftest import NOW, Newsbell, article


def scattered(bell: Newsbell) -> bool:
    return bell.app.store.read(lambda session: session.search.scattered())


def test_what_came_in_pieces_is_merged_and_found_as_before(bell: Newsbell) -> None:
    for number in range(12):
        bell.take(article(f"Geese {number}", guid=str(number), text=f"word{number} " * 9))
    query = bell.app.topics.read("geese")
    before = bell.app.store.read(lambda session: session.search.newest(query, NOW, limit=20))
    assert len(before.hits) == 12
    assert scattered(bell)
    while merge(bell.app.store, steps=1):
        pass
    assert not scattered(bell)
    assert bell.app.store.read(lambda session: session.search.newest(query, NOW, limit=20)) == replace(before)


def test_a_pass_with_nothing_due_only_reads(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    bell.take(article("Geese", guid="1"), article("Swans", guid="2"))
    while bell.app.merge():
        pass

    def refuse(*_: object) -> None:
        raise AssertionError("it wrote")

    monkeypatch.setattr(SqliteStore, "write", refuse)
    assert not bell.app.merge()
