"""What hangs on features is found under each of them, however many of the features something hangs on."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matching.percolator.anchors import Anchors

FEATURES = st.integers(0, 30)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(FEATURES, st.integers(0, 9)), max_size=30),
    st.lists(st.one_of(FEATURES, st.integers(0, 4_999)), unique=True).map(sorted),
    st.sampled_from((31, 5_000)),
)
@example([], [0, 1], 31)
@example([(0, 1), (30, 2), (30, 1)], [0, 7, 30, 4_999], 5_000)
def test_slots_are_found_under_the_features_they_hang_on(
    hung: list[tuple[int, int]], asked: list[int], size: int
) -> None:
    features, slots = np.array(hung, np.int32).reshape(-1, 2).T
    found = Anchors(features, slots, size).hung(np.array(asked, np.int64))
    under = {wanted: sorted(slot for feature, slot in hung if feature == wanted) for wanted in asked}
    assert dict(zip(found.features.tolist(), found.counts.tolist(), strict=True)) == {
        wanted: len(slots_there) for wanted, slots_there in under.items() if slots_there
    }
    assert found.slots.tolist() == [slot for slots_there in under.values() for slot in slots_there]
