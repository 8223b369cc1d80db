"""Articles' pages: read after the article rang, politely, once; what only they tell is found and rings once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.arrivals import Burst
from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError, StoreError, TooLarge, Unreachable
from bot.core.model import Archived, Article, Nearness
from bot.core.pages import AGAIN_FOR, FIRST_LOOK, LEASE_FOR, TRIES, Unread
from bot.jobs.intake import Arrival
from bot.jobs.pages import A_PASS, HOLD_FOR, Pages
from bot.jobs.turns import Turns
from bot.jobs.whole import Whole
from bot.matching.analysis import Analysis, analysed_as
from tests.jobs.conftest import NOW, Newsbell, article, empty
from tests.jobs.test_scan_polled import Dying
from tests.jobs.web import WIRE, Desk, Entry, rss

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = Entry("first", "Rain in Tirana")
SUMMARY = "Border police along the Morava will be given new boats next spring."
BOATS = Entry("boats", "New boats for the river", SUMMARY)
URL = "https://wire.example/boats"
SENTENCES = (
    "Border police along the Morava will be given new boats next spring.",
    "The ministry bought them after Frontex officers had counted too few patrols on the river in the last two years.",
    "Each crew will have an interpreter, and a doctor will be on call in Ćuprija on every day of the week.",
    "Fishermen who work on the river at night were told that they must carry lamps and papers from now on.",
    "The first two of the boats are to arrive in March and the others will follow before the summer season begins.",
)


def page(*sentences: str, title: str = BOATS.title) -> bytes:
    body = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences or SENTENCES)
    return (
        f"<html lang=en><head><meta charset=utf-8><title>{title}</title></head><body><main><article><h1>{title}</h1>"
        f"{body}</article></main><footer>Wire 2026</footer></body></html>"
    ).encode()


@pytest.fixture
def desk(bell: Newsbell) -> Desk:
    """A source that was looked at once."""
    made = Desk(bell)
    made.add()
    made.shows(FIRST)
    made.scan()
    made.read()
    made.web.asked.clear()
    return made


def told(desk: Desk, *entries: Entry, after: timedelta = timedelta(0)) -> None:
    desk.shows(*entries, FIRST)
    desk.scan(after)


def text(desk: Desk, guid: str = "boats") -> str:
    return next(entry[2] for entry in desk.archive() if entry[0] == guid)


def archived(desk: Desk, title: str) -> Archived:
    articles = desk.bell.app.store.read(lambda session: session.articles.after(0, 99))
    return next(entry for entry in articles if entry.article.title == title)


def found(desk: Desk, query: str) -> list[str]:
    node = desk.bell.app.topics.read(query)
    page = desk.bell.app.store.read(lambda session: session.search.newest(node, NOW + HOUR))
    return [hit.article.title for hit in page.hits]


def waiting(desk: Desk) -> int:
    return desk.bell.app.store.read(lambda session: session.pages.waiting())


async def until(so: Callable[[], bool]) -> None:
    """Lets others go on until it is so."""
    async with asyncio.timeout(20):
        while not so():
            await asyncio.sleep(0.001)


def claimed(desk: Desk, at: datetime) -> list[Unread]:
    return desk.bell.app.store.write(lambda session: session.pages.claim(at, at + LEASE_FOR, 9))


def test_what_only_the_page_tells_is_found_and_rings_once_after_the_article_was_there(desk: Desk) -> None:
    desk.bell.subscribe("frontex")
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    assert URL not in desk.web.asked, "no scan waits for a page"
    assert (desk.bell.deliver().sent, found(desk, "frontex"), found(desk, "morava")) == (0, [], [BOATS.title])
    reading = desk.read(MINUTE)
    assert [(entry.guid, entry.status, entry.alerts) for entry in reading.taken] == [("boats", "updated", 1)]
    assert text(desk) == "\n\n".join(SENTENCES)
    assert found(desk, "frontex") == found(desk, "ćuprija") == [BOATS.title]
    assert desk.bell.deliver(NOW + MINUTE).sent == 1
    assert "Frontex" in desk.bell.texts[0]
    for minutes in (2, 60, 600):
        told(desk, BOATS, after=minutes * MINUTE)
        desk.read(minutes * MINUTE)
    assert desk.web.asked.count(URL) == 1, "never again after success"
    assert desk.bell.deliver(NOW + 601 * MINUTE).sent == 0


def test_the_language_of_a_page_is_told_by_the_process_that_has_the_models_of_languages(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = Entry("boats", "Boats", ".")
    desk.web.pages |= {URL: page(), WIRE: rss(short, FIRST, language="")}
    desk.scan()
    seen: list[str] = []

    async def analyse(articles: Sequence[Article]) -> list[Analysis]:
        seen.extend(entry.title for entry in articles)
        return analysed_as(articles, ["sl"])

    async def breaks(_: Sequence[Article]) -> list[Analysis]:
        raise Unreachable("no process")

    monkeypatch.setattr("bot.matching.text.detect", lambda _: pytest.fail("the models are held twice"))
    asyncio.run(replace(desk.pages, analyse=analyse).read(NOW + MINUTE))
    assert seen == [short.title]
    assert found(desk, "frontex AND lang:sl") == [short.title]
    monkeypatch.undo()
    desk.web.pages[f"{URL}2"] = page(title="Lamps")
    others = Entry("boats2", "Lamps", ".", url=f"{URL}2")
    desk.web.pages[WIRE] = rss(others, short, FIRST, language="")
    desk.scan(HOUR)
    asyncio.run(replace(desk.pages, analyse=breaks).read(NOW + 2 * HOUR))
    assert found(desk, "frontex AND lang:en") == [others.title]


def test_a_page_of_an_article_whose_language_is_known_is_taken_apart_once(desk: Desk) -> None:
    async def analyse(_: Sequence[Article]) -> list[Analysis]:
        pytest.fail("nobody needs to be told")

    desk.web.pages[URL] = page()
    told(desk, BOATS)
    reading = asyncio.run(replace(desk.pages, analyse=analyse).read(NOW + MINUTE))
    assert [entry.guid for entry in reading.taken] == ["boats"]


def test_who_was_alerted_by_the_summary_is_not_alerted_again(desk: Desk) -> None:
    desk.bell.subscribe("morava")
    desk.bell.subscribe("frontex")
    desk.bell.subscribe("frontex", chat="other")
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    assert desk.bell.deliver().sent == 1
    desk.read(MINUTE)
    desk.bell.deliver(NOW + MINUTE)
    assert [chat for chat, _ in desk.bell.platform.sent] == ["terminal:local", "terminal:other"]


def test_a_subscription_hears_nothing_of_what_its_summary_told_before_it_was_made(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.bell.subscribe("morava")
    desk.read(MINUTE)
    assert desk.bell.deliver(NOW + MINUTE).sent == 0


def test_topics_follow_the_full_text(desk: Desk) -> None:
    desk.bell.subscribe("topic:migration")
    more = "Smugglers had brought asylum seekers and irregular migrants across the river since the summer, it said."
    desk.web.pages[URL] = page(*SENTENCES, more)
    told(desk, BOATS)
    assert desk.bell.deliver().sent == 0
    (taken,) = desk.read(MINUTE).taken
    assert "migration" in taken.archived.topics
    assert desk.bell.deliver(NOW + MINUTE).sent == 1


def test_what_the_source_said_stays_unless_the_page_has_it_word_for_word(desk: Desk) -> None:
    desk.bell.subscribe("flotilla")
    desk.web.pages[URL] = page()
    told(desk, replace(BOATS, text=f"A flotilla for the border. {SUMMARY}"))
    assert desk.bell.deliver().sent == 1
    desk.read(MINUTE)
    assert text(desk) == f"A flotilla for the border. {SUMMARY}\n\n" + "\n\n".join(SENTENCES)
    assert found(desk, "flotilla frontex") == [BOATS.title], "what rang is still found"


def test_the_summary_seen_again_leaves_the_full_text(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    whole = text(desk)
    desk.shows(FIRST)
    desk.scan(HOUR)
    desk.shows(BOATS, FIRST)
    assert [entry.status for entry in desk.scan(2 * HOUR).taken] == ["known"]
    assert (text(desk), waiting(desk)) == (whole, 0)


def test_a_date_that_changes_alone_is_no_reason_to_read_the_page_again(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    desk.shows(replace(BOATS, at=NOW - HOUR), FIRST)
    assert [entry.status for entry in desk.scan(HOUR).taken] == ["updated"]
    assert (text(desk), waiting(desk)) == ("\n\n".join(SENTENCES), 0)
    assert found(desk, "frontex morava") == [BOATS.title]


def test_an_edit_reads_the_page_once_more_and_loses_nothing_meanwhile(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    desk.bell.subscribe("swimmers")
    desk.bell.subscribe("lighthouse")
    edited = replace(BOATS, title="Three boats for the river", text="Swimmers are warned of three new boats.")
    desk.web.pages[URL] = page("Three boats for the river.", *SENTENCES[1:], "A lighthouse is planned at Stalać.")
    told(desk, edited, after=HOUR)
    assert text(desk) == "\n\n".join((edited.text, *SENTENCES[1:])), "until then what the page said stays"
    assert found(desk, "swimmers frontex title:three") == [edited.title]
    assert desk.bell.deliver(NOW + HOUR).sent == 1, "swimmers"
    (taken,) = desk.read(HOUR).taken
    assert taken.archived.first_title == BOATS.title
    assert found(desk, "lighthouse swimmers") == [edited.title]
    assert desk.bell.deliver(NOW + HOUR).sent == 0, "the chat has heard of this story"
    desk.read(2 * HOUR)
    assert desk.web.asked.count(URL) == 2


def test_an_edit_whose_page_is_gone_keeps_what_was_read(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    desk.web.pages[URL] = Gone("410")
    edited = replace(BOATS, text="Corrected: boats come in April.")
    told(desk, edited, after=HOUR)
    assert desk.read(HOUR).given_up == 1
    assert text(desk) == "\n\n".join((edited.text, *SENTENCES[1:]))
    told(desk, replace(edited, text="Corrected: boats come in May."), after=2 * HOUR)
    assert text(desk).startswith("Corrected: boats come in May.\n\nThe ministry"), "old summaries do not pile up"


def test_however_often_a_source_edits_a_page_is_left_alone_for_a_while(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    for minute in range(1, 14):
        told(desk, replace(BOATS, text=f"Live: minute {minute} of the match on the river."), after=minute * MINUTE)
        desk.read(minute * MINUTE)
    assert desk.web.asked.count(URL) == 1
    desk.read(AGAIN_FOR)
    assert desk.web.asked.count(URL) == 2
    assert text(desk).startswith("Live: minute 13 of")


def test_an_edit_while_the_page_is_in_flight_is_kept_and_reads_it_again(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)

    async def work() -> None:
        desk.web.slow[URL] = asyncio.Event()
        pages = desk.pages
        await pages(NOW)
        await until(lambda: URL in desk.web.asked)
        desk.shows(replace(BOATS, text="Corrected: boats come in April."), FIRST)
        await desk.polling(NOW + HOUR, ("Wire",))
        desk.web.slow.pop(URL).set()
        await until(lambda: all(task.done() for task in pages._in_flight.values()))

    asyncio.run(work())
    assert text(desk) == "Corrected: boats come in April."
    assert len(desk.read(HOUR).taken) == 1
    assert text(desk) == "Corrected: boats come in April.\n\n" + "\n\n".join(SENTENCES)


def test_a_source_that_comes_to_tell_everything_is_believed(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    everything = " ".join(SENTENCES * 3)
    told(desk, replace(BOATS, text=everything), after=HOUR)
    assert (text(desk), waiting(desk)) == (everything, 0)


def test_copies_of_the_summary_and_of_the_page_are_heard_once(desk: Desk) -> None:
    lines = [f"Sentence number {number} of the wire says more of patrols on the river." for number in range(30)]
    desk.web.pages[URL] = page(*SENTENCES, *lines)
    told(desk, BOATS)
    desk.read()
    summary = article(BOATS.title, guid="s", text=SUMMARY, source="Second Post")
    whole = article(BOATS.title, guid="w", text=" ".join((*SENTENCES, *lines)), source="Third Post")
    stories = {entry.archived.story_id for entry in desk.bell.take(summary, whole, now=NOW + HOUR)}
    known = desk.bell.app.store.read(lambda session: session.articles.by_url(URL))
    assert known is not None
    assert stories == {known.story_id}
    again = article(BOATS.title, guid="again", text=SUMMARY, source="Wire", published_at=NOW)
    assert desk.bell.take(again)[0].status == "known", "the outlet's own copy, by what it said"


def test_two_outlets_that_word_their_summaries_differently_are_one_story_by_their_pages(desk: Desk) -> None:
    lines = [f"Sentence number {number} of the wire says more of patrols on the river." for number in range(30)]
    elsewhere = Entry("copy", "Patrol boats bought", "What the ministry did.", url="https://post.example/copy")
    desk.bell.subscribe("frontex")
    desk.web.pages[URL] = page(*SENTENCES, *lines)
    desk.web.pages["https://post.example/copy"] = page(*SENTENCES, *lines, title=elsewhere.title)
    told(desk, BOATS, elsewhere)
    (first, second) = desk.read(MINUTE).taken
    assert first.archived.story_id == second.archived.story_id
    ids = sorted((first.archived.id, second.archived.id))
    nearness = desk.bell.app.store.read(lambda session: list(map(session.joinings.nearness, ids)))
    assert nearness == [None, Nearness.COPY]
    assert desk.bell.deliver(NOW + MINUTE).sent == 1
    third = article("Boats", guid="3", text=" ".join((*SENTENCES, *lines)), source="Third Post")
    assert desk.bell.take(third, now=NOW + HOUR)[0].archived.story_id == first.archived.story_id
    assert desk.bell.deliver(NOW + HOUR).sent == 0


def test_a_story_that_anybody_heard_of_stays_as_it_is(desk: Desk) -> None:
    lines = [f"Sentence number {number} of the wire says more of patrols on the river." for number in range(30)]
    elsewhere = Entry("copy", "Patrol boats bought", "What the ministry did.", url="https://post.example/copy")
    for query in ("morava", "bought"):
        desk.bell.subscribe(query, chat=query)
    desk.web.pages[URL] = page(*SENTENCES, *lines)
    desk.web.pages["https://post.example/copy"] = page(*SENTENCES, *lines, title=elsewhere.title)
    told(desk, BOATS, elsewhere)
    assert desk.bell.deliver().sent == 2
    (first, second) = desk.read(MINUTE).taken
    assert first.archived.story_id != second.archived.story_id
    third = article("Boats bought", guid="3", text=" ".join((*SENTENCES, *lines)), source="Third Post")
    desk.bell.take(third, now=NOW + HOUR)
    assert desk.bell.deliver(NOW + HOUR).sent == 0, "who was told of either is told of neither again"
    desk.bell.subscribe("patrols", chat="nobody yet")
    fourth = article("Boats for patrols", guid="4", text=" ".join((*SENTENCES, *lines)), source="Fourth Post")
    desk.bell.take(fourth, now=NOW + 2 * HOUR)
    assert desk.bell.deliver(NOW + 2 * HOUR).sent == 1


@pytest.mark.parametrize("heard", ["shown to a subscriber", "followed"])
def test_a_story_that_somebody_was_shown_or_follows_stays_as_it_is(desk: Desk, heard: str) -> None:
    lines = [f"Sentence number {number} of the wire says more of patrols on the river." for number in range(30)]
    elsewhere = Entry("copy", "Patrol boats bought", "What the ministry did.", url="https://post.example/copy")
    desk.web.pages[URL] = page(*SENTENCES, *lines)
    desk.web.pages["https://post.example/copy"] = page(*SENTENCES, *lines, title=elsewhere.title)
    told(desk, BOATS, elsewhere)
    chat, both = desk.bell.chat(), [archived(desk, entry.title) for entry in (BOATS, elsewhere)]
    known = max(both, key=lambda entry: entry.story_id)
    if heard == "followed":
        desk.bell.app.store.write(lambda session: session.follows.start(chat.id, known.story_id, NOW))
    else:
        entry = desk.bell.subscribe("third")
        desk.bell.app.store.write(
            lambda session: session.outbox.tell(chat.id, entry.id, [known.story_id], NOW, "shown")
        )
    desk.read(MINUTE)
    assert archived(desk, known.article.title).story_id == known.story_id
    third = article("The third of them", guid="3", text=" ".join((*SENTENCES, *lines)), source="Post")
    desk.bell.take(third, now=NOW + HOUR)
    assert desk.bell.deliver(NOW + HOUR).sent == 0


def test_another_feed_with_the_same_address_does_not_have_the_page_read_again(desk: Desk) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    desk.read()
    other = "https://wire.example/other-feed"
    desk.add(other, name="Other")
    desk.shows(replace(BOATS, text="Boats for the border police."), url=other)
    desk.scan(HOUR, ["Other"])
    desk.read(HOUR)
    assert desk.web.asked.count(URL) == 1
    assert text(desk) == "\n\n".join(("Boats for the border police.", *SENTENCES[1:]))


def test_the_first_look_has_few_fresh_pages_read_and_they_ring_nothing(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.subscribe("frontex")
    old = [Entry(f"old{day}", f"Boats of day {day}", SUMMARY, NOW - timedelta(days=day)) for day in range(3, 9)]
    fresh = [Entry(f"new{hour}", f"Boats of hour {hour}", SUMMARY, NOW - hour * HOUR) for hour in range(FIRST_LOOK + 9)]
    desk.shows(*fresh, *old)
    desk.web.pages |= {f"https://wire.example/{entry.guid}": page(title=entry.title) for entry in (*fresh, *old)}
    desk.scan()
    assert waiting(desk) == FIRST_LOOK
    for _ in range(FIRST_LOOK // A_PASS):
        assert desk.read()
    assert not desk.read()
    asked = [url.removeprefix("https://wire.example/") for url in desk.web.asked if "new" in url or "old" in url]
    assert asked == [entry.guid for entry in fresh[:FIRST_LOOK]], "the newest first"
    assert (len(found(desk, "frontex")), bell.deliver().sent) == (10, 0)


def test_what_a_first_look_brought_rings_nothing_though_it_is_edited_before_its_page_is_read(bell: Newsbell) -> None:
    desk = Desk(bell)
    desk.add()
    bell.subscribe("frontex")
    desk.web.pages[URL] = page()
    desk.shows(BOATS)
    desk.scan()
    desk.shows(replace(BOATS, title="New boats for rivers"))
    desk.scan(HOUR)
    assert len(desk.read(HOUR).taken) == 1
    assert bell.deliver(NOW + HOUR).sent == 0
    assert found(desk, "frontex") == ["New boats for rivers"]


def test_pages_of_what_comes_in_a_burst_enter_digests_only(desk: Desk) -> None:
    desk.bell.subscribe("frontex")
    desk.bell.subscribe("frontex", chat="reader", cadence="daily 10:00")
    desk.web.pages[URL] = page()
    boats = article(BOATS.title, guid="boats", text=SUMMARY, url=URL)
    arrival = Arrival(desk.source(), [boats], NOW, unread=frozenset({"boats"}), burst=Burst(NOW, 99, 3))
    assert desk.bell.app.intake.commit([arrival]) != [[]]
    (taken,) = desk.read().taken
    assert taken.alerts == 1
    assert desk.bell.deliver(NOW).sent == 0
    desk.bell.deliver(NOW + 2 * HOUR)
    assert [chat for chat, sent in desk.bell.platform.sent if BOATS.title in sent] == ["terminal:reader"]


def test_a_pass_reads_a_few_pages_a_host_and_the_next_goes_on(desk: Desk) -> None:
    entries = [Entry(f"e{number}", f"Boats, part {number}", SUMMARY) for number in range(A_PASS + 3)]
    elsewhere = Entry("else", "Boats elsewhere", SUMMARY, url="https://other.example/else")
    desk.web.pages |= {f"https://wire.example/{entry.guid}": page(title=entry.title) for entry in entries}
    desk.web.pages[elsewhere.url or ""] = page()
    told(desk, *entries, elsewhere)
    assert len(desk.read().taken) == A_PASS + 1
    assert waiting(desk) == 3
    assert len(desk.read().taken) == 3


def test_one_page_of_a_host_is_in_flight_and_of_many_hosts_many(desk: Desk) -> None:
    urls = [f"https://host{number % 5}.example/{number}" for number in range(15)]
    told(desk, *(Entry(str(number), f"Boats {number}", SUMMARY, url=url) for number, url in enumerate(urls)))

    async def work() -> list[str]:
        for url in urls:
            desk.web.slow[url] = asyncio.Event()
        pages = desk.pages
        for _ in range(3):
            await pages(NOW)
            for _ in range(200):
                await asyncio.sleep(0)
        asked = [url for url in desk.web.asked if url in urls]
        await pages.stop(NOW)
        return asked

    asked = asyncio.run(work())
    assert sorted(url.split("/")[2] for url in asked) == [f"host{number}.example" for number in range(5)]
    assert waiting(desk) == 15
    desk.web.slow.clear()
    assert desk.read().given_up == 15, "what was stopped is due at once; these are all 404"


@pytest.mark.parametrize(
    "answer",
    [Missing("404"), Gone("410"), Forbidden("403"), TooLarge("10 GB"), b"%PDF-1.7", b'{"json": "no page"}'],
)
def test_what_will_never_be_a_page_is_asked_for_once(desk: Desk, answer: SourceError | bytes) -> None:
    desk.web.pages[URL] = answer
    told(desk, BOATS)
    assert desk.read().given_up == 1
    for hours in range(1, 48):
        desk.read(hours * HOUR)
    assert desk.web.asked.count(URL) == 1
    assert text(desk) == SUMMARY


@pytest.mark.parametrize(
    "html",
    [
        page("We use cookies. Our partners store cookies. Manage consent and privacy. Cookies help us with tracking."),
        page(SENTENCES[0], SENTENCES[1], "Subscribe to continue reading."),
        page(SENTENCES[0]),
        page(*["Bread rises best where the flour is warm and the baker has slept well for once."] * 9, title="Bread"),
    ],
)
def test_walls_and_other_pages_leave_the_summary_and_are_not_asked_again(desk: Desk, html: bytes) -> None:
    desk.web.pages[URL] = html
    told(desk, BOATS)
    assert desk.read().kept == 1
    desk.read(HOUR)
    assert (text(desk), desk.web.asked.count(URL), waiting(desk)) == (SUMMARY, 1, 0)


def test_what_fails_for_now_is_tried_again_a_few_times(desk: Desk) -> None:
    desk.web.pages[URL] = Unreachable("500")
    told(desk, BOATS)
    asked = list[int]()
    for minute in range(300):
        desk.read(minute * MINUTE)
        asked += [minute] * (desk.web.asked.count(URL) - len(asked))
    assert asked == [0, 5, 25, 105]
    assert len(asked) == TRIES
    desk.web.pages[URL] = page()
    told(desk, replace(BOATS, title="An edit"), after=6 * HOUR)
    assert len(desk.read(6 * HOUR).taken) == 1, "an edit is a reason to try anew"


def test_a_pause_that_a_host_asks_for_is_kept_and_uses_up_no_try(desk: Desk) -> None:
    desk.web.pages[URL] = RateLimited("slow down", HOUR)
    told(desk, BOATS)
    for hours in range(10):
        assert desk.read(hours * HOUR).postponed == 1
        assert not desk.read(hours * HOUR + 59 * MINUTE)
    desk.web.pages[URL] = page()
    assert len(desk.read(10 * HOUR).taken) == 1


def test_robots_txt_is_asked_first_and_obeyed(desk: Desk) -> None:
    robots = "https://wire.example/robots.txt"
    desk.web.pages |= {URL: page(), robots: b"User-agent: *\nDisallow: /boats"}
    told(desk, BOATS)
    assert desk.read().given_up == 1
    assert desk.web.asked == [WIRE, robots]
    desk.web.pages[robots] = Unreachable("500")
    told(desk, replace(BOATS, title="An edit"), after=HOUR)
    assert desk.read(HOUR).postponed == 1, "who cannot say is asked again later"
    assert desk.web.asked[-1] == robots
    desk.web.pages[robots] = Missing("404")
    assert len(desk.read(2 * HOUR).taken) == 1


def test_turned_off_nothing_is_asked_for(bell: Newsbell) -> None:
    app = App(replace(bell.app.settings, fulltext=False), bell.app.store)
    desk = Desk(Newsbell(app))
    desk.add()
    desk.shows(FIRST)
    desk.scan()
    told(desk, BOATS, after=HOUR)
    desk.read(HOUR)
    assert (desk.web.asked, waiting(desk)) == ([WIRE, WIRE], 0)


def test_folders_files_and_samples_never_have_pages_read(desk: Desk) -> None:
    desk.bell.take(article(text=SUMMARY, url=URL))
    folder = desk.bell.app.settings.folder or Path()
    (folder / "a.jsonl").write_text('{"title": "Boats", "text": "Short.", "url": "https://wire.example/x"}')
    desk.bell.scan()
    desk.bell.scan()
    assert waiting(desk) == 0


def test_a_round_is_one_line_in_the_log(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS, Entry("gone", "This page is gone"))
    with caplog.at_level(logging.INFO):
        desk.read()
        desk.read(MINUTE)
    lines = [message for message in caplog.messages if message.startswith("pages ")]
    assert lines == ["pages read=1 kept=0 given_up=1 postponed=0 alerts=0 waiting=0"]


def test_a_fault_of_ours_costs_one_page(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.web.pages |= {URL: page(), "https://wire.example/bad": ZeroDivisionError("ours")}
    told(desk, BOATS, Entry("bad", "A bad page"))
    reading = desk.read()
    assert (len(reading.taken), reading.given_up) == (1, 1)
    assert "failed unexpectedly" in caplog.text


def test_a_page_that_ends_every_process_is_given_up(desk: Desk) -> None:
    told(desk, BOATS)
    for number in range(TRIES):
        assert len(claimed(desk, NOW + number * HOUR)) == 1
    assert desk.read(TRIES * HOUR).given_up == 1
    assert URL not in desk.web.asked


def test_servers_do_not_pay_for_a_store_that_cannot_write(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.web.pages[URL] = page()
    told(desk, BOATS)
    store: Any = Dying(desk.bell.app.store, 0)

    async def work() -> None:
        pages = replace(desk.pages, store=store)
        await pages(NOW)
        await pages(NOW + MINUTE)
        assert URL not in desk.web.asked
        await pages(NOW + HOLD_FOR)
        await until(lambda: all(task.done() for task in pages._in_flight.values()))

    asyncio.run(work())
    assert desk.web.asked.count(URL) == 1
    assert caplog.text.count("pages wait until") == 1


def pages_of(desk: Desk, store: Any) -> Pages:
    """The same over another store."""
    return replace(desk.pages, store=store, whole=Whole(replace(desk.bell.app.intake, store=store)))


def through(desk: Desk, moment: int | None) -> int:
    """A look, its pages, an edit and its page, of which one may die, each then repeated by a new process."""
    app, moments = desk.bell.app, 0
    others = [Entry("e0", "Boats, part 0", "Part 0 of a summary.")]
    gone = Entry("gone", "Nothing of boats", "It is not there.")
    for entry in (BOATS, *others):
        desk.web.pages[f"https://wire.example/{entry.guid}"] = page(*SENTENCES, f"This is {entry.title}.")
    for after, boats in ((HOUR, BOATS), (2 * HOUR, replace(BOATS, text="Corrected: boats come in April."))):
        desk.shows(boats, gone, *others, FIRST)
        store: Any = Dying(app.store, None if moment is None else moment - moments)
        scan = replace(desk.polling, store=store, turns=Turns(replace(app.intake, store=store).commit))
        try:
            asyncio.run(scan(NOW + after, ("Wire",)))
            asyncio.run(pages_of(desk, store).read(NOW + after))
        except StoreError:
            pass
        moments += store.moments
        asyncio.run(desk.polling(NOW + after, ("Wire",)))
        desk.read(after)
        desk.read(after + LEASE_FOR)
    return moments


def test_killed_at_any_moment_the_archive_and_what_rings_are_the_same(tmp_path: Path) -> None:
    def run(name: str, moment: int | None) -> tuple[int, Any]:
        app = empty(tmp_path / name)
        desk = Desk(Newsbell(app))
        desk.add()
        desk.shows(FIRST)
        desk.scan()
        desk.read()
        for query in ("frontex", "morava", "corrected"):
            desk.bell.subscribe(query, chat=query, every=True)
        moments = through(desk, moment)
        desk.bell.deliver(NOW + 3 * HOUR)
        rung = sorted((chat, sent.count("Boats, part"), "New boats" in sent) for chat, sent in desk.bell.platform.sent)
        asked = desk.web.asked.count(URL)
        outcome = desk.archive(), rung, waiting(desk), sorted(found(desk, "frontex")), found(desk, "corrected")
        app.close()
        assert 2 <= asked <= (2 if moment is None else 3), "only what a kill took is asked for again"
        return moments, outcome

    moments, expected = run("whole.db", None)
    assert moments >= 20
    assert (expected[2], len(expected[3]), len(expected[4])) == (0, 2, 1)
    for moment in range(moments):
        assert run(f"{moment}.db", moment)[1] == expected, moment
