"""What is usual of a source, and what is a burst: pure numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.arrivals import LEARNT, LEAST, NOTHING, TIMES, Arrivals, Burst, burst

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def usual(new: int, looks: int = LEARNT, every: timedelta = HOUR) -> Arrivals:
    """A source that has always brought so many."""
    arrivals = NOTHING
    for _ in range(looks):
        arrivals = arrivals.after(new, every)
    return arrivals


def test_a_burst_is_more_than_ten_times_what_is_usual() -> None:
    assert burst(usual(10), 100, NOW - HOUR, NOW) is None
    assert burst(usual(10), 101, NOW - HOUR, NOW) == Burst(NOW, 101, 10)


def test_a_small_source_never_trips_over_a_few_articles() -> None:
    assert burst(usual(1), LEAST, NOW - HOUR, NOW) is None
    assert burst(usual(1), LEAST + 1, NOW - HOUR, NOW) == Burst(NOW, 21, 1)


def test_nothing_is_usual_before_enough_is_known_and_a_first_look_never_is_a_burst() -> None:
    assert burst(usual(1, LEARNT - 1), 500, NOW - HOUR, NOW) is None
    assert burst(usual(1), 500, None, NOW) is None


def test_looks_that_bring_nothing_say_nothing_of_how_much_is_usual() -> None:
    arrivals = usual(4)
    for _ in range(100):
        arrivals = arrivals.after(0, HOUR)
    assert (arrivals.looks, arrivals.new) == (LEARNT, 4)


def test_after_a_long_pause_more_is_usual() -> None:
    assert burst(usual(5), 360, NOW - 72 * HOUR, NOW) is None
    assert burst(usual(5), 3_601, NOW - 72 * HOUR, NOW) is not None


def test_one_burst_makes_no_habit_and_a_few_do() -> None:
    arrivals = usual(10).after(500, HOUR)
    assert burst(arrivals, 500, NOW - HOUR, NOW) is not None
    for _ in range(5):
        arrivals = arrivals.after(500, HOUR)
    assert burst(arrivals, 500, NOW - HOUR, NOW) is None


spans = st.timedeltas(-HOUR, 90 * 24 * HOUR)


@given(st.lists(st.tuples(st.integers(0, 5_000), spans), max_size=40), st.integers(0, 5_000), spans)
def test_whatever_came_before_ten_times_the_average_always_passes(
    looks: list[tuple[int, timedelta]], new: int, waited: timedelta
) -> None:
    arrivals = NOTHING
    for brought, span in looks:
        arrivals = arrivals.after(brought, span)
    found = burst(arrivals, new, NOW - waited, NOW)
    assert arrivals.every_for is None or arrivals.every_for >= timedelta(0)
    if found is not None:
        assert new > max(LEAST, TIMES * arrivals.new)
        assert arrivals.looks >= LEARNT
        assert found.usual >= 1
