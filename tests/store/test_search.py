"""The archive's search: pages, counts, windows of time, relevance, and what a deadline may shorten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.matching.query import parse
from store import loosening, search
from store.search import COUNTED, Search
from tests.store.archive import DAY, HOUR, NOW, Archive, archive_in_memory, article


@pytest.fixture(scope="module")
def crowd() -> Iterator[Archive]:
    """1,005 articles, an hour apart, the newest first in the order of their numbers; every tenth in Serbian."""
    with archive_in_memory() as archive:
        archive.connection.execute("BEGIN")
        for number in range(COUNTED + 5):
            language = "sr" if number % 10 == 0 else "en"
            text = "funds for the border" if number % 2 else "border for the fund"
            at = NOW - number * HOUR
            archive.take(article(str(number), text, published_at=at, language=language), story_id=1 if number else None)
        archive.connection.execute("COMMIT")
        yield archive


def numbers(archive: Archive, query: str | None, **options: object) -> list[int]:
    return [int(title) for title in archive.titles(query, **options)]


def test_pages_go_from_the_newest_back(crowd: Archive) -> None:
    first = crowd.page("border")
    assert [int(hit.article.title) for hit in first.hits] == list(range(10))
    assert (first.total, first.capped, first.more, first.partial) == (COUNTED, True, True, False)
    assert numbers(crowd, "border", limit=3, offset=7) == [7, 8, 9]
    last = crowd.page("border", limit=10, offset=1000)
    assert [int(hit.article.title) for hit in last.hits] == list(range(1000, 1005))
    assert not last.more
    beyond = crowd.page("border", offset=2000)
    assert (beyond.hits, beyond.more, beyond.total) == ((), False, COUNTED)


def test_a_count_is_exact_up_to_its_cap(crowd: Archive) -> None:
    exactly = f"before:{(NOW - 4 * HOUR):%Y-%m-%dT%H:%MZ}"
    assert (crowd.page(exactly).total, crowd.page(exactly).capped) == (COUNTED, False)
    one_more = f"before:{(NOW - 3 * HOUR):%Y-%m-%dT%H:%MZ}"
    assert (crowd.page(one_more).total, crowd.page(one_more).capped) == (COUNTED, True)


def test_what_has_to_be_verified_pages_and_counts_alike(crowd: Archive) -> None:
    query = 'fund NEAR/2 "border"'
    assert crowd.page(query).total == COUNTED
    assert numbers(crowd, query, limit=4, offset=3) == [3, 4, 5, 6]
    half = 'fund* NEAR/0 "for the border"'
    assert numbers(crowd, half, limit=3, offset=2) == [5, 7, 9]
    assert crowd.page(half).total == 502


def test_no_query_is_every_article(crowd: Archive) -> None:
    assert numbers(crowd, None, limit=2) == [0, 1]
    assert crowd.page(None).capped
    assert numbers(crowd, None, limit=2, languages=["sr"]) == [0, 10]


def test_languages_are_any_of_those_asked_for(crowd: Archive) -> None:
    assert numbers(crowd, "border", languages=["sr"], limit=3) == [0, 10, 20]
    assert numbers(crowd, "border", languages=["sr", "en"], limit=3) == [0, 1, 2]
    assert numbers(crowd, "border OR fund", languages=["bcms", "bcms"], limit=3) == [0, 10, 20]
    assert numbers(crowd, "border lang:en", languages=["sr"]) == []


WINDOWS = [
    # query, zone, articles found, counted in hours before 2026-03-02T12:00Z
    ("since:2h", "UTC", [0, 1, 2]),
    ("since:2h before:1h", "UTC", [2]),
    ("since:2026-03-02", "UTC", list(range(13))),
    ("since:2026-03-02", "Europe/Belgrade", list(range(14))),
    ("since:2026-03-02 before:2026-03-03", "Asia/Tokyo", list(range(22))),
    ("before:2026-03-02T10:00Z since:2026-03-02T08:00Z", "UTC", [3, 4]),
    ("before:2026-03-02T10:00 since:2026-03-02T08:00", "Europe/Belgrade", [4, 5]),
    ("since:2026-03-02T10:30Z since:3h", "UTC", [0, 1]),
    ("since:2026-03-05", "UTC", []),
    ("since:2h before:3h", "UTC", []),
]


@pytest.mark.parametrize(("dates", "zone", "found"), WINDOWS)
@pytest.mark.parametrize("words", ["", "border ", 'fund* NEAR/2 "border" '])
def test_windows_of_time(crowd: Archive, words: str, dates: str, zone: str, found: list[int]) -> None:
    page = crowd.page(words + dates, zone=zone, limit=50)
    assert [int(hit.article.title) for hit in page.hits] == found
    assert page.total == len(found)


def test_the_callers_bound_joins_the_querys_own(crowd: Archive) -> None:
    assert numbers(crowd, "border", since=NOW - 2 * HOUR) == [0, 1, 2]
    assert numbers(crowd, "border since:1h", since=NOW - 2 * HOUR) == [0, 1]
    assert numbers(crowd, "border since:9h", since=NOW - 2 * HOUR) == [0, 1, 2]
    assert numbers(crowd, None, since=NOW) == [0]


def test_bounds_are_exact_within_a_second(archive: Archive) -> None:
    for number, microseconds in enumerate((0, 1, 500_000)):
        at = NOW - DAY + timedelta(microseconds=microseconds)
        archive.take(article(str(number), "word", published_at=at))
    since = NOW - DAY + timedelta(microseconds=1)
    assert numbers(archive, "word", since=since) == [2, 1]


def test_any_date_there_is_can_be_asked_for(archive: Archive) -> None:
    archive.take(article("ancient", "word", published_at=datetime(1, 1, 1, tzinfo=UTC)))
    archive.take(article("old", "word", published_at=datetime(1899, 12, 31, 23, tzinfo=UTC)))
    archive.take(article("new", "word"))
    assert archive.titles("word") == ["new", "old", "ancient"]
    assert archive.titles("word before:1900-01-01") == ["old", "ancient"]
    assert archive.titles("word since:1900-01-01") == ["new"]
    assert archive.titles("word before:2199-12-31") == ["new", "old", "ancient"]
    assert archive.titles("word", now=datetime.max.replace(tzinfo=UTC)) == ["new", "old", "ancient"]


def test_relevance_puts_the_headline_first(archive: Archive) -> None:
    archive.take(article("The border", "Short."), now=NOW - 3 * HOUR)
    archive.take(article("Another matter", "One border in a long text " + "and more words " * 50), now=NOW - 2 * HOUR)
    archive.take(article("Yet another", "Border, border and border."), now=NOW - HOUR)
    for number in range(5):
        archive.take(article(f"No {number}", "nothing"), now=NOW)
    ranked = archive.titles("border", sort="relevance")
    assert ranked == ["The border", "Yet another", "Another matter"]
    assert archive.titles("border") == ["Yet another", "Another matter", "The border"]
    assert archive.titles("border", sort="relevance", limit=1, offset=1) == ranked[1:2]
    assert archive.titles(None, sort="relevance", limit=1) == ["No 4"]


def test_relevance_of_what_has_to_be_verified(crowd: Archive) -> None:
    query = 'fund* NEAR/0 "for the border"'
    page = crowd.page(query, sort="relevance")
    assert page.total == 502
    assert len(page.hits) == 10
    assert all("funds for the border" in hit.article.text for hit in page.hits)


class Clock:
    """A clock on which every look takes a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.mark.parametrize("query", ["border", 'fund NEAR/2 "border"', None])
