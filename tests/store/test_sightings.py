"""Sightings: everything a query matches since a time, by story, and what a bound leaves to an estimate."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.matching.query import parse
from store import sightings
from tests.store.archive import DAY, HOUR, NOW, Archive, archive_in_memory, article


@pytest.fixture(scope="module")
def hourly() -> Iterator[Archive]:
    """1,200 articles, an hour apart, two a story, every other one in Serbian."""
    with archive_in_memory() as archive:
        archive.connection.execute("BEGIN")
        stories = [archive.stories.new(NOW) for _ in range(600)]
        for number in range(1_200):
            new = article(str(number), "border funds", published_at=NOW - number * HOUR)
            new = replace(new, language="sr" if number % 2 else "en")
            archive.take(new, story_id=stories[number // 2])
        archive.connection.execute("COMMIT")
        yield archive


def test_sightings_are_exactly_what_a_search_finds(hourly: Archive) -> None:
    for query in ("border", 'fund NEAR/2 "border"', "bor*", "lang:sr", "-lang:sr border"):
        since = NOW - 5 * DAY
        found = hourly.search.sightings(parse(query), NOW, since=since)
        page = hourly.page(query, since=since, limit=500)
        assert [entry.article_id for entry in found.entries] == [hit.id for hit in page.hits]
        assert [entry.published_at for entry in found.entries] == [hit.published_at for hit in page.hits]
        assert [entry.story_id for entry in found.entries] == [hit.story_id for hit in page.hits]
        assert found.exact


def test_sightings_are_of_languages_and_up_to_now(hourly: Archive) -> None:
    found = hourly.search.sightings(parse("border"), NOW - DAY, since=NOW - 2 * DAY, languages=["sr"])
    assert [(NOW - entry.published_at) // HOUR for entry in found.entries] == list(range(25, 49, 2))


def test_of_too_many_only_the_newest_are_looked_up(hourly: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sightings, "LOOKED_UP", 500)
    found = hourly.search.sightings(parse("border"), NOW, since=NOW - 1_199 * HOUR)
    assert (len(found.entries), len(found.further), found.whole) == (500, 700, True)
    assert found.further == tuple(NOW - number * HOUR for number in range(500, 1_200))


def test_when_time_is_up_what_was_found_is_told(hourly: Archive) -> None:
    found = hourly.search.sightings(parse("border"), NOW, since=NOW - 1_199 * HOUR, seconds=-1)
    assert not found.whole
    assert len(found.entries) <= 500
    assert hourly.page("border").total == 1_000  # the handler is gone


def test_what_is_wrong_with_the_database_is_not_taken_for_time_running_out(hourly: Archive) -> None:
    hourly.connection.execute("SAVEPOINT broken")
    hourly.connection.execute("DROP TABLE fulltext_dead")
    with pytest.raises(sqlite3.OperationalError, match="fulltext_dead"):
        hourly.search.sightings(parse("border"), NOW, since=NOW - DAY)
    hourly.connection.execute("ROLLBACK TO broken")
    hourly.connection.execute("RELEASE broken")
