"""The measure itself: what is linear passes, what is quadratic does not."""

from __future__ import annotations

import pytest

from tests.growth import grows_in_step


def test_what_is_linear_passes_and_what_is_too_fast_to_tell_does() -> None:
    grows_in_step(lambda size: "a" * size, lambda text: [letter.upper() for letter in text], 1_000)
    grows_in_step(lambda size: size, lambda _: None, 1_000)


def test_what_is_quadratic_does_not() -> None:
    def quadratic(size: int) -> int:
        return sum(1 for _ in range(size) for _ in range(size))

    with pytest.raises(AssertionError, match="times as long"):
        grows_in_step(lambda size: size, quadratic, 1_000, 3_000)
