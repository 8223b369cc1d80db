"""`/trends`: stories a day in the chat's zone; a picture only where pictures are shown, and always what it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.message import Picture, to_text
from bot.core.model import Address
from bot.core.words import ENGLISH
from handlers.commands.trends import MOST, picture
from handlers.dispatch import answer
from handlers.request import Request
from handlers.task import Answer, Draw
from tests.handlers.newsroom import Newsroom
from tests.handlers.test_subscribing import article


def asked(room: Newsroom, text: str) -> Answer:
    """The answer where pictures are shown."""
    return answer(Request(Address("terminal", "local"), text, room.now, pictures=True), room.services)


def test_a_line_of_bars_and_the_busiest_day(room: Newsroom) -> None:
    said = room.say("/trends kosovo 7d").splitlines()
    assert said[0] == "kosovo: 3 stories in 7 days, 1 on the busiest one (yesterday)."
    assert said[1] == "···███· Tue 3 Mar – today, a bar a day"


def test_a_topic_or_any_query_thirty_days_unless_told_otherwise(room: Newsroom) -> None:
    said = room.say("/trends migration")
    assert said.startswith("migration: 4 stories in 30 days")
    assert "Taken for the topic Migration" in said
    assert "/subscribe topic:migration" in said
    assert room.say('/trends "border force" OR frontex 30 days').startswith('"border force" OR frontex: 2 stories')


def test_beyond_two_months_a_bar_is_a_week(room: Newsroom) -> None:
    bars = room.say("/trends kosovo 90d").splitlines()[1]
    assert bars == "············█ Wed 10 Dec 2025 – today, a bar a week"


def test_days_are_the_chats_own(room: Newsroom) -> None:
    room.take(article("Turnip at midnight", published_at=datetime(2026, 3, 8, 23, 30, tzinfo=UTC)))
    assert room.say("/trends turnip 3d").splitlines()[1].startswith("·█· ")
    room.say("/settings timezone Belgrade")
    assert room.say("/trends turnip 3d").splitlines()[1].startswith("··█ ")


@pytest.mark.parametrize("typed", ["frontex 1d", "frontex 0d", f"frontex {MOST + 1}d", "frontex 999999999d"])
def test_too_few_or_too_many_days_are_refused_with_the_way_out(room: Newsroom, typed: str) -> None:
    said = room.say(f"/trends {typed}")
    assert "From 2 to 365 days can be shown." in said
    assert "/trends frontex 30d" in said


def test_nothing_found_is_told_with_what_to_try(room: Newsroom) -> None:
    said = room.say("/trends frontexx 7d")
    assert said.startswith("frontexx: no story in 7 days.\nDid you mean frontex? That had 1 story in 7 days.")
    assert asked(room, "/trends frontexx").task is None
    assert "Trends of what?" in room.say("/trends")


def test_where_pictures_are_shown_one_follows_that_says_what_it_shows(room: Newsroom) -> None:
    given = asked(room, "/trends migration 14d")
    assert isinstance(given.task, Draw)
    chart = given.task.chart
    assert to_text(given.message).startswith("migration: 2 stories in 14 days")
    assert (chart.title, chart.label, len(chart.counts), sum(chart.counts)) == ("Migration", "stories a day", 14, 2)
    assert chart.ticks[-1] == (13, "9 Mar")
    assert len(chart.ticks) == 7
    assert chart.text == (
        "Stories a day, Migration, Tue 24 Feb – today: 2 stories, 1 on the busiest day (today); "
        "2 in the last seven days, 0 in the seven before."
    )
    assert picture(chart, b"\x89PNG", ENGLISH).blocks == (
        Picture("newsbell-trend.png", b"\x89PNG", "image/png", chart.text),
    )
    assert to_text(picture(chart, None, ENGLISH)) == f"The picture could not be drawn.\n{chart.text}"


def test_words_of_the_chats_language_are_on_the_picture(room: Newsroom) -> None:
    room.say("/settings language sr-cyrl")
    given = asked(room, "/trends kosovo")
    assert isinstance(given.task, Draw)
    assert given.task.chart.label == "вести на дан"
    assert given.task.chart.ticks[-1] == (29, "9. марта")


def test_in_the_terminal_there_is_none(room: Newsroom) -> None:
    request = Request(Address("terminal", "local"), "/trends kosovo", room.now)
    assert answer(request, room.services).task is None
