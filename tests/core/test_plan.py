"""What a subscription is owed of an alert, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.cadence import INSTANT, Cadence, Quiet, Rhythm
from bot.core.model import Address, Alert, Archived, Article, Chat, Kind, Manner, Subscription, Terms
from bot.core.plan import Held, Withheld, audible_at, next_digest, plan, reads

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NIGHT = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
MORNING = datetime(2026, 6, 2, 5, tzinfo=UTC)
DUE = datetime(2026, 6, 2, 6, tzinfo=UTC)

CHAT = Chat(1, Address("terminal", "local"), NOON, timezone="Europe/Belgrade")
NIGHTLY = replace(CHAT, quiet=Quiet(time(22), time(7)))
RINGS = Subscription(2, 1, 1, 3, "frontex", NOON)
DAILY = replace(RINGS, cadence=Cadence(Rhythm.DAILY, (time(8),)), next_due_at=DUE)
ALERT = Alert(4, 5, 3, 6, NOON, NOON, leads=True)
ARTICLE = Archived(6, Article("g", "Frontex", "", "Wire"), NOON, NOON, "sr", story_id=5)


def planned(alert: Alert, subscription: Subscription, chat: Chat, now: datetime = NOON) -> Terms | Held:
    manner = Manner(
        cadence=subscription.cadence,
        urgent=subscription.urgent,
        every=subscription.every,
        next_due_at=subscription.next_due_at,
        timezone=chat.timezone,
        reads=chat.reads,
        digest_at=chat.digest_at,
        quiet=chat.quiet,
    )
    return plan(alert, ARTICLE, manner, now, "UTC")


def test_an_alert_is_due_now() -> None:
    assert planned(ALERT, RINGS, CHAT) == Terms(Kind.ALERT, NOON)


def test_a_digest_line_is_due_with_its_digest() -> None:
    assert planned(ALERT, DAILY, CHAT) == Terms(Kind.DIGEST, DUE)


@pytest.mark.parametrize(
    ("subscription", "chat", "now", "due_at"),
    [
        (RINGS, NIGHTLY, NOON, NOON),
        (RINGS, NIGHTLY, NIGHT, MORNING),
        (replace(RINGS, urgent=True), NIGHTLY, NIGHT, NIGHT),
        (RINGS, replace(NIGHTLY, timezone="America/New_York"), NIGHT, NIGHT),
        (RINGS, replace(NIGHTLY, timezone=None), NIGHT, datetime(2026, 6, 2, 7, tzinfo=UTC)),
        (DAILY, replace(CHAT, quiet=Quiet(time(22), time(9, 30))), NOON, datetime(2026, 6, 2, 7, 30, tzinfo=UTC)),
        (replace(DAILY, urgent=True), replace(CHAT, quiet=Quiet(time(22), time(9))), NOON, DUE),
        (DAILY, NIGHTLY, NIGHT, DUE),
        (replace(DAILY, next_due_at=None), CHAT, NOON, DUE),
    ],
)
def test_quiet_hours_only_move_what_is_not_urgent(
    subscription: Subscription, chat: Chat, now: datetime, due_at: datetime
) -> None:
    owed = planned(ALERT, subscription, chat, now)
    assert isinstance(owed, Terms)
    assert (owed.due_at, owed.urgent) == (due_at, subscription.urgent)


def test_every_article_is_marked_so() -> None:
    owed = planned(ALERT, replace(RINGS, every=True), CHAT)
    assert isinstance(owed, Terms)
    assert owed.each


def test_an_old_article_enters_digests_but_does_not_ring() -> None:
    old = replace(ALERT, fresh=False)
    assert planned(old, RINGS, CHAT) == Held(Withheld.OLD)
    assert planned(old, DAILY, CHAT) == Terms(Kind.DIGEST, DUE)


@pytest.mark.parametrize("subscription", [RINGS, DAILY])
def test_a_language_the_chat_does_not_read_is_held(subscription: Subscription) -> None:
    assert planned(ALERT, subscription, replace(CHAT, reads=("en", "de"))) == Held(Withheld.LANGUAGE)
    assert isinstance(planned(ALERT, subscription, replace(CHAT, reads=("en", "sr"))), Terms)


def test_reading_everything_or_not_knowing_the_language_lets_through() -> None:
    assert reads(CHAT, "sr")
    assert reads(replace(CHAT, reads=("en",)), None)


def test_the_next_digest_follows_the_chats_own_time_and_zone() -> None:
    cadence = Cadence(Rhythm.DAILY)
    assert next_digest(cadence, CHAT, NOON, "UTC") == DUE
    assert next_digest(cadence, replace(CHAT, digest_at=time(18, 15)), NOON, "UTC") == NOON + timedelta(hours=4.25)
    assert next_digest(cadence, replace(CHAT, timezone=None), NOON, "UTC") == NOON + timedelta(hours=20)
    assert next_digest(INSTANT, CHAT, NOON, "UTC") is None


def test_audible_is_now_or_the_end_of_quiet() -> None:
    assert audible_at(CHAT, NIGHT, "UTC") == NIGHT
    assert audible_at(NIGHTLY, NIGHT, "UTC") == MORNING
