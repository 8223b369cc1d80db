"""After an absence or a pause what was due comes once and together; the late say so, the too old are counted."""

from __future__ import annotations

from datetime import time, timedelta

from bot.core.cadence import Quiet
from bot.core.errands import Notice
from bot.core.errors import Throttled
from bot.core.model import Kind, State
from tests.jobs.conftest import NOW, Newsbell, article

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def titles(*numbers: int) -> list[str]:
    """Headlines of different stories."""
    return [f"Frontex opens office {number} in {chr(97 + number) * 6}" for number in numbers]


def test_what_was_due_before_an_absence_comes_together_and_says_that_it_is_late(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(*map(article, titles(1, 2)))
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 2 * DAY).sent == 1
    (text,) = bell.texts
    assert text.startswith("2 new stories\nLate: due since Tue 10 Mar 09:00, for 2 days.")
    assert bell.deliver(NOW + 3 * DAY).sent == 0


def test_what_is_too_old_is_dropped_counted_and_said_with_the_next_message(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.take(*map(article, titles(1, 2)))
    bell.app.owe(NOW)
    later = NOW + 8 * DAY
    assert bell.deliver(later).sent == 0
    assert bell.app.store.read(lambda session: session.outbox.counts()) == {(Kind.ALERT, State.CANCELLED): 2}
    bell.take(article(titles(3)[0], published_at=later), now=later)
    bell.deliver(later)
    (text,) = bell.texts
    assert text.startswith("I was away for too long: 2 stories are too old to ring and were not sent.")
    bell.take(article(titles(4)[0], published_at=later), now=later)
    bell.deliver(later)
    assert "away" not in bell.texts[1]


def test_how_old_is_a_setting(bell: Newsbell) -> None:
    bell.app.catch_up.late_for = 1 * HOUR
    bell.subscribe("frontex")
    bell.take(article())
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 2 * HOUR).sent == 0


def test_a_backlog_of_a_running_bot_is_never_dropped(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.app.catch_up.late_for = 1 * HOUR
    bell.app.owe(NOW)
    bell.take(article())
    for minutes in range(0, 125, 5):
        bell.app.owe(NOW + timedelta(minutes=minutes))
    assert bell.deliver(NOW + timedelta(minutes=125)).sent == 1


def test_a_digest_keeps_what_is_not_too_old_and_comes_once(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="weekly mon 08:00")
    bell.take(article(titles(1)[0]))
    bell.app.owe(NOW)
    for day in (6, 20):
        later = NOW + day * DAY
        bell.take(article(titles(day)[0], published_at=later), now=later)
        bell.app.owe(later - HOUR)
    assert bell.deliver(NOW + 21 * DAY).sent == 1
    assert bell.deliver(NOW + 22 * DAY).sent == 0


def test_what_is_overdue_does_not_ring_in_quiet_hours_but_the_urgent_does(bell: Newsbell) -> None:
    for name in ("calm", "keen"):
        bell.chat(name, quiet=Quiet(time(22), time(7)))
        bell.subscribe("frontex", chat=name, urgent=name == "keen")
    bell.take(article())
    bell.app.owe(NOW)
    night = NOW.replace(hour=23)
    bell.deliver(night)
    assert [chat for chat, _ in bell.platform.sent] == ["terminal:keen"]
    assert bell.deliver(NOW.replace(hour=7) + DAY).sent == 1


def test_a_pause_that_ends_lets_everything_through_in_one_message_and_says_so(bell: Newsbell) -> None:
    bell.chat("local", paused_at=NOW, paused_until=NOW + 3 * DAY)
    bell.subscribe("frontex")
    bell.take(*map(article, titles(*range(25))))
    assert bell.deliver(NOW + 3 * DAY - timedelta(seconds=1)).sent == 0
    assert bell.deliver(NOW + 3 * DAY).sent == 1
    (text,) = bell.texts
    assert text.startswith("Your pause since Tue 10 Mar 09:00 is over. Held meanwhile: 25 stories.\n25 new stories\n")
    assert text.count("• ") == 20
    assert "5 more: /digest more" in text
    assert "Late" not in text
    chat = bell.chat_of("local")
    assert (chat.paused_at, chat.paused_until) == (None, None)


def test_a_pause_in_which_nothing_came_ends_with_one_line_which_is_no_digest(bell: Newsbell) -> None:
    bell.chat("local", paused_at=NOW, paused_until=NOW + DAY)
    bell.subscribe("frontex")
    assert bell.deliver(NOW + DAY).sent == 1
    assert bell.texts == ["Your pause since yesterday 09:00 is over. Nothing came meanwhile."]
    assert bell.chat_of("local").last_digest_at is None


def test_digests_missed_in_a_pause_are_one_and_not_late(bell: Newsbell) -> None:
    bell.chat("local", paused_at=NOW, paused_until=NOW + 5 * DAY)
    bell.subscribe("frontex", cadence="daily 08:00,18:00")
    bell.take(*map(article, titles(1, 2)))
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 5 * DAY).sent == 1
    (text,) = bell.texts
    assert "Held meanwhile: 2 stories." in text
    assert "Digest: 2 stories" in text
    assert "late" not in text.lower().replace("related", "")


