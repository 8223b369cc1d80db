"""What headers mean, however they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.web.answers import Validators, content_type, fresh_for, http_date, pause_for, retry_after, validators

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=300"}, 5 * MINUTE),
        ({"Cache-Control": 'Public, Max-Age = "300" , x'}, 5 * MINUTE),
        ({"Cache-Control": "max-age=300", "Age": "240"}, MINUTE),
        ({"Cache-Control": "max-age=300", "Age": "9999"}, 0 * MINUTE),
        ({"Cache-Control": "max-age=300", "Age": "-4"}, 5 * MINUTE),
        ({"Cache-Control": "s-maxage=300"}, None),
        ({"Cache-Control": "no-cache, max-age=300"}, 0 * MINUTE),
        ({"Cache-Control": "no-store"}, 0 * MINUTE),
        ({"Cache-Control": "max-age=-1"}, None),
        ({"Cache-Control": "max-age=1e9"}, None),
        ({"Cache-Control": "max-age=99999999999999999999"}, timedelta(days=1)),
        ({"Expires": "Wed, 25 Nov 2026 09:10:00 GMT"}, 10 * MINUTE),
        ({"Expires": "Wednesday, 25-Nov-26 09:10:00 GMT"}, 10 * MINUTE),
        ({"Expires": "Wed Nov 25 09:10:00 2026"}, 10 * MINUTE),
        ({"Expires": "Wed, 25 Nov 2026 09:10:00 GMT", "Date": "Wed, 25 Nov 2026 09:08:00 GMT"}, 2 * MINUTE),
        ({"Expires": "Tue, 25 Nov 2025 09:10:00 GMT"}, 0 * MINUTE),
        ({"Expires": "Fri, 25 Nov 2044 09:10:00 GMT"}, timedelta(days=1)),
        ({"Expires": "0"}, 0 * MINUTE),
        ({"Expires": "-1"}, 0 * MINUTE),
        ({"Cache-Control": "max-age=60", "Expires": "0"}, MINUTE),
    ],
)
def test_freshness(headers: dict[str, str], expected: timedelta | None) -> None:
    assert fresh_for(headers, NOW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 2 * MINUTE),
        (" 7 ", timedelta(seconds=7)),
        ("Wed, 25 Nov 2026 10:00:00 GMT", 60 * MINUTE),
        ("Wed, 25 Nov 2026 11:00:00 +0100", 60 * MINUTE),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_a_pause(text: str, expected: timedelta | None) -> None:
    assert retry_after({"Retry-After": text}, NOW) == expected
    assert pause_for({"Retry-After": text}, NOW) == (expected or 5 * MINUTE)


def test_a_pause_until_a_date_is_measured_by_the_clock_that_wrote_it() -> None:
    headers = {"Retry-After": "Mon, 25 Nov 2030 09:03:00 GMT", "Date": "Mon, 25 Nov 2030 09:00:00 GMT"}
    assert retry_after(headers, NOW) == 3 * MINUTE


@settings(deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} \d+:\d+:\d+ [A-Z+0-9]{1,5}"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    at = http_date(text)
    assert at is None or at.tzinfo is UTC
    for header in ("Expires", "Retry-After", "Date", "Age", "Cache-Control"):
        for span in (fresh_for({"Expires": "0", header: text}, NOW), retry_after({header: text}, NOW)):
            assert span is None or timedelta(0) <= span <= timedelta(days=1)
    content_type({"Content-Type": text})


def test_validators_are_kept_verbatim() -> None:
    assert validators("https://a/", {}) == Validators("https://a/")
    assert validators("https://a/", {"ETag": 'W/"2"', "Last-Modified": "x"}) == Validators("https://a/", 'W/"2"', "x")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ("", None)),
        ("application/RSS+xml", ("application/rss+xml", None)),
        ("text/xml; Charset=UTF-8; x=y", ("text/xml", "utf-8")),
        ("text/xml;charset='windows-1251'", ("text/xml", "windows-1251")),
        ("text/xml; notcharset=x", ("text/xml", None)),
        ("text/xml; charset=", ("text/xml", None)),
    ],
)
def test_content_types(header: str, expected: tuple[str, str | None]) -> None:
    assert content_type({"Content-Type": header}) == expected
