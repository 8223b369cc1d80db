"""Search, digest, preview, why and the other ways of looking: what is found, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.message import Action, Actions, Item, Link, Mark, Strong
from bot.core.model import Article, SourceKind
from bot.matching.topics import Topics
from bot.setting_paths import seeds
from handlers.commands.search import LAST_PAGE, Wish, paged
from tests.handlers.newsroom import NOW, Newsroom
from tests.handlers.test_subscribing import article


@pytest.mark.parametrize(
    ("args", "query", "page"),
    [
        ("kosovo", "kosovo", 1),
        ("kosovo page:2", "kosovo", 2),
        ("kosovo PAGE: 3 ", "kosovo", 3),
        ("kosovo page:0", "kosovo", 1),
        ("kosovo page:999999999", "kosovo", LAST_PAGE),
        ("page:2", "", 2),
        ("page:2 kosovo", "page:2 kosovo", 1),
        ('"page:2"', '"page:2"', 1),
        ("kosovo frontpage:2", "kosovo frontpage:2", 1),
    ],
)
def test_a_trailing_page_is_paging(args: str, query: str, page: int) -> None:
    assert paged(args) == Wish(query, page)


def crowd(number: int) -> list[Article]:
    """So many different articles on turnips, a minute apart, the last one the newest."""
    names = [f"{first}{second}" for first in ("alp", "bra", "cor", "del", "eps") for second in "aeiou"]
    return [
        article(
            f"Turnip {name}",
            text=f"{name} {name * 2} {name * 3} turnips of {index} and {index * index} kinds",
            published_at=NOW - timedelta(minutes=number - index),
        )
        for index, name in enumerate(names[:number])
    ]


def test_pages_follow_one_another_without_gap_or_overlap(room: Newsroom) -> None:
    room.take(*crowd(23))
    command: str | None = "/search turnip"
    titles: list[str] = []
    while command:
        blocks = room.answer(command).blocks
        items = [block for block in blocks if isinstance(block, Item)]
        titles += [item.spans[0].text + item.spans[-1].text for item in items]
        actions = [action for block in blocks if isinstance(block, Actions) for action in block.actions]
        command = next((action.command for action in actions if action.label == "More"), None)
    assert len(titles) == len(set(titles)) == 23


def test_copies_of_a_story_share_an_entry(room: Newsroom) -> None:
    items = [block for block in room.answer("/search frontex").blocks if isinstance(block, Item)]
    assert len(items) == 1
    assert items[0].below[0].spans[0].text == "Danube Wire, Harbour Post"


def test_matched_words_are_marked_and_the_headline_leads_to_the_article(room: Newsroom) -> None:
    [item] = [block for block in room.answer("/search smuggler").blocks if isinstance(block, Item)]
    assert item.spans == (Link("Frontex patrols begin in southern Serbia", "https://danube.example/a/17"),)
    assert Mark("smugglers") in item.below[1].spans


def test_only_the_languages_a_chat_reads(room: Newsroom) -> None:
    room.say("/settings reads de")
    assert "1 article" in room.say("/search kosovo")
    nothing = room.say("/search frontex")
    assert "Only articles in de were looked at" in nothing


def test_dates_are_days_of_the_chats_own_zone(room: Newsroom) -> None:
    room.take(article("Turnip at midnight", published_at=datetime(2026, 3, 7, 23, 30, tzinfo=UTC)))
    assert "Nothing matches" in room.say("/search turnip since:2026-03-08")
    room.say("/settings timezone Belgrade")
    assert "1 article" in room.say("/search turnip since:2026-03-08")


@pytest.mark.parametrize(
    ("query", "command"),
    [
        ("kosovo", "/subscribe kosovo"),
        ("kosovo since:7d", "/subscribe kosovo"),
        ("balkan", "/subscribe topic:balkans"),
        ("mail daily", "/subscribe (mail daily)"),
        ("frontex urgent", "/subscribe (frontex urgent)"),
    ],
)
def test_the_button_subscribes_to_what_was_searched(room: Newsroom, query: str, command: str) -> None:
    actions = [block for block in room.answer(f"/search {query}").blocks if isinstance(block, Actions)]
    assert actions == [Actions((Action("Ring me for this", command),))]
    assert "as it happens" in room.say(command)


def test_the_digest_is_grouped_by_subscription_and_names_the_others(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    room.say("/subscribe balkans")
    lines = room.say("/digest").splitlines()
    assert lines[0] == "Digest: 5 stories"
    assert lines[2] == "Balkans · 5"
    assert "also frontex" in lines[4]


def test_without_subscriptions_the_digest_is_of_every_topic(room: Newsroom) -> None:
    said = room.say("/digest")
    assert "Balkans · 5" in said
    assert "as you have no subscriptions" in said


def test_after_a_digest_only_what_came_since_also_if_it_is_older(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.now = datetime(2026, 3, 9, 18, tzinfo=UTC)
    assert len(room.deliver()) == 1
    room.wait(minutes=1)
    assert "Digest: nothing new" in room.say("/digest")
    room.wait(minutes=1)
    room.take(article("Frontex found an old report", published_at=NOW - timedelta(days=9)))
    said = room.say("/digest")
    assert "Digest: 1 story" in said
    assert "Frontex found an old report" in said


def test_asking_for_a_digest_does_not_consume_the_scheduled_one(room: Newsroom) -> None:
    room.say("/subscribe frontex daily 18:00")
    room.wait(minutes=1)
    room.take(article("Frontex gets a new head"))
    room.deliver()
    assert "Frontex gets a new head" in room.say("/digest")
    assert room.chat().last_digest_at is None
    room.now = datetime(2026, 3, 9, 18, tzinfo=UTC)
    assert "Frontex gets a new head" in room.deliver()[0]


def test_the_digest_has_pages(room: Newsroom) -> None:
    room.take(*crowd(13))
    first, second = room.say("/digest turnip"), room.say("/digest turnip page:2")
    assert "3 more: /digest turnip page:2" in first
    assert second.startswith("Digest: 13 stories, page 2")
    assert second.count("•") == 3
    assert room.say("/digest turnip more") == second
    assert "turnip · 10 of 13" in first
    assert "turnip · 11-13 of 13" in second


def test_the_pages_of_a_digest_count_all_of_a_group(room: Newsroom) -> None:
    room.take(*crowd(23))
    pages = [room.say(f"/digest turnip page:{page}") for page in (1, 2, 3)]
    counts = ["10 of 23", "11-20 of 23", "21-23 of 23"]
    assert [f"turnip · {count}\n" in page for count, page in zip(counts, pages, strict=True)] == [True] * 3
    assert "3 more: /digest turnip page:3" in pages[1]
    assert "more:" not in pages[2]


def test_the_digest_says_which_sources_fail(room: Newsroom) -> None:
    source = room.app.store.read(lambda session: session.sources.all())[0]
    room.app.store.write(lambda session: session.sources.failed(source.id, NOW, "/news: permission denied"))
    assert "Not reachable now: news" in room.say("/digest")
    assert "/news: permission denied" in room.say("/sources", admin=True)
    assert "permission denied" not in room.say("/sources")


def test_preview_counts_stories_and_not_articles(room: Newsroom) -> None:
    said = room.say("/preview frontex")
    assert "1 alert in the last 7 days, 1 alert in the last 30" in said


def test_topics_say_what_the_chat_has(room: Newsroom) -> None:
    room.say("/subscribe balkans")
    message = room.answer("/topics")
    assert message.blocks[-1] == Actions((Action("Subscribe: Migration", "/subscribe migration"),))
    assert "You have it: subscription 1." in room.say("/topics")
    assert any(Strong("Balkans") in block.spans for block in message.blocks if isinstance(block, Item))


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        (("take", "deliver"), "Sent (alert): today 12:05"),
        (("take", "owe"), "Waits (alert): due today 12:05"),
        (("/pause", "take", "owe"), "Held back (alert): this chat is paused"),
        (("/subscribe frontex daily 18:00", "take", "owe"), "Waits (digest): due today 18:00"),
        (("take", "owe", "/unsubscribe 1"), "Not sent (alert): you ended the subscription"),
        (("/settings reads de", "take", "owe"), "Not sent for 1: you do not read English"),
        (("old", "owe"), "Not sent for 1: it was 9 days old when it arrived"),
        (("sample",), "Not sent for 1: it is a shipped sample"),
        (("/unsubscribe 1", "take", "owe"), "Not sent: you have no subscriptions."),
        (("take", "owe", "/unsubscribe 1", "/subscribe kosovo"), "Not sent (alert)"),
    ],
)
def test_why(room: Newsroom, steps: tuple[str, ...], says: str) -> None:
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    for step in steps:
        if step.startswith("/"):
            room.say(step)
        else:
            _do(room, step)
    assert says in room.say("/why frontex gets a new head")


def _do(room: Newsroom, step: str) -> None:
    if step == "take":
        room.take(article("Frontex gets a new head"))
    elif step == "old":
        room.take(article("Frontex gets a new head", published_at=room.now - timedelta(days=9)))
    elif step == "sample":
        seeds = room.app.store.write(lambda session: session.sources.ensure(SourceKind.SEEDS, "seeds", "samples"))
        list(room.app.intake.take([article("Frontex gets a new head", sample=True)], seeds, room.now, ring=False))
    elif step == "owe":
        room.app.owe(room.now)
    else:
        room.deliver()


def test_why_alone_is_about_the_latest_alert(room: Newsroom) -> None:
    assert "Nothing has rung here yet" in room.say("/why")
    room.say("/subscribe frontex")
    room.wait(minutes=5)
    room.take(article("Frontex gets a new head"))
    room.deliver()
    assert room.say("/why").startswith("Frontex gets a new head")


def test_why_says_what_a_query_lacks(room: Newsroom) -> None:
    room.say("/subscribe frontex turnip")
    said = room.say("/why https://harbour.example/patrols?utm_source=x")
    assert "none of your subscriptions matches it" in said
    assert "1. frontex turnip: it lacks turnip" in said


def test_why_says_how_much_of_a_topics_evidence_there_is(room: Newsroom) -> None:
    room.services = replace(room.services, topics=Topics.load(seeds() / "topics"))
    room.say("/subscribe border-funding")
    said = room.say("/why https://harbour.example/patrols")
    assert "1. Border funding: 5 of the 15 points it takes, for Frontex" in said
    said = room.say("/why https://ledger.example/talks?id=3")
    assert "1. Border funding: none of the 15 points it takes" in said


def test_why_never_tells_of_another_chat(room: Newsroom) -> None:
    from bot.core.model import Address

    room.say("/subscribe frontex")
    said = room.say("/why frontex patrols", address=Address("terminal", "other"))
    assert "Not sent: you have no subscriptions." in said
    assert "Shown" not in said


def test_status_shows_the_installation_to_admins_only(room: Newsroom) -> None:
    assert "1.2.3" in room.say("/status", admin=True)
    assert "1.2.3" not in room.say("/status")
    assert "inbox" in room.say("/start", admin=True)
    assert "inbox" not in room.say("/start")