def test_a_pause_that_ends_in_quiet_hours_is_heard_of_when_they_end(bell: Newsbell) -> None:
    bell.chat("local", paused_at=NOW, paused_until=NOW.replace(hour=23), quiet=Quiet(time(22), time(7)))
    bell.subscribe("frontex")
    bell.take(article())
    assert bell.deliver(NOW.replace(hour=23)).sent == 0
    assert bell.deliver(NOW.replace(hour=7) + DAY).sent == 1


def test_what_a_long_pause_held_is_not_too_old_when_it_ends(bell: Newsbell) -> None:
    bell.chat("local", paused_at=NOW, paused_until=NOW + 20 * DAY)
    bell.subscribe("frontex")
    bell.take(article())
    bell.app.owe(NOW)
    assert bell.deliver(NOW + 20 * DAY).sent == 1
    assert "Held meanwhile: 1 story." in bell.texts[0]


def test_a_digest_ranks_by_outlets_then_by_how_well_it_matches_then_by_age(bell: Newsbell) -> None:
    wide = "Officers of Frontex and of the police met in Skopje to plan patrols along the whole river this winter."
    bell.subscribe("frontex OR patrols", cadence="daily 08:00")
    bell.take(article("Frontex answers questions", guid="plain"))
    bell.take(article("Frontex patrols", guid="close", text="Frontex patrols begin."), now=NOW + timedelta(minutes=1))
    for outlet in ("One", "Two", "Three"):
        bell.take(article("A plan is made", guid=outlet, text=wide, source=outlet), now=NOW + timedelta(minutes=2))
    bell.deliver(NOW.replace(hour=8) + DAY)
    text = bell.texts[0]
    places = [text.index(title) for title in ("A plan is made", "Frontex patrols", "Frontex answers questions")]
    assert places == sorted(places)


def test_several_subscriptions_due_at_one_minute_make_one_digest_however_many(bell: Newsbell) -> None:
    for number in range(7):
        bell.subscribe(f"frontex OR word{number}", cadence="daily 08:00")
    bell.take(article())
    assert bell.deliver(NOW.replace(hour=8) + DAY).sent == 1
    assert bell.texts[0].startswith("Digest: 1 story")


def test_what_comes_late_into_quiet_hours_makes_no_sound_unless_it_is_urgent(bell: Newsbell) -> None:
    for name in ("calm", "keen", "open"):
        bell.chat(name, quiet=Quiet(time(9, 30), time(17)) if name != "open" else None)
        bell.subscribe("frontex", chat=name, urgent=name == "keen")
    bell.take(article())
    bell.platform.answers = [Throttled(timedelta(hours=1))] * 3
    assert bell.deliver().sent == 0
    for minutes in range(9, 90, 9):  # it runs all the time: no absence is caught up with
        bell.deliver(NOW + timedelta(minutes=minutes))
    silent = {
        chat: message.silent for (chat, _), message in zip(bell.platform.sent, bell.platform.messages, strict=True)
    }
    assert silent == {"terminal:calm": True, "terminal:keen": False, "terminal:open": False}


def test_a_notice_makes_no_sound_in_quiet_hours(bell: Newsbell) -> None:
    calm, other = bell.chat("calm", quiet=Quiet(time(8), time(17))), bell.chat("open")
    for chat in (calm, other):
        bell.app.store.write(
            lambda session, chat=chat: session.outbox.notify(chat.id, Notice("commands.not_paused"), NOW)  # type: ignore[misc]
        )
    bell.deliver()
    sent = zip(bell.platform.sent, bell.platform.messages, strict=True)
    assert {chat: message.silent for (chat, _), message in sent} == {"terminal:calm": True, "terminal:open": False}
