"""When a cadence is due, on every kind of day the clocks know, and when it is quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cadence import DAYS, INSTANT, Cadence, Quiet, Rhythm, next_due, quiet_until
from bot.core.zones import has_day, instant

DIGEST_AT = time(8)
MINUTE = timedelta(minutes=1)
TIMES = (time(0, 0), time(2, 15), time(2, 30), time(8, 0), time(23, 30))

FIVE_YEARS = [
    ("Europe/Belgrade", 2024),
    ("Europe/London", 2024),
    ("America/New_York", 2024),
    ("America/Sao_Paulo", 2015),  # the clocks changed at midnight until 2019
    ("America/Nuuk", 2022),  # its spring gap ends at midnight
    ("Australia/Lord_Howe", 2024),  # the clocks move by 30 minutes
    ("Pacific/Apia", 2009),  # had no 30 December 2011
    ("Africa/Casablanca", 2024),  # the clocks go back for Ramadan
    ("Africa/Cairo", 2022),  # summer time returned in 2023, at midnight
    ("Asia/Kathmandu", 1984),  # moved by 15 minutes in 1986
    ("UTC", 2024),
]
ZONES = st.sampled_from([ZoneInfo(name) for name, _ in FIVE_YEARS])
CADENCES = st.builds(
    lambda rhythm, times, day: Cadence(rhythm, tuple(sorted(times)), day if rhythm is Rhythm.WEEKLY else None),
    st.sampled_from([Rhythm.DAILY, Rhythm.WEEKDAYS, Rhythm.WEEKLY]),
    st.sets(st.builds(time, st.integers(0, 23), st.integers(0, 59)), max_size=3),
    st.integers(0, 6),
)
MOMENTS = st.integers(0, 18_000_000).map(lambda minutes: datetime(1984, 1, 1, tzinfo=UTC) + minutes * MINUTE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dues(cadence: Cadence, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    due = next_due(cadence, start, zone, DIGEST_AT)
    while due < end:
        yield due
        due = next_due(cadence, due, zone, DIGEST_AT)


def first_minute_not_before(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The rule itself, the slow way: the first minute whose local clock shows that time or later."""
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while (missing := wanted - (local := moment.astimezone(zone)).replace(tzinfo=None)) > timedelta():
        leap = min(missing, timedelta(hours=6))
        steady = local.utcoffset() == (moment + leap).astimezone(zone).utcoffset()
        moment += leap if steady else MINUTE
    return moment


