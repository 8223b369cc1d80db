"""Deliver: nothing is done before the platform answered, and every failure has its consequence."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from bot.core.cadence import Quiet
from bot.core.errors import ChatGone, ChatMoved, Rejected, Throttled, Unavailable
from bot.core.model import Address, Kind, State
from tests.jobs.conftest import NOW, Newsbell, article


def counts(bell: Newsbell) -> dict[tuple[Kind, State], int]:
    """The outbox in numbers."""
    return bell.app.store.read(lambda session: session.outbox.counts())


def test_a_platform_that_is_away_gets_it_later(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [Unavailable("away"), Unavailable("away")]
    assert bell.deliver().failed == 1
    assert bell.deliver(NOW + timedelta(seconds=30)).sent == 0
    assert bell.deliver(NOW + timedelta(minutes=1)).failed == 1
    assert bell.deliver(NOW + timedelta(minutes=3)).sent == 1


def test_a_throttled_chat_waits_exactly_as_long_as_asked_and_holds_up_nobody(bell: Newsbell) -> None:
    bell.subscribe("frontex", chat="one")
    bell.subscribe("frontex", chat="two")
    bell.take(article())
    bell.platform.answers = [Throttled(timedelta(seconds=17))]
    assert bell.deliver().sent == 1
    assert bell.deliver(NOW + timedelta(seconds=16)).sent == 0
    assert bell.deliver(NOW + timedelta(seconds=17)).sent == 1
    assert {chat for chat, _ in bell.platform.sent} == {"terminal:one", "terminal:two"}


def test_a_rejected_message_is_dead_with_its_reason(bell: Newsbell) -> None:
    subscription = bell.subscribe("frontex")
    [taken] = bell.take(article())
    bell.platform.answers = [Rejected("no such markup"), Rejected("nor without markup")]
    bell.deliver()
    assert counts(bell) == {(Kind.ALERT, State.DEAD): 1}
    [(_, state, _, reason)] = bell.app.store.read(
        lambda session: session.outbox.deliveries_of_story(subscription.chat_id, taken.archived.story_id)
    )
    assert state is State.DEAD
    assert reason is not None
    assert "nor without markup" in reason


def test_a_rejected_message_is_sent_once_more_without_markup_and_buttons(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article(url="https://example.org/1"))
    bell.platform.answers = [Rejected("can't parse entities")]
    assert bell.deliver().sent == 1
    assert [message.plain for message in bell.platform.messages] == [True]
    assert "Frontex opens an office in Skopje" in bell.texts[0]
    assert "https://example.org/1" in bell.texts[0]
    assert counts(bell) == {(Kind.ALERT, State.SENT): 1}


def test_a_chat_that_left_is_paused_and_hears_it_when_it_is_back(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [ChatGone("blocked")]
    bell.deliver()
    chat = bell.chat_of("local")
    assert chat.paused_at == NOW
    assert chat.pause_reason == "blocked"
    assert bell.deliver(NOW + timedelta(days=1)).sent == 0
    bell.chat("local", paused_at=None, pause_reason=None)
    assert bell.deliver(NOW + timedelta(days=1)).sent == 1


def test_a_chat_that_moved_gets_the_same_message_there(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [ChatMoved(Address("terminal", "new"))]
    bell.deliver()
    assert [chat for chat, _ in bell.platform.sent] == ["terminal:new"]


def test_a_fault_of_ours_is_tried_again_and_ends_dead_not_lost(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [RuntimeError("bug")] * 8
    now = NOW
    for minutes in (0, 1, 2, 4, 8, 16, 32, 64):
        now += timedelta(minutes=minutes)
        assert bell.deliver(now).failed == 1
    assert counts(bell) == {(Kind.ALERT, State.DEAD): 1}


def test_what_is_due_for_a_chat_together_is_one_message(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article("Frontex one", guid="1"), article("Frontex two, about something different", guid="2"))
    assert bell.deliver().sent == 1
    assert "Frontex one" in bell.texts[0]
    assert "Frontex two" in bell.texts[0]


def test_quiet_hours_hold_alerts_and_urgent_ones_break_through(bell: Newsbell) -> None:
    quiet = Quiet(time(8), time(12))
    bell.chat("calm", quiet=quiet)
    bell.chat("keen", quiet=quiet)
    bell.subscribe("frontex", chat="calm")
    bell.subscribe("frontex", chat="keen", urgent=True)
    bell.take(article())
    bell.deliver()
    assert [chat for chat, _ in bell.platform.sent] == ["terminal:keen"]
    assert bell.deliver(NOW.replace(hour=11, minute=59)).sent == 0
    assert bell.deliver(NOW.replace(hour=12)).sent == 1


def test_a_paused_chat_hears_nothing_until_it_resumes(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.chat("local", paused_at=NOW)
    bell.take(article())
    assert bell.deliver().sent == 0
    bell.chat("local", paused_at=None)
    assert bell.deliver().sent == 1


def test_a_chat_gets_only_the_languages_it_reads(bell: Newsbell) -> None:
    bell.chat("local", reads=("sr", "de"))
    bell.subscribe("frontex")
    bell.take(article(), article("Frontex eröffnet ein Büro", guid="de", language="de"))
    bell.deliver()
    assert "eröffnet" in bell.texts[0]
    assert "opens" not in bell.texts[0]


def test_an_article_whose_language_nobody_knows_reaches_and_is_found_by_everybody(bell: Newsbell) -> None:
    bell.chat("local", reads=("sr",))
    bell.subscribe("frontex")
    bell.take(article("Frontex", text="", language=None), article())
    bell.deliver()
    assert len(bell.texts) == 1
    query = bell.app.topics.read("frontex")
    page = bell.app.store.read(lambda session: session.search.newest(query, NOW, languages=("sr",)))
    assert [archived.article.title for archived in page.hits] == ["Frontex"]


def test_a_pass_with_nothing_due_holds_up_no_writer(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    bell.subscribe("frontex", chat="nobody-has-it-open")
    bell.subscribe("frontex", cadence="daily")
    bell.take(article())
    deliver = bell.app.deliverer(bell.platform, lambda address: address.chat == "local")
    asyncio.run(bell.app.deliver(NOW, deliver))

    def write(work: object) -> None:
        raise AssertionError("an idle pass wrote")

    monkeypatch.setattr(bell.app.store, "write", write)
    assert asyncio.run(bell.app.deliver(NOW, deliver)).sent == 0
