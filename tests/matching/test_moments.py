"""Points in time as people type them after since: and before:."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.moments import canonical, moment

NOW = datetime(2026, 3, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7d", "7d"),
        ("24H", "24h"),
        ("2w", "2w"),
        ("2026-11-01", "2026-11-01"),
        ("01.11.2026", "2026-11-01"),
        ("1.2.2026.", "2026-02-01"),
        ("2026-11-01T08:00", "2026-11-01T08:00"),
        ("2026-11-01t08:00z", "2026-11-01T08:00Z"),
        ("2026-11-01T08:00:30+02:00", "2026-11-01T08:00:30+02:00"),
        *(
            (value, None)
            for value in ("", "d", "7", "7m", "12345d", "-7d", "yesterday", "2026-11", "20261101", "2026-W01-1")
        ),
        *((value, None) for value in ("2026-02-30", "31.2.2026", "2026-11-01T25:00", "0001-01-01", "9999-12-31", "٧d")),
    ],
)
def test_one_spelling_or_none(value: str, expected: str | None) -> None:
    assert canonical(value) == expected


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        ("7d", "Europe/Belgrade", "2026-03-23T12:00:00+00:00"),
        ("24h", "Europe/Belgrade", "2026-03-29T12:00:00+00:00"),
        ("2w", "UTC", "2026-03-16T12:00:00+00:00"),
        ("9999w", "UTC", "1834-08-11T12:00:00+00:00"),
        ("2026-03-29", "Europe/Belgrade", "2026-03-28T23:00:00+00:00"),
        ("2026-03-30", "Europe/Belgrade", "2026-03-29T22:00:00+00:00"),
        ("30.3.2026", "America/New_York", "2026-03-30T04:00:00+00:00"),
        ("2026-03-29T08:00", "Europe/Belgrade", "2026-03-29T06:00:00+00:00"),
        ("2026-03-29T08:00Z", "Europe/Belgrade", "2026-03-29T08:00:00+00:00"),
        ("2026-03-29T08:00-05:00", "Europe/Belgrade", "2026-03-29T13:00:00+00:00"),
        # midnight that the clocks skip (Cairo, 24 April 2026): the day begins an hour later
        ("2026-04-24", "Africa/Cairo", "2026-04-23T22:00:00+00:00"),
    ],
)
def test_it_is_a_moment_in_the_persons_zone(value: str, zone: str, expected: str) -> None:
    at = moment(value, NOW, ZoneInfo(zone))
    assert at.isoformat() == expected
    assert at.tzinfo is UTC


def test_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        moment("yesterday", NOW, ZoneInfo("UTC"))


@settings(max_examples=150, deadline=None)
@given(st.text("0123456789-.:TZ+dhw", max_size=17), st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Niue"]))
def test_whatever_has_a_spelling_has_a_moment(value: str, zone: str) -> None:
    known = canonical(value)
    if known is not None:
        assert canonical(known) == known
        assert moment(known, NOW, ZoneInfo(zone)) == moment(value, NOW, ZoneInfo(zone))
