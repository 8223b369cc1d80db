"""When a source is asked next: its rhythm, hints, pauses, failures; and that its memory survives anything."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import Forbidden, Gone, Missing, NotAFeed, RateLimited, SourceError, Unreachable
from bot.core.poll import Poll, Seen, Standing
from bot.core.polling import (
    FASTEST_FOR,
    JITTER,
    LAST_RETRY_FOR,
    LONGEST_FOR,
    MOVES,
    QUICK_FOR,
    SLOW_FOR,
    due_at,
    failed,
    moved,
    settled,
    silent_at,
    spread_for,
    succeeded,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
URL = "https://wire.example/feed.xml"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAME = Seen(url=URL)


def every(gap: timedelta, count: int = 40, newest: datetime = NOW) -> Seen:
    """A look that showed so many items at such a pace."""
    return Seen(tuple(newest - gap * index for index in range(count)), shown=count, new=1, url=URL)


def wait(poll: Poll, now: datetime = NOW) -> timedelta:
    assert poll.next_at is not None
    return poll.next_at - now


def about(span: timedelta) -> tuple[timedelta, timedelta]:
    return span * (1 - JITTER), span * (1 + JITTER)


def within(poll: Poll, bounds: tuple[timedelta, timedelta], now: datetime = NOW) -> bool:
    return bounds[0] <= wait(poll, now) <= bounds[1]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (10 * MINUTE, 5 * MINUTE),
        (50 * MINUTE, 15 * MINUTE),
        (2 * HOUR, 36 * MINUTE),
        (9 * HOUR, HOUR),
        (30 * DAY, HOUR),
    ],
)
def test_a_source_is_asked_in_three_tenths_of_its_own_rhythm(gap: timedelta, expected: timedelta) -> None:
    assert within(succeeded(Poll(), URL, every(gap), NOW), about(expected))


def test_only_the_latest_thirty_items_count() -> None:
    old = tuple(NOW - 300 * DAY - DAY * index for index in range(500))
    seen = every(50 * MINUTE, 30)
    assert seen.items_at is not None
    assert within(succeeded(Poll(), URL, replace(seen, items_at=seen.items_at + old), NOW), about(15 * MINUTE))


def test_a_source_is_always_asked_before_half_of_what_it_shows_has_rolled_over() -> None:
    assert wait(succeeded(Poll(), URL, every(MINUTE, 8), NOW)) <= 4 * MINUTE
    assert wait(succeeded(Poll(), URL, every(timedelta(seconds=5), 10), NOW)) == FASTEST_FOR
    hinted = replace(every(MINUTE, 8), fresh_for=HOUR)
    assert wait(succeeded(Poll(), URL, hinted, NOW)) <= 4 * MINUTE


def test_one_pinned_item_from_long_ago_does_not_hide_that_the_rest_rolls_over() -> None:
    seen = every(MINUTE, 9)
    assert seen.items_at is not None
    pinned = replace(seen, items_at=(*seen.items_at, NOW - 900 * DAY), shown=10)
    assert wait(succeeded(Poll(), URL, pinned, NOW)) <= 5 * MINUTE


def test_items_published_all_at_once_say_nothing_of_rolling_over() -> None:
    assert within(succeeded(Poll(), URL, every(timedelta(0), 10), NOW), about(QUICK_FOR))


@pytest.mark.parametrize(
    ("hints", "least"),
    [
        ((30 * MINUTE, None), 30 * MINUTE),
        ((None, 20 * MINUTE), 20 * MINUTE),
        ((DAY, MINUTE), HOUR),
        ((MINUTE, None), MINUTE),
    ],
)
def test_freshness_is_honoured_up_to_an_hour(
    hints: tuple[timedelta | None, timedelta | None], least: timedelta
) -> None:
    seen = replace(every(10 * MINUTE, 60), fresh_for=hints[0], ttl_for=hints[1])
    assert least <= wait(succeeded(Poll(), URL, seen, NOW)) <= max(HOUR, 5 * MINUTE) * (1 + JITTER)


def test_what_the_feed_said_of_its_time_to_live_holds_while_it_does_not_change() -> None:
    poll = succeeded(Poll(), URL, replace(every(10 * MINUTE, 60), ttl_for=40 * MINUTE), NOW)
    assert wait(succeeded(poll, URL, SAME, NOW)) >= 40 * MINUTE


def test_a_source_without_dates_is_learnt_from_what_comes() -> None:
    poll, now = succeeded(Poll(), URL, Seen((), 20, 20, url=URL), NOW), NOW
    assert within(poll, about(15 * MINUTE))
    for _ in range(30):
        now += 2 * HOUR
        poll = succeeded(poll, URL, Seen((), 20, 2, url=URL), now)
    assert within(poll, about(18 * MINUTE), now)


def test_a_long_silence_slows_down_and_news_speeds_up_again() -> None:
    poll = succeeded(Poll(), URL, every(10 * MINUTE), NOW)
    later = NOW + 60 * DAY
    assert within(succeeded(poll, URL, SAME, later), about(HOUR), later)
    assert within(succeeded(poll, URL, every(10 * MINUTE, newest=later), later), about(5 * MINUTE), later)


def test_failures_back_off_to_half_a_day() -> None:
    poll, now, waits = succeeded(Poll(), URL, every(HOUR), NOW), NOW, []
    for _ in range(12):
        poll = failed(poll, URL, Unreachable("no"), now)
        waits.append(wait(poll, now))
        now += wait(poll, now)
    assert 4 * MINUTE < waits[0] <= 5 * MINUTE
    assert 8 * MINUTE < waits[1] <= 10 * MINUTE
    assert max(waits) <= LAST_RETRY_FOR
    assert waits[-1] > 10 * HOUR
    assert poll.reason == "no"
    healed = succeeded(poll, URL, SAME, now)
    assert (healed.failures, healed.reason, healed.standing) == (0, "", Standing.OK)
    assert wait(healed, now) < SLOW_FOR * 1.2


def test_a_pause_the_host_asks_for_is_kept_but_never_more_than_a_day() -> None:
    for asked, least in ((10 * MINUTE, 10 * MINUTE), (90 * DAY, DAY), (timedelta(0), MINUTE)):
        poll = failed(Poll(), URL, RateLimited("slow down", asked), NOW)
        assert least <= wait(poll) <= least * (1 + JITTER)


def test_a_day_of_failures_is_degraded_until_it_is_answered() -> None:
    poll = succeeded(Poll(), URL, every(HOUR), NOW)
    poll = failed(poll, URL, NotAFeed("a page"), NOW + HOUR)
    poll = failed(poll, URL, NotAFeed("a page"), NOW + DAY)
    assert (poll.standing, poll.failing_since_at) == (Standing.OK, NOW + HOUR)
    poll = failed(poll, URL, NotAFeed("a page"), NOW + DAY + HOUR)
    assert (poll.standing, poll.since_at) == (Standing.DEGRADED, NOW + DAY + HOUR)
    poll = failed(poll, URL, NotAFeed("a page"), NOW + 3 * DAY)
    assert (poll.since_at, poll.failing_since_at) == (NOW + DAY + HOUR, NOW + HOUR)
    poll = succeeded(poll, URL, SAME, NOW + 4 * DAY)
    assert (poll.standing, poll.since_at, poll.failing_since_at) == (Standing.OK, NOW + 4 * DAY, None)


def test_a_day_in_which_nobody_asked_is_not_held_against_a_source() -> None:
    poll = failed(succeeded(Poll(), URL, every(HOUR), NOW), URL, Unreachable("no"), NOW + 3 * DAY)
    assert poll.standing is Standing.OK


def test_the_day_of_failures_ends_with_a_look_however_rare_looks_have_become() -> None:
    poll, now = failed(Poll(), URL, Unreachable("no"), NOW), NOW
    while poll.standing is Standing.OK:
        assert poll.next_at is not None
        now = poll.next_at
        poll = failed(poll, URL, Unreachable("no"), now)
    assert timedelta(0) <= now - NOW - DAY <= MINUTE


def test_a_source_that_never_worked_is_degraded_a_day_after_the_first_try() -> None:
    poll = failed(Poll(), URL, Forbidden("no"), NOW)
    assert poll.standing is Standing.OK
    assert failed(poll, URL, Forbidden("no"), NOW + DAY).standing is Standing.DEGRADED


def test_gone_is_disabled_at_once_and_asked_weekly() -> None:
    poll = failed(succeeded(Poll(), URL, every(HOUR), NOW), URL, Gone("gone"), NOW)
    assert poll.standing is Standing.DISABLED
    assert within(poll, about(7 * DAY))
    later = NOW + 7 * DAY
    again = failed(poll, URL, Unreachable("no"), later)
    assert (again.standing, again.since_at) == (Standing.DISABLED, NOW)
    assert within(again, about(7 * DAY), later)
    assert succeeded(again, URL, every(HOUR), later).standing is Standing.OK


def test_missing_for_two_weeks_is_disabled_and_other_failures_never_are() -> None:
    def after(days: int, *errors: SourceError) -> Standing:
        poll = succeeded(Poll(), URL, every(HOUR), NOW)
        for day in range(days + 1):
            poll = failed(poll, URL, errors[day % len(errors)], NOW + DAY * day)
        return poll.standing

    assert after(13, Missing("404")) is Standing.DEGRADED
    assert after(14, Missing("404")) is Standing.DISABLED
    assert after(13, Missing("404"), Unreachable("own network is down")) is Standing.DEGRADED
    assert after(14, Missing("404"), Unreachable("own network is down")) is Standing.DISABLED
    assert after(400, Unreachable("no")) is Standing.DEGRADED


def test_a_new_address_is_believed_after_three_identical_redirects() -> None:
    there, elsewhere = replace(SAME, moved_to="https://new.example/"), replace(SAME, moved_to="https://else.example/")
    poll = Poll()
    for seen in (there, there, elsewhere, there, there):
        poll = succeeded(poll, URL, seen, NOW)
        assert moved(poll) is None
    poll = succeeded(poll, URL, there, NOW)
    assert (moved(poll), MOVES) == ("https://new.example/", 3)
    poll = replace(poll, etag='"1"')
    assert (moved(settled(poll)), settled(poll).etag, settled(poll).gap_for) == (None, "", poll.gap_for)
    assert moved(succeeded(poll, URL, SAME, NOW)) is None
    assert moved(succeeded(failed(poll, URL, Unreachable("no"), NOW), URL, there, NOW)) == "https://new.example/"


def test_a_source_counts_as_silent_after_three_times_its_rhythm_or_three_days() -> None:
    assert silent_at(Poll()) is None
    poll = succeeded(Poll(), URL, every(2 * DAY), NOW)
    assert silent_at(poll) == NOW + 6 * DAY
    assert silent_at(succeeded(poll, URL, SAME, NOW + 7 * DAY)) == NOW + 6 * DAY
    poll = succeeded(poll, URL, every(2 * DAY, newest=NOW + 9 * DAY), NOW + 9 * DAY)
    assert silent_at(poll) == NOW + 15 * DAY
    assert silent_at(succeeded(Poll(), URL, every(MINUTE), NOW)) == NOW + 3 * DAY


def test_one_that_is_back_has_its_time_to_bring_something() -> None:
    poll = failed(succeeded(Poll(), URL, every(2 * DAY), NOW), URL, Gone("gone"), NOW)
    assert silent_at(succeeded(poll, URL, SAME, NOW + 30 * DAY)) == NOW + 36 * DAY


def test_a_start_is_spread_and_a_restart_continues() -> None:
    urls = [f"https://{number}.example/" for number in range(4_000)]
    spread = spread_for(len(urls))
    starts = sorted((due_at(Poll(), url, NOW, woken_at=NOW, spread_for=spread) - NOW) / spread for url in urls)
    assert all(abs(start - index / len(urls)) < 0.05 for index, start in enumerate(starts))
    waiting = Poll(next_at=NOW + MINUTE)
    assert due_at(waiting, URL, NOW, woken_at=NOW, spread_for=HOUR) == NOW + MINUTE
    assert due_at(replace(waiting, next_at=NOW - DAY), URL, NOW) == NOW
    assert due_at(Poll(), URL, NOW) == NOW
    assert NOW <= due_at(replace(waiting, next_at=NOW - DAY), URL, NOW, woken_at=NOW, spread_for=HOUR) <= NOW + HOUR


def test_a_memory_of_a_far_future_does_not_silence_a_source() -> None:
    assert due_at(Poll(next_at=NOW + 400 * DAY), URL, NOW) == NOW


moments = st.timedeltas(-55 * 365 * DAY, 170 * 365 * DAY).map(lambda span: NOW + span)
spans = st.timedeltas(timedelta(0), 400 * DAY)
texts = st.text(max_size=20)
seens = st.builds(
    Seen,
    items_at=st.none() | st.lists(moments, max_size=40).map(tuple),
    shown=st.integers(0, 3_000),
    new=st.integers(0, 3_000),
    fresh_for=st.none() | spans,
    ttl_for=st.none() | spans,
    moved_to=st.none() | st.sampled_from(["https://a/", "https://b/"]),
    url=texts,
    etag=texts,
    digest=texts,
    memory=st.none() | texts,
)
errors = st.sampled_from([Missing("m"), Gone("g"), Unreachable("u"), Forbidden("f"), NotAFeed("n")]) | st.builds(
    RateLimited, texts, st.timedeltas(-DAY, 4_000 * DAY)
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(seens | errors, st.timedeltas(-2 * DAY, 20 * DAY)), max_size=25), texts)
def test_bounds_always_hold_and_nothing_is_silent_for_ever(
    looks: list[tuple[Seen | SourceError, timedelta]], url: str
) -> None:
    poll, now = Poll(), NOW
    for look, passed in looks:
        poll = succeeded(poll, url, look, now) if isinstance(look, Seen) else failed(poll, url, look, now)
        assert Poll.parse(str(poll)) == poll
        assert FASTEST_FOR <= wait(poll, now) <= LONGEST_FOR
        if isinstance(look, Seen):
            assert poll.standing is Standing.OK
            assert wait(poll, now) <= SLOW_FOR * (1 + JITTER)
            assert poll.window_for is None or wait(poll, now) <= max(poll.window_for / 2, FASTEST_FOR)
        elif poll.standing is not Standing.DISABLED:
            assert wait(poll, now) <= DAY * (1 + JITTER)
        now += passed
        assert due_at(poll, url, now, woken_at=NOW, spread_for=HOUR) <= now + LONGEST_FOR + HOUR
        silent_at(poll)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=9)
    | st.sampled_from(["disabled", str(NOW)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = sorted(Poll.__slots__)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from([*NAMES, "v"]), JSON, max_size=12), seens, errors)
def test_a_damaged_memory_is_read_as_far_as_it_goes(state: dict[str, object], seen: Seen, error: SourceError) -> None:
    poll = Poll.parse(json.dumps(state))
    assert Poll.parse(str(poll)) == poll
    assert due_at(poll, URL, NOW) <= NOW + LONGEST_FOR
    for after in (succeeded(poll, URL, seen, NOW), failed(poll, URL, error, NOW)):
        assert FASTEST_FOR <= wait(after) <= LONGEST_FOR


@pytest.mark.parametrize(
    "state",
    [
        "",
        "[]",
        "null",
        '"x"',
        "{",
        "[" * 100_000,
        '{"next_at": "2026-13-45T00:00:00Z", "failures": -1, "gap_for": NaN, "told": {}, "standing": ["ok"]}',
        '{"next_at": "2026-11-25T09:00:00", "failures": 1e400, "gap_for": true, "etag": 5, "standing": "OK"}',
        '{"next_at": "9999-12-31T23:59:59-14:00", "since_at": "0001-01-01T00:00:00+14:00"}',
    ],
)
def test_a_memory_that_cannot_be_read_is_a_new_one(state: str) -> None:
    assert Poll.parse(state) == Poll()


def test_a_new_memory_takes_no_room() -> None:
    assert str(Poll()) == "{}"
    assert "secret" not in repr(Poll(moved_to="https://me:secret@x.example/"))
