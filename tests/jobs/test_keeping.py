"""Sources in and out of the store: lists taken in once, and what a person adds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.core.errors import NotAFeed
from bot.core.model import Source
from bot.sources.discovery import Candidate
from bot.sources.finding import Finder
from bot.sources.keeping import add, begin, export_list, import_list
from tests.jobs.conftest import NOW, Newsbell
from tests.jobs.web import WIRE, Desk, Entry, reader

LIST = (
    f"<opml version='2.0'><body><outline title='Wire' xmlUrl='{WIRE}' type='rss' isComment='true'/>"
    "<outline title='Local' xmlUrl='/etc/feed' type='rss'/>"
    "<outline title='Paper' xmlUrl='https://Paper.example:443/feed' type='rss'/></body></opml>"
).encode()


async def nowhere(body: bytes, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
    return ()


def found_and_added(desk: Desk, url: str) -> tuple[Source, bool]:
    found = asyncio.run(Finder(desk.web, reader, nowhere).find(url, NOW))
    return desk.bell.app.store.write(lambda session: add(session, found))


@pytest.fixture
def desk(bell: Newsbell) -> Desk:
    desk = Desk(bell)
    desk.shows(Entry("1", "Frontex was here"))
    desk.shows(Entry("1", "Rain in Tirana"), url="https://paper.example/feed")
    return desk


def test_a_list_is_taken_in_and_what_is_no_web_address_is_refused(desk: Desk) -> None:
    done = import_list(desk.bell.app.store, LIST)
    assert (done.added, done.known, done.off, len(done.refused)) == (2, 0, 1, 1)
    assert "Local" in done.refused[0]
    assert import_list(desk.bell.app.store, export_list(desk.bell.app.store)).known == 2


def test_a_database_begins_with_a_list_once(desk: Desk) -> None:
    store = desk.bell.app.store
    assert begin(store, LIST, NOW) is not None
    (paper,) = store.read(lambda session: session.sources.named("Paper"))
    store.write(lambda session: session.sources.remove(paper.id, NOW))
    assert begin(store, LIST, NOW) is None
    assert store.read(lambda session: session.sources.named("Paper")) == [], "what was removed stays so"


def test_a_list_that_is_none_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NotAFeed):
        begin(desk.bell.app.store, b"<html></html>", NOW)
    assert begin(desk.bell.app.store, LIST, NOW) is not None


def test_adding_what_is_listed_and_off_turns_it_on(desk: Desk) -> None:
    import_list(desk.bell.app.store, LIST)
    assert not desk.source().enabled
    source, new = found_and_added(desk, WIRE)
    assert (source.name, new) == ("Wire", True)
    assert desk.source().enabled


def test_another_spelling_of_an_address_is_the_same_source(desk: Desk) -> None:
    import_list(desk.bell.app.store, LIST)
    source, new = found_and_added(desk, "https://paper.example/feed")
    assert (source.name, new) == ("Paper", False)
