"""Articles' pages: which are worth asking for, when again, and how their text joins what was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError, TooLarge, Unreachable, Unreadable
from bot.core.model import Article
from bot.core.pages import PATIENCE_FOR, SHORT, TRIES, Ring, Unread, host_of, joined, newest, parted, retry_at, wanted

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
URL = "https://wire.example/a"


def article(guid: str = "1", text: str = "", url: str | None = URL, at: datetime | None = None) -> Article:
    return Article(guid, "Title", text, "Wire", url, at)


def unread(tries: int = 1, asked_at: datetime = NOW) -> Unread:
    return Unread(1, URL, "wire.example", "Title", "Said.", Ring.AT_ONCE, tries, asked_at, NOW)


def test_a_short_text_with_an_address_is_worth_its_page() -> None:
    assert wanted(article(text="x" * (SHORT - 1)))
    assert not wanted(article(text="x" * SHORT))
    assert not wanted(article(url=None))
    assert not wanted(article(url="ftp://wire.example/a"))
    assert not wanted(article(url="https://[::1"))
    assert host_of("HTTPS://user:pw@Wire.Example:8443/a") == "wire.example"


def test_the_newest_are_asked_for_and_undated_ones_are_new() -> None:
    dated = [article(str(number), at=NOW - number * HOUR) for number in range(9, 0, -1)]
    assert newest(dated, 2) == {"1", "2"}
    assert newest([article("undated"), *dated, article("long", text="x" * SHORT)], 2) == {"undated", "1"}
    assert newest([article("early"), article("late")], 1) == {"late"}, "a look is told oldest first"
    assert newest(dated, 0) == frozenset()


@pytest.mark.parametrize("error", [Missing("404"), Gone("410"), Forbidden("robots"), TooLarge("10 GB"), SourceError()])
def test_what_will_not_change_is_given_up_at_once(error: SourceError) -> None:
    assert retry_at(error, unread(), NOW) is None


@pytest.mark.parametrize("error", [Unreachable("500"), Unreadable("ends early")])
def test_what_passes_is_tried_a_few_times_ever_later(error: SourceError) -> None:
    waits = [at - NOW if (at := retry_at(error, unread(tries), NOW)) else None for tries in range(1, TRIES + 1)]
    assert waits == [5 * MINUTE, 20 * MINUTE, 80 * MINUTE, None]


def test_a_pause_is_kept_uses_up_no_try_and_is_not_kept_for_ever() -> None:
    assert retry_at(RateLimited("busy", HOUR), unread(TRIES), NOW) == NOW + HOUR
    assert retry_at(RateLimited("busy", timedelta(0)), unread(), NOW) == NOW + MINUTE
    late = NOW + PATIENCE_FOR - MINUTE
    assert retry_at(RateLimited("busy", MINUTE), unread(), late) == late + MINUTE
    assert retry_at(RateLimited("busy", HOUR), unread(), late) is None


@pytest.mark.parametrize(
    ("said", "page", "whole"),
    [
        ("Boats came.", "Boats came.\n\nThen more.", "Boats came.\n\nThen more."),
        ("BOATS  came", "On Monday boats came.", "On Monday boats came."),
        ("Boats came to the isla…", "Boats came to the island on Monday.", "Boats came to the island on Monday."),
        ("Boats came to the [...]", "Boats came to an island.", "Boats came to the [...]\n\nBoats came to an island."),
        ("The editor's word.", "Boats came.", "The editor's word.\n\nBoats came."),
        ("oats came", "Boats came.", "oats came\n\nBoats came."),
        (" \n", "Boats came.", "Boats came."),
    ],
)
def test_what_was_said_heads_the_page_unless_it_stands_in_it(said: str, page: str, whole: str) -> None:
    assert joined(said, page) == whole


WORDS = st.lists(st.sampled_from(["boats", "came", "Niš", "the", "\n\n", "…", "Élan"]), max_size=8).map(" ".join)


@given(WORDS, WORDS)
def test_no_row_of_words_that_was_said_or_stands_in_the_page_is_lost(said: str, page: str) -> None:
    whole = joined(said, page)
    assert page in whole
    assert "…" in said or " ".join(said.casefold().split()) in " ".join(whole.casefold().replace("…", "").split())
    if whole != page:
        assert parted(said, whole) == page
