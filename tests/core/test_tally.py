"""Counting sightings: a story once, where it began; sums that agree; estimates that are marked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tally import Sighting, Sightings, bars, firsts, stories_in

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

sighted = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 200)), max_size=40)


def sightings(pairs: list[tuple[int, int]]) -> Sightings:
    """(story, hours ago) of articles, newest first."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    return Sightings(tuple(Sighting(n, story, NOW - ago * HOUR) for n, (story, ago) in enumerate(ordered)))


def edges(spans: int, hours: int) -> list[datetime]:
    return [NOW + timedelta(microseconds=1) - HOUR * hours * back for back in range(spans, -1, -1)]


@given(sighted)
def test_a_story_counts_once_in_the_span_it_began_in(pairs: list[tuple[int, int]]) -> None:
    found = sightings(pairs)
    counts = stories_in(found, edges(10, 24))
    began = {story: max(ago for other, ago in pairs if other == story) for story, _ in pairs}
    assert counts == [sum(span * 24 <= ago < span * 24 + 24 for ago in began.values()) for span in range(9, -1, -1)]
    assert sum(counts) == sum(ago < 240 for ago in began.values())
    assert {entry.story_id: entry.published_at for entry in firsts(found)} == {
        story: NOW - ago * HOUR for story, ago in began.items()
    }


@given(sighted, st.integers(1, 5))
def test_coarser_spans_have_the_sum_of_finer_ones(pairs: list[tuple[int, int]], parts: int) -> None:
    fine, coarse = (
        stories_in(sightings(pairs), edges(2 * parts, 12)),
        stories_in(sightings(pairs), edges(2, 12 * parts)),
    )
    assert [sum(fine[:parts]), sum(fine[parts:])] == coarse


def test_what_was_not_looked_up_is_estimated_from_what_was() -> None:
    entries = tuple(Sighting(n, n // 2, NOW - n * HOUR) for n in range(4))
    further = tuple(NOW - n * HOUR for n in range(4, 10))
    found = Sightings(entries, further)
    assert stories_in(found, (NOW - 20 * HOUR, NOW + HOUR)) == [2 + 3]
    assert (found.exact, Sightings(entries).exact, Sightings(entries, whole=False).exact) == (False, True, False)
    assert found.reached_at == NOW - 9 * HOUR
    assert Sightings().reached_at is None


@pytest.mark.parametrize(
    ("counts", "line"),
    [((), ""), ((0, 0), "··"), ((1,), "█"), ((0, 1, 2, 4, 8), "·▁▂▄█"), ((1, 1000), "▁█"), (range(9), "·▁▂▃▄▅▆▇█")],
)
def test_bars(counts: tuple[int, ...], line: str) -> None:
    assert bars(counts) == line


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_a_higher_bar_is_never_less(counts: list[int]) -> None:
    line = bars(counts)
    assert len(line) == len(counts)
    order = "·▁▂▃▄▅▆▇█"
    assert all(
        order.index(line[i]) <= order.index(line[j])
        for i in range(len(counts))
        for j in range(len(counts))
        if counts[i] <= counts[j]
    )
    assert all((bar == "·") == (count == 0) for bar, count in zip(line, counts, strict=True))
