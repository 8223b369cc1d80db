"""What admins read: facts worded in their language and zone, few one by one, many in a line; nothing breaks it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.compose import Telling
from bot.core.message import to_text
from bot.core.reports import FEW, SEE, Report, told
from bot.core.words import LANGUAGES, Words, keys

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
BELGRADE = ZoneInfo("Europe/Belgrade")

Golden = Callable[[str, str], None]


def say(*reports: Report, language: str = "en") -> str:
    return to_text(told(reports, Telling(Words(language), BELGRADE, NOW)))


def degraded(number: int) -> Report:
    details = {"source": f"Outlet {number}", "since_at": "2026-03-09T08:00:00+00:00", "reason": "answers 500"}
    return Report(f"source:{number}", "degraded", details)


EVERYTHING = [
    degraded(1),
    Report("source:2", "disabled", {"source": "Old Post", "since_at": NOW.isoformat(), "reason": "answers 410 Gone"}),
    Report("source:3", "silent", {"source": "Quiet Wire", "since_at": "2026-03-01T08:00:00+00:00", "reason": ""}),
    Report("source:4", "back", {"source": "Danube Wire", "lasted_for": 3 * 86_400}),
    Report("source:5", "heard", {"source": "Slow Letter", "lasted_for": 12 * 86_400}),
    Report("burst:6", "burst", {"source": "Flood Post", "new": 1_312, "usual": 10}),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_in_one_message(golden: Golden, language: str) -> None:
    golden(f"reports_{language}", say(*EVERYTHING, language=language))


SPACE = [
    Report("disk", "tight_disk", {"taken": "4.1 GB", "percent": 81}),
    Report("growth", "growing", {"growth": "12 MB", "left_for": 40 * 86_400}),
    Report("disk2", "tight_limit", {"taken": "1.6 GB", "percent": 80}),
    Report("disk3", "full_disk", {"free": "9.1 MB", "needed": "98 MB", "taken": "4.1 GB"}),
    Report("disk4", "full_limit", {"free": "50.0 GB", "taken": "2.0 GB"}),
    Report("disk5", "full_refused", {"free": "50.0 GB", "taken": "2.0 GB"}),
    Report("ballast", "ballast_used", {"size": "64 MB"}),
    Report("disk6", "room_again", {"held_for": 3 * 3_600}),
    Report("ballast2", "ballast_back", {"size": "64 MB"}),
]
"""Never told together, as each is about the same."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_of_room(golden: Golden, language: str) -> None:
    golden(f"reports_space_{language}", say(*SPACE, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_some_are_named(golden: Golden, language: str) -> None:
    golden(f"reports_many_{language}", say(*map(degraded, range(100)), language=language))


def test_a_few_are_told_one_by_one() -> None:
    assert say(*map(degraded, range(FEW))).count("•") == FEW
    assert say(*map(degraded, range(FEW + 1))).count("•") == 1


def test_of_one_thing_the_latest_is_told() -> None:
    said = say(degraded(1), Report("source:1", "back", {"source": "Outlet 1", "lasted_for": 90_000}))
    assert "has failed" not in said
    assert "Outlet 1 is back after 25 hours." in said


def test_a_fact_that_another_version_recorded_is_told_as_it_stands() -> None:
    said = say(Report("disk", "disk_full", {"percent": 99}), language="sr-Latn")
    assert "disk_full: {'percent': 99}" in said


def test_what_comes_from_outside_stays_short_and_on_its_line() -> None:
    said = say(Report("source:1", "degraded", {**degraded(1).details, "reason": "x\n" * 5_000, "source": "{evil}"}))
    assert len(said) < 600
    assert "{evil}" in said
    assert said.count("\n") == 2


def test_every_report_there_is_has_its_words_and_its_plural() -> None:
    for key in SEE:
        assert {f"reports.{key}", f"reports.{key}_many"} <= set(keys())
