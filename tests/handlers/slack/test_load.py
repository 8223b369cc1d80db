"""Commands while a backlog drains, in small; `make soak` has it in full."""

from __future__ import annotations

import asyncio

from tests.handlers.newsroom import Newsroom
from tests.soak.slack import Load, prepared, under_load


def test_commands_are_acknowledged_in_time_while_a_backlog_drains(room: Newsroom) -> None:
    load = Load(channels=10, stories=20, commands=40, seconds=0.8)
    api = prepared(room, load)
    outcome = asyncio.run(under_load(api, room, load))
    assert outcome.owed == 200
    assert outcome.sent >= 200
    assert outcome.messages == 10
    assert outcome.refused == 0
    assert outcome.acked == 40
    assert outcome.p99 <= 1
    assert outcome.slowest <= 3
    assert api.violations == []
