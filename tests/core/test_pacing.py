"""Pace: what is permitted, kept exactly, on a clock of the test's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.pacing import CREEP, EASED, EASED_AGAIN, REMEMBERED, SLACK, TELEGRAM, UNLIMITED, Pace, Rates
from tests.strict import PERMITTED, Enforcer


def spent(pace: Pace, chat: str, *times: float) -> Pace:
    for at in times:
        pace.spend(chat, at)
    return pace


def test_a_terminal_never_waits() -> None:
    pace = spent(Pace(UNLIMITED), "local", *[0.0] * 100)
    assert pace.pause(0) == pace.chat_pause("local", 0) == 0


def test_a_burst_and_then_one_a_second() -> None:
    pace = Pace(Rates(chat=1, burst=3))
    for _ in range(3):
        assert pace.chat_pause("a", 5.0) == 0
        pace.spend("a", 5.0)
    assert pace.chat_pause("a", 5.0) == pytest.approx(1)
    assert pace.chat_pause("a", 5.4) == pytest.approx(0.6)
    assert pace.chat_pause("a", 6.0) == 0
    assert pace.chat_pause("b", 5.0) == 0


def test_deliveries_leave_of_a_chats_burst_what_an_answer_needs() -> None:
    pace = spent(Pace(replace(PERMITTED, overall=None)), "a", 0.0, 0.0)
    assert pace.chat_pause("a", 0.0) == pytest.approx(1)
    assert pace.chat_pause("a", 0.0, answer=True) == 0


def test_a_group_has_a_minute_and_some_of_it_is_for_answers() -> None:
    rates = Rates(group=20, group_reserve=4)
    pace = spent(Pace(rates), "-1", *map(float, range(16)))
    assert pace.chat_pause("-1", 16.0) > 40
    assert pace.chat_pause("-1", 16.0, answer=True) == 0
    spent(pace, "-1", 16.0, 17.0, 18.0, 19.0)
    assert pace.chat_pause("-1", 20.0, answer=True) > 39
    assert pace.chat_pause("1", 20.0) == 0


def test_the_overall_rate_is_spread_evenly() -> None:
    pace = spent(Pace(Rates(overall=25)), "a", 0.0)
    assert pace.pause(0.0) == pytest.approx(0.04)
    assert pace.pause(0.04) == pytest.approx(0)


def test_lateness_is_made_up_for_within_the_slack() -> None:
    pace = spent(Pace(Rates(overall=10, slack=0.05)), "a", 0.0, 0.15)
    assert pace.pause(0.15) == pytest.approx(0.05)
    assert Pace(Rates(overall=10)).rates.slack == 0


def test_a_throttled_chat_stops_for_exactly_as_long_and_the_others_go_on() -> None:
    pace = Pace(TELEGRAM)
    assert not pace.throttled("a", 17, 100.0)
    assert pace.chat_pause("a", 100.0, answer=True) == 17
    assert pace.chat_pause("a", 117.0) == 0
    assert pace.chat_pause("b", 100.0) == pace.stopped(100.0) == 0


def test_everyone_stops_when_the_platform_says_so_or_three_chats_are_throttled_at_once() -> None:
    said = Pace(TELEGRAM)
    assert said.throttled("a", 30, 0.0, everyone=True)
    assert said.pause(10.0) == said.stopped(10.0) == 20
    three = Pace(TELEGRAM)
    assert not three.throttled("a", 9, 0.0)
    assert not three.throttled("a", 9, 1.0)
    assert not three.throttled("b", 4, 2.0)
    assert three.throttled("c", 3, 4.0)
    assert three.stopped(4.0) == pytest.approx(6)
    apart = Pace(TELEGRAM)
    assert not any(apart.throttled(chat, 9, at) for chat, at in (("a", 0.0), ("b", 4.0), ("c", 8.0)))


def test_a_refusal_eases_the_overall_rate_and_it_creeps_back() -> None:
    pace = Pace(SLACK)
    full = SLACK.overall or 0
    pace.throttled("a", 1, 0.0)
    assert pace.overall(0.0) == pytest.approx(full * EASED)
    pace.throttled("a", 1, 0.0)
    assert pace.overall(0.0) == pytest.approx(full * EASED * EASED_AGAIN)
    assert pace.overall(10.0) == pytest.approx(full * (EASED * EASED_AGAIN + 10 * CREEP))
    assert pace.overall(600.0) == full
    for at in range(100):
        pace.throttled("a", 1, float(at) / 100)
    assert (pace.overall(1.0) or 0) > full / 5


def test_chats_at_rest_are_forgotten() -> None:
    pace = Pace(TELEGRAM)
    for number in range(REMEMBERED * 2):
        pace.spend(str(number), number * 0.1)
    assert len(pace._chats) <= REMEMBERED + 1


CALLS = st.lists(st.tuples(st.sampled_from(("a", "b", "-1")), st.floats(0, 3), st.booleans()), max_size=150)


@settings(max_examples=60, deadline=None)
@given(CALLS)
def test_whoever_waits_as_long_as_it_says_is_never_refused(calls: list[tuple[str, float, bool]]) -> None:
    pace, server, at = Pace(PERMITTED), Enforcer(), 0.0
    for chat, later, answer in calls:
        at += later
        for _ in range(3):
            at += max(pace.pause(at), pace.chat_pause(chat, at, answer=answer))
        assert server.pause(chat, at) == 0
        pace.spend(chat, at)
