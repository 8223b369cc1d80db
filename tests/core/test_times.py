"""Moments, lengths and cadences in words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cadence import Cadence, parse_cadence
from bot.core.message import When
from bot.core.times import duration, language_name, listed, local_time, say_cadence, when
from bot.core.words import Words

ENGLISH, SERBIAN, CYRILLIC = Words("en"), Words("sr-Latn"), Words("sr-Cyrl")
BELGRADE = ZoneInfo("Europe/Belgrade")
NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)  # a Sunday, the day the clocks went forward


@pytest.mark.parametrize(
    ("at", "english", "serbian"),
    [
        ("2026-03-29T12:05", "today 14:05", "данас у 14:05"),
        ("2026-03-28T22:30", "yesterday 23:30", "јуче у 23:30"),
        ("2026-03-28T23:30", "today 00:30", "данас у 00:30"),
        ("2026-03-29T22:00", "tomorrow 00:00", "сутра у 00:00"),
        ("2026-03-02T07:00", "Mon 2 Mar 08:00", "пон 2. марта у 08:00"),
        ("2026-04-02T06:00", "Thu 2 Apr 08:00", "чет 2. априла у 08:00"),
        ("2024-11-07T10:53", "Thu 7 Nov 2024 11:53", "чет 7. новембра 2024. у 11:53"),
        ("2025-12-31T23:30", "Thu 1 Jan 00:30", "чет 1. јануара у 00:30"),
    ],
)
def test_local_time(at: str, english: str, serbian: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert local_time(moment, NOW, BELGRADE, ENGLISH) == english
    assert local_time(moment, NOW, BELGRADE, CYRILLIC) == serbian


def test_a_moment_keeps_its_instant_and_zone() -> None:
    assert when(NOW, NOW, BELGRADE, ENGLISH) == When(NOW, "Europe/Belgrade", "today 14:00")


@pytest.mark.parametrize(
    ("minutes", "english", "serbian"),
    [
        (0, "1 minute", "1 minut"),
        (59.9, "59 minutes", "59 minuta"),
        (60, "1 hour", "1 sat"),
        (3 * 60, "3 hours", "3 sata"),
        (47 * 60, "47 hours", "47 sati"),
        (48 * 60, "2 days", "2 dana"),
        (21 * 1440, "21 days", "21 dan"),
    ],
)
def test_duration(minutes: float, english: str, serbian: str) -> None:
    assert duration(timedelta(minutes=minutes), ENGLISH) == english
    assert duration(timedelta(minutes=minutes), SERBIAN) == serbian


@pytest.mark.parametrize(
    ("cadence", "english", "serbian"),
    [
        ("instant", "as it happens", "čim vest stigne"),
        ("daily 08:00", "every day at 08:00", "svakog dana u 08:00"),
        ("daily 08:00,13:00,18:00", "every day at 08:00, 13:00 and 18:00", "svakog dana u 08:00, 13:00 i 18:00"),
        ("weekdays 07:30", "on weekdays at 07:30", "radnim danima u 07:30"),
        ("weekly wed 08:00", "Wednesdays at 08:00", "sredom u 08:00"),
        ("daily", "every day at your digest time (09:15)", "svakog dana u vreme vašeg pregleda (09:15)"),
    ],
)
def test_cadences_in_words(cadence: str, english: str, serbian: str) -> None:
    parsed = parse_cadence(cadence)
    assert isinstance(parsed, Cadence)
    assert say_cadence(parsed, ENGLISH, time(9, 15)) == english
    assert say_cadence(parsed, SERBIAN, time(9, 15)) == serbian


def test_a_cadence_without_times_can_be_said_without_the_chat() -> None:
    weekly = parse_cadence("weekly mon")
    assert weekly is not None
    assert say_cadence(weekly, ENGLISH) == "Mondays at your digest time"


def test_lists_and_languages() -> None:
    assert [listed(items, ENGLISH) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert (language_name("mk", ENGLISH), language_name("mk", SERBIAN), language_name("xx", ENGLISH)) == (
        "Macedonian",
        "makedonski",
        "xx",
    )
