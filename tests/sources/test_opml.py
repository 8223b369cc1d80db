"""Lists of sources: a round trip loses nothing, a hostile list takes nothing, the starter list is whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import NotAFeed, SourceError, TooLarge
from bot.sources.fields import language_code, one_line
from bot.sources.opml import Opml, Outline, listed, read, write
from tests.growth import costs_at_most

SEEDS = Path(__file__).parents[2] / "seeds" / "sources.opml"

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20).map(one_line)
NAME = st.sampled_from(["category", "created", "description", "{https://newsbell.example/ns}pace", "x-custom"])
URL = st.sampled_from(["https://ex.example/feed", "http://ex.example/?a=1&b=2", "https://ex.example/%C5%A1#x"])
EXTRA = st.dictionaries(NAME, TEXT.filter(bool), max_size=3).map(lambda extra: tuple(extra.items()))


def outlines(children: st.SearchStrategy[tuple[Outline, ...]]) -> st.SearchStrategy[tuple[Outline, ...]]:
    one = st.builds(
        Outline,
        title=TEXT,
        url=st.none() | URL,
        site=st.none() | URL,
        language=st.none() | st.sampled_from(["sr", "pt-BR"]),
        type=st.none() | st.sampled_from(["rss", "sitemap"]),
        enabled=st.booleans(),
        extra=EXTRA,
        children=children,
    )
    return st.lists(one, max_size=4).map(tuple)


HEAD = st.dictionaries(st.sampled_from(["dateCreated", "ownerName"]), TEXT.filter(bool))
LISTS = st.builds(
    Opml,
    title=TEXT,
    outlines=st.recursive(st.just(()), outlines, max_leaves=12),
    head=st.dictionaries(st.sampled_from(["dateCreated", "ownerName"]), TEXT.filter(bool)).map(
        lambda d: tuple(d.items())
    ),
)


@settings(deadline=None, max_examples=200)
@given(LISTS)
def test_a_round_trip_loses_nothing(opml: Opml) -> None:
    assert read(write(opml)) == opml


def test_a_list_of_another_tool_is_understood() -> None:
    opml = read(
        b"""<?xml version="1.0" encoding="utf-8"?><opml version="1.1"><head><title>My list</title>
        <ownerName>Ana</ownerName></head><body>
        <outline text="Balkans"><outline TEXT="Glas" title="Glasnik" type="rss" xmlurl="feed://g.example/rss"
          htmlUrl="https://g.example/" unread="3"/>
          <outline text="Off" isComment="true"><outline text="In it" xmlUrl="https://i.example/f"/></outline></outline>
        </body></opml>"""
    )
    assert (opml.title, opml.head) == ("My list", (("ownerName", "Ana"),))
    found = [(entry.outline.title, entry.outline.url, entry.groups, entry.enabled) for entry in listed(opml.outlines)]
    assert found == [
        ("Glasnik", "http://g.example/rss", ("Balkans",), True),
        ("In it", "https://i.example/f", ("Balkans", "Off"), False),
    ]
    assert opml.outlines[0].children[0].extra == (("text", "Glas"), ("unread", "3"))
    assert read(write(opml)) == opml


@pytest.mark.parametrize("address", ["file:///etc/passwd", "/var/news", "inbox", "ftp://ex.example/", "//"])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    opml = read(f"<opml><body><outline text='A' xmlUrl='{address}'/><outline text='B'/></body></opml>".encode())
    assert [outline.title for outline in opml.outlines] == ["B"]
    assert len(opml.refused) == 1
    assert opml.refused[0].startswith("A: not an http or https address")


def wrapped(body: str) -> bytes:
    return f"<opml><body>{body}</body></opml>".encode()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NotAFeed),
        (b"<rss><channel/></rss>", NotAFeed),
        (b"<html><body><opml/></body></html>", NotAFeed),
        (b"\x00\x01\x02", NotAFeed),
        (wrapped("<outline>" * 10_000), TooLarge),
        (wrapped("<outline/>" * 25_000), TooLarge),
        (wrapped("<outline " + " ".join(f"a{n}=''" for n in range(5_000)) + "/>"), TooLarge),
        (wrapped(" " * 5_000_000), TooLarge),
    ],
    ids=range(8),
)
def test_hostile_lists_are_refused(data: bytes, error: type[SourceError]) -> None:
    def refused(data: bytes) -> None:
        with pytest.raises(error):
            read(data)

    costs_at_most(200, refused, data)


def test_entities_and_files_are_not_followed() -> None:
    said = b"<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/hostname'><!ENTITY y 'yy'>]>"
    opml = read(said + wrapped("<outline text='&x;&y;' xmlUrl='https://ex.example/'/>"))
    assert len(list(listed(opml.outlines))) == 1
    assert "yy" not in opml.outlines[0].title


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_list_or_refused(data: bytes, inside: bool) -> None:
    try:
        opml = read(b"<opml><body><outline text='" + data if inside else data)
    except SourceError:
        return
    assert read(write(opml)) == opml


def test_the_starter_sources_are_whole_and_consistent() -> None:
    opml = read(SEEDS.read_bytes())
    sources = list(listed(opml.outlines))
    assert (len(sources), sum(entry.enabled for entry in sources), opml.refused) == (149, 100, ())
    assert write(opml) == SEEDS.read_bytes()
    assert [group.title for group in opml.outlines] == [
        "Migration", "Balkans", "EU and UK policy", "Borders", "Europe and the world",
    ]  # fmt: skip
    for entry in sources:
        assert entry.outline.title
        assert entry.outline.language == language_code(entry.outline.language or "")
        assert entry.outline.type in ("rss", "sitemap")
        assert len(entry.groups) == 1
    assert max(Counter(entry.outline.url for entry in sources).values()) == 1
    assert max(Counter(entry.outline.title for entry in sources).values()) == 1
