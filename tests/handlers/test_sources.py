"""`/sources`: who stands how at a glance; what admins add is looked for by the loop and answered a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.errors import Unreachable
from bot.core.message import to_text
from bot.core.model import Outlook, Source, SourceKind
from bot.core.poll import Standing
from bot.core.ports import Session
from handlers.commands.sources import PER_PAGE
from handlers.commands.status import NAMED
from handlers.dispatch import answer, second
from handlers.request import Request
from handlers.task import AddSource, SourceAdded
from tests.handlers.newsroom import LOCAL, NOW, Newsroom


def add(room: Newsroom, name: str) -> Source:
    location = f"https://{name.lower()}.example/feed"
    return room.app.store.write(lambda session: session.sources.ensure(SourceKind.FEED, location, name))


def asked(text: str) -> Request:
    return Request(LOCAL, text, NOW, admin=True)


def fails(room: Newsroom, source: Source, *ago: timedelta, standing: Standing = Standing.OK) -> None:
    """Failures so long ago, each answered with 500; the next try is in twenty minutes."""
    for span in ago:
        outlook = Outlook("", NOW + timedelta(minutes=20), standing, NOW - span)
        room.app.store.write(
            lambda session, at=NOW - span, outlook=outlook: session.sources.failed(  # type: ignore[misc]
                source.id, at, "answers 500", outlook
            )
        )


def test_a_source_in_trouble_says_since_when_and_admins_read_why(room: Newsroom) -> None:
    fails(room, add(room, "Wire"), timedelta(days=1), timedelta(hours=1), standing=Standing.DEGRADED)
    told = "Wire | feed | 0 | none | without success since yesterday 12:00, tried 2 times, next try in 20 minutes: "
    assert f"{told}answers 500" in room.say("/sources", admin=True)
    assert f"{told}cannot be read now" in room.say("/sources")
    assert "Not reachable now: Wire" in room.say("/digest")


def test_a_polled_source_that_fails_for_hours_is_told_where_one_asks_and_no_news(room: Newsroom) -> None:
    fails(room, add(room, "Wire"), *(timedelta(hours=hours) for hours in (3, 2, 1)), timedelta(minutes=30))
    told = "failing for 3 hours, tried 4 times, next try in 20 minutes: answers 500"
    said = room.say("/sources", admin=True)
    assert said.splitlines()[:2] == ["2 sources", "1 well · 1 failing"]
    assert told in said
    assert f"• Wire: {told}" in room.say("/status", admin=True)
    assert "Wire" not in room.say("/status")
    assert "Not reachable now" not in room.say("/digest")


def test_a_silent_source_says_when_it_brought_something_last(room: Newsroom) -> None:
    def silent(session: Session) -> None:
        (news,) = session.sources.named("news")
        session.sources.fetched(news.id, NOW, Outlook(silent_at=NOW))

    room.app.store.write(silent)
    said = room.say("/sources")
    assert said.splitlines()[1] == "1 silent"
    assert said.endswith("news | folder | 10 | today 11:00 | answers, has brought nothing since today 11:00")


def test_of_many_sources_those_in_trouble_come_first_and_the_rest_is_a_page_away(room: Newsroom) -> None:
    for number in range(PER_PAGE):
        add(room, f"Host{number}")
    fails(room, add(room, "Last"), timedelta(hours=1))
    said = room.say("/sources", admin=True).splitlines()
    assert said[1] == "26 well · 1 failing"
    assert said[3].startswith("Last |")
    assert said[-2:] == ["2 more: /sources page:2", "[More: /sources page:2]"]
    second = room.say("/sources page:2").splitlines()
    assert second[0] == "27 sources, page 2"
    assert [row.partition(" ")[0] for row in second[3:]] == ["Host23", "Host24"]
    assert room.say("/sources page:9") == "There is no page 9. The first one: /sources"


def test_many_sources_in_trouble_are_named_in_part(room: Newsroom) -> None:
    for number in range(NAMED + 2):
        fails(room, add(room, f"Host{number}"), timedelta(hours=1))
    assert room.say("/status", admin=True).endswith("2 more: /sources")


@pytest.mark.parametrize("typed", ["/sources add https://wire.example/", "/sources ADD wire.example/"])
def test_what_is_to_be_added_is_left_to_the_loop(room: Newsroom, typed: str) -> None:
    given = answer(asked(typed), room.services)
    assert to_text(given.message) == "Looking there; the answer follows."
    assert given.task == AddSource("https://wire.example/")


def test_the_second_answer_says_what_came_of_it(room: Newsroom) -> None:
    request = asked("/sources add wire.example")
    added = second(request, room.services, SourceAdded("Wire", "https://wire.example/feed", new=True))
    assert to_text(added) == "Added: Wire, https://wire.example/feed. What it brings from now on rings."
    known = second(request, room.services, SourceAdded("Wire", "https://wire.example/feed", new=False))
    assert to_text(known) == "Wire is a source already: https://wire.example/feed"
    failed = second(request, room.services, Unreachable("https://wire.example/: no connection in time"))
    assert to_text(failed) == "Not added. https://wire.example/: no connection in time"


def test_only_admins_change_sources(room: Newsroom) -> None:
    add(room, "Wire")
    for typed in ("/sources add https://wire.example/", "/sources remove Wire"):
        given = answer(Request(LOCAL, typed, NOW), room.services)
        assert to_text(given.message) == "Only admins may change the sources."
        assert given.task is None
    assert "Wire" in room.say("/sources")


def test_a_folder_is_not_removed_from_a_chat(room: Newsroom) -> None:
    assert room.say("/sources remove news", admin=True) == "No feed or page is called news. /sources lists them."
    add(room, "Wire")
    assert room.say("/sources remove wire", admin=True) == "Removed: Wire. Its articles stay."
    assert "Wire" not in room.say("/sources")
