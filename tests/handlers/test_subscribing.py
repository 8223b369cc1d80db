"""Subscribing, changing and ending: what is stored, what rings afterwards, and what can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.core.cadence import Quiet
from bot.core.model import Article, Kind, State, Subscription
from tests.handlers.newsroom import NOW, Newsroom


def article(title: str, **values: object) -> Article:
    """An article published an hour ago."""
    base = {"guid": title, "text": f"{title}, it was said.", "source": "Wire", "published_at": NOW, "language": "en"}
    return Article(**{**base, "title": title, **values})  # type: ignore[arg-type]


def mine(room: Newsroom) -> list[Subscription]:
    """The chat's subscriptions."""
    chat_id = room.chat().id
    return room.app.store.read(lambda session: session.subscriptions.of_chat(chat_id))


def waiting(room: Newsroom) -> dict[Kind, int]:
    """How many lines wait, by kind."""
    chat_id = room.chat().id
    counts = room.app.store.read(lambda session: session.outbox.counts(chat_id))
    return {kind: number for (kind, state), number in counts.items() if state is State.WAITING}


def test_what_it_shows_does_not_ring_and_what_comes_next_does(room: Newsroom) -> None:
    assert "Frontex patrols begin" in room.say("/subscribe frontex")
    assert room.deliver() == []
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"))
    [alert] = room.deliver()
    assert alert.startswith("Frontex gets a new head")


