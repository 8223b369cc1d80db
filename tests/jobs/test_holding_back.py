"""What does not ring at once, and how it comes after all: a chat at its ceiling, stale alerts, chats that are away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.ceiling import gathered_until
from bot.core.errors import ChatGone, ChatMoved, NoPermission, Throttled, Unavailable
from bot.core.model import Address, Kind, State
from bot.core.presence import come_back, leave, move
from handlers.request import Request
from tests.jobs.conftest import NOW, Newsbell, article

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TITLES = (
    "Frontex opens an office in Skopje",
    "Budget vote delays new Frontex aircraft",
    "Court hears the case against a Frontex officer",
    "Harbour pilots praise rescue by a Frontex ship",
    "Minister doubts what Frontex counted last winter",
)


def ring(bell: Newsbell, number: int, after: timedelta) -> int:
    """One more story about Frontex comes after a while; how many messages that makes."""
    words = " ".join(f"{chr(97 + number % 26)}{part}x" for part in range(6))
    bell.take(article(f"Frontex {words}", text=f"{words} said nobody else."), now=NOW + after)
    return bell.deliver(NOW + after).sent


def stories_of(text: str) -> int:
    return text.count("Frontex")


def test_more_alerts_than_a_reader_wants_gather_into_one_message_every_half_hour(bell: Newsbell) -> None:
    bell.chat("local", max_per_hour=3)
    bell.subscribe("frontex")
    assert [ring(bell, number, number * 2 * MINUTE) for number in range(3)] == [1, 1, 1]
    assert [ring(bell, number, number * 2 * MINUTE) for number in range(3, 9)] == [0] * 6
    assert bell.deliver(NOW + 33 * MINUTE).sent == 0
    assert bell.deliver(NOW + 34 * MINUTE).sent == 1, "half an hour after the last one rang"
    assert "6 new stories" in bell.texts[-1]
    assert ring(bell, 9, 40 * MINUTE) == 0
    assert bell.deliver(NOW + 64 * MINUTE).sent == 1, "the first ones count no more"


def test_an_urgent_alert_rings_whatever_rang_before_and_does_not_count(bell: Newsbell) -> None:
    bell.chat("local", max_per_hour=1)
    bell.subscribe("frontex", urgent=True)
    assert [ring(bell, number, number * MINUTE) for number in range(4)] == [1, 1, 1, 1]
    bell.subscribe("budget")
    bell.take(article("Budget of the port", text="A budget."), now=NOW + HOUR)
    assert bell.deliver(NOW + HOUR).sent == 1


def test_one_chats_ceiling_is_nobody_elses(bell: Newsbell) -> None:
    bell.chat("calm", max_per_hour=1)
    bell.subscribe("frontex", chat="calm")
    bell.subscribe("frontex", chat="keen")
    assert [ring(bell, number, number * MINUTE) for number in range(3)] == [2, 1, 1]


@pytest.mark.parametrize(
    ("rung", "minutes_ago", "waits"), [(8, 1, 29), (8, 29, 1), (8, 30, None), (7, 1, None), (20, 10, 20)]
)
def test_the_rule_of_the_ceiling(rung: int, minutes_ago: int, waits: int | None) -> None:
    until = gathered_until(rung, NOW - minutes_ago * MINUTE, 8, NOW)
    assert until == (None if waits is None else NOW + waits * MINUTE)


def test_a_stale_alert_goes_into_the_next_digest_if_there_is_one(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.subscribe("balkans", cadence="daily 18:00")
    bell.take(article())
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 6 * HOUR + MINUTE).sent == 0
    assert bell.deliver(NOW.replace(hour=18)).sent == 1
    assert "Digest: 1 story" in bell.texts[0]
    assert "Skopje" in bell.texts[0]


def test_without_a_digest_stale_alerts_come_together_and_say_that_they_are_late(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(*(article(title) for title in TITLES[:2]))
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 7 * HOUR).sent == 1
    assert "Late: due since today 09:00, for 7 hours." in bell.texts[0]
    bell.take(article(TITLES[2]), now=NOW + 8 * HOUR)
    bell.deliver(NOW + 8 * HOUR)
    assert "Late" not in bell.texts[1]


def test_what_went_into_a_digest_rings_when_there_is_no_digest_any_more(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    daily = bell.subscribe("balkans", cadence="daily 18:00")
    bell.take(article())
    bell.app.owe(NOW)
    late = NOW + 7 * HOUR
    assert bell.deliver(late).sent == 0
    bell.app.store.write(lambda session: session.subscriptions.end(daily.id, late))
    assert bell.deliver(late).sent == 1
    assert "Late: due today 09:00" in bell.texts[0]


def test_what_went_into_a_digest_goes_with_its_subscription_unless_another_wants_it(bell: Newsbell) -> None:
    first, second = bell.subscribe("frontex"), bell.subscribe("skopje")
    bell.subscribe("balkans", cadence="daily 18:00")
    bell.take(article())
    bell.app.owe(NOW)
    late = NOW + 7 * HOUR
    bell.deliver(late)
    bell.app.store.write(lambda session: session.subscriptions.end(first.id, late))
    counts = bell.app.store.read(lambda session: session.outbox.counts())
    assert counts == {(Kind.DIGEST, State.WAITING): 1}
    bell.app.store.write(lambda session: session.subscriptions.end(second.id, late))
    counts = bell.app.store.read(lambda session: session.outbox.counts())
    assert counts == {(Kind.DIGEST, State.CANCELLED): 1}


def test_a_chat_that_comes_back_gets_what_was_held_as_one_message_that_says_so(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article(TITLES[0]))
    bell.platform.answers = [ChatGone("bot was blocked by the user")]
    bell.deliver()
    for hours, title in enumerate(TITLES[1:], 1):
        bell.take(article(title), now=NOW + hours * HOUR)
        assert bell.deliver(NOW + hours * HOUR).sent == 0
    back = NOW + 5 * HOUR
    answer = bell.app.answer(Request(Address("terminal", "local"), "/subscriptions", back))
    assert answer.message
    assert bell.chat_of("local").paused_at is None
    assert bell.deliver(back).sent == 1
    assert "5 new stories" in bell.texts[0]
    assert "Held since today 09:00, while messages could not reach this chat: 5 stories." in bell.texts[0]
    ring(bell, 30, 6 * HOUR)
    assert "Held" not in bell.texts[1]


def test_days_away_are_still_one_message_of_a_readable_length(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    words = [" ".join(f"{chr(97 + number)}{part}q" for part in range(6)) for number in range(26)]
    bell.take(*(article(f"Frontex {text}", text=f"{text} it was.") for text in words))
    bell.app.owe(NOW)
    assert bell.deliver(NOW + timedelta(days=6)).sent == 1
    assert "26 new stories" in bell.texts[0]
    assert "6 more: /digest" in bell.texts[0]
    assert bell.texts[0].count("• Frontex") == 20


def test_resuming_an_unreachable_chat_by_hand_is_its_own_answer(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    chat = bell.chat_of("local")
    bell.app.store.write(lambda session: leave(session, chat.id, NOW, "kicked"))
    answer = bell.app.answer(Request(Address("terminal", "local"), "/resume", NOW + HOUR))
    assert "Paused" not in str(answer.message)
    assert bell.chat_of("local").paused_at is None


def test_a_chats_own_pause_outlasts_its_going_and_coming(bell: Newsbell) -> None:
    chat = bell.chat("local", paused_at=NOW)
    bell.app.store.write(lambda session: leave(session, chat.id, NOW + HOUR, "kicked"))
    assert not bell.app.store.write(lambda session: come_back(session, chat.id))
    assert bell.chat_of("local").paused_at == NOW


def test_coming_back_to_nothing_says_nothing(bell: Newsbell) -> None:
    chat = bell.chat("local")
    bell.app.store.write(lambda session: leave(session, chat.id, NOW, "kicked"))
    assert bell.app.store.write(lambda session: come_back(session, chat.id))
    assert bell.chat_of("local").held_since is None
    assert not bell.app.store.write(lambda session: come_back(session, chat.id))


def test_a_chat_where_the_bot_may_not_write_is_paused_and_its_owner_is_told(bell: Newsbell) -> None:
    bell.chat("channel", owner=Address("terminal", "ana"))
    bell.subscribe("frontex", chat="channel")
    bell.take(article())
    bell.platform.answers = [NoPermission("not enough rights to send text messages to the chat")]
    bell.deliver()
    assert bell.chat_of("channel").is_away
    ((chat, text),) = bell.platform.sent
    assert chat == "terminal:ana"
    assert "newsbell may no longer write in terminal:channel (not enough rights" in text
    assert bell.deliver().sent == 0


def test_a_chat_that_moves_on_and_on_is_not_followed_for_ever(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [ChatMoved(Address("terminal", str(number))) for number in range(100)]
    bell.deliver()
    counts = bell.app.store.read(lambda session: session.outbox.counts())
    assert counts == {(Kind.ALERT, State.DEAD): 1}


def test_hearing_of_a_move_twice_is_hearing_of_it_once(bell: Newsbell) -> None:
    chat, new = bell.chat("old"), Address("terminal", "new")
    bell.subscribe("frontex", chat="old")
    for _ in range(2):
        bell.app.store.write(lambda session: move(session, chat.id, new))
    moved = bell.app.store.read(lambda session: session.chats.at(new))
    assert moved is not None
    assert len(bell.app.store.read(lambda session: session.subscriptions.of_chat(moved.id))) == 1


def test_a_long_pause_outlives_the_process_and_uses_up_no_try(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(article(TITLES[0]))
    bell.platform.answers = [Throttled(timedelta(hours=1))]
    bell.deliver()
    bell.take(article(TITLES[1]), now=NOW + MINUTE)
    assert bell.deliver(NOW + 59 * MINUTE).sent == 0
    bell.platform.answers = [Unavailable("away")] * 7
    now = NOW + HOUR
    for minutes in (0, 1, 2, 4, 8, 16, 32):
        now += minutes * MINUTE
        assert bell.deliver(now).failed == 1
    assert bell.deliver(now + 64 * MINUTE).sent == 1


def test_a_token_that_is_stopped_for_long_is_stopped_in_the_next_process_too(bell: Newsbell) -> None:
    bell.subscribe("frontex", chat="one")
    bell.take(article(TITLES[0]))
    bell.platform.answers = [Throttled(timedelta(hours=1), everyone=True)]
    bell.deliver()
    bell.subscribe("frontex", chat="two")
    bell.take(article(TITLES[1]), now=NOW + MINUTE)
    assert bell.deliver(NOW + 59 * MINUTE).sent == 0
    assert bell.deliver(NOW + 60 * MINUTE).sent == 2


def test_what_could_not_be_sent_is_told_with_its_reason(bell: Newsbell) -> None:
    from bot.core.errors import Rejected
    from bot.core.message import to_text

    bell.subscribe("frontex")
    bell.take(article())
    bell.platform.answers = [Rejected("too odd"), Rejected("too odd, even plain")]
    bell.deliver()
    status = bell.app.answer(Request(Address("terminal", "local"), "/status", NOW, admin=True)).message
    assert "Could not be sent | 1 story (Rejected: too odd, even plain)" in to_text(status)
    assert "Could not be sent in 30 days | 1 (Rejected: too odd, even plain)" in to_text(status)
    bell.app.ran_at(NOW)
    looks = {what: (well, found) for what, well, found in bell.app.store.check()}
    assert not looks["deliveries"][0]
    assert "too odd, even plain" in looks["deliveries"][1]
