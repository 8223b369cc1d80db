"""The Subscriptions port: who hears of a query, by what number, and when next."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.core.cadence import INSTANT, Cadence, Rhythm
from bot.core.model import Alert, Subscription
from tests.contract.scene import DAY, EVENING, HOUR, MINUTE, MORNING, NOW, Scene


def listeners(scene: Scene, alert: Alert, after: int = 0, limit: int = 100) -> list[int]:
    """The subscriptions it is owed to, in order, found in steps of `limit`."""
    found: list[int] = []
    reached: int | None = after
    while reached is not None:
        audiences, looked_at, reached = scene.store.read(
            lambda session, reached=reached: session.subscriptions.audiences(alert, reached, limit)  # type: ignore[misc]
        )
        assert looked_at <= limit
        step = sorted(told for audience in audiences for told, _ in audience.listeners)
        assert all(told <= (reached or told) for told in step)
        found += step
    assert found == sorted(set(found))
    return found


def raised(scene: Scene, article: int, story: int, query: int, *, fresh: bool = True) -> Alert:
    """The alert of a match, marked as expanded."""
    scene.store.write(lambda session: session.outbox.raise_alerts([(article, story, query)], NOW, fresh=fresh))
    found = scene.store.read(lambda session: session.outbox.next_alert())
    assert found is not None
    scene.store.write(lambda session: session.outbox.expanded(found[0].id, None))
    return found[0]


def due(scene: Scene, now: datetime, limit: int = 100) -> list[int]:
    found = scene.store.read(lambda session: session.subscriptions.due(now, limit))
    return [subscription.id for subscription, _ in found]


def get(scene: Scene, subscription: Subscription) -> Subscription:
    found = scene.store.read(lambda session: session.subscriptions.get(subscription.id))
    assert found is not None
    return found


def test_a_subscription_is_kept_as_made(scene: Scene) -> None:
    chat = scene.chat()
    made = scene.subscribe(chat, "kosovo", MORNING, urgent=True, every=True)
    expected = Subscription(made.id, chat.id, 1, made.query_id, "kosovo", NOW, Cadence(Rhythm.DAILY, (MORNING.time(),)))
    assert (made.urgent, made.every, made.next_due_at) == (True, True, MORNING)
    assert (made.cadence, made.number, made.created_at) == (expected.cadence, 1, NOW)
    assert get(scene, made) == made
    assert scene.store.read(lambda session: session.subscriptions.get(99)) is None


def test_numbers_count_up_in_each_chat_and_are_never_given_again(scene: Scene) -> None:
    ana, bojan = scene.chat("ana"), scene.chat("bojan")
    numbers = [scene.subscribe(ana, query).number for query in ("a", "b")]
    last = scene.subscribe(ana, "c")
    scene.end(last)
    numbers += [scene.subscribe(ana, query).number for query in ("c", "d")]
    assert numbers == [1, 2, 4, 5]
    assert scene.subscribe(bojan, "a").number == 1


def test_subscribing_again_changes_the_subscription(scene: Scene) -> None:
    chat = scene.chat()
    made = scene.subscribe(chat, "kosovo")
    changed = scene.subscribe(chat, "kosovo", MORNING, now=NOW + HOUR, urgent=True)
    assert (changed.id, changed.number, changed.created_at) == (made.id, made.number, NOW)
    assert (str(changed.cadence), changed.urgent, changed.next_due_at) == ("daily 08:00", True, MORNING)
    again = scene.subscribe(chat, "kosovo")
    assert (again.cadence, again.urgent, again.next_due_at) == (INSTANT, False, None)
    assert scene.store.read(lambda session: session.subscriptions.count()) == 1


def test_an_ended_subscription_is_no_longer_the_chats(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, frontex = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "frontex")
    scene.end(kosovo)
    scene.end(kosovo)
    assert scene.store.read(lambda session: session.subscriptions.of_chat(chat.id)) == [frontex]
    assert scene.store.read(lambda session: session.subscriptions.count()) == 1
    scene.revive(kosovo)
    scene.revive(kosovo)
    assert scene.store.read(lambda session: session.subscriptions.of_chat(chat.id)) == [kosovo, frontex]


def test_a_subscription_does_not_come_back_beside_its_successor(scene: Scene) -> None:
    chat = scene.chat()
    old = scene.subscribe(chat, "kosovo")
    scene.end(old)
    new = scene.subscribe(chat, "kosovo")
    scene.revive(old)
    assert scene.store.read(lambda session: session.subscriptions.of_chat(chat.id)) == [new]


def test_an_alert_is_owed_to_live_subscribers_of_its_query_in_order(scene: Scene) -> None:
    subscriptions = [scene.subscribe(scene.chat(name), "kosovo") for name in ("ana", "bojan", "cveta", "dana")]
    scene.subscribe(scene.chat("ana"), "frontex")
    scene.end(subscriptions[1])
    alert = raised(scene, 1, 1, subscriptions[0].query_id)
    wanted = [subscription.id for subscription in (subscriptions[0], subscriptions[2], subscriptions[3])]
    assert listeners(scene, alert) == wanted
    assert [listeners(scene, alert, limit=limit) for limit in (1, 2, 3)] == [wanted] * 3
    assert listeners(scene, alert, after=wanted[1]) == wanted[2:]


def test_an_alert_is_not_owed_to_who_came_after_it_even_at_the_same_moment(scene: Scene) -> None:
    early = scene.subscribe(scene.chat("ana"), "kosovo")
    alert = raised(scene, 1, 1, early.query_id)
    scene.subscribe(scene.chat("bojan"), "kosovo")
    assert listeners(scene, alert) == [early.id]


def test_further_articles_of_a_story_go_to_every_ones_and_newcomers(scene: Scene) -> None:
    other = scene.subscribe(scene.chat("ana"), "drina")
    raised(scene, 9, 9, other.query_id)
    once = scene.subscribe(scene.chat("ana"), "kosovo")
    each = scene.subscribe(scene.chat("bojan"), "kosovo", every=True)
    first = raised(scene, 1, 1, once.query_id)
    newcomer = scene.subscribe(scene.chat("cveta"), "kosovo")
    second = raised(scene, 2, 1, once.query_id)
    third = raised(scene, 3, 2, once.query_id)
    assert listeners(scene, first) == [once.id, each.id]
    assert listeners(scene, second) == [each.id, newcomer.id]
    assert listeners(scene, third) == [once.id, each.id, newcomer.id]


def test_a_fresh_article_leads_a_story_that_only_old_ones_had(scene: Scene) -> None:
    kosovo = scene.subscribe(scene.chat(), "kosovo")
    stale = raised(scene, 1, 1, kosovo.query_id, fresh=False)
    staler = raised(scene, 2, 1, kosovo.query_id, fresh=False)
    fresh = raised(scene, 3, 1, kosovo.query_id)
    fresher = raised(scene, 4, 1, kosovo.query_id)
    late = raised(scene, 5, 1, kosovo.query_id, fresh=False)
    alerts = (stale, staler, fresh, fresher, late)
    assert [alert.leads for alert in alerts] == [True, False, True, False, False]
    assert [bool(listeners(scene, alert)) for alert in alerts] == [True, False, True, False, False]


def test_a_story_first_rings_with_its_first_fresh_article(scene: Scene) -> None:
    early = scene.subscribe(scene.chat("ana"), "kosovo")
    raised(scene, 1, 1, early.query_id, fresh=False)
    between = scene.subscribe(scene.chat("bojan"), "kosovo")
    lead, further = raised(scene, 2, 1, early.query_id), raised(scene, 3, 1, early.query_id)
    assert listeners(scene, lead) == [early.id, between.id]
    assert listeners(scene, further) == []


@pytest.mark.parametrize(("limit", "expected"), [(100, [0, 1, 2]), (1, [0, 1])])
def test_due_are_live_digests_of_whole_chats_that_are_not_paused(scene: Scene, limit: int, expected: list[int]) -> None:
    ana, bojan, paused = scene.chat("ana"), scene.chat("bojan"), scene.chat("cveta")
    wanted = [scene.subscribe(ana, "a", MORNING), scene.subscribe(ana, "b", MORNING - DAY)]
    wanted += [scene.subscribe(bojan, "a", MORNING - HOUR)]
    scene.subscribe(ana, "instant")
    scene.subscribe(bojan, "later", EVENING)
    scene.end(scene.subscribe(bojan, "ended", MORNING))
    scene.subscribe(paused, "a", MORNING)
    scene.change(paused, paused_at=NOW)
    assert due(scene, MORNING, limit) == [wanted[index].id for index in expected]
    assert due(scene, MORNING - MINUTE) == [wanted[1].id, wanted[2].id]


def test_advance_leaves_the_lines_of_the_digest_that_is_due(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING)
    scene.store.write(lambda session: session.subscriptions.advance(kosovo.id, MORNING + DAY))
    assert due(scene, MORNING) == []
    assert get(scene, kosovo).next_due_at == MORNING + DAY
    (claim,) = scene.claim(MORNING)
    assert len(claim.deliveries) == 1


def test_reschedule_takes_the_waiting_lines_along(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.reschedule(kosovo, EVENING)
    assert get(scene, kosovo).next_due_at == EVENING
    scene.open_digest(chat, MORNING)
    assert [len(claim.deliveries) for claim in scene.claim(MORNING)] == [0]
    scene.open_digest(chat, EVENING)
    assert [len(claim.deliveries) for claim in scene.claim(EVENING)] == [1]


def test_reschedule_leaves_the_lines_of_a_digest_that_is_open(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING)
    scene.reschedule(kosovo, EVENING)
    assert [len(claim.deliveries) for claim in scene.claim(MORNING)] == [1]
