"""The weekly line that newsbell is alive: once a week, over restarts and absences, to admins wherever they are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import load
from bot.core.cadence import Quiet
from bot.core.model import Address
from bot.jobs.alive import Alive
from bot.jobs.sender import Sender
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.jobs.conftest import NOW, Newsbell, Platform, article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = NOW + 6 * DAY
"""The Monday after NOW, at nine."""
ADMINS = frozenset({Address("telegram", "42"), Address("slack", "U1"), Address("terminal", "local")})


def job(bell: Newsbell, zone: str = "UTC") -> Alive:
    """The job as a process that has just started has it."""
    return Alive(bell.app.store, ADMINS, zone, lambda: 312_400_000)


def weeks(bell: Newsbell, until: datetime, *, every: timedelta = HOUR, zone: str = "UTC") -> list[datetime]:
    """When the admins were told, of a newsbell that is started anew at every look."""
    moments = (NOW + number * every for number in range((until - NOW) // every + 1))
    return [now for now in moments if job(bell, zone)(now)]


def test_it_is_told_every_monday_at_nine_once_however_often_it_is_started(bell: Newsbell) -> None:
    assert MONDAY.isoweekday() == 1
    assert weeks(bell, NOW + 28 * DAY) == [MONDAY + number * 7 * DAY for number in range(4)]


def test_nine_is_nine_by_the_installation_s_own_clock_also_when_that_changes(bell: Newsbell) -> None:
    told = weeks(bell, NOW + 28 * DAY, zone="Europe/Belgrade")
    assert [f"{now:%d %H}" for now in told] == ["16 08", "23 08", "30 07", "06 07"], "summer time began on 29 March"


def test_a_new_installation_is_not_told_of_its_first_minute(bell: Newsbell) -> None:
    assert not job(bell)(MONDAY - HOUR)
    assert not job(bell)(MONDAY)
    assert job(bell)(MONDAY + 7 * DAY)


def test_what_passed_while_it_was_off_is_one_line_as_soon_as_it_is_back(bell: Newsbell) -> None:
    assert not job(bell)(NOW)
    back = MONDAY + 22 * DAY + 5 * HOUR
    assert job(bell)(back)
    assert not job(bell)(back + HOUR)
    assert job(bell)(MONDAY + 28 * DAY)


def test_a_clock_that_goes_back_tells_nothing_twice(bell: Newsbell) -> None:
    job(bell)(NOW)
    assert job(bell)(MONDAY)
    assert not job(bell)(MONDAY - DAY)
    assert not job(bell)(MONDAY + HOUR)


def test_admins_on_each_platform_read_what_it_did(bell: Newsbell) -> None:
    job(bell)(NOW)
    bell.subscribe("frontex")
    bell.chat("later", empty_digest=False)
    bell.subscribe("frontex", chat="later", cadence="daily 10:00")
    bell.take(article(), article("Frontex buys boats", guid="2"))
    for hours in range(48):
        bell.deliver(NOW + hours * HOUR)
    bell.platform.sent.clear()
    assert job(bell)(MONDAY)
    platforms = [Platform("telegram"), Platform("slack"), bell.platform]
    deliver = bell.app.delivery([Sender(platform) for platform in platforms], lambda address: True)
    asyncio.run(bell.app.deliver(MONDAY, deliver))
    told = [
        "For the admins\n"
        "• Alive. Since Tue 10 Mar 09:00: articles 2, alerts 1, digests 1; sources in trouble 0 of 2; "
        "the database has 312 MB."
    ]
    sent = {
        chat: [text for other, text in platform.sent if other == chat]
        for platform in platforms
        for chat, _ in platform.sent
    }
    assert sent == {str(address): told for address in ADMINS}


def test_it_waits_for_the_end_of_an_admin_s_quiet_hours(bell: Newsbell) -> None:
    bell.chat(quiet=Quiet(time(8), time(11)))
    job(bell)(NOW)
    assert job(bell)(MONDAY)
    bell.deliver(MONDAY + HOUR)
    assert bell.texts == []
    bell.deliver(MONDAY + 2 * HOUR)
    assert len(bell.texts) == 1


@pytest.mark.parametrize(
    ("given", "on"),
    [
        ({}, False),
        ({"TELEGRAM_BOT_TOKEN": "1:x"}, True),
        ({"TELEGRAM_BOT_TOKEN": "1:x", "NEWSBELL_ALIVE": "0"}, False),
        ({"TELEGRAM_BOT_TOKEN": "1:x", "NEWSBELL_ALIVE": ""}, False),
        ({"NEWSBELL_ALIVE": "1"}, True),
    ],
)
def test_a_setting_turns_it_off(given: dict[str, str], on: bool, tmp_path: Path) -> None:
    settings = replace(load(given, tmp_path / ".env"), database=tmp_path / "n.db")
    app = App(settings, fresh_store(settings.database), few_topics())
    assert ("alive" in {entry.name for entry in app.caretaker.entries()}) is on
    app.close()