@pytest.mark.parametrize("offset", [0, 20, 995])
def test_a_deadline_shortens_the_count_and_never_the_page(crowd: Archive, query: str | None, offset: int) -> None:
    hurried = Search(crowd.connection, deadline=0, clock=Clock())
    page = hurried.newest(parse(query) if query else None, NOW, offset=offset)
    unhurried = crowd.page(query, offset=offset)
    assert page.hits == unhurried.hits
    assert page.more == unhurried.more
    assert page.partial == unhurried.more
    assert min(offset + len(page.hits), COUNTED) <= page.total <= unhurried.total


def test_a_deadline_leaves_the_newest_first_when_ranking_is_cut(crowd: Archive) -> None:
    hurried = Search(crowd.connection, deadline=0, clock=Clock())
    page = hurried.newest(parse("border"), NOW, sort="relevance")
    assert page.partial
    assert [int(hit.article.title) for hit in page.hits] == list(range(10))


def test_headlines_come_first_when_ranking_is_cut(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKING_SECONDS", -1)
    monkeypatch.setattr(search, "HEADLINE_SECONDS", 60)
    for number in range(4):
        headline = "borders" if number == 1 else "headline"
        archive.take(article(f"{headline} {number}", "border " * 3_000), now=NOW + number * HOUR)
    page = archive.page("border lang:en", sort="relevance", limit=2)
    assert page.partial
    assert [hit.article.title for hit in page.hits] == ["borders 1", "headline 3"]
    assert archive.titles("border", limit=1) == ["headline 3"], "a cut ranking cuts nothing that comes after it"


@contextmanager
def counting(connection: sqlite3.Connection) -> Iterator[list[str]]:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    yield statements
    connection.set_trace_callback(None)


def test_a_page_is_read_in_a_few_statements_and_sorts_nothing(crowd: Archive) -> None:
    with counting(crowd.connection) as statements:
        crowd.page("border -fund OR funds NEAR/3 border")
    assert len([entry for entry in statements if entry.startswith("SELECT") and "fulltext_words" not in entry]) <= 4
    for statement in [entry for entry in statements if entry.startswith("SELECT")]:
        plan = crowd.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert not [step for step in plan if "TEMP B-TREE" in step[3]], plan


@pytest.fixture
def wordy(archive: Archive) -> Archive:
    """60 articles a day apart, the newest first, each with a word of its own that begins like the others'."""
    archive.connection.execute("BEGIN")
    for number in range(60):
        archive.take(article(str(number), f"border{number} fence", published_at=NOW - number * DAY))
    archive.connection.execute("COMMIT")
    return archive


def test_a_question_of_many_words_asks_first_for_those_met_lately(
    wordy: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", 15)
    with counting(wordy.connection) as statements:
        assert numbers(wordy, "border* fence", limit=5) == [0, 1, 2, 3, 4]
    first, *_ = [entry for entry in statements if "fulltext MATCH" in entry]
    assert first.count('"border') < 20, "the newest ones' words, not all sixty"


@pytest.mark.parametrize("newest", [0, 1, 15, 59, 500])
def test_a_question_of_many_words_finds_the_same_wherever_the_newest_end(
    wordy: Archive, newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", newest)
    assert numbers(wordy, "border*", limit=100) == list(range(60))
    assert numbers(wordy, "border* -border3", limit=5, offset=12) == [13, 14, 15, 16, 17]
    assert numbers(wordy, "border* before:2026-02-01", limit=2) == [30, 31]
    assert numbers(wordy, "border* since:2d", limit=9) == [0, 1, 2]
    page = wordy.page("border*", limit=10)
    assert (page.total, page.more, page.capped) == (60, True, False)
    assert set(numbers(wordy, "border*", limit=60, sort="relevance")) == set(range(60))
    wordy.take(article("99", "bordering late", published_at=NOW - 40 * DAY))
    assert numbers(wordy, "border*", limit=100)[40:42] == [99, 40]


PLACED = ('"the border*"', "border* NEAR/0 fence", '"fence the bor*"', "fence NEAR/1 (border* OR wall)")


@pytest.fixture
def rows(archive: Archive) -> Archive:
    """40 articles a day apart, the newest first, that all have the words; every fourth has them in a row."""
    archive.connection.execute("BEGIN")
    for number in range(40):
        text = f"fence the border{number}" if number % 4 == 0 else f"border{number} and a wall, nothing but the fence"
        archive.take(article(str(number), text, published_at=NOW - number * DAY))
    archive.connection.execute("COMMIT")
    return archive


@pytest.mark.parametrize("query", PLACED)
@pytest.mark.parametrize("tries", [0, 1, 7, 300])
def test_a_beginning_in_its_place_is_found_whether_looked_through_or_asked_for(
    rows: Archive, query: str, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loosening, "MOST_TRIED", tries)
    wanted = [number for number in range(0, 40, 4) if "NEAR/0" not in query]
    assert numbers(rows, query, limit=40) == wanted
    assert numbers(rows, query, limit=3, offset=4) == wanted[4:7]
    assert set(numbers(rows, query, limit=40, sort="relevance")) == set(wanted)
    assert numbers(rows, f"{query} before:2026-02-20", limit=1) == [12 for _ in wanted[:1]]


def test_a_page_that_is_full_begins_nothing_that_may_take_seconds(
    rows: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loosening, "MOST_TRIED", 10)
    with counting(rows.connection) as statements:
        page = rows.page('"the border*"', limit=2)
    assert ([hit.article.title for hit in page.hits], page.total, page.partial) == (["0", "4"], 3, True)
    assert not [entry for entry in statements if '"border" *' in entry]
