"""Exports: a table no spreadsheet runs, a list no Markdown breaks, commands that make the same subscriptions again."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import UserError
from bot.core.message import Document, Message, to_text
from bot.core.model import Address, SourceKind, Subscription
from bot.core.ports import Session
from bot.matching.query import parse
from bot.sources import opml
from handlers.changes import Change, Did, former, restored
from handlers.commands.export import HEADER, harmless
from tests.handlers.newsroom import NOW, Newsroom
from tests.handlers.test_subscribing import article


def exported(room: Newsroom, args: str) -> Document:
    """The file an export hands over."""
    [file] = [block for block in room.answer(f"/export {args}").blocks if isinstance(block, Document)]
    return file


def test_the_list_of_sources_is_for_admins_and_holds_no_secret(room: Newsroom) -> None:
    def add(session: Session) -> None:
        for name, url in (("Open", "https://one.example/feed"), ("Paid", "https://ana:pass@two.example/feed"),
                          ("Keyed", "https://three.example/feed?token=abc")):  # fmt: skip
            session.sources.ensure(SourceKind.FEED, url, name)

    room.app.store.write(add)
    assert room.say("/export sources").startswith("Only admins")
    said, left_out, file = room.answer("/export sources", admin=True).blocks
    assert isinstance(file, Document)
    assert (file.name, file.media_type) == ("newsbell-sources-2026-03-09.opml", "text/x-opml")
    assert [outline.url for outline in opml.read(file.content.encode()).outlines] == ["https://one.example/feed"]
    assert to_text(Message((said, left_out))).splitlines()[1].startswith("2 are left out")
    assert "/news" not in file.content, "a folder is no source of anybody else's"


def test_a_table_has_both_headlines_and_everything_known(room: Newsroom) -> None:
    room.take(article("Turnip tax planned", guid="t", url="https://wire.example/t"))
    room.wait(hours=1)
    room.take(article("Turnip tax decided", guid="t", url="https://wire.example/t", text="Parliament said yes."))
    file = exported(room, "turnip")
    header, row = csv.reader(io.StringIO(file.content))
    assert (file.name, file.media_type) == ("newsbell-turnip-2026-03-09.csv", "text/csv")
    assert tuple(header) == HEADER
    assert row[:4] == ["Turnip tax planned", "Turnip tax decided", "Wire", "en"]
    assert row[4:7] == ["2026-03-09 12:00:00", "2026-03-09 12:00:00", "https://wire.example/t"]


def test_a_topic_since_a_date_is_the_topic(room: Newsroom) -> None:
    rows = list(csv.reader(io.StringIO(exported(room, "migration since:30d").content)))
    assert len(rows) == 6
    assert all("migration" in row[7].split() for row in rows[1:])
    assert exported(room, "migration since:30d csv").content == exported(room, "migration since:30d").content


def test_a_headline_is_never_a_formula(room: Newsroom) -> None:
    rows = list(csv.reader(io.StringIO(exported(room, "spreadsheet").content)))
    assert rows[1][:3] == ['\'=HYPERLINK("https://evil.example","migrant")'] * 2 + ["'=cmd|calc"]


@given(st.text(alphabet=st.one_of(st.sampled_from("=+-@\t\r\n ＝＠\u00a0\u200b'\""), st.characters()), max_size=12))
def test_no_cell_starts_as_a_formula(cell: str) -> None:
    safe = harmless(cell)
    assert safe in (cell, f"'{cell}")
    assert safe.lstrip(" \u00a0\u200b")[:1] not in tuple("=+-@\t\r\n＝＋－＠")


def test_a_list_is_markdown(room: Newsroom) -> None:
    file = exported(room, "migrant markdown")
    assert file.name.endswith(".md")
    assert "- [Frontex patrols begin in southern Serbia](<https://danube.example/a/17>), Danube Wire, 2026-03-09\n" in (
        file.content
    )
    assert '- =HYPERLINK("https://evil.example","migrant"), =cmd\\|calc, 2026-02-10\n' in file.content


TAILS = """mail daily "daily" urgent every 08:00 8 instant weekly mon weekdays frontex OR -kosovo ( )"""
QUERIES = st.lists(st.sampled_from(TAILS.split()), min_size=1, max_size=6).map(" ".join)
CADENCES = st.sampled_from(("", "instant", "daily", "daily 08:00,18:00", "weekdays 08:00", "weekly mon 08:00"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, cadence=CADENCES, flags=st.sampled_from(("", "urgent", "every", "urgent every")))
def test_exported_commands_make_the_same_subscriptions_again(
    room: Newsroom, query: str, cadence: str, flags: str
) -> None:
    room.say("/unsubscribe all yes")
    room.say(f"/subscribe ({query}) {cadence} {flags}")
    here, there = Address("terminal", "local"), Address("terminal", "there")
    room.say("/forget yes", address=there)
    for block in room.answer("/export subscriptions").blocks:
        for command in block.content.splitlines() if isinstance(block, Document) else ():
            room.say(command, address=there)
    assert _wishes(room, there) == _wishes(room, here)
    try:
        parse(f"({query})")
    except UserError:
        return
    assert len(_wishes(room, here)) == 1


def _wishes(room: Newsroom, address: Address) -> list[Subscription]:
    def of(session: object) -> list[Subscription]:
        chat = session.chats.at(address)  # type: ignore[attr-defined]
        found = session.subscriptions.of_chat(chat.id) if chat else []  # type: ignore[attr-defined]
        return [replace(entry, id=0, chat_id=0, number=0, query_id=0, created_at=NOW) for entry in found]

    return room.app.store.read(of)


@pytest.mark.parametrize("did", Did)
def test_a_change_is_read_back_as_it_was_kept(room: Newsroom, did: Did) -> None:
    for line in ("/settings quiet 22-7", "/settings digest 7", "/settings reads sr", "/pause"):
        room.say(line)
    chat = room.chat()
    names = ("quiet", "digest_at", "reads", "paused_at", "pause_reason", "timezone", "empty_digest")
    change = Change(did, (1, 2), former(chat, *names))
    assert Change.parse(str(change)) == change
    blank = replace(chat, quiet=None, digest_at=None, reads=(), paused_at=None, empty_digest=False)
    assert restored(blank, Change.parse(str(change)).was) == chat
