"""Dates as articles write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.dates import moment, planted
from tests.growth import costs_at_most

UNDATED = [
    "",
    "soon",
    "2015",
    "2004-2008",
    "2024-13-01",
    "2024-02-31",
    "31 Feb 2024",
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "7 days ago",
    "10:53",
    "-2d 14:20",
    "9" * 5_000,
    "(" * 90,
    "7 Nov 2024 " + "x" * 500,
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-11-07T10:53:00Z", "2024-11-07T10:53"),
        ("2024-11-07T10:53:00", "2024-11-07T10:53"),
        ("2024-11-07 10:53", "2024-11-07T10:53"),
        ("2024-11-07T12:53:00+02:00", "2024-11-07T10:53"),
        ("2024-11-07T10:53:00.250Z", "2024-11-07T10:53:00.250"),
        ("2024-11-07", "2024-11-07"),
        (" 20241107 ", "2024-11-07"),
        ("Thu, 07 Nov 2024 11:53:00 +0100", "2024-11-07T10:53"),
        ("07 Nov 2024 10:53:00 GMT", "2024-11-07T10:53"),
        ("7 Nov 24 10:53:00 -0000", "2024-11-07T10:53"),
        ("07 Nov 2024 • 10:53 • 2 minutes read", "2024-11-07T10:53"),
        ("7 November 2024", "2024-11-07"),
        ("November 7, 2024", "2024-11-07"),
        ("Nov. 7th, 2024 at 10:53", "2024-11-07T10:53"),
        ("1730976780", "2024-11-07T10:53"),
        ("1730976780000", "2024-11-07T10:53"),
        ("2077-01-01", "2077-01-01"),
    ],
)
def test_a_date_is_read_as_utc(text: str, expected: str) -> None:
    assert moment(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", UNDATED)
def test_what_is_no_date_or_an_absurd_one_is_undated(text: str) -> None:
    assert moment(text) is None


@settings(deadline=None)
@given(
    st.integers(-5_000_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_iso_times_are_read_exactly_in_any_zone(at: datetime, zone: timezone) -> None:
    assert moment(at.astimezone(zone).isoformat()) == at


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"\A[0-9]{0,12}[-/. ][A-Za-z0-9:+ ]{0,30}\Z"))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = moment(text)
    assert found is None or found.utcoffset() == timedelta(0)


PLANTED_AT = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2d 14:20", datetime(2026, 11, 22, 14, 20, tzinfo=UTC)),
        ("-0d 00:10", datetime(2026, 11, 24, 0, 10, tzinfo=UTC)),
        ("-30d", datetime(2026, 10, 25, tzinfo=UTC)),
        ("-2d 24:00", None),
        ("-2d 14:60", None),
        ("2d 14:20", None),
        ("yesterday", None),
    ],
)
def test_samples_are_dated_from_the_utc_day_of_planting(text: str, expected: datetime | None) -> None:
    assert planted(text, PLANTED_AT) == expected
    assert planted(text, PLANTED_AT.astimezone(timezone(timedelta(hours=-5)))) == expected
    assert planted(text, None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 24 Nov 2026 10:00:00 CET", "2026-11-24T09:00"),
        ("Tue, 24 Nov 2026 10:00:00 EET", "2026-11-24T08:00"),
        ("Fri, 24 Jul 2026 10:00:00 CEST", "2026-07-24T08:00"),
        ("Fri, 24 Jul 2026 10:00:00 EEST", "2026-07-24T07:00"),
        ("Fri, 24 Jul 2026 10:00:00 BST", "2026-07-24T09:00"),
        ("Tue, 24 Nov 2026 10:00:00 EST", "2026-11-24T15:00"),
        ("Tue, 24 Nov 2026 10:00:00 UTC+1", "2026-11-24T09:00"),
        ("Tue, 24 Nov 2026 10:00:00 GMT+0530", "2026-11-24T04:30"),
        ("Tue, 24 Nov 2026 10:00:00 XYZ", "2026-11-24T10:00"),
        ("Tue, 24 Nov 26 10:00 GMT", "2026-11-24T10:00"),
        ("Tue, 24 Nov 99 10:00 GMT", "1999-11-24T10:00"),
        ("Tue,24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00"),
        ("Tue Nov 24 10:00:00 UTC 2026", "2026-11-24T10:00"),
        ("Tue, 24 Nov 2026 24:00:00 GMT", "2026-11-25T00:00"),
        ("Tue, 30 Jun 2015 23:59:60 GMT", "2015-07-01T00:00"),
        ("24.11.2026 10:00", "2026-11-24T10:00"),
        ("24. 11. 2026. u 10:00", "2026-11-24T10:00"),
        ("24. November 2026, 10.00 Uhr", "2026-11-24T10:00"),
        ("24th of November 2026", "2026-11-24"),
        ("24/11/2026 10:00:00", "2026-11-24T10:00"),
        ("11/24/2026 10:00:00", "2026-11-24T10:00"),
        ("2026/11/24 10:00", "2026-11-24T10:00"),
        ("2026.11.24. 10:00", "2026-11-24T10:00"),
        ("2026-11-24 10:00:00 +0100", "2026-11-24T09:00"),
        ("2026-11-24 10:00:00 CET", "2026-11-24T09:00"),
        ("2026-11-24T10:00:00.123456789Z", "2026-11-24T10:00:00.123456"),
        ("20261124T100000Z", "2026-11-24T10:00"),
        ("1795514400", "2026-11-24T10:00"),
        ("November 24, 2026, 10:00 pm", "2026-11-24T22:00"),
        ("November 24, 2026, 12:30 a.m.", "2026-11-24T00:30"),
        ("24 de noviembre de 2026 10:00", "2026-11-24T10:00"),
        ("24. studenoga 2026. 10:00", "2026-11-24T10:00"),
        ("24. novembra 2026. u 10:00", "2026-11-24T10:00"),
        ("2026. november 24. 10:00", "2026-11-24T10:00"),
        ("24 août 2026", "2026-08-24"),
        ("24 нояб. 2026", "2026-11-24"),
        ("24 мај 2026", "2026-05-24"),
        ("24 мая 2026", "2026-05-24"),
        ("24 Ağu 2026", "2026-08-24"),
        ("24 Kasım 2026", "2026-11-24"),
        ("24 Μαΐου 2026", "2026-05-24"),
        ("24 Νοεμβρίου 2026", "2026-11-24"),
        ("24 Νοέ 2026", "2026-11-24"),
        ("24 nëntor 2026", "2026-11-24"),
        ("24 März 2026", "2026-03-24"),
    ],
)
def test_feeds_write_dates_in_many_ways(text: str, expected: str) -> None:
    assert moment(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(("language", "expected"), [(None, 10), ("hr", 10), ("pl", 11), ("cs", 11), ("en", 10)])
def test_a_name_that_means_two_months_is_read_in_its_language(language: str | None, expected: int) -> None:
    at = moment("24 listopad 2026", language)
    assert at is not None
    assert at.month == expected


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "0000-00-00 00:00:00",
        "-0001-11-30T00:00:00+00:00",
        "24 Nov 2026 25:00",
        "24 Nov 2026 10:61",
        "24 Foo 2026",
        "32.11.2026",
        "24.13.2026",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Tue," + " " * 400_000 + "24 Nov",
        "1" * 400_000,
        "1 " * 49,
        "a" * 99,
        "24 " * 33,
        "2026-" * 20,
    ],
)
def test_an_impossible_or_hostile_date_is_none(text: str) -> None:
    assert costs_at_most(10, moment, text) is None
