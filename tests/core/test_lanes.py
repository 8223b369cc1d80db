"""Turns: answers at once, deliveries by weight, chats one after another."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lanes import WEIGHTS, Lane, Queue, RoundRobin


def ready(lane: Lane, chat: str) -> bool:
    return True


def drained(queue: Queue[int]) -> list[tuple[Lane, str, int]]:
    taken = []
    while (picked := queue.pick(ready)) is not None:
        taken.append(picked)
    return taken


def test_while_all_wait_alerts_digests_and_broadcasts_go_eight_to_three_to_one() -> None:
    turns = RoundRobin()
    picked = Counter(turns.pick(set(WEIGHTS)) for _ in range(14 * 50))
    assert {lane: number / 50 for lane, number in picked.items()} == WEIGHTS
    assert (WEIGHTS[Lane.ALERT], WEIGHTS[Lane.DIGEST], WEIGHTS[Lane.BROADCAST]) == (8, 3, 1)
    assert WEIGHTS[Lane.DIGEST] > WEIGHTS[Lane.EDIT] > WEIGHTS[Lane.BROADCAST]


def test_a_lane_alone_has_every_turn_and_saves_none_up() -> None:
    turns = RoundRobin()
    assert {turns.pick({Lane.BROADCAST}) for _ in range(100)} == {Lane.BROADCAST}
    after = [turns.pick({Lane.ALERT, Lane.BROADCAST}) for _ in range(18)]
    assert Counter(after) == {Lane.ALERT: 16, Lane.BROADCAST: 2}
    with pytest.raises(ValueError, match="nothing is ready"):
        turns.pick(set())


@given(st.lists(st.sets(st.sampled_from(list(WEIGHTS)), min_size=1), max_size=200))
def test_none_starves(waiting: list[set[Lane]]) -> None:
    turns = RoundRobin()
    since = dict.fromkeys(WEIGHTS, 0)
    for some in waiting:
        picked = turns.pick(some)
        assert picked in some
        since = {lane: 0 if lane is picked or lane not in some else since[lane] + 1 for lane in WEIGHTS}
        assert max(since.values()) <= 2 * sum(WEIGHTS.values())


def test_an_answer_goes_before_everything() -> None:
    queue: Queue[int] = Queue()
    for number in range(100):
        queue.add(Lane.ALERT, str(number), number)
    queue.add(Lane.ANSWER, "asking", 1000)
    assert queue.pick(ready) == (Lane.ANSWER, "asking", 1000)


def test_a_chat_with_hundreds_waiting_delays_nobody_and_keeps_its_order() -> None:
    queue: Queue[int] = Queue()
    for number in range(500):
        queue.add(Lane.ALERT, "busy", number)
    queue.add(Lane.ALERT, "calm", 1000)
    taken = drained(queue)
    assert [chat for _, chat, _ in taken[:2]] == ["busy", "calm"]
    assert [item for _, chat, item in taken if chat == "busy"] == list(range(500))


def test_chats_that_wait_alike_take_turns() -> None:
    queue: Queue[int] = Queue()
    for chat in "abc":
        for number in range(20):
            queue.add(Lane.DIGEST, chat, number)
    order = [chat for _, chat, _ in drained(queue)]
    assert max(len(list(run)) for _, run in groupby(order)) == 1


def test_only_those_that_are_ready_go_and_the_rest_stays() -> None:
    queue: Queue[int] = Queue()
    queue.add(Lane.ANSWER, "stopped", 1)
    queue.add(Lane.ALERT, "stopped", 2)
    queue.add(Lane.DIGEST, "free", 3)
    assert queue.pick(lambda _, chat: chat == "free") == (Lane.DIGEST, "free", 3)
    assert queue.pick(lambda _, chat: chat == "free") is None
    assert len(queue) == 2
    assert queue.holds("stopped")
    assert not queue.holds("free")


def test_what_is_taken_out_does_not_come() -> None:
    queue: Queue[int] = Queue()
    queue.add(Lane.ALERT, "a", 1)
    queue.add(Lane.ALERT, "a", 2)
    assert queue.remove(Lane.ALERT, "a", 1)
    assert not queue.remove(Lane.ALERT, "a", 1)
    assert [(lane, chat, item) for lane, chat, item in queue] == [(Lane.ALERT, "a", 2)]
    assert drained(queue) == [(Lane.ALERT, "a", 2)]
    assert len(queue) == 0
