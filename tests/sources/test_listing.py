"""Lists of sources: every place and fact of an outline comes out again, and what changed since is in it."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Source, SourceKind
from bot.sources.listing import Entry, entries, merged, opml_of
from bot.sources.opml import Opml, Outline, read, write

FEED, PAGE = "https://a.example/feed", "https://b.example/news"
LIST = Opml(
    "",
    (
        Outline(
            "Balkans",
            extra=(("color", "red"),),
            children=(
                Outline("A", FEED, site="https://a.example/", language="sr", type="rss", extra=(("category", "/x"),)),
                Outline("Inner", children=(Outline("B", PAGE, type="page"),)),
            ),
        ),
        Outline(
            "Off", enabled=False, children=(Outline("A again", FEED, type="rss"), Outline("C", "https://c.example/"))
        ),
    ),
)


def stored(number: int, entry: Entry) -> Source:
    return Source(number, entry.kind, entry.location, entry.name, enabled=entry.enabled, listing=merged("", entry))


def sources() -> list[Source]:
    return [stored(number, entry) for number, entry in enumerate(entries(LIST))]


def test_a_source_is_one_however_often_it_is_listed() -> None:
    found = {entry.name: entry for entry in entries(LIST)}
    assert list(found) == ["A", "B", "C"]
    assert [entry.enabled for entry in found.values()] == [True, True, False]
    assert found["B"].kind is SourceKind.PAGE
    assert len(found["A"].places) == 2


def test_what_came_in_comes_out() -> None:
    again = read(write(opml_of(sources())))
    assert again.outlines == LIST.outlines


def test_importing_what_was_exported_changes_nothing() -> None:
    once = opml_of(sources())
    twice = opml_of([stored(number, entry) for number, entry in enumerate(entries(once))])
    assert once == twice


def test_a_source_that_moved_or_was_switched_is_written_as_it_is_now() -> None:
    first, second, third = sources()
    moved = replace(first, location="https://new.example/feed")
    written = opml_of([moved, replace(second, enabled=False), replace(third, enabled=True)])
    found = {entry.name: entry for entry in entries(written)}
    assert found["A"].location == "https://new.example/feed"
    assert [found[name].enabled for name in ("A", "B", "C")] == [True, False, True]


def test_folders_are_in_no_list_and_a_damaged_listing_is_none() -> None:
    folder = Source(1, SourceKind.FOLDER, "/inbox", "inbox")
    plain = Source(2, SourceKind.FEED, FEED, "A", listing='{"broken": [1')
    assert opml_of([folder, plain]).outlines == (Outline("A", FEED, type="rss"),)
