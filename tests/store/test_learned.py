"""What is remembered from one operation to the next: only what was committed, and what is met again for longest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import learned
from store.learned import Learned

WORDS = [f"{word} en_{word}" for word in "abcdefgh"]


@given(st.lists(st.tuples(st.sets(st.sampled_from(WORDS)), st.integers(0, 3), st.booleans()), max_size=30))
def test_what_is_not_called_new_was_committed_as_seen_then(
    operations: list[tuple[set[str], int, bool]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned, "_WORDS", 3)
        made, stored = Learned(), set[tuple[int, str]]()
        for words, seen, commits in operations:
            met = made.new(words, seen)
            assert met <= words
            assert all((seen, word) in stored for word in words - met)
            assert not made.new(words, seen), "what this operation added itself"
            if commits:
                stored |= {(seen, word) for word in met}
                made.committed()
            made.undone()


def test_what_is_met_again_and_again_outlives_what_came_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "_WORDS", 10)
    made, often = Learned(), "often en_often"
    made.new({often}, 1)
    made.committed()
    for number in range(100):
        assert often not in made.new({often, f"{number} "}, 1)
        made.committed()
    assert "1 " in made.new({"1 "}, 1)
    assert len(made._words[1]) + len(made._before[1]) <= 22


def test_words_whose_letters_are_the_same_bytes_are_two() -> None:
    """Python keeps `of` in the two bytes that it keeps 景 in, and its hash of both is the same."""
    made = Learned()
    assert made.new({"of ", "景 "}, 1) == {"of ", "景 "}
    assert made.new({"of ", "此 "}, 1) == {"此 "}
