"""Openings: found as long as they are known, by what was published near in time, in a memory that does not grow."""

from __future__ import annotations

import random

import numpy as np

from bot.matching.gists import HOURS
from bot.matching.openings import LIKELY, Openings
from bot.matching.rarity import Rarity
from tests.matching.test_events import at, told

WINDOW, EVENTS, APART = 20, 4, 9
"""Openings that are known, events that they take turns to tell of, and hours from one to the next."""


def events() -> list[bytes]:
    """Gists of openings, one after the other, each of another event than its neighbours."""
    chance = random.Random(7)
    words = [["".join(chance.choices("bdfgklmnprstz", k=7)) for _ in range(40)] for _ in range(EVENTS)]
    texts = [(" ".join(some[:6]), " ".join(some)) for some in words]
    return [told(at(number * APART, texts[number % EVENTS])) for number in range(240)]


def test_those_are_found_that_are_known_still_and_near_in_time_the_oldest_first() -> None:
    openings, sizes = Openings(), []
    for number, packed in enumerate(events(), 1):
        [asked] = openings.keyed([packed])
        known = range(max(number - WINDOW, 1), number)
        near = [other for other in known if (number - other) * APART <= HOURS and (number - other) % EVENTS == 0]
        assert [other for other, _ in openings.likely([asked])[0]] == near[:LIKELY]
        openings.learn([number], [asked.gist])
        openings.forget(number - WINDOW + 1)
        sizes.append(openings.nbytes - openings.rarity.nbytes)
    assert max(sizes[4 * WINDOW :]) <= 2.5 * sizes[WINDOW - 1]


def test_nothing_is_found_where_nothing_is_known_any_more() -> None:
    openings = Openings()
    [asked] = openings.keyed(events()[:1])
    openings.learn([1], [asked.gist])
    openings.forget(2)
    assert openings.likely([asked]) == [[]]


def test_a_word_counts_as_often_as_texts_have_it() -> None:
    rarity = Rarity()
    rarity.learn(np.array([5, 5, 7], np.uint32), 2)
    rarity.learn(np.array([5], np.uint32), 1)
    assert rarity.counts(np.array([[5, 7, 9]], np.uint32)).tolist() == [[3, 1, 0]]
