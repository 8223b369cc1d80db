"""`/sources`: who stands how at a glance; what admins add is looked for by the loop and answered a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.errors import Unreachable
from bot.core.message import to_text
from bot.core.model import Outlook, Source, SourceKind
from bot.core.poll import Standing
from handlers.commands.sources import SHOWN
from handlers.dispatch import answer, second
from handlers.request import Request
from handlers.task import AddSource, SourceAdded
from tests.handlers.newsroom import LOCAL, NOW, Newsroom


def add(room: Newsroom, name: str) -> Source:
    location = f"https://{name.lower()}.example/feed"
    return room.app.store.write(lambda session: session.sources.ensure(SourceKind.FEED, location, name))


def asked(text: str) -> Request:
    return Request(LOCAL, text, NOW, admin=True)


def test_a_source_in_trouble_says_since_when_and_admins_read_why(room: Newsroom) -> None:
    wire = add(room, "Wire")
    outlook = Outlook("", NOW, Standing.DEGRADED, NOW - timedelta(days=1))
    room.app.store.write(lambda session: session.sources.failed(wire.id, NOW, "answers 500", outlook))
    assert "Wire | feed | 0 | none | without success since yesterday 12:00: answers 500" in room.say(
        "/sources", admin=True
    )
    assert "without success since yesterday 12:00: cannot be read now" in room.say("/sources")
    assert "Not reachable now: Wire" in room.say("/digest")


def test_a_polled_source_that_failed_once_is_no_news(room: Newsroom) -> None:
    wire = add(room, "Wire")
    room.app.store.write(lambda session: session.sources.failed(wire.id, NOW, "answers 500", Outlook()))
    assert "Not reachable now" not in room.say("/digest")


def test_of_many_sources_those_in_trouble_come_first(room: Newsroom) -> None:
    for number in range(SHOWN):
        add(room, f"Host{number}")
    last = add(room, "Last")
    room.app.store.write(lambda session: session.sources.failed(last.id, NOW, "gone", Outlook()))
    said = room.say("/sources", admin=True).splitlines()
    assert said[2].startswith("Last |")
    assert said[-1] == "2 more are not shown; newsbell sources list shows all."


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