@pytest.mark.parametrize(("name", "year"), FIVE_YEARS)
def test_five_years_have_each_listed_time_of_each_local_day_once(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    start, end = date(year, 1, 1), date(year + 5, 1, 1)
    days = [start + timedelta(days=offset) for offset in range((end - start).days)]
    lived = [day for day in days if first_minute_not_before(day, time(), zone).astimezone(zone).date() == day]
    assert len(days) - len(lived) == (name == "Pacific/Apia")

    expected = sorted({first_minute_not_before(day, each, zone) for day in lived for each in TIMES})
    found = list(dues(Cadence(Rhythm.DAILY, TIMES), expected[0] - MINUTE, expected[-1] + MINUTE, zone))
    assert found == expected


@pytest.mark.parametrize(
    ("rhythm", "day", "spoken"), [(Rhythm.WEEKDAYS, None, {0, 1, 2, 3, 4}), (Rhythm.WEEKLY, 6, {6})]
)
def test_five_years_of_weekdays_and_sundays_in_belgrade(rhythm: Rhythm, day: int | None, spoken: set[int]) -> None:
    zone = ZoneInfo("Europe/Belgrade")
    start, end = at("2024-01-01T00:00"), at("2029-01-01T00:00")
    local = [due.astimezone(zone) for due in dues(Cadence(rhythm, (time(2, 30),), day), start, end, zone)]
    wanted = [date(2024, 1, 1) + timedelta(days=offset) for offset in range(1827)]
    assert [moment.date() for moment in local] == [each for each in wanted if each.weekday() in spoken]
    assert {moment.time() for moment in local} <= {time(2, 30), time(3, 0)}


@settings(max_examples=150)
@given(CADENCES, MOMENTS, ZONES)
def test_the_next_due_is_the_first_after(cadence: Cadence, after: datetime, zone: ZoneInfo) -> None:
    due = next_due(cadence, after, zone, DIGEST_AT)
    assert due > after
    assert due.utcoffset() == timedelta()
    assert next_due(cadence, due - MINUTE, zone, DIGEST_AT) == due
    assert next_due(cadence, after + (due - after) / 2, zone, DIGEST_AT) == due


@pytest.mark.parametrize(
    ("cadence", "zone", "after", "due"),
    [
        ("daily 08:00", "Europe/Belgrade", "2026-03-28T07:00", "2026-03-29T06:00"),
        ("daily 08:00", "Europe/Belgrade", "2026-03-28T06:59", "2026-03-28T07:00"),
        ("daily 02:30", "Europe/Belgrade", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("daily 02:30", "Europe/Belgrade", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("daily 02:30", "Europe/Belgrade", "2026-10-25T00:30", "2026-10-26T01:30"),
        ("daily 02:15", "Australia/Lord_Howe", "2026-10-03T00:00", "2026-10-03T15:30"),
        ("weekly mon 00:30", "Europe/Zagreb", "2026-03-29T23:00", "2026-04-05T22:30"),
        ("weekdays 08:00", "UTC", "2026-05-01T08:00", "2026-05-04T08:00"),
        ("daily", "UTC", "2026-05-01T00:00", "2026-05-01T08:00"),
        ("daily 08:00", "Pacific/Apia", "2011-12-29T18:00", "2011-12-30T18:00"),
    ],
)
def test_days_to_remember(cadence: str, zone: str, after: str, due: str) -> None:
    rhythm, *rest = cadence.split()
    day = DAYS.index(rest[0]) if rest and rest[0] in DAYS else None
    times = tuple(time.fromisoformat(part) for part in rest if ":" in part)
    assert next_due(Cadence(Rhythm(rhythm), times, day), at(after), ZoneInfo(zone), DIGEST_AT) == at(due)


def test_times_that_meet_behind_a_gap_are_one_digest() -> None:
    cadence = Cadence(Rhythm.DAILY, (time(2, 10), time(2, 50), time(3, 0)))
    found = list(dues(cadence, at("2026-03-28T22:00"), at("2026-03-29T22:00"), ZoneInfo("Europe/Belgrade")))
    assert found == [at("2026-03-29T01:00")]


def test_instant_has_no_due() -> None:
    with pytest.raises(ValueError, match="never due"):
        next_due(INSTANT, at("2026-03-28T22:00"), ZoneInfo("UTC"), DIGEST_AT)


def test_samoa_skipped_a_day_and_the_end_of_a_gap_is_exact() -> None:
    apia, belgrade = ZoneInfo("Pacific/Apia"), ZoneInfo("Europe/Belgrade")
    assert not has_day(date(2011, 12, 30), apia)
    assert has_day(date(2011, 12, 31), apia)
    assert instant(date(2026, 3, 29), time(2, 0), belgrade) == instant(date(2026, 3, 29), time(2, 59), belgrade)


NIGHT = Quiet(time(22), time(7))
BELGRADE = ZoneInfo("Europe/Belgrade")


@pytest.mark.parametrize(
    ("quiet", "now", "end"),
    [
        (NIGHT, "2026-06-01T19:59", None),
        (NIGHT, "2026-06-01T20:00", "2026-06-02T05:00"),
        (NIGHT, "2026-06-02T04:59", "2026-06-02T05:00"),
        (NIGHT, "2026-06-02T05:00", None),
        (NIGHT, "2026-03-28T23:00", "2026-03-29T05:00"),  # the night an hour shorter
        (NIGHT, "2026-10-24T21:00", "2026-10-25T06:00"),  # the night an hour longer
        (Quiet(time(13), time(15)), "2026-06-01T12:30", "2026-06-01T13:00"),
        (Quiet(time(13), time(15)), "2026-06-01T13:00", None),
        (Quiet(time(22), time(2, 30)), "2026-03-28T23:00", "2026-03-29T01:00"),  # ends in the gap
        (Quiet(time(22), time(2, 30)), "2026-10-25T00:15", "2026-10-25T00:30"),
        (Quiet(time(22), time(2, 30)), "2026-10-25T01:15", None),  # the second 02:15 of that night
        (None, "2026-06-01T23:00", None),
    ],
)
def test_quiet_hours(quiet: Quiet | None, now: str, end: str | None) -> None:
    assert quiet_until(quiet, at(now), BELGRADE) == (at(end) if end else None)


@settings(max_examples=150)
@given(st.times(), st.times(), MOMENTS, ZONES)
def test_quiet_ends_within_a_day_or_so_and_then_is_over(start: time, end: time, now: datetime, zone: ZoneInfo) -> None:
    quiet = Quiet(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))
    until = quiet_until(quiet, now, zone)
    if until is not None and quiet.start != quiet.end:
        assert now < until <= now + timedelta(hours=49)
        assert quiet_until(quiet, until, zone) is None