def test_a_copy_of_a_story_it_showed_does_not_ring(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    text = (
        "Officers of Frontex began patrols with Serbian police on Monday. They will look for smugglers who lead "
        "migrants over the hills at night, the ministry in Belgrade said. The patrols last until autumn."
    )
    room.take(article("Frontex patrols begin in southern Serbia", guid="copy", source="Late Post", text=text))
    assert room.deliver() == []


def test_a_story_shown_for_one_subscription_does_not_ring_for_another(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say('/subscribe "serbian police"')
    assert room.deliver() == []


def test_the_first_digest_holds_what_came_in_the_period_before(room: Newsroom) -> None:
    room.say("/subscribe NOTHINGLIKEIT OR source:ledger OR lang:sr OR lang:en daily 08:00")
    assert waiting(room) == {Kind.DIGEST: 1}
    [entry] = mine(room)
    assert entry.next_due_at == datetime(2026, 3, 10, 8, tzinfo=UTC)
    room.now = entry.next_due_at
    [digest] = room.deliver()
    assert "Прихватни центар у Шиду пун" in digest
    assert "Frontex patrols" not in digest


def test_a_weekly_digest_reaches_back_a_week(room: Newsroom) -> None:
    room.say("/subscribe balkans weekly mon 08:00")
    room.now = datetime(2026, 3, 16, 8, tzinfo=UTC)
    [digest] = room.deliver()
    assert "Digest: 2 stories" in digest
    assert "Kosovo eröffnet Zentrum" in digest


def test_the_assumed_zone_is_told_once(room: Newsroom) -> None:
    assert "as no time zone is set" not in room.say("/subscribe migration")
    assert "as no time zone is set" in room.say("/subscribe balkans daily")
    assert "as no time zone is set" not in room.say("/subscribe kosovo daily")
    assert room.chat().zone_told


def test_a_chat_with_a_zone_is_told_nothing_of_zones(room: Newsroom) -> None:
    room.say("/settings timezone Pristina")
    assert "time zone" not in room.say("/subscribe balkans daily")
    assert mine(room)[0].next_due_at == datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("again", "cadence", "flags"),
    [
        ("/subscribe frontex", "daily 18:00", (True, False)),
        ("/subscribe FRONTEX weekdays", "weekdays", (False, False)),
        ("/subscribe frontex instant", "instant", (False, False)),
        ("/subscribe frontex every", "daily 18:00", (False, True)),
    ],
)
def test_subscribing_again_changes_only_what_is_said(
    room: Newsroom, again: str, cadence: str, flags: tuple[bool, bool]
) -> None:
    room.say("/subscribe frontex daily 18:00 urgent")
    room.say(again)
    [entry] = mine(room)
    assert (entry.number, entry.query, str(entry.cadence)) == (1, "frontex", cadence)
    assert (entry.urgent, entry.every) == flags


def test_lines_gathered_for_a_digest_ring_when_it_becomes_instant(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"))
    assert room.deliver() == []
    room.say("/subscribe frontex instant")
    room.now = datetime(2026, 3, 9, 18, tzinfo=UTC)
    [alert] = room.deliver()
    assert "Frontex gets a new head" in alert


def test_a_digest_that_moves_takes_its_lines_along(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"))
    room.deliver()
    room.say("/subscribe frontex daily 20:00")
    room.now = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
    assert room.deliver() == []
    room.now = datetime(2026, 3, 9, 20, tzinfo=UTC)
    assert "Frontex gets a new head" in room.deliver()[0]


def test_numbers_are_for_life(room: Newsroom) -> None:
    for query in ("kosovo", "serbia", "frontex"):
        room.say(f"/subscribe {query}")
    room.say("/unsubscribe 2")
    room.say("/subscribe skopje")
    assert [(entry.number, entry.query) for entry in mine(room)] == [(1, "kosovo"), (3, "frontex"), (4, "skopje")]


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("1", [2, 3]),
        ("#1", [2, 3]),
        ("1 2", [3]),
        ("1, 3", [2]),
        ("3,3,3", [1, 2]),
        ("migration", [2, 3]),
        ("Migracije", [2, 3]),
        ("topic:migration", [2, 3]),
        ('"Border  Force"  OR frontex', [1, 3]),
        ("2024", [1, 2]),
        ("all yes", []),
        ("all da", []),
        ("all", [1, 2, 3]),
        ("", [1, 2, 3]),
        ("9", [1, 2, 3]),
        ("all of them", [1, 2, 3]),
    ],
)
def test_unsubscribing(room: Newsroom, typed: str, left: list[int]) -> None:
    for query in ("migration", '"border force" OR frontex', "2024"):
        room.say(f"/subscribe {query}")
    room.say(f"/unsubscribe {typed}")
    assert [entry.number for entry in mine(room)] == left


def test_undo_brings_back_what_waited(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"))
    room.deliver()
    room.say("/unsubscribe 1")
    assert waiting(room) == {}
    room.say("/undo")
    assert waiting(room) == {Kind.DIGEST: 1}


def test_undo_after_its_digest_was_due_waits_for_the_next_one(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.say("/unsubscribe 1")
    room.wait(days=2)
    room.say("/undo")
    [entry] = mine(room)
    assert entry.next_due_at == datetime(2026, 3, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "change",
    [
        "/subscribe kosovo",
        "/subscribe frontex instant urgent",
        "/unsubscribe 1",
        "/unsubscribe all yes",
        "/settings timezone Belgrade",
        "/settings digest 19:00",
        "/settings quiet 22-7",
        "/settings reads sr",
        "/settings language sr",
        "/settings empty off",
        "/pause",
    ],
)
def test_undo_restores_the_chat_as_it_was(room: Newsroom, change: str) -> None:
    room.say("/subscribe frontex daily")
    before = room.chat(), mine(room)
    room.say(change)
    assert (room.chat(), mine(room)) != before
    room.say("/undo")
    assert (room.chat(), mine(room)) == before


def test_undo_goes_back_one_change_only(room: Newsroom) -> None:
    room.say("/subscribe kosovo")
    room.say("/settings quiet 22-7")
    room.say("/undo")
    assert "nothing to undo" in room.say("/undo")
    assert len(mine(room)) == 1
    assert room.chat().quiet is None


def test_resuming_can_be_undone_too(room: Newsroom) -> None:
    room.say("/pause")
    since = room.chat().paused_at
    room.wait(hours=3)
    room.say("/resume")
    room.say("/undo")
    assert room.chat().paused_at == since


def test_a_pause_holds_everything_and_resuming_says_what(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/pause")
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"), article("Frontex leaves its old seat behind"))
    assert room.deliver() == []
    assert "2 stories" in room.say("/resume")
    [message] = room.deliver()
    assert "Frontex gets a new head" in message
    assert "Frontex leaves its old seat behind" in message


def test_settings_are_kept_and_move_digests(room: Newsroom) -> None:
    room.say("/subscribe frontex daily")
    room.say("/subscribe kosovo daily 08:00")
    room.say("/settings timezone belgrade")
    assert [entry.next_due_at for entry in mine(room)] == [datetime(2026, 3, 10, 7, tzinfo=UTC)] * 2
    assert "tomorrow 07:30" in room.say("/settings digest 7.30")
    assert [entry.next_due_at.minute for entry in mine(room) if entry.next_due_at] == [30, 0]
    room.say("/settings quiet 22h-7h")
    room.say("/settings reads de sr")
    chat = room.chat()
    assert (chat.timezone, chat.digest_at) == ("Europe/Belgrade", time(7, 30))
    assert (chat.quiet, chat.reads) == (Quiet(time(22), time(7)), ("de", "sr"))


def test_a_setting_leaves_a_digest_that_is_due_already(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.now = datetime(2026, 3, 9, 18, 1, tzinfo=UTC)
    room.say("/settings timezone New York")
    assert mine(room)[0].next_due_at == datetime(2026, 3, 9, 18, tzinfo=UTC)
    assert len(room.deliver()) == 1


def test_forget_asks_and_then_leaves_nothing(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    assert "1 subscription" in room.say("/forget")
    assert len(mine(room)) == 1
    room.say("/forget please")
    assert len(mine(room)) == 1
    gone = room.chat().id
    room.say("/forget yes")
    assert room.app.store.read(lambda session: session.chats.get(gone)) is None
    assert set(room.app.store.read(lambda session: session.chats.holdings(gone)).values()) == {0}
