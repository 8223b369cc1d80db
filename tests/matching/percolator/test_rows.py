"""Phrases in a stream: every row of features at every place, and no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.percolator.features import NewRows
from bot.matching.percolator.lexicon import Words
from bot.matching.percolator.rows import Further, Rows

Row = tuple[int, ...]
Places = list[tuple[int, list[int]]]
"""Of each place the feature of its form, 0 for none, and further features."""
SIZE, FIRST = 40, 20
FEATURES = st.integers(2, 5)
ROWS = st.lists(st.lists(FEATURES, min_size=2, max_size=5).map(tuple), max_size=8, unique=True)
PLACES = st.lists(st.tuples(st.one_of(st.just(0), FEATURES), st.lists(st.integers(6, 8), max_size=3, unique=True)))


def found(rows: Rows, places: Places) -> list[tuple[int, int, int]]:
    """(feature, first place, number of words) of all that is found, sorted."""
    ended = [*places, (0, [])]
    forms = np.array([form for form, _ in ended], np.int64)
    further = np.array([(feature, at) for at, (_, more) in enumerate(ended) for feature in more], np.int64)
    features, at = further.reshape(-1, 2).T
    nothing = np.zeros(0, np.int64)
    words = Words(forms, nothing, nothing, nothing, nothing)
    return sorted(
        (feature, place, part.size)
        for part in rows.find(words, Further(features, at))
        for feature, place in zip(part.features.tolist(), part.places.tolist(), strict=True)
    )


def standing(rows: list[Row], places: Places) -> list[tuple[int, int, int]]:
    """The same, place by place: a row begins with a form."""
    return sorted(
        (feature, start, len(row))
        for feature, row in enumerate(rows, FIRST)
        for start in range(len(places) - len(row) + 1)
        if places[start][0] == row[0]
        and all(wanted in (form, *more) for wanted, (form, more) in zip(row, places[start:], strict=False))
    )


def of(rows: list[Row]) -> Rows:
    return extended(Rows(), rows, FIRST)


def extended(made: Rows, rows: list[Row], first: int) -> Rows:
    """With these rows too, whose features start at `first`."""
    new = NewRows()
    for feature, row in enumerate(rows, first):
        new.note(row, feature)
    made.add(new.take(), max(SIZE, first + len(rows)))
    return made


@settings(max_examples=150, deadline=None)
@given(ROWS, st.lists(st.lists(st.integers(6, 8), min_size=1, max_size=1).map(tuple), max_size=2), PLACES)
@example([(2, 2), (2, 2, 2), (2, 2, 2, 2)], [], [(2, [])] * 5)
def test_every_row_is_found_at_every_place(rows: list[Row], lasts: list[Row], places: Places) -> None:
    rows = list(dict.fromkeys([*rows, *(row + last for row in rows[:2] for last in lasts)]))
    assert found(of(rows), places) == standing(rows, places)


@settings(max_examples=100, deadline=None)
@given(ROWS, PLACES)
def test_rows_may_come_one_at_a_time(rows: list[Row], places: Places) -> None:
    made = Rows()
    for feature, row in enumerate(rows, FIRST):
        extended(made, [row], feature)
    assert found(made, places) == standing(rows, places)


def test_a_row_does_not_reach_over_the_end_of_a_text() -> None:
    assert found(of([(2, 3)]), [(2, []), (0, []), (3, [])]) == []


def test_a_place_may_be_both_what_was_written_and_what_it_is_a_form_of() -> None:
    rows: list[Row] = [(2, 3), (2, 7), (2, 8, 3)]
    assert found(of(rows), [(2, []), (3, [7, 8]), (3, [])]) == [(20, 0, 2), (21, 0, 2), (22, 0, 3)]


@pytest.mark.parametrize("size", [2, 255, 256, 1_000])
def test_a_row_may_be_long(size: int) -> None:
    assert found(of([(2,) * size]), [(2, [])] * (size + 1)) == [(20, 0, size), (20, 1, size)]


def test_thousands_of_rows_are_told_apart() -> None:
    rows: list[Row] = [(2 + one, 2 + two) for one in range(60) for two in range(60)]
    made = extended(Rows(), rows, 100)
    assert found(made, [(2 + 7, []), (2 + 9, []), (2 + 7, [])]) == [(100 + 7 * 60 + 9, 0, 2), (100 + 9 * 60 + 7, 1, 2)]
