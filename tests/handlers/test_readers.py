"""What readers decide, beyond what the transcripts tell: exports, expiry, quiet hours that change, what is left out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import UserError
from bot.core.message import Actions, Document, Message
from bot.core.model import Article, State
from bot.core.until import parse_until
from bot.matching import muting
from handlers.commands.export import HEADER
from tests.handlers.newsroom import Newsroom, articles

LONG = "The agency will send officers to the southern border before winter, its director told reporters in Warsaw"


def news(title: str, outlet: str = "Danube Wire", text: str = "", url: str | None = None) -> Article:
    """An article of now."""
    return Article(f"{title} {outlet}", title, text or f"{outlet}: {title.lower()}.", outlet, url, language="en")


def document(message: Message) -> Document:
    """The file that a message hands over."""
    return next(block for block in message.blocks if isinstance(block, Document))


def test_a_mute_that_was_taken_back_and_has_expired_silences_nothing_when_it_is_put_back(room: Newsroom) -> None:
    for line in ("/subscribe frontex", '/mute source:"danube wire" 1h', '/unmute source:"danube wire"'):
        room.say(line)
    room.take(news("Frontex buys a plane"))
    room.app.owe(room.now)
    room.wait(hours=2)
    room.say("/undo")
    assert "Frontex buys a plane" in "".join(room.deliver())


def test_an_outlet_is_muted_by_its_words_or_its_host_as_in_a_query(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/mute source:example.org")
    room.take(news("Frontex buys a plane", url="https://news.example.org/1"), news("Frontex sails", "Wire of Danube"))
    assert [line.splitlines()[0] for line in room.deliver()] == ["Frontex sails"]
    room.say("/mute source:wire")
    room.take(news("Frontex flies", "Wire of Danube"), news("Frontex walks", "Wired"))
    assert [line.splitlines()[0] for line in room.deliver()] == ["Frontex walks"]


def test_an_outlet_that_brought_nothing_yet_is_called_by_its_name(room: Newsroom) -> None:
    assert "an outlet called “bbc” yet" in room.say("/mute source:bbc 7d")
    assert "an outlet called “no such wire” yet" in room.say('/mute source:"no such wire"')


@pytest.mark.parametrize("archived", articles(), ids=lambda article: article.guid)
def test_the_keys_of_an_article_hold_every_way_to_name_its_outlet(archived: Article, room: Newsroom) -> None:
    page = room.app.store.read(lambda session: session.articles.many(range(1, 11)))
    found = next(entry for entry in page if entry.article.guid == archived.guid)
    words = archived.source.split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            assert muting.outlet(" ".join(words[start:end])) in muting.keys(found)
    assert muting.outlet("no such outlet") not in muting.keys(found)


def test_a_story_that_waits_is_told_by_the_outlet_that_is_heard(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.take(news("Frontex sends officers", text=LONG))
    room.take(news("Frontex sends officers", "Harbour Post", LONG))
    room.app.owe(room.now)
    said = room.say('/mute source:"danube wire" 7d')
    assert "not sent" not in said
    (rung,) = room.deliver()
    assert "Harbour Post" in rung


def test_the_table_of_what_is_saved_has_every_column_and_the_outlets_of_the_story(room: Newsroom) -> None:
    room.say("/save https://danube.example/a/17")
    row, *rest = csv.DictReader(io.StringIO(document(room.answer("/export saved")).content))
    assert not rest
    assert tuple(row) == HEADER
    assert row["first headline"] == row["latest headline"] == "Frontex patrols begin in southern Serbia"
    assert (row["outlet"], row["outlets"]) == ("Danube Wire", "Harbour Post, Danube Wire")
    assert row["published UTC"] == "2026-03-09 09:40:00"
    assert row["url"] == "https://danube.example/a/17"
    assert "Nothing is saved" in room.say("/export saved before:2020-01-01")
    assert document(room.answer("/export saved markdown")).name.endswith(".md")


def test_exported_subscriptions_make_them_again(room: Newsroom) -> None:
    room.say("/subscribe (balkans OR frontex) weekly Mon 08:00")
    room.say('/subscribe "border force" -football urgent every')
    before = document(room.answer("/export subscriptions")).content
    room.say("/unsubscribe all yes")
    for line in before.splitlines():
        room.say(line)
    assert document(room.answer("/export subscriptions")).content == before


def test_every_card_that_rings_has_its_buttons_and_each_does_what_it_says(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.take(news("Frontex buys a plane"))
    (rung,) = room.deliver()
    assert rung.endswith("[Follow: /follow 10] [Mute story: /mute 10] [Save: /save 10] [Not relevant: /irrelevant 10]")
    assert room.say("/mute 10").startswith("Muted: Frontex buys a plane")
    assert room.say("/irrelevant 10").startswith("Thank you")
    assert room.say("/save 10").startswith("Saved: Frontex buys a plane")


def test_quiet_hours_that_are_changed_move_what_waits(room: Newsroom) -> None:
    room.say("/settings quiet 11-14")
    room.say("/subscribe frontex")
    room.take(news("Frontex buys a plane"))
    assert room.deliver() == []
    room.say("/settings quiet 11-18")
    room.wait(hours=3)
    assert room.deliver() == []
    room.say("/settings quiet off")
    assert len(room.deliver()) == 1


def test_another_time_zone_moves_what_waits(room: Newsroom) -> None:
    room.say("/settings quiet 11-14")
    room.say("/subscribe frontex")
    room.take(news("Frontex buys a plane"))
    assert room.deliver() == []
    room.say("/settings timezone Tokyo")
    assert len(room.deliver()) == 1


def test_an_urgent_digest_breaks_quiet_hours(room: Newsroom) -> None:
    room.say("/settings quiet 7-9")
    assert "tomorrow 08:00" in room.say("/subscribe frontex daily 08:00 urgent")
    room.take(news("Frontex buys a plane"))
    room.app.owe(room.now)
    room.wait(hours=20)
    (rung,) = room.deliver()
    assert "Frontex buys a plane" in rung


def test_what_does_not_fit_is_kept_for_more_also_after_the_next_digest(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 08:00")
    room.take(*(news(f"Frontex case {number} of {chr(97 + number) * 5}") for number in range(26)))
    room.app.owe(room.now)
    room.wait(hours=20)
    (rung,) = room.deliver()
    assert rung.splitlines()[0] == "Digest: 26 stories"
    assert "6 more: /digest more" in rung
    left = room.say("/digest more")
    assert left.startswith("Left out of messages: 6 stories")
    assert len({line for line in (rung + left).splitlines() if line.startswith("• ")}) == 26
    room.wait(days=1)
    assert len(room.deliver()) == 1
    assert room.say("/digest more").startswith("Left out of messages: 6 stories")
    room.app.prune(room.now + timedelta(days=31))
    assert "Nothing was left out" in room.say("/digest more")


def test_a_digest_asked_for_does_not_consume_the_one_that_is_due(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 08:00")
    room.take(news("Frontex buys a plane"))
    room.app.owe(room.now)
    assert "Frontex buys a plane" in room.say("/digest")
    room.wait(hours=20)
    assert "Frontex buys a plane" in "".join(room.deliver())


def test_a_muted_outlet_is_not_in_a_digest_asked_for(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.take(news("Frontex buys a plane"))
    assert "Frontex buys a plane" in room.say("/digest")
    room.say('/mute source:"danube wire"')
    assert "Frontex buys a plane" not in room.say("/digest")
    assert "Frontex buys a plane" in room.say("/search frontex plane")


NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
BELGRADE = ZoneInfo("Europe/Belgrade")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3d", NOW + timedelta(days=3)),
        ("for 3 days", NOW + timedelta(days=3)),
        ("a week", NOW + timedelta(weeks=1)),
        ("2 недеље", NOW + timedelta(weeks=2)),
        ("90m", NOW + timedelta(minutes=90)),
        ("until 2026-12-24", datetime(2026, 12, 24, 7, tzinfo=UTC)),
        ("until 2026-12-24 18:00", datetime(2026, 12, 24, 17, tzinfo=UTC)),
        ("24.12.", datetime(2026, 12, 24, 7, tzinfo=UTC)),
        ("do 1.2.", datetime(2027, 2, 1, 7, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 3, 10, 7, tzinfo=UTC)),
        ("until monday", datetime(2026, 3, 16, 7, tzinfo=UTC)),
        ("до петка 9h", datetime(2026, 3, 13, 8, tzinfo=UTC)),
        ("until 18:00", datetime(2026, 3, 9, 17, tzinfo=UTC)),
        ("until 9:00", datetime(2026, 3, 10, 8, tzinfo=UTC)),
        ("until 2026-03-29 02:30", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_the_end_of_something_as_people_write_it(text: str, expected: datetime) -> None:
    assert parse_until(text, NOW, BELGRADE, time(8)) == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("soon", "readers.bad_until"),
        ("3", "readers.bad_until"),
        ("until 2026-02-30", "readers.bad_until"),
        ("until 0001-01-01", "readers.bad_until"),
        ("until 9999-12-31", "readers.bad_until"),
        ("until monday 25:00", "readers.bad_until"),
        ("0d", "readers.until_past"),
        ("until 2020-01-01", "readers.until_past"),
        ("999999w", "readers.until_far"),
        ("until 2030-01-01", "readers.until_far"),
    ],
)
def test_what_is_no_end_is_told_apart(text: str, key: str) -> None:
    with pytest.raises(UserError) as told:
        parse_until(text, NOW, BELGRADE, time(8))
    assert told.value.key == key


def test_undo_brings_back_only_what_was_not_told_since(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.take(news("Frontex buys a plane"))
    room.app.owe(room.now)
    room.say("/mute source:danube")
    states = room.app.store.read(lambda session: session.outbox.deliveries_of_story(1, 10))
    assert [state for _, state, _, _ in states] == [State.CANCELLED]
    room.say("/undo")
    assert len(room.deliver()) == 1
    assert room.deliver() == []


def test_lists_have_pages_and_their_buttons_lead_on(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.take(*(news(f"Frontex case {number} of {chr(97 + number) * 5}") for number in range(12)))
    room.deliver()
    for number in range(10, 22):
        room.wait(seconds=1)
        room.say(f"/save {number}")
        room.say(f"/irrelevant {number}")
    for verb in ("/saved", "/irrelevant"):
        first = room.answer(verb)
        commands = [action.command for block in first.blocks if isinstance(block, Actions) for action in block.actions]
        assert f"{verb} page:2" in commands
        assert sum(type(block).__name__ == "Item" for block in room.answer(f"{verb} page:2").blocks) == 2
        assert "There is no page 3" in room.say(f"{verb} page:3")


@pytest.mark.parametrize(
    "text",
    ["source: 7d", "source:7d", "source: 2 weeks", "source: for 3 days", "source: until monday", "source: do 24.12."],
)
def test_a_time_is_no_outlet_whose_name_was_left_out(room: Newsroom, text: str) -> None:
    said = room.say(f"/mute {text}")
    assert said.splitlines()[:2] == ["Mute which source? Write source:NAME.", 'Try: /mute source:"danube wire" 7d']
    assert room.say("/mute").startswith("Nothing is muted.")


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("source:danube wire", 'source:"danube wire"'),
        ("source:danube wire 2 weeks", 'source:"danube wire" 2 weeks'),
        ('source:"danube wire" soon', 'source:"danube wire" 7d'),
        ("source:danube until 2020-01-01", "source:danube 7d"),
        ("1 soon", "1 7d"),
    ],
)
def test_what_is_no_time_is_answered_with_what_was_meant(room: Newsroom, text: str, suggestion: str) -> None:
    assert room.say(f"/mute {text}").splitlines()[1] == f"Try: /mute {suggestion}"
