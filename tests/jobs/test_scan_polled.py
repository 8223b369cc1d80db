"""Scan over the network, scripted: nothing lost, nothing doubled, nothing held up, whatever a server or a kill does."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.app import App
from bot.core.errors import Gone, Missing, RateLimited, StoreError, Unreachable
from bot.core.model import SourceKind
from bot.core.poll import Standing
from bot.core.polling import MOVES
from bot.core.ports import Session, Store
from bot.jobs.rounds import HOLD_FOR, Rounds
from bot.jobs.turns import Turns
from tests.jobs.conftest import NOW, Newsbell, empty
from tests.jobs.web import WIRE, Desk, Entry, later, rss

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = Entry("old", "Frontex was here")
NEW = Entry("new", "Frontex opens an office in Skopje")


@pytest.fixture
def desk(bell: Newsbell) -> Desk:
    desk = Desk(bell)
    desk.add()
    return desk


def test_the_first_look_rings_nothing_and_what_comes_later_does(desk: Desk) -> None:
    desk.bell.subscribe("frontex")
    desk.shows(OLD)
    assert desk.scan().new == 1
    assert desk.bell.deliver().sent == 0
    desk.shows(NEW, OLD)
    assert desk.scan(HOUR).new == 1
    assert desk.bell.deliver(NOW + HOUR).sent == 1
    assert "Skopje" in desk.bell.texts[0]


def test_a_first_look_that_fails_is_still_to_come(desk: Desk) -> None:
    desk.bell.subscribe("frontex")
    assert [problem for _, problem in desk.scan().failed] == [f"{WIRE}: answers 404 Not Found"]
    desk.shows(OLD)
    assert desk.scan(HOUR).new == 1
    assert desk.bell.deliver(NOW + HOUR).sent == 0


def test_an_article_carries_what_the_feed_says(desk: Desk) -> None:
    desk.shows(Entry("1", "Frontex & co", "<p>They <b>came</b>.</p>", url="/a?id=1"))
    (taken,) = desk.scan().taken
    article = taken.archived.article
    assert (article.guid, article.title, article.text) == ("1", "Frontex & co", "They came.")
    assert (article.source, article.url, article.published_at) == ("Wire", "https://wire.example/a?id=1", NOW)
    assert article.language == "en"


def test_what_has_not_changed_is_asked_for_with_its_validators_and_taken_in_once(desk: Desk) -> None:
    desk.shows(OLD, NEW)
    assert desk.scan().new == 2
    unchanged = desk.scan(HOUR)
    assert (unchanged.fetched, unchanged.taken) == (1, [])
    assert desk.web.asks[-1].known.etag
    desk.shows(NEW, OLD, Entry("third", "Rain in Tirana"))
    assert [entry.guid for entry in desk.scan(2 * HOUR).taken] == ["third"], "only what is news is handed in"


def test_an_edit_updates_and_never_rings_twice(desk: Desk) -> None:
    desk.bell.subscribe("frontex")
    desk.shows(OLD)
    desk.scan()
    desk.shows(NEW, OLD)
    desk.scan(HOUR)
    desk.bell.deliver(NOW + HOUR)
    desk.shows(replace(NEW, title="Frontex opens an office in Ohrid"), OLD)
    assert [entry.status for entry in desk.scan(2 * HOUR).taken] == ["updated"]
    assert desk.bell.deliver(NOW + 2 * HOUR).sent == 0
    assert len(desk.archive()) == 2


def test_guids_that_change_double_nothing(desk: Desk) -> None:
    desk.shows(Entry("1", "Frontex was here", url="https://wire.example/a"))
    desk.scan()
    desk.shows(Entry("uuid-9", "Frontex was here", url="https://wire.example/a?utm_source=rss"))
    assert [entry.status for entry in desk.scan(HOUR).taken] == ["known"]


def test_items_that_share_a_guid_or_an_address_are_all_kept(desk: Desk) -> None:
    home = "https://wire.example/"
    desk.shows(*(Entry("same", f"Headline number {number} of the day", url=home) for number in range(3)))
    assert desk.scan().new == 3
    assert desk.scan(HOUR).taken == []
    assert len(desk.archive()) == 3


def test_an_item_that_leaves_and_returns_is_known(desk: Desk) -> None:
    desk.shows(OLD, NEW)
    desk.scan()
    desk.shows(NEW)
    desk.scan(HOUR)
    desk.shows(NEW, OLD)
    assert [entry.status for entry in desk.scan(2 * HOUR).taken] == ["known"]


def test_a_page_is_watched_for_new_links(desk: Desk) -> None:
    def page(*names: str) -> bytes:
        links = "".join(f"<a href='/2026/03/10/{name}'>The story of {name} today</a>" for name in names)
        return f"<html lang=en><body><main>{links}</main></body></html>".encode()

    section = "https://paper.example/news"
    desk.add(section, SourceKind.PAGE, "Paper")
    desk.bell.subscribe("ohrid")
    desk.web.pages[section] = page("skopje")
    assert desk.scan(names=["Paper"]).new == 1
    desk.web.pages[section] = page("ohrid", "skopje")
    (taken,) = desk.scan(HOUR, ["Paper"]).taken
    assert taken.archived.article.url == "https://paper.example/2026/03/10/ohrid"
    assert taken.alerts == 1


def sitemap(*names: str) -> bytes:
    news = "".join(
        f"<url><loc>https://map.example/{name}</loc><n:news><n:title>The story of {name}</n:title>"
        f"<n:publication_date>2026-03-10T08:00:00Z</n:publication_date></n:news></url>"
        for name in names
    )
    return (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
        f" xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{news}</urlset>"
    ).encode()


def index(*days: int) -> bytes:
    maps = "".join(
        f"<sitemap><loc>https://map.example/{day}.xml</loc><lastmod>2026-03-{day:02}</lastmod></sitemap>"
        for day in days
    )
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{maps}</sitemapindex>".encode()


def test_of_an_index_the_newest_sitemaps_are_read_and_one_that_fails_loses_nothing(desk: Desk) -> None:
    root = "https://map.example/index.xml"
    desk.add(root, name="Map")
    desk.web.pages[root] = index(1, 9, 8, 7)
    for day in (1, 8, 9):
        desk.web.pages[f"https://map.example/{day}.xml"] = sitemap(f"day-{day}")
    first = desk.scan(names=["Map"])
    assert sorted(entry.guid for entry in first.taken) == ["https://map.example/day-8", "https://map.example/day-9"]
    assert len(first.refused) == 1, "the one that failed is told"
    desk.web.pages["https://map.example/7.xml"] = sitemap("day-7")
    desk.web.pages["https://map.example/9.xml"] = sitemap("day-9", "late-9")
    second = desk.scan(HOUR, ["Map"])
    assert sorted(entry.guid for entry in second.taken) == ["https://map.example/day-7", "https://map.example/late-9"]
    assert desk.scan(2 * HOUR, ["Map"]).taken == []


def test_a_source_that_fails_backs_off_is_degraded_after_a_day_and_is_well_again(desk: Desk) -> None:
    desk.shows(OLD)
    desk.scan()
    desk.web.pages[WIRE] = Unreachable("no answer")
    desk.scan(HOUR)
    first = desk.source()
    assert (first.standing, first.problem) == (Standing.OK, "no answer")
    assert first.next_at is not None
    assert first.next_at > NOW + HOUR
    desk.scan(DAY + HOUR)
    second = desk.source()
    assert (second.standing, second.since_at) == (Standing.DEGRADED, NOW + DAY + HOUR)
    desk.shows(NEW, OLD)
    assert desk.scan(2 * DAY).new == 1
    third = desk.source()
    assert (third.standing, third.problem) == (Standing.OK, None)


def test_what_is_gone_is_disabled_and_asked_again_in_a_week(desk: Desk) -> None:
    desk.web.pages[WIRE] = Gone("gone")
    desk.scan()
    source = desk.source()
    assert source.standing is Standing.DISABLED
    assert source.next_at is not None
    assert source.next_at > NOW + timedelta(days=5)


def test_a_pause_that_a_host_asks_for_is_kept(desk: Desk) -> None:
    desk.web.pages[WIRE] = RateLimited("slow down", timedelta(hours=3))
    desk.scan()
    next_at = desk.source().next_at
    assert next_at is not None
    assert next_at >= NOW + 3 * HOUR


def test_a_source_moves_once_it_has_been_sent_on_often_enough(desk: Desk) -> None:
    desk.shows(OLD)
    desk.web.moved[WIRE] = "https://new.example/feed"
    for number in range(MOVES):
        assert desk.source().location == WIRE
        desk.scan(number * HOUR)
    assert desk.source().location == "https://new.example/feed"
    desk.web.pages = {"https://new.example/feed": rss(NEW, OLD)}
    assert [entry.guid for entry in desk.scan(DAY).taken] == ["new"], "what it has shown is still known"


def test_a_restart_asks_nobody_before_his_time(desk: Desk) -> None:
    desk.shows(OLD)
    desk.scan()
    app = App.open(desk.bell.app.settings, NOW)
    again = Desk(Newsbell(app), desk.web)
    asked = len(desk.web.asked)
    assert asyncio.run(again.polling(later(minutes=1))).fetched == 0
    assert len(desk.web.asked) == asked
    due_at = again.source().next_at
    assert due_at is not None
    assert asyncio.run(again.polling(due_at)).fetched == 1
    app.close()


def test_a_source_that_hangs_or_breaks_holds_up_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Exception):
        """A fault of ours."""

    hanging, broken = "https://hanging.example/feed", "https://broken.example/feed"
    desk.add(hanging, name="Hanging")
    desk.add(broken, name="Broken")
    desk.shows(OLD)
    desk.shows(NEW, url=hanging)
    desk.web.pages[broken] = Broken("secret")

    async def work() -> None:
        desk.web.slow[hanging] = asyncio.Event()
        rounds = Rounds(desk.polling, woken_at=NOW)
        await rounds(NOW)
        while desk.source().fetched_at is None or desk.source("Broken").problem is None:
            await asyncio.sleep(0)
        (desk.bell.app.settings.folder or Path()).joinpath("a.jsonl").write_text(json.dumps({"title": "From a folder"}))
        assert (await desk.bell.app.scan(NOW)).new == 1, "folders are looked at meanwhile"
        await rounds(NOW)
        assert desk.web.asked.count(hanging) == 1, "what is in flight is not asked again"
        desk.web.slow[hanging].set()
        await rounds.finish(NOW)

    with caplog.at_level(logging.INFO):
        asyncio.run(work())
    assert desk.source("Hanging").fetched_at == NOW
    assert desk.source("Broken").problem == "failed unexpectedly (Broken); the log says where"
    summaries = [message for message in caplog.messages if message.startswith("scan fetched=") and "new=2" in message]
    assert summaries == ["scan fetched=2 failed=1 new=2 updated=0 refused=0 alerts=0"]


def test_a_start_spreads_what_is_overdue(desk: Desk) -> None:
    for number in range(200):
        desk.add(f"https://host{number}.example/feed", name=f"Host {number}")

    async def work() -> list[int]:
        rounds, counts = Rounds(desk.polling), []
        for seconds in range(0, 8, 2):
            await rounds(later(seconds=seconds))
            await rounds.finish(NOW)
            counts.append(len(desk.web.asked))
        return counts

    counts = asyncio.run(work())
    assert counts[0] < 50
    assert counts[-1] == 201, "everyone was asked once, five seconds after the start"


def test_no_source_is_asked_more_often_than_the_settings_say(desk: Desk) -> None:
    desk.shows(OLD)
    desk.scan()
    next_at = desk.source().next_at
    assert next_at is not None

    async def work() -> None:
        rounds = Rounds(desk.polling, least_for=HOUR)
        await rounds(next_at)
        await rounds.finish(next_at)
        assert len(desk.web.asked) == 1
        await rounds(NOW + HOUR)
        await rounds.finish(NOW + HOUR)
        assert len(desk.web.asked) == 2

    asyncio.run(work())


class Dying:
    """A store that dies inside or after one of its writes: what lies before one lies after another, or is nothing."""

    def __init__(self, store: Store, moment: int | None) -> None:
        self._store, self._moment, self.moments = store, moment, 0
        self.read = store.read

    def write(self, work: Callable[[Session], T]) -> T:
        """Writes, or dies where it is told to."""

        def dying(session: Session) -> T:
            result = work(session)
            self._pass()
            return result

        result = self._store.write(dying)
        self._pass()
        return result

    def _pass(self) -> None:
        self.moments += 1
        if self.moments - 1 == self._moment:
            raise StoreError("killed")


def through(desk: Desk, moment: int | None) -> int:
    """Two looks of which the one may die, each then repeated by a new process; returns the moments there were."""
    entries = [Entry(str(number), f"Frontex note {number} of the day") for number in range(100)]
    app, moments = desk.bell.app, 0
    for after, shown in ((0, entries[:70]), (1, [*entries[5:], replace(entries[3], title="Frontex corrects note 3")])):
        desk.shows(*shown)
        store: Any = Dying(app.store, None if moment is None else moment - moments)
        scan = replace(desk.polling, store=store, turns=Turns(replace(app.intake, store=store).commit))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.jobs.intake.BATCH", 32)
            try:
                asyncio.run(scan(NOW + after * HOUR, ("Wire",)))
            except StoreError:
                asyncio.run(desk.polling(NOW + after * HOUR, ("Wire",)))
        moments += store.moments
    return moments


def test_killed_at_any_moment_the_archive_and_what_rings_are_the_same(tmp_path: Path) -> None:
    def run(name: str, moment: int | None) -> tuple[int, Any]:
        app = empty(tmp_path / name)
        desk = Desk(Newsbell(app))
        desk.add()
        desk.bell.subscribe("frontex")
        moments = through(desk, moment)
        sent = desk.bell.deliver(NOW + HOUR).sent
        outcome = desk.archive(), sent, app.store.read(lambda session: session.outbox.counts())
        app.close()
        return moments, outcome

    moments, expected = run("whole.db", None)
    assert moments >= 8
    assert len(expected[0]) == 100
    for moment in range(moments):
        assert run(f"{moment}.db", moment)[1] == expected, moment


def test_a_source_the_store_cannot_record_is_left_alone_for_a_while(desk: Desk) -> None:
    desk.shows(OLD)
    store: Any = Dying(desk.bell.app.store, 0)

    async def work() -> None:
        scan = replace(desk.polling, store=store, turns=Turns(replace(desk.bell.app.intake, store=store).commit))
        rounds = Rounds(scan)
        for seconds in (0, 3, 6):
            await rounds(later(seconds=seconds))
            await rounds.finish(NOW)
        assert len(desk.web.asked) == 1
        await rounds(NOW + HOLD_FOR + timedelta(seconds=6))
        await rounds.finish(NOW)

    asyncio.run(work())
    assert len(desk.archive()) == 1


def test_stopping_gives_up_what_is_in_flight_and_leaves_it_due(desk: Desk) -> None:
    async def work() -> None:
        desk.web.slow[WIRE] = asyncio.Event()
        rounds = Rounds(desk.polling, woken_at=NOW)
        await rounds(NOW)
        await asyncio.sleep(0)
        assert desk.web.asked == [WIRE]
        await rounds.stop(NOW)

    asyncio.run(work())
    assert desk.source().next_at is None
    assert desk.source().problem is None


def test_a_feed_whose_body_cannot_be_read_is_asked_for_again_in_full(desk: Desk) -> None:
    desk.shows(OLD)
    desk.scan()
    desk.web.pages[WIRE] = b"<html><body>Please wait</body></html>"
    assert "wire.example" in desk.scan(HOUR).failed[0][1]
    desk.shows(NEW, OLD)
    assert desk.scan(2 * HOUR).new == 1


def test_a_missing_source_keeps_failing_without_a_word_more_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.web.pages[WIRE] = Missing("not there")
    desk.scan()
    desk.scan(HOUR)
    assert [message for message in caplog.messages if "not there" in message] == ["source=Wire problem=not there"]


def test_the_first_look_at_an_index_waits_for_a_sitemap_that_may_yet_answer(desk: Desk) -> None:
    root, child = "https://map.example/index.xml", "https://map.example/8.xml"
    desk.add(root, name="Map")
    desk.bell.subscribe("story")
    desk.web.pages |= {root: index(9, 8), "https://map.example/9.xml": sitemap("a"), child: Unreachable("busy")}
    assert [problem for _, problem in desk.scan(names=["Map"]).failed] == ["busy"]
    desk.web.pages[child] = sitemap("b")
    assert desk.scan(HOUR, ["Map"]).new == 2
    assert desk.bell.deliver(NOW + HOUR).sent == 0
