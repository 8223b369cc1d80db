"""Admins are told once of what lasts, gathered, whatever happens between; nothing of it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import product
from typing import Any, TypeVar

import pytest

from bot.core.cadence import Quiet
from bot.core.errors import ChatGone, ChatMoved, Gone, Rejected, StoreError, Throttled, Unavailable, Unreachable
from bot.core.health import TOLD, Health, health_of
from bot.core.model import Address, Outlook, SourceKind, State
from bot.core.poll import Poll, Seen, Standing
from bot.core.polling import due_at, failed, succeeded
from bot.core.ports import Session
from bot.core.retry import TRIES
from bot.jobs.outcomes import given_back
from bot.jobs.report import LEASE_FOR
from bot.jobs.watch import APART_FOR, GATHER_FOR, watch
from tests.jobs.conftest import NOW, Newsbell
from tests.jobs.web import WIRE, Desk, Entry

T = TypeVar("T")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ADMINS = [Address("terminal", "local")]
OLD, NEW = Entry("old", "Frontex was here"), Entry("new", "Frontex opens an office in Skopje")


@pytest.fixture
def desk(bell: Newsbell) -> Desk:
    desk = Desk(bell)
    desk.add()
    desk.shows(OLD)
    desk.scan()
    return desk


def told(desk: Desk, at: datetime) -> list[str]:
    """What is sent to admins at that time."""
    before = len(desk.bell.texts)
    desk.bell.deliver(at)
    return desk.bell.texts[before:]


def read(desk: Desk, work: Callable[[Session], T]) -> T:
    return desk.bell.app.store.read(work)


def fails_for_a_day(desk: Desk) -> datetime:
    """The source has failed for a day; returns when its report is due."""
    desk.web.pages[WIRE] = Unreachable("no answer")
    desk.scan(HOUR)
    desk.scan(DAY + HOUR)
    assert told(desk, NOW + DAY + HOUR) == [], "more may come"
    return NOW + DAY + HOUR + GATHER_FOR


def test_a_source_that_fails_for_a_day_is_told_once_and_so_is_its_return(desk: Desk) -> None:
    due_at = fails_for_a_day(desk)
    assert told(desk, due_at - MINUTE) == []
    assert told(desk, due_at) == [
        "For the admins\n• Wire has failed since yesterday 10:00: no answer\n/sources shows more."
    ]
    desk.scan(2 * DAY)
    assert told(desk, NOW + 3 * DAY) == []
    desk.shows(NEW, OLD)
    desk.scan(3 * DAY + HOUR)
    assert told(desk, NOW + 3 * DAY + HOUR) == []
    assert told(desk, NOW + 3 * DAY + HOUR + GATHER_FOR) == [
        "For the admins\n• Wire is back after 3 days.\n/sources shows more."
    ]
    assert told(desk, NOW + 9 * DAY) == []


def test_a_source_that_is_gone_is_told_and_one_that_failed_for_an_hour_never(desk: Desk) -> None:
    desk.web.pages[WIRE] = Unreachable("no answer")
    desk.scan(HOUR)
    desk.shows(OLD)
    desk.scan(2 * HOUR)
    assert told(desk, NOW + DAY) == []
    desk.web.pages[WIRE] = Gone("answers 410 Gone")
    desk.scan(DAY)
    told(desk, NOW + DAY)
    (said,) = told(desk, NOW + 2 * DAY)
    assert "Wire is given up, and only asked weekly: answers 410 Gone" in said


def test_a_source_that_falls_silent_and_speaks_again_is_told(desk: Desk) -> None:
    entries = [Entry(str(day), f"Note {day} of the week", at=NOW - day * DAY) for day in range(5)]
    desk.shows(*entries)
    desk.scan(HOUR)
    for day in range(1, 8):
        desk.scan(day * DAY)
        told(desk, NOW + day * DAY)
    assert desk.bell.texts == [
        "For the admins\n"
        "• Wire answers, but has brought nothing since Tue 10 Mar 10:00: three times as long as usual.\n"
        "/sources shows more."
    ], "told on the fifth day, sent on the next look"
    desk.web.pages[WIRE] = Unreachable("a stumble is no news of a silent source")
    desk.scan(8 * DAY)
    assert told(desk, NOW + 8 * DAY) == []
    desk.shows(Entry("new", "A new note", at=NOW + 9 * DAY), *entries)
    desk.scan(9 * DAY)
    told(desk, NOW + 9 * DAY)
    (said,) = told(desk, NOW + 10 * DAY)
    assert "Wire brings news again after 8 days." in said


@dataclass
class Outage:
    """Sources asked in their own rhythm, as the scan would ask them, while the network is there or is not."""

    bell: Newsbell
    polls: dict[int, Poll]

    def passes(self, start: timedelta, end: timedelta, *, up: bool) -> None:
        """From `start` to `end` after NOW."""
        for step in range(int((end - start) / (5 * MINUTE))):
            now = NOW + start + step * 5 * MINUTE
            self.bell.app.store.write(lambda session, now=now: self._ask(session, now, up))  # type: ignore[misc]
            self.bell.app.owe(now)
            if step % 6 == 0:
                self.bell.deliver(now)

    def _ask(self, session: Session, now: datetime, up: bool) -> None:
        for source_id, poll in self.polls.items():
            url = f"https://host{source_id}.example/"
            if due_at(poll, url, now) > now:
                continue
            if up:
                after = succeeded(poll, url, Seen(url=url), now)
                session.sources.fetched(source_id, now, Outlook("", after.next_at, after.standing, after.since_at))
            else:
                after = failed(poll, url, Unreachable("no network"), now)
                outlook = Outlook("", after.next_at, after.standing, after.since_at)
                session.sources.failed(source_id, now, "no network", outlook)
            self.polls[source_id] = after


def test_an_outage_that_a_hundred_sources_meet_is_one_message_and_its_end_a_few(bell: Newsbell) -> None:
    desk = Desk(bell)
    made = [desk.add(f"https://host{number}.example/", name=f"Host {number}") for number in range(100)]
    seen = Seen(tuple(NOW - number * DAY for number in range(20)), shown=20)
    outage = Outage(bell, {source.id: succeeded(Poll(), source.location, seen, NOW) for source in made})
    outage.passes(timedelta(0), 28 * HOUR, up=False)
    (said,) = bell.texts
    assert said.startswith("For the admins\n• 100 sources have failed for a day: Host ")
    assert said.endswith(" and 92 more.\n/sources shows more.")
    outage.passes(28 * HOUR, 46 * HOUR, up=True)
    assert 1 <= len(bell.texts[1:]) <= 3, "as they come back: six hours apart"
    assert all("back" in text for text in bell.texts[1:])
    assert bell.app.store.read(lambda session: session.sources.unwell()) == []


def test_it_reaches_every_admin_in_his_own_words_and_outside_his_quiet_hours(desk: Desk) -> None:
    settings = replace(desk.bell.app.settings, admins=frozenset([Address("terminal", "ana")]))
    desk.bell.app = replace(desk.bell.app, settings=settings)
    desk.bell.chat("ana", language="sr-Cyrl", timezone="Europe/Belgrade", quiet=Quiet(time(8), time(20)))
    due_at = fails_for_a_day(desk)
    told(desk, due_at)
    assert [chat for chat, _ in desk.bell.platform.sent] == ["terminal:local"]
    (said,) = told(desk, NOW.replace(hour=19) + DAY)
    assert said.splitlines()[:2] == [
        "За администраторе",
        "• Wire није у реду, почело је јуче у 11:00: no answer",
    ]


def test_what_is_over_before_it_is_told_is_told_as_over(desk: Desk) -> None:
    desk.bell.chat(paused_at=NOW)
    fails_for_a_day(desk)
    desk.shows(OLD)
    desk.scan(3 * DAY)
    told(desk, NOW + 3 * DAY)
    desk.bell.chat(paused_at=None)
    assert told(desk, NOW + 4 * DAY) == ["For the admins\n• Wire is back after 2 days.\n/sources shows more."]


def test_a_source_that_is_turned_off_or_removed_is_not_told_as_back(desk: Desk) -> None:
    due_at = fails_for_a_day(desk)
    told(desk, due_at)
    source, store = desk.source(), desk.bell.app.store
    store.write(lambda session: session.sources.enable(source.id, False))
    assert told(desk, due_at + DAY) == []
    store.write(lambda session: session.sources.enable(source.id, True))
    told(desk, due_at + DAY)
    assert len(told(desk, due_at + 2 * DAY)) == 1, "on again, it still fails"
    store.write(lambda session: session.sources.remove(source.id, NOW))
    again = desk.add()
    store.write(lambda session: session.sources.fetched(again.id, NOW, Outlook()))
    assert told(desk, due_at + 9 * DAY) == []


def test_a_message_that_fails_is_tried_again_and_a_chat_that_left_or_moved_is_followed(desk: Desk) -> None:
    at = fails_for_a_day(desk)
    platform = desk.bell.platform
    platform.answers = [Unavailable("away"), ChatGone("blocked")]
    assert told(desk, at) == []
    assert told(desk, at + 30 * MINUTE / 60) == []
    assert told(desk, at + MINUTE) == []
    assert desk.bell.chat_of("local").pause_reason == "blocked"
    desk.bell.chat(paused_at=None)
    platform.answers = [ChatMoved(Address("terminal", "new"))]
    told(desk, at + 2 * MINUTE)
    assert [chat for chat, _ in platform.sent] == ["terminal:new"]


def test_a_pause_the_platform_asks_for_uses_up_no_try(desk: Desk) -> None:
    at = fails_for_a_day(desk)
    desk.bell.platform.answers = [Throttled(MINUTE) for _ in range(2 * TRIES)]
    for number in range(2 * TRIES):
        assert told(desk, at + number * MINUTE) == []
    assert len(told(desk, at + 2 * TRIES * MINUTE)) == 1


def test_a_pause_of_the_admins_own_outlives_that_the_chat_cannot_be_reached(desk: Desk) -> None:
    at = fails_for_a_day(desk)
    (claim,) = desk.bell.app.store.write(lambda session: session.reports.claim(at, at + LEASE_FOR, lambda _: True, 1))
    desk.bell.chat(paused_at=at, pause_reason=None)
    desk.bell.app.store.write(lambda session: given_back(session, session.reports, claim, at, ChatGone("blocked")))
    assert desk.bell.chat_of("local").pause_reason is None


def test_a_message_the_platform_will_never_take_is_dead_and_counted(desk: Desk) -> None:
    due_at = fails_for_a_day(desk)
    desk.bell.platform.answers = [Rejected("no such markup")]
    told(desk, due_at)
    assert read(desk, lambda session: session.reports.counts()) == {State.DEAD: 1}


def test_a_sender_that_dies_repeats_it_once_at_most_and_loses_nothing(desk: Desk) -> None:
    due_at = fails_for_a_day(desk)
    desk.bell.app.store.write(lambda session: session.reports.claim(due_at, due_at + LEASE_FOR, lambda _: True, 10))
    assert told(desk, due_at) == []
    assert len(told(desk, due_at + LEASE_FOR)) == 1


def test_that_it_was_told_and_what_is_owed_are_one_transaction(desk: Desk) -> None:
    store = desk.bell.app.store
    desk.web.pages[WIRE] = Unreachable("no answer")
    desk.scan(HOUR)
    desk.scan(DAY + HOUR)

    class Dying:
        read = staticmethod(store.read)

        @staticmethod
        def write(work: Callable[[Session], T]) -> T:
            def dying(session: Session) -> T:
                work(session)
                raise StoreError("killed")

            return store.write(dying)

    dying: Any = Dying()
    with pytest.raises(StoreError):
        watch(dying, ADMINS, NOW + 2 * DAY, "UTC")
    assert read(desk, lambda session: session.reports.counts()) == {}
    assert watch(store, ADMINS, NOW + 2 * DAY, "UTC") == 1
    assert watch(store, ADMINS, NOW + 2 * DAY, "UTC") == 0


def test_messages_are_apart_and_what_comes_between_is_gathered(desk: Desk) -> None:
    due_at = fails_for_a_day(desk)
    told(desk, due_at)
    for number in (1, 2):
        url, at = f"https://host{number}.example/", due_at + number * HOUR
        desk.add(url, name=f"Host {number}")
        desk.web.pages[url] = Gone("gone")
        asyncio.run(desk.polling(at, (f"Host {number}",)))
        assert told(desk, at) == []
    assert told(desk, due_at + APART_FOR - MINUTE) == []
    (said,) = told(desk, due_at + APART_FOR)
    assert "Host 1" in said
    assert "Host 2" in said


@pytest.mark.parametrize("before", ["", *sorted(TOLD)])
def test_what_the_store_says_does_otherwise_is_what_the_rules_say(desk: Desk, before: str) -> None:
    def work(session: Session, outlook: Outlook, problem: str | None, enabled: bool) -> list[object]:
        source = session.sources.ensure(SourceKind.FEED, WIRE, "Wire")
        session.sources.fetched(source.id, NOW, outlook)
        if problem:
            session.sources.failed(source.id, NOW, problem, outlook)
        session.sources.enable(source.id, enabled)
        session.sources.tell(source.id, before, NOW)
        return list(session.sources.otherwise())

    for standing, silent_at, problem, enabled in product(Standing, (None, NOW), (None, "no"), (True, False)):
        if problem is None and standing is not Standing.OK:
            continue
        outlook = Outlook("", None, standing, NOW, silent_at=silent_at)
        found = desk.bell.app.store.write(partial(work, outlook=outlook, problem=problem, enabled=enabled))
        health = health_of(desk.source())
        expected = before if health is Health.FAILING else health if health in TOLD else ""
        assert bool(found) is (before != expected), health
