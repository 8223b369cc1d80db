"""What follows from what the database takes: full or not, how fast it grows, how long that lasts, and how it reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.space import (
    DAY,
    LOW,
    REMEMBERED_FOR,
    Cause,
    Past,
    Room,
    Space,
    in_bytes,
    past_of,
    past_to_text,
    remembered,
)
from bot.core.space_told import advice, grows, held, takes
from bot.core.words import ENGLISH

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
MB = 10**6
PLENTY = 50_000 * MB
ROOM = Room(database=800 * MB, log=4 * MB, free=PLENTY, copies=(790 * MB, 780 * MB), kept=50 * MB, ballast=64 * MB)


def weekly(growth: int) -> Past:
    """A week in which it grew by so many bytes a day."""
    return tuple((NOW - (7 - day) * DAY, 700 * MB + day * growth) for day in range(8))


@pytest.mark.parametrize(
    ("space", "cause"),
    [
        (Space(ROOM), None),
        (Space(replace(ROOM, free=LOW)), None),
        (Space(replace(ROOM, free=LOW - 1)), Cause.DISK),
        (Space(ROOM, most=1_644 * MB), Cause.LIMIT),
        (Space(ROOM, most=1_645 * MB), None),
        (Space(replace(ROOM, free=0), most=1), Cause.DISK),
        (Space(ROOM, held=Cause.REFUSED), Cause.REFUSED),
        (Space(replace(ROOM, free=0), held=Cause.REFUSED), Cause.DISK),
    ],
)
def test_it_is_full_when_the_disk_is_or_the_limit_is_reached_by_what_does_not_give_way(
    space: Space, cause: Cause | None
) -> None:
    assert space.cause is cause


def test_what_was_full_needs_some_more_to_be_well_again() -> None:
    assert Space(replace(ROOM, free=2 * LOW)).is_eased
    needed = 2 * LOW + 64 * MB
    assert Space(ROOM, given_up=64 * MB).needed == needed, "what was given up for deliveries is no room for more"
    assert Space(replace(ROOM, free=needed), given_up=64 * MB).is_eased
    assert not Space(replace(ROOM, free=needed - 1), given_up=64 * MB).is_eased
    assert not Space(ROOM, most=1_650 * MB).is_eased
    assert Space(ROOM, most=1_700 * MB).is_eased


def test_something_is_set_aside_where_it_leaves_enough() -> None:
    assert Space(replace(ROOM, free=2 * LOW)).has_room_for(64 * MB), "what is there need not be there twice"
    assert not Space(replace(ROOM, free=2 * LOW)).has_room_for(65 * MB)


def test_growth_is_of_a_week_and_unknown_on_the_first_day() -> None:
    assert Space(ROOM, past=weekly(12 * MB)).growth == 12 * MB
    assert Space(ROOM, past=weekly(12 * MB)[:1]).growth is None
    assert Space(ROOM, past=weekly(0)).days_left is None
    assert Space(ROOM, past=weekly(-MB)).days_left is None


def test_the_days_left_count_the_copies_that_grow_with_the_database() -> None:
    past = weekly(10 * MB)
    assert Space(replace(ROOM, copies=()), past=past).days_left == PLENTY // (10 * MB)
    assert Space(ROOM, past=past).days_left == PLENTY // (30 * MB)
    assert Space(ROOM, most=3_644 * MB, past=past).days_left == 2_000 // 20, "all copies but one give way"
    assert Space(ROOM, most=1, past=past).days_left == 0


@given(
    st.lists(st.tuples(st.integers(-5, 40_000), st.integers(0, 10**12)), max_size=40),
    st.integers(0, 10**12),
)
def test_what_is_remembered_is_in_order_a_day_apart_and_never_more_than_nine(
    looks: list[tuple[int, int]], size: int
) -> None:
    past: Past = ()
    now = NOW
    for minutes, taken in looks:
        now += timedelta(minutes=minutes)
        past = remembered(past, taken, now)
        assert all(later[0] - earlier[0] >= DAY for earlier, later in pairwise(past))
        assert all(now - REMEMBERED_FOR < at <= now for at, _ in past)
        assert past
    assert len(past) <= 9
    assert past_of(past_to_text(past)) == past


@pytest.mark.parametrize("text", [None, "", "x", "{}", "[1]", '[["2026-03-10T09:00:00+00:00", "x"]]', '[["x", 1]]'])
def test_what_nobody_can_read_is_no_past(text: str | None) -> None:
    assert past_of(text) == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0.0 MB"), (400_000, "0.4 MB"), (64 * MB, "64 MB"), (-12 * MB, "-12 MB"), (2 * 10**9, "2.0 GB")],
)
def test_bytes_as_people_read_them(number: int, said: str) -> None:
    assert in_bytes(number) == said


def test_it_reads_in_a_line() -> None:
    space = Space(ROOM, past=weekly(10 * MB))
    assert takes(Space(replace(ROOM, copies=(), kept=0)), ENGLISH) == "804 MB, 50.0 GB free"
    assert takes(replace(space, most=2_000 * MB), ENGLISH) == "804 MB and 1.6 GB in copies, 2.0 GB at most"
    assert grows(space, ENGLISH) == "10 MB a day, room for 1,666 days"
    assert grows(replace(space, most=1), ENGLISH) == "10 MB a day, room for 24 hours"
    assert grows(Space(ROOM), ENGLISH) == "known after a day"
    assert grows(replace(space, past=weekly(0)), ENGLISH) == "none"
    assert held(space, ENGLISH) is None


@pytest.mark.parametrize(
    ("space", "said", "do"),
    [
        (
            Space(replace(ROOM, free=3 * MB)),
            "nothing is fetched: the disk is full: 3.0 MB are free, 34 MB are needed",
            "free some space there, or shorten NEWSBELL_KEEP",
        ),
        (
            Space(ROOM, most=1_000 * MB),
            "nothing is fetched: the database takes 1.6 GB, as much as it may",
            "raise NEWSBELL_DISK_MAX, shorten NEWSBELL_KEEP, or have the copies (NEWSBELL_BACKUPS) on another disk",
        ),
        (
            Space(ROOM, held=Cause.REFUSED),
            "nothing is fetched: the disk takes no more, though 50.0 GB seem to be free",
            "free some space there, or raise its quota",
        ),
    ],
)
def test_why_nothing_is_fetched_comes_with_what_to_do(space: Space, said: str, do: str) -> None:
    assert held(space, ENGLISH) == f"{said}; {do}"


def test_what_to_do_before_it_is_full_depends_on_what_fills_up() -> None:
    assert "NEWSBELL_DISK_MAX" in advice(Space(ROOM, most=2_000 * MB), ENGLISH)
    assert "NEWSBELL_DISK_MAX" not in advice(Space(ROOM, most=200_000 * MB), ENGLISH)
