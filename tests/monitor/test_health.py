"""What is told as stalling, and what is only slow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.figures import Due
from bot.monitor.health import Pulse, stalls

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def ago(number: float) -> datetime:
    return NOW - minutes(number)


WELL = Pulse(
    NOW,
    minutes(600),
    {"scan": minutes(0.1), "poll": minutes(0.1), "owe": minutes(0.1), "deliver": minutes(50)},
    {"telegram": minutes(1), "slack": minutes(600)},
    source_due_at=ago(1),
    unexpanded_since=ago(0.1),
    due=[Due("telegram", 90_000, ago(50))],
)
"""A backlog drains: its pass has run for 50 minutes, and something left a minute ago."""


def test_a_backlog_that_drains_is_well() -> None:
    assert stalls(WELL) == []


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({"silent": {"scan": minutes(3)}}, "scans: the job scan has not succeeded for 3 min"),
        ({"silent": {"poll": minutes(300)}}, "scans: the job poll has not succeeded for 5 h"),
        ({"source_due_at": ago(31)}, "scans: a source has been due for 31 min and was not asked"),
        ({"silent": {"owe": minutes(3)}}, "expansion: alerts have not become deliveries for 3 min"),
        ({"unexpanded_since": ago(6)}, "expansion: an alert has waited for 6 min"),
        ({"held": "nothing is fetched: the disk is full; free some"}, "scans: nothing is fetched: the disk is full"),
        ({"unaccepted": {"telegram": minutes(6)}}, "deliveries: telegram has taken nothing for 6 min while 90,000 are"),
        ({"due": [Due("slack", 1, ago(6))]}, "deliveries: slack has taken nothing for 10 h while 1 are due"),
    ],
)
def test_each_of_them_is_named_with_what_to_do(changes: dict[str, object], first: str) -> None:
    (told,) = stalls(replace(WELL, **changes))  # type: ignore[arg-type]
    assert told.startswith(first)
    assert "; " in told


def test_sources_that_are_held_back_are_not_told_as_forgotten() -> None:
    (told,) = stalls(replace(WELL, held="nothing is fetched", source_due_at=ago(600), silent={"poll": minutes(300)}))
    assert told == "scans: nothing is fetched"


@pytest.mark.parametrize(
    "changes",
    [
        {"due": [Due("slack", 1, ago(4))]},
        {"due": [Due("carrier pigeon", 1, ago(600))]},
        {"source_due_at": NOW + minutes(60)},
        {"up_for": minutes(4), "due": [Due("slack", 1, ago(600))], "unexpanded_since": ago(600)},
        {"up_for": minutes(20), "source_due_at": ago(600)},
    ],
    ids=["due a moment", "a platform of another process", "due later", "just started", "just started, sources"],
)
def test_what_is_no_stall(changes: dict[str, object]) -> None:
    assert stalls(replace(WELL, **changes)) == []  # type: ignore[arg-type]
