"""Moments as integers: exact, sortable, and only ever aware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.times import micros, moment

AWARE = st.datetimes(timezones=st.sampled_from((UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=11)))))


@given(AWARE)
def test_a_moment_comes_back_exactly(at: datetime) -> None:
    try:
        back = moment(micros(at))
    except OverflowError:
        assert not 1 < at.year < 9999
    else:
        assert back == at
        assert back.tzinfo is UTC


@given(AWARE, AWARE)
def test_moments_sort_as_their_integers(one: datetime, other: datetime) -> None:
    assert (micros(one) < micros(other)) == (one < other)


def test_none_stays_none() -> None:
    assert micros(None) is None
    assert moment(None) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        micros(datetime(2026, 1, 1))  # noqa: DTZ001
