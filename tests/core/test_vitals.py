"""Plain counters, and a place to listen at."""

from __future__ import annotations

import pytest

from bot.core.listening import Listening
from bot.core.vitals import Calls, Histogram, Runs


def test_a_histogram_counts_what_did_not_exceed_each_bound() -> None:
    histogram = Histogram((1, 5))
    for seconds in (0, 1, 1.5, 5, 5.1, 100):
        histogram.observe(seconds)
    assert histogram.cumulative() == [2, 4, 6]
    assert histogram.total == pytest.approx(112.6)


def test_a_job_is_silent_since_it_last_ended_well() -> None:
    runs = Runs(since=10)
    assert runs.silent_for(15) == 5
    runs.ended(10, 12, well=True)
    runs.ended(13, 14, well=False)
    assert (runs.silent_for(15), runs.failed) == (3, 1)


def test_only_what_a_platform_took_counts_as_accepted() -> None:
    calls = Calls()
    calls.ended("alert", 1, 2, "Throttled")
    assert calls.accepted_at is None
    calls.ended("alert", 1, 3)
    assert calls.accepted_at == 3


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:8787", "127.0.0.1", 8787),
        ("8787", "127.0.0.1", 8787),
        (":0", "127.0.0.1", 0),
        ("0.0.0.0:80", "0.0.0.0", 80),
        ("[::1]:8787", "::1", 8787),
        ("my-host.lan:8787", "my-host.lan", 8787),
    ],
)
def test_a_place_to_listen_at(text: str, host: str, port: int) -> None:
    found = Listening.parse(text)
    assert found is not None
    assert (found.host, found.port) == (host, port)
    assert Listening.parse(str(found)) == found


@pytest.mark.parametrize("text", ["localhost", "::1:80", "h:x", "h:99999", "h:123456", "a b:80", "http://h:80", "h:²"])
def test_what_is_no_place_to_listen_at(text: str) -> None:
    with pytest.raises(ValueError, match=r"8787|65535"):
        Listening.parse(text)


def test_nothing_is_nowhere() -> None:
    assert Listening.parse("") is None
