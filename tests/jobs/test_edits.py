"""A story that was told and grows: its message is edited, lately and seldom, and nobody is rung a second time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.errors import Rejected, Throttled, Unavailable
from bot.core.ports import Limits
from tests.jobs.conftest import NOW, Newsbell, article

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REMEMBERED = ("errands", "growths", "rings")
TEXT = "Officials said on Tuesday that forty officers would move into the old customs house by the river in spring."


@pytest.fixture
def told(bell: Newsbell) -> Newsbell:
    """A platform that edits, and a story that one chat was told."""
    bell.platform.limits = Limits(edits=True)
    bell.subscribe("frontex")
    bell.take(article(text=TEXT))
    assert bell.deliver().sent == 1
    return bell


def grow(bell: Newsbell, outlet: str, after: timedelta) -> None:
    bell.take(article(text=TEXT, source=outlet, guid=outlet), now=NOW + after)


def test_growth_edits_the_message_and_rings_nobody(told: Newsbell) -> None:
    grow(told, "Daily Bell", MINUTE)
    grow(told, "Border Wire", MINUTE)
    done = told.deliver(NOW + 2 * MINUTE)
    assert (done.sent, done.edited) == (0, 1)
    ((reference, text),) = told.platform.edited
    assert reference == "1"
    assert "+2 sources: Daily Bell and Border Wire" in text
    assert "Sample Post · seen today 09:00" in text
    assert told.deliver(NOW + HOUR).edited == 0


def test_a_message_is_edited_once_in_a_few_minutes_at_most(told: Newsbell) -> None:
    grow(told, "Daily Bell", MINUTE)
    assert told.deliver(NOW + 2 * MINUTE).edited == 1
    grow(told, "Border Wire", 3 * MINUTE)
    assert told.deliver(NOW + 6 * MINUTE).edited == 0
    assert told.deliver(NOW + 7 * MINUTE).edited == 1
    assert "+2 sources" in told.platform.edited[-1][1]


def test_the_same_outlet_again_is_no_news(told: Newsbell) -> None:
    told.take(article(text=TEXT + " More follows.", guid="again"), now=NOW + MINUTE)
    assert told.deliver(NOW + HOUR).edited == 0
    assert told.platform.edited == []


def test_a_corrected_article_corrects_the_message(told: Newsbell) -> None:
    told.take(
        article("Frontex opens an office in Ohrid", guid="Frontex opens an office in Skopje", text=TEXT),
        now=NOW + MINUTE,
    )
    assert told.deliver(NOW + 2 * MINUTE).edited == 1
    ((_, text),) = told.platform.edited
    assert "Ohrid" in text
    assert "Skopje" not in text


def test_a_message_that_told_several_stories_is_edited_whole(bell: Newsbell) -> None:
    bell.platform.limits = Limits(edits=True)
    bell.subscribe("frontex OR drina")
    bell.take(article(text=TEXT), article("Drina bridge closed", text="The bridge over the river was shut at noon."))
    assert bell.deliver().sent == 1
    grow(bell, "Daily Bell", MINUTE)
    assert bell.deliver(NOW + 2 * MINUTE).edited == 1
    ((_, text),) = bell.platform.edited
    assert "2 new stories" in text
    assert "Drina bridge closed" in text
    assert "+1 source: Daily Bell" in text


def test_every_chat_that_was_told_gets_the_edit(told: Newsbell) -> None:
    told.subscribe("skopje", chat="other")
    told.take(article(text=TEXT, source="Daily Bell", guid="2"), now=NOW + MINUTE)
    told.deliver(NOW + MINUTE)
    grow(told, "Border Wire", 3 * MINUTE)
    told.deliver(NOW + 5 * MINUTE)
    assert {reference for reference, _ in told.platform.edited} == {"1", "2"}
    assert [chat for chat, _ in told.platform.sent] == ["terminal:local", "terminal:other"]


def test_after_two_days_nothing_is_edited(told: Newsbell) -> None:
    grow(told, "Daily Bell", 49 * HOUR)
    assert told.deliver(NOW + 50 * HOUR).edited == 0
    grow(told, "Border Wire", 2 * HOUR)
    told.app.owe(NOW + 2 * HOUR)
    assert told.deliver(NOW + 49 * HOUR).edited == 0
    assert told.app.store.read(lambda session: session.outbox.claimable(NOW + 99 * HOUR, lambda _: True)) is False


@pytest.mark.parametrize("error", [Rejected("message is not modified"), Rejected("message to edit not found")])
def test_an_edit_that_is_refused_is_over_and_does_no_harm(told: Newsbell, error: Exception) -> None:
    grow(told, "Daily Bell", MINUTE)
    told.platform.answers = [error]
    told.deliver(NOW + 2 * MINUTE)
    assert told.deliver(NOW + HOUR).edited == 0
    looks = {what: well for what, well, _ in told.app.store.check()}
    assert looks["deliveries"]


@pytest.mark.parametrize("error", [Unavailable("away"), Throttled(timedelta(seconds=20)), RuntimeError("bug")])
def test_an_edit_that_fails_is_tried_again(told: Newsbell, error: Exception) -> None:
    grow(told, "Daily Bell", MINUTE)
    told.platform.answers = [error]
    assert told.deliver(NOW + 2 * MINUTE).edited == 0
    assert told.deliver(NOW + 4 * MINUTE).edited == 1


def test_where_nothing_can_be_edited_nothing_is(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article(text=TEXT))
    bell.deliver()
    grow(bell, "Daily Bell", MINUTE)
    done = bell.deliver(NOW + 2 * MINUTE)
    assert (done.sent, done.edited, done.failed, bell.platform.edited) == (0, 0, 0, [])
    assert bell.deliver(NOW + HOUR).edited == 0


def test_growth_while_the_alert_is_under_way_is_not_missed(bell: Newsbell) -> None:
    bell.platform.limits = Limits(edits=True)
    bell.subscribe("frontex")
    bell.take(article(text=TEXT))
    bell.app.owe(NOW)
    (claim,) = bell.app.store.write(lambda session: session.outbox.claim(NOW, NOW + HOUR, lambda _: True, 1))
    grow(bell, "Daily Bell", MINUTE)
    bell.app.owe(NOW + MINUTE)
    bell.app.store.write(lambda session: session.outbox.sent([(claim, "7")], NOW + MINUTE))
    assert bell.deliver(NOW + 3 * MINUTE).edited == 1
    assert bell.platform.edited[0][0] == "7"


def test_growth_while_its_edit_is_under_way_is_edited_later(told: Newsbell) -> None:
    from bot.core.model import Kind

    grow(told, "Daily Bell", MINUTE)
    told.app.owe(NOW + MINUTE)
    at = NOW + 2 * MINUTE
    (claim,) = told.app.store.write(
        lambda session: session.outbox.claim(at, at + HOUR, lambda _: True, 1, (Kind.EDIT,))
    )
    grow(told, "Border Wire", 2 * MINUTE)
    told.app.owe(at)
    told.app.store.write(lambda session: session.outbox.sent([(claim, "1")], at))
    assert told.deliver(at + 4 * MINUTE).edited == 0
    assert told.deliver(at + 5 * MINUTE).edited == 1
    assert "+2 sources" in told.platform.edited[0][1]


def test_an_every_subscription_gets_each_article_and_edits_only_for_corrections(bell: Newsbell) -> None:
    bell.platform.limits = Limits(edits=True)
    bell.subscribe("frontex", every=True)
    bell.take(article(text=TEXT))
    bell.deliver()
    grow(bell, "Daily Bell", MINUTE)
    done = bell.deliver(NOW + 3 * MINUTE)
    assert (done.sent, done.edited) == (1, 0)


def test_what_is_remembered_for_edits_goes_in_the_end(told: Newsbell) -> None:
    grow(told, "Daily Bell", MINUTE)
    told.deliver(NOW + 2 * MINUTE)
    told.app.prune(NOW + timedelta(days=3))
    chat = told.chat_of("local")
    assert told.app.store.read(lambda session: session.chats.holdings(chat.id))["deliveries"] == 1
    with told.app.store.reading() as connection:  # type: ignore[attr-defined]
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("errands", "growths", "rings")
        ]
    assert counts == [0, 0, 0]
