"""Pauses of single subscriptions, as any store must keep them: what is held, for whom, and what comes of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Kind, State
from bot.core.reasons import PAUSED
from tests.contract.scene import DAY, EVENING, HOUR, MINUTE, MORNING, NOW, Scene, stories
from tests.fresh import fresh_store


def test_what_a_paused_subscription_matches_is_held_until_it_is_resumed(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.pause_one(kosovo)
    scene.match(1, kosovo.query_id)
    scene.match(2, kosovo.query_id)
    assert (scene.claim(), scene.claimable(NOW + DAY), scene.held(kosovo)) == ([], False, 2)
    ((_, state, _, reason),) = scene.of_story(chat, 1)
    assert (state, reason) == (State.CANCELLED, PAUSED)
    assert scene.resume_one(kosovo, NOW + HOUR) == 2
    assert scene.claim(NOW) == []
    (claim,) = scene.claim(NOW + HOUR)
    assert (stories(claim), claim.due_at) == ([1, 2], NOW + HOUR)
    assert scene.again(kosovo).paused_at is None


def test_the_other_subscriptions_of_the_chat_ring_on(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    other = scene.subscribe(scene.chat("bojan"), "kosovo")
    scene.pause_one(kosovo)
    scene.match(1, kosovo.query_id)
    scene.match(2, drina.query_id)
    assert sorted(stories(claim) for claim in scene.claim()) == [[1], [2]]
    assert (scene.held(kosovo), scene.held(other)) == (1, 0)


def test_a_story_both_match_is_told_by_the_one_that_is_heard_in_whatever_order_they_match(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.pause_one(kosovo)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.match(2, drina.query_id, kosovo.query_id)
    (claim,) = scene.claim()
    assert stories(claim) == [1, 2]
    assert {delivery.owed.subscription_id for delivery in claim.deliveries} == {drina.id}
    scene.settle(claim)
    assert (scene.held(kosovo), scene.resume_one(kosovo, NOW + HOUR)) == (0, 0)
    assert scene.claim(NOW + HOUR) == []


def test_what_waited_is_held_as_well_unless_another_subscription_tells_it(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id)
    scene.match(2, kosovo.query_id, drina.query_id)
    scene.pause_one(kosovo)
    assert scene.held(kosovo) == 1
    (claim,) = scene.claim()
    assert [(entry.owed.story_id, entry.owed.subscription_id) for entry in claim.deliveries] == [(2, drina.id)]


def test_a_digest_that_is_paused_is_not_due_and_comes_with_what_was_held(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING, NOW)
    scene.pause_one(kosovo)
    assert scene.states(chat) == {(Kind.DIGEST, State.CANCELLED): 1}
    assert scene.claim(MORNING) == []
    assert scene.store.read(lambda session: session.subscriptions.due(MORNING, 10)) == []
    scene.match(2, kosovo.query_id, now=MORNING)
    assert scene.resume_one(kosovo, MORNING + HOUR, EVENING) == 2
    scene.open_digest(chat, EVENING)
    assert [stories(claim) for claim in scene.claim(EVENING)] == [[1, 2]]


def test_a_digest_due_in_the_same_chat_comes_without_the_paused_one(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina", MORNING)
    scene.match(1, kosovo.query_id)
    scene.match(2, drina.query_id)
    scene.pause_one(kosovo)
    due = scene.store.read(lambda session: session.subscriptions.due(MORNING, 10))
    assert [entry.id for entry, _ in due] == [drina.id]
    scene.open_digest(chat, MORNING)
    assert [stories(claim) for claim in scene.claim(MORNING)] == [[2]]


def test_the_chats_own_pause_is_another_thing(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.pause_one(kosovo)
    scene.change(chat, paused_at=NOW)
    scene.match(1, kosovo.query_id)
    scene.claim(NOW)
    scene.change(chat, paused_at=None)
    assert scene.claim(NOW + HOUR) == []
    scene.resume_one(kosovo, NOW + HOUR)
    assert [stories(claim) for claim in scene.claim(NOW + HOUR)] == [[1]]


def test_what_is_in_flight_and_comes_back_is_held(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    (claim,) = scene.claim()
    scene.pause_one(kosovo)
    scene.postpone(claim, NOW + MINUTE)
    assert (scene.claim(NOW + HOUR), scene.held(kosovo)) == ([], 1)


def test_what_an_ended_subscription_leaves_goes_to_a_paused_one_that_matched_it_too(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.pause_one(kosovo)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(drina)
    assert scene.held(kosovo) == 1
    scene.resume_one(kosovo)
    assert [stories(claim) for claim in scene.claim()] == [[1]]


def test_two_that_are_paused_hold_a_story_once_and_the_first_resumed_tells_it(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.pause_one(kosovo)
    scene.pause_one(drina)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(kosovo)
    assert scene.resume_one(drina) == 1
    (claim,) = scene.claim()
    scene.settle(claim)
    scene.revive(kosovo, NOW + MINUTE)
    assert (scene.again(kosovo).paused_at, scene.held(kosovo)) == (NOW, 0)


def test_each_article_of_a_subscription_that_wants_every_one_is_held(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", every=True)
    scene.pause_one(kosovo)
    for article in (1, 2, 3):
        scene.match(1, kosovo.query_id, article=article)
    assert scene.resume_one(kosovo) == 3


def test_what_was_told_in_a_pause_is_not_held_in_the_next_one(scene: Scene) -> None:
    chat = scene.chat()
    daily, alerts = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina")
    scene.pause_one(daily)
    scene.match(1, daily.query_id, alerts.query_id)
    scene.settle(scene.claim()[0])
    assert scene.resume_one(daily, NOW + MINUTE) == 0
    scene.pause_one(daily, now=NOW + HOUR)
    assert (scene.held(daily), scene.resume_one(daily, NOW + DAY)) == (0, 0)


def test_pausing_again_takes_back_what_has_not_left(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.pause_one(kosovo)
    scene.match(1, kosovo.query_id)
    scene.resume_one(kosovo, NOW + HOUR)
    scene.pause_one(kosovo)
    assert (scene.claim(NOW + HOUR), scene.held(kosovo)) == ([], 1)


def test_a_mute_taken_back_does_not_ring_for_a_paused_subscription(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id, article=1)
    mute = scene.store.write(lambda session: session.mutes.add(chat.id, "story:1", "a story", NOW, None))
    scene.store.write(lambda session: session.mutes.hold([chat.id], 1, 1, ["story:1"], NOW))
    scene.pause_one(kosovo)
    scene.store.write(lambda session: session.mutes.release(mute.id))
    assert (scene.claim(NOW + HOUR), scene.held(kosovo)) == ([], 1)


def test_a_pause_that_is_over_is_found_and_one_without_an_end_is_not(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.pause_one(kosovo, NOW + DAY)
    scene.pause_one(drina)
    assert scene.store.read(lambda session: session.pauses.over(NOW + HOUR, 10)) == []
    ((found, its_chat),) = scene.store.read(lambda session: session.pauses.over(NOW + DAY, 10))
    assert (found.id, found.paused_at, found.paused_until, its_chat.id) == (kosovo.id, NOW, NOW + DAY, chat.id)
    scene.end(kosovo)
    assert scene.store.read(lambda session: session.pauses.over(NOW + DAY, 10)) == []


def test_of_two_chats_that_become_one_the_older_ones_pause_counts(scene: Scene) -> None:
    ana, bojan = scene.chat(), scene.chat("bojan")
    kept = scene.subscribe(ana, "kosovo")
    paused = scene.subscribe(bojan, "kosovo")
    scene.pause_one(paused)
    scene.match(1, paused.query_id)
    scene.settle(scene.claim()[0])
    scene.match(2, paused.query_id)
    scene.settle(scene.claim()[0])
    scene.store.write(lambda session: session.chats.move(bojan.id, ana.address))
    assert (scene.again(kept).paused_at, scene.claim(NOW + HOUR)) == (None, [])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("match"), st.integers(1, 3), st.sets(st.integers(0, 2), min_size=1)),
        st.tuples(st.sampled_from(("pause", "resume", "end", "hush", "wake", "ring")), st.integers(0, 2), st.none()),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_whatever_is_paused_and_resumed_each_story_rings_once_if_anyone_who_matched_it_is_left(
    steps: list[tuple[str, int, set[int] | None]],
) -> None:
    with TemporaryDirectory() as folder, closing(fresh_store(Path(folder) / "n.db")) as store:
        scene, now, rung = Scene(store), NOW, Counter[int]()
        chat = scene.chat()
        entries = [scene.subscribe(chat, query) for query in ("kosovo", "drina", "frontex")]
        live, matched = set(range(3)), defaultdict[int, set[int]](set)

        def ring() -> None:
            for claim in scene.claim(now):
                rung.update(stories(claim))
                scene.settle(claim, now=now)

        for verb, number, queries in [*steps, *(("resume", n, None) for n in range(3)), ("wake", 0, None)]:
            now += MINUTE
            if verb == "match":
                matching = sorted((queries or set()) & live)
                matched[number].update(matching)
                scene.match(number, *(entries[entry].query_id for entry in matching), now=now)
            elif verb in ("hush", "wake"):
                scene.change(chat, paused_at=now if verb == "hush" else None)
            elif verb == "ring":
                ring()
            elif number in live and verb == "pause":
                scene.pause_one(entries[number], now=now)
            elif number in live and verb == "resume" and scene.again(entries[number]).paused_at:
                scene.resume_one(entries[number], now)
            elif number in live and verb == "end":
                scene.end(entries[number], now)
                live.discard(number)
        ring()
        assert all(rung[story] == 1 for story, who in matched.items() if who & live)
        assert max(rung.values(), default=0) <= 1
