"""A corrected headline, from the feed to every place that shows it: the latest is told, the first is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.message import to_text
from bot.core.model import Address, Archived
from bot.matching.query import parse
from handlers.request import Request
from tests.jobs.conftest import NOW, Newsbell
from tests.jobs.web import Desk, Entry

HOUR = timedelta(hours=1)
FIRST = "Frontex opens an office in Skopje"
SECOND = "Frontex opens an office in Ohrid"
THIRD = "Frontex will open an office in Ohrid next year"
URL = "https://wire.example/office"


def entry(title: str) -> Entry:
    return Entry("office", title, "The agency said so on Tuesday.", url=URL)


def found(desk: Desk, query: str, after: timedelta) -> list[Archived]:
    page = desk.bell.app.store.read(lambda session: session.search.newest(parse(query), NOW + after))
    return list(page.hits)


def why(desk: Desk, after: timedelta) -> str:
    return to_text(desk.bell.app.answer(Request(Address("terminal", "local"), f"/why {URL}", NOW + after)).message)


def test_a_correction_updates_what_is_found_rings_no_second_time_and_keeps_the_first_headline(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.subscribe("frontex")
    desk.shows(Entry("old", "Rain in Tirana"))
    desk.scan()
    desk.shows(entry(FIRST))
    desk.scan(HOUR)
    assert bell.deliver(NOW + HOUR).sent == 1
    assert "It came with the headline" not in why(desk, HOUR)

    for number, title in ((2, SECOND), (3, THIRD)):
        desk.shows(entry(title))
        (taken,) = desk.scan(number * HOUR).taken
        assert (taken.status, taken.archived.first_title) == ("updated", FIRST)
        assert bell.deliver(NOW + number * HOUR).sent == 0

    assert found(desk, "skopje", 4 * HOUR) == []
    (hit,) = found(desk, "title:ohrid", 4 * HOUR)
    assert (hit.article.title, hit.first_title) == (THIRD, FIRST)
    said = why(desk, 4 * HOUR)
    assert said.startswith(f"{THIRD}\n")
    assert f"It came with the headline: {FIRST}" in said
    assert "Sent (alert)" in said


def test_a_correction_before_the_alert_was_sent_is_what_is_sent(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.chat(paused_at=NOW)
    bell.subscribe("frontex")
    desk.shows(Entry("old", "Rain in Tirana"))
    desk.scan()
    desk.shows(entry(FIRST))
    desk.scan(HOUR)
    bell.deliver(NOW + HOUR)
    desk.shows(entry(SECOND))
    desk.scan(2 * HOUR)
    bell.chat(paused_at=None)
    assert bell.deliver(NOW + 2 * HOUR).sent == 1
    assert SECOND in bell.texts[0]


def test_a_headline_that_newly_matches_rings_once(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.subscribe("ohrid")
    desk.shows(entry(FIRST))
    desk.scan()
    desk.shows(entry(SECOND))
    desk.scan(HOUR)
    assert bell.deliver(NOW + HOUR).sent == 1
    desk.shows(replace(entry(THIRD)))
    desk.scan(2 * HOUR)
    assert bell.deliver(NOW + 2 * HOUR).sent == 0


def test_what_came_before_anybody_wished_for_it_does_not_ring_when_it_is_corrected(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.subscribe("frontex")
    desk.shows(entry(FIRST))
    desk.scan()
    desk.shows(entry(SECOND))
    desk.scan(HOUR)
    assert bell.deliver(NOW + HOUR).sent == 0, "of the first look"
    bell.subscribe("office")
    desk.shows(entry(THIRD))
    desk.scan(2 * HOUR)
    assert bell.deliver(NOW + 2 * HOUR).sent == 0, "before the subscription"
