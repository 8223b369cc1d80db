"""`/why`: which words, where, when, what held it back; from what was recorded, of the asking chat alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.access import Access
from bot.core.door import Door
from bot.core.message import Action, Actions
from bot.core.model import Address, Article, Outlook, SourceKind
from bot.core.poll import Standing
from handlers.unwatched import A_DAY
from tests.handlers.newsroom import NOW, Newsroom
from tests.handlers.test_subscribing import article

NEWS = "Frontex gets a new head"
NIGHT = datetime(2026, 3, 9, 23, tzinfo=UTC)


def ring(room: Newsroom, *articles: Article) -> None:
    """Articles arrive, and what they owe is worked out."""
    room.take(*articles)
    room.app.owe(room.now)


def test_words_are_told_with_their_forms_and_places(room: Newsroom) -> None:
    room.say("/subscribe izbeglica OR prihvat*")
    said = room.say("/why Прихватни центар у Шиду пун")
    assert "1. izbeglica OR prihvat*: prihvat* ← Прихватни (headline); izbeglica ← избеглице (lead)" in said


def test_when_it_was_published_found_matched_due_and_sent(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    room.take(article(NEWS, published_at=NOW - timedelta(hours=3)))
    room.wait(minutes=1)
    room.deliver()
    said = room.say(f"/why {NEWS}")
    assert (
        "Published today 09:00 · found today 12:05 · matched today 12:05 · due today 12:06 · sent today 12:06" in said
    )


def test_quiet_hours_that_held_it_are_told_also_when_they_are_others_since(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/settings quiet 22:00-07:00")
    room.now = NIGHT
    ring(room, article(NEWS))
    said = room.say(f"/why {NEWS}")
    assert "Waits (alert): due tomorrow 07:00" in said
    assert "Quiet hours held it until tomorrow 07:00." in said
    room.now = NIGHT + timedelta(hours=8)
    assert room.deliver()
    room.say("/settings quiet off")
    said = room.say(f"/why {NEWS}")
    assert "Sent (alert): today 07:00" in said
    assert "Quiet hours held it until today 07:00." in said


def test_quiet_hours_chosen_while_it_waits_are_told_as_well(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.now = NIGHT
    ring(room, article(NEWS))
    room.say("/settings quiet 22:00-07:00")
    assert "Quiet hours held it until tomorrow 07:00." in room.say(f"/why {NEWS}")


def test_an_urgent_subscription_is_held_by_nothing(room: Newsroom) -> None:
    room.say("/subscribe frontex urgent")
    room.say("/settings quiet 22:00-07:00")
    room.now = NIGHT
    ring(room, article(NEWS))
    room.deliver()
    assert "held" not in room.say(f"/why {NEWS}")


def test_the_ceiling_that_gathered_it_is_told(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/settings max 1")
    ring(room, article("Frontex opens a school"))
    room.deliver()
    room.wait(minutes=5)
    ring(room, article(NEWS))
    assert room.deliver() == []
    gathered = "It gathered with others until today 12:30: this chat had rung as often as it wants within an hour."
    assert gathered in room.say(f"/why {NEWS}")
    room.wait(minutes=30)
    assert room.deliver()
    assert gathered in room.say(f"/why {NEWS}")


def test_what_waited_too_long_and_went_into_the_digest_is_told(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/subscribe kosovo daily 20:00")
    ring(room, article(NEWS))
    room.wait(hours=7)
    assert room.deliver() == []
    said = room.say(f"/why {NEWS}")
    assert "Waits (digest)" in said
    assert "It had waited too long to ring (today 19:00) and went into the next digest." in said


def test_a_pause_that_held_it_is_told_when_it_is_over(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/pause")
    ring(room, article(NEWS))
    assert room.deliver() == []
    assert "Held back (alert): this chat is paused" in room.say(f"/why {NEWS}")
    room.wait(minutes=20)
    room.say("/resume")
    assert room.deliver()
    said = room.say(f"/why {NEWS}")
    assert "Sent (alert): today 12:20" in said
    assert "It was held from today 12:00, as this chat was paused." in said


def test_languages_are_those_that_were_read_when_it_matched(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/settings reads de")
    ring(room, article(NEWS))
    assert "Not sent for 1: you do not read English: /settings reads" in room.say(f"/why {NEWS}")
    room.say("/settings reads all")
    assert "Not sent for 1: you did not read English then." in room.say(f"/why {NEWS}")
    ring(room, article("Frontex gets another head"))
    room.deliver()
    room.say("/settings reads sr")
    assert "Sent (alert)" in room.say("/why Frontex gets another head")


def test_a_further_article_is_told_as_one_story_with_what_rang(room: Newsroom) -> None:
    text = "The head of Frontex left his office in Warsaw on Monday after a long argument about boats and money at sea."
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    ring(room, article("Frontex head leaves", text=text, source="Wire", url="https://wire.example/1", guid="w"))
    room.deliver()
    room.wait(minutes=5)
    ring(room, article("Frontex head leaves", text=text, source="Post", url="https://post.example/2", guid="p"))
    said = room.say("/why https://post.example/2")
    assert "It is one story with Frontex head leaves (Wire), which was told for it." in said
    assert "Sent (alert): today 12:05" in said
    assert "one story" not in room.say("/why https://wire.example/1")


def test_what_a_source_had_when_it_was_first_looked_at(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    feed = room.app.store.write(lambda session: session.sources.ensure(SourceKind.FEED, "https://w.example/f", "Wire"))
    list(room.app.intake.take([article(NEWS)], feed, room.now, ring=False))
    said = room.say(f"/why {NEWS}")
    assert "Not sent for 1: Wire had it when it was first looked at, and a first look rings nothing." in said


def test_what_has_just_matched_is_on_its_way(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    room.take(article(NEWS))
    assert "Not sent for 1: it has matched just now, and is on its way." in room.say(f"/why {NEWS}")


@pytest.mark.parametrize(
    ("query", "lack"),
    [
        ("frontex NEAR/3 ministry", "frontex NEAR/3 ministry fails: 21 words lie between, 3 may"),
        ("title:ministry", "title:ministry fails: it is in the text only"),
        ("frontex -smugglers", "-smugglers fails: that is there, and you leave it out"),
        ("frontex lang:sr", "lang:sr fails: its language is en"),
        ("frontex source:reuters", "source:reuters fails: it is of Harbour Post"),
        ('frontex "police serbian"', '"police serbian" fails: the words are there, but nowhere in a row'),
        ("frontex turnip", "it lacks turnip"),
    ],
)
def test_the_condition_that_failed_and_by_how_much(room: Newsroom, query: str, lack: str) -> None:
    room.say(f"/subscribe {query}")
    said = room.say("/why https://harbour.example/patrols")
    assert "none of your subscriptions matches it" in said
    assert f"1. {query}: {lack}" in said


def test_nothing_of_another_chat_is_told(room: Newsroom) -> None:
    other = Address("terminal", "other")
    room.say("/subscribe frontex", address=other)
    room.say("/settings quiet 22:00-07:00", address=other)
    room.now = NIGHT
    ring(room, article(NEWS))
    assert "Quiet hours held it" in room.say(f"/why {NEWS}", address=other)
    said = room.say(f"/why {NEWS}")
    assert "matched" not in said
    assert "due" not in said
    assert "held" not in said


URL = "https://www.wire.example.org/2026/boats"


def feed(room: Newsroom, then: Callable[[Newsroom, int], None]) -> None:
    """The outlet is a source, to which something happens."""
    location = "https://feeds.wire.example.org/news"
    source = room.app.store.write(lambda session: session.sources.ensure(SourceKind.FEED, location, "The Wire"))
    then(room, source.id)


def fails(room: Newsroom, source_id: int) -> None:
    at = NOW - timedelta(days=2)
    outlook = Outlook(standing=Standing.DEGRADED, since_at=at, next_at=NOW + timedelta(hours=1))
    room.app.store.write(lambda session: session.sources.failed(source_id, at, "answers 500", outlook))


def answers(room: Newsroom, source_id: int) -> None:
    room.app.store.write(lambda session: session.sources.fetched(source_id, NOW - timedelta(minutes=5), Outlook()))


def is_off(room: Newsroom, source_id: int) -> None:
    room.app.store.write(lambda session: session.sources.enable(source_id, False))


@pytest.mark.parametrize(
    ("then", "says"),
    [
        (fails, "The Wire is watched, but has failed since Sat 7 Mar 12:00: tried 1 time, next try in 60 minutes."),
        (
            answers,
            "The Wire is watched and well, last looked at today 11:55: this address was never in what it showed.",
        ),
        (is_off, "The Wire is in the list of sources, but is not asked."),
        (lambda *_: None, "The Wire is new, and was not looked at yet."),
    ],
)
def test_of_an_address_that_is_not_there_how_its_source_does(
    room: Newsroom, then: Callable[[Newsroom, int], None], says: str
) -> None:
    feed(room, then)
    said = room.say(f"/why {URL}").replace("1 hour", "60 minutes")
    assert said.splitlines()[0] == f"{URL} is not in the archive."
    assert says in said
    assert "answers 500" not in said
    if then is fails:
        assert "answers 500" in room.say(f"/why {URL}", admin=True)


def test_a_host_that_only_articles_are_of_is_watched_too(room: Newsroom) -> None:
    source = room.app.store.write(
        lambda session: session.sources.ensure(SourceKind.FEED, "https://x.example/f", "Post")
    )
    list(room.app.intake.take([article(NEWS, url="https://news.post.example/1")], source, room.now))
    assert "Post is new" in room.say("/why https://news.post.example/2")


def test_an_outlet_nobody_watches_is_suggested_to_the_admins_once(room: Newsroom) -> None:
    boss = Address("terminal", "boss")
    room.services = replace(room.services, door=Door(Access.OPEN, frozenset({boss})))
    said = room.answer(f"/why {URL}")
    assert said.blocks[-1] == Actions((Action("Suggest it to the admins", "/sources suggest wire.example.org"),))
    assert "Its outlet is not watched: no source is of wire.example.org" in room.say(f"/why {URL}")
    assert room.say("/sources suggest wire.example.org") == "Thank you. The admins are told of wire.example.org."
    again = room.say("/sources suggest https://wire.example.org/other", address=Address("terminal", "other"))
    assert again == "The admins know of wire.example.org already: somebody has suggested it."
    told = []
    for _ in range(3):
        room.wait(hours=2)
        told += reported(room)
    [(address, text)] = told
    assert address == boss
    assert "A reader looked for something of wire.example.org and asks for it to be watched: " in text
    assert "/sources add wire.example.org" in text


def reported(room: Newsroom) -> list[tuple[Address, str]]:
    """What admins are sent now."""
    import asyncio

    from bot.core.message import Message, to_text
    from bot.jobs.ledger import Ledger
    from bot.jobs.report import Reporting

    sent: list[tuple[Address, str]] = []

    async def post(address: Address, message: Message) -> str:
        sent.append((address, to_text(message)))
        return "1"

    ledger = Ledger(room.app.store, lambda: False)
    asyncio.run(Reporting(room.app.store, "UTC", lambda _: True, post, ledger)(room.now))
    return sent


def test_an_admin_may_add_it_at_once(room: Newsroom) -> None:
    assert room.answer(f"/why {URL}", admin=True).blocks[-1] == Actions(
        (Action("Watch wire.example.org", "/sources add wire.example.org"),)
    )


def test_what_is_watched_is_not_suggested_and_nonsense_is_refused(room: Newsroom) -> None:
    feed(room, answers)
    assert "The Wire is watched and well" in room.say("/sources suggest wire.example.org")
    for typed in ("", "nothing", "two words.example", "https://"):
        assert "Which outlet?" in room.say(f"/sources suggest {typed}")


def test_no_more_outlets_are_suggested_in_a_day_than_admins_would_read(room: Newsroom) -> None:
    room.services = replace(room.services, door=Door(Access.OPEN, frozenset({Address("terminal", "boss")})))
    for number in range(A_DAY):
        assert "The admins are told" in room.say(f"/sources suggest wire{number}.example")
    assert "Try again tomorrow" in room.say("/sources suggest one-more.example")
    room.wait(days=1, seconds=1)
    [(_, text)] = reported(room)
    assert f"Readers ask for {A_DAY} outlets to be watched: wire0.example, " in text
    assert "The admins are told" in room.say("/sources suggest one-more.example")
