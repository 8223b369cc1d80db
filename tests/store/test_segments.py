"""The segments of the full text: when they are merged, and that merging changes nothing but their number."""

from __future__ import annotations

import pytest

from store import segments
from store.fulltext import BEGINNINGS, LIVE
from store.segments import Segments
from tests.store.archive import DAY, HOUR, NOW, Archive, article

TABLES = (LIVE, BEGINNINGS.format(LIVE))


def sizes(archive: Archive) -> list[list[int]]:
    return [Segments(archive.connection, table).sizes() for table in TABLES]


def fill(archive: Archive, first: int, number: int) -> None:
    """Articles in a transaction each, which makes a segment each, until FTS5 merges some."""
    for each in range(first, first + number):
        words = " ".join(f"word{each}x{other}" for other in range(40))
        archive.take(article(str(each), f"border {words}", published_at=NOW - each * HOUR))


def merge(archive: Archive) -> int:
    """Merges until nothing is due; how many steps that took."""
    steps = 0
    while archive.search.scattered():
        assert archive.search.merge()
        steps += 1
    return steps


def test_an_empty_index_has_nothing_to_merge(archive: Archive) -> None:
    assert sizes(archive) == [[], []]
    assert not archive.search.scattered()
    assert not archive.search.merge()


def test_what_is_indexed_together_makes_one_segment_in_whatever_order_it_comes(archive: Archive) -> None:
    rows = [
        archive.add(article(str(each), f"border x{each}", published_at=NOW - 7 * each % 30 * DAY)) for each in range(30)
    ]
    archive.connection.execute("BEGIN")
    archive.index(*rows)
    archive.connection.execute("COMMIT")
    assert [len(each) for each in sizes(archive)] == [1, 1]
    assert archive.titles("border", limit=3) == ["0", "13", "26"]


def test_merging_makes_one_segment_and_changes_nothing_else(archive: Archive) -> None:
    fill(archive, 0, 37)
    assert any(len(each) > segments.FEW for each in sizes(archive))
    before = archive.vocabulary()
    assert archive.search.scattered()
    assert merge(archive)
    assert all(len(each) <= segments.FEW for each in sizes(archive))
    assert archive.vocabulary() == before
    assert archive.titles("border", limit=37) == [str(number) for number in range(37)]


def test_a_large_index_is_merged_in_steps_and_whatever_comes_meanwhile_stays(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "PAGES", 1)
    fill(archive, 0, 40)
    for number in range(100, 105):
        assert archive.search.merge()
        fill(archive, number, 1)
        assert len(archive.titles("border", limit=100)) == 41 + number - 100
    assert merge(archive)
    assert len(archive.titles("border", limit=100)) == 45


def test_little_that_came_since_is_left_alone(archive: Archive) -> None:
    fill(archive, 0, 64)
    merge(archive)
    archive.take(article("new", "border"))
    assert len(sizes(archive)[0]) == 2
    assert not archive.search.scattered()
    assert not archive.search.merge()
    fill(archive, 100, 20)
    assert archive.search.scattered()


def test_many_segments_are_merged_whatever_their_size(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(archive, 0, 64)
    merge(archive)
    archive.take(article("new", "border"))
    assert not archive.search.scattered()
    monkeypatch.setattr(segments, "FEW", 1)
    monkeypatch.setattr(segments, "MOST", 1)
    assert archive.search.scattered()


def test_an_article_taken_out_stays_out_after_a_merge(archive: Archive) -> None:
    fill(archive, 0, 20)
    archived = archive.take(article("gone", "border migrants"))
    archive.articles.retag(archived.id, ["x"])
    merge(archive)
    assert archive.titles("migrants") == []
    assert archive.titles("mig*") == []


def test_what_comes_late_stands_where_it_was_published_before_and_after_a_merge(archive: Archive) -> None:
    archive.take(article("newest", "border"))
    archive.take(article("oldest", "border", published_at=NOW - 9 * DAY))
    fill(archive, 1, 20)
    archive.take(article("late", "border", published_at=NOW - 5 * DAY))
    archive.take(article("between", "border", published_at=NOW - 90 * 60 * DAY / 86_400))
    expected = ["newest", "1", "between", *map(str, range(2, 21)), "late", "oldest"]
    for _ in range(2):
        assert archive.titles("border", limit=30) == expected
        assert archive.titles("bor*", limit=30) == expected
        assert archive.titles(None, limit=30) == expected
        assert archive.titles("border", limit=2, offset=22) == ["late", "oldest"]
        assert archive.titles("border before:2026-02-27T13:00Z", limit=9) == ["late", "oldest"]
        assert archive.titles("border since:2h") == ["newest", "1", "between", "2"]
        merge(archive)
