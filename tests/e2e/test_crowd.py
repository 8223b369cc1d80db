"""A small crowd and a small backlog; `make soak` has the large ones, and holds them to a second."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.soak.crowd import crowd, prepare


def test_people_are_answered_while_a_backlog_drains(tmp_path: Path) -> None:
    prepare(tmp_path, 500)
    had = asyncio.run(crowd(tmp_path, people=40, seconds=2))
    assert had["answered"] == 40
    assert had["p99"] < 5, "also on a machine that is busy with other tests"
    assert had["delivered"] > 0
    assert had["refused"] <= 6
    assert had["violations"] == 0
