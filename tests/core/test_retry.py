"""When a failed delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import ChatGone, ChatMoved, Rejected, Throttled, Unavailable
from bot.core.model import Address
from bot.core.retry import retry_at

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("error", [Unavailable("502"), OSError("reset"), TimeoutError()])
def test_failures_wait_twice_as_long_each_time_and_end(error: Exception) -> None:
    waits = [retry_at(error, attempts, NOW) for attempts in range(1, 10)]
    minutes = [None if at is None else (at - NOW) / timedelta(minutes=1) for at in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, None, None]


@pytest.mark.parametrize("attempts", [1, 7, 8, 500])
def test_a_pause_asked_for_is_kept_exactly_and_uses_up_no_tries(attempts: int) -> None:
    pause = timedelta(seconds=37, milliseconds=5)
    assert retry_at(Throttled(pause), attempts, NOW) == NOW + pause


def test_what_was_rejected_is_never_tried_again() -> None:
    assert retry_at(Rejected("message is too long"), 1, NOW) is None


@pytest.mark.parametrize("error", [ChatGone("blocked"), ChatMoved(Address("telegram", "-1001"))])
def test_a_chat_that_left_is_not_a_matter_of_trying_again(error: Exception) -> None:
    with pytest.raises(TypeError):
        retry_at(error, 1, NOW)
