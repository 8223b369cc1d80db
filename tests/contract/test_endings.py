"""What becomes of waiting deliveries when subscriptions end, come back or change."""

from __future__ import annotations

from bot.core.model import Kind, State
from tests.contract.scene import DAY, EVENING, HOUR, LEASE, MINUTE, MORNING, NOW, Scene, stories


def test_what_waits_because_of_an_ended_subscription_alone_is_cancelled(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id)
    scene.match(2, drina.query_id)
    scene.end(kosovo)
    assert [stories(claim) for claim in scene.claim()] == [[2]]
    ((_, state, _, reason),) = scene.of_story(chat, 1)
    assert (state, reason) == (State.CANCELLED, "unsubscribed")


def test_what_another_subscription_matched_too_goes_to_that_one(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(kosovo)
    (claim,) = scene.claim()
    assert [delivery.owed.subscription_id for delivery in claim.deliveries] == [drina.id]


def test_an_alert_is_not_handed_to_a_digest_which_has_its_own_line(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina", MORNING)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(kosovo)
    assert scene.claim() == []
    assert scene.states(chat) == {(Kind.ALERT, State.CANCELLED): 1, (Kind.DIGEST, State.WAITING): 1}


def test_a_digest_line_goes_to_the_digest_that_matched_too_at_its_time(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina", EVENING)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(kosovo)
    scene.open_digest(chat, EVENING)
    (claim,) = scene.claim(EVENING)
    assert [(delivery.owed.subscription_id, delivery.owed.due_at) for delivery in claim.deliveries] == [
        (drina.id, EVENING)
    ]


def test_the_line_of_one_article_goes_only_to_who_matched_that_article(scene: Scene) -> None:
    chat = scene.chat()
    every, other = scene.subscribe(chat, "kosovo", every=True), scene.subscribe(chat, "drina", every=True)
    scene.match(1, every.query_id, other.query_id, article=1)
    scene.match(1, every.query_id, article=2)
    scene.end(every)
    (claim,) = scene.claim()
    assert [delivery.owed.article_id for delivery in claim.deliveries] == [1]


def test_other_chats_keep_what_they_are_owed(scene: Scene) -> None:
    ana, bojan = (scene.subscribe(scene.chat(name), "kosovo") for name in ("ana", "bojan"))
    scene.match(1, ana.query_id)
    scene.end(ana)
    assert [claim.chat.address.chat for claim in scene.claim()] == ["bojan"]
    assert bojan.query_id == ana.query_id


def test_an_ended_subscription_hears_no_more(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.subscribe(scene.chat("bojan"), "kosovo")
    scene.end(kosovo)
    scene.match(1, kosovo.query_id)
    assert scene.of_story(chat, 1) == []


def test_coming_back_lets_wait_again_what_the_end_cancelled(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, daily = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina", MORNING)
    scene.match(1, kosovo.query_id)
    scene.match(2, daily.query_id)
    for subscription in (kosovo, daily):
        scene.end(subscription)
        scene.revive(subscription, NOW + MINUTE)
    (alert,) = scene.claim()
    assert stories(alert) == [1]
    scene.settle(alert)
    scene.open_digest(chat, MORNING)
    assert [stories(claim) for claim in scene.claim(MORNING)] == [[2]]


def test_coming_back_does_not_ring_what_was_told_since(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    scene.match(2, kosovo.query_id)
    scene.end(kosovo)
    drina = scene.subscribe(chat, "drina", now=NOW + MINUTE)
    scene.tell(chat, drina, 1, now=NOW + MINUTE)
    scene.match(2, drina.query_id, now=NOW + MINUTE)
    scene.settle(scene.claim(NOW + MINUTE)[0], now=NOW + MINUTE)
    scene.revive(kosovo, NOW + HOUR)
    assert scene.claim(NOW + HOUR) == []


def test_coming_back_does_not_put_into_a_digest_what_was_told_since_as_an_alert(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id)
    scene.match(2, kosovo.query_id)
    scene.end(kosovo)
    scene.tell(chat, drina, 1, now=NOW + MINUTE)
    scene.revive(kosovo, NOW + HOUR)
    scene.open_digest(chat, MORNING)
    assert [stories(claim) for claim in scene.claim(MORNING)] == [[2]]


def test_a_delivery_in_flight_ends_by_itself(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    (held,) = scene.claim()
    scene.end(kosovo)
    scene.settle(held)
    assert scene.states(chat) == {(Kind.ALERT, State.SENT): 1}


def test_a_delivery_given_back_after_its_subscription_ended_is_not_tried_again(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    (held,) = scene.claim()
    scene.end(kosovo)
    scene.postpone(held, NOW + MINUTE)
    assert scene.claim(NOW + HOUR) == []
    assert scene.states(chat) == {(Kind.ALERT, State.CANCELLED): 1}


def test_a_delivery_in_flight_of_a_chat_that_is_forgotten_leaves_nothing(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, daily = scene.subscribe(chat, "kosovo", urgent=True), scene.subscribe(chat, "drina", MORNING)
    scene.match(1, kosovo.query_id, daily.query_id)
    scene.open_digest(chat, MORNING)
    alert, digest = scene.claim(MORNING)
    scene.store.write(lambda session: session.chats.forget(chat.id))
    scene.postpone(alert, MORNING + MINUTE)
    scene.settle(digest, now=MORNING)
    assert scene.claim(MORNING + HOUR) == []
    assert scene.states(chat) == {}


def test_no_empty_digest_comes_once_nobody_wants_digests(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING)
    scene.end(kosovo)
    assert scene.claim(MORNING) == []


def test_an_empty_digest_given_back_after_its_subscription_ended_is_not_tried_again(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.open_digest(chat, MORNING)
    (held,) = scene.claim(MORNING)
    scene.end(kosovo)
    scene.postpone(held, MORNING + MINUTE)
    assert scene.claim(MORNING + HOUR) == []


def test_a_digest_still_comes_for_the_subscriptions_that_are_left(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina", MORNING)
    scene.match(1, kosovo.query_id)
    scene.match(2, drina.query_id)
    scene.open_digest(chat, MORNING)
    scene.end(kosovo)
    assert [stories(claim) for claim in scene.claim(MORNING)] == [[2]]


def test_lines_of_a_digest_turned_instant_ring_when_they_were_due(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    for story in (1, 2):
        scene.match(story, kosovo.query_id)
    scene.subscribe(chat, "kosovo")
    assert scene.claim(MORNING - MINUTE) == []
    (claim,) = scene.claim(MORNING)
    assert (claim.kind, stories(claim)) == (Kind.ALERT, [1, 2])


def test_lines_of_a_digest_turned_instant_do_not_ring_when_the_chat_has_the_alert(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.settle(scene.claim()[0])
    scene.subscribe(chat, "kosovo")
    assert scene.claim(MORNING) == []
    assert scene.states(chat) == {(Kind.ALERT, State.SENT): 1, (Kind.DIGEST, State.CANCELLED): 1}


def test_a_line_turned_instant_rings_though_an_alert_of_its_story_was_cancelled(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(drina)
    scene.subscribe(chat, "kosovo")
    assert [stories(claim) for claim in scene.claim(MORNING)] == [[1]]


def test_articles_of_a_digest_turned_instant_ring_unless_the_chat_has_their_alert(scene: Scene) -> None:
    chat = scene.chat()
    every, drina = scene.subscribe(chat, "kosovo", MORNING, every=True), scene.subscribe(chat, "drina")
    scene.match(1, every.query_id, drina.query_id, article=1)
    scene.match(1, every.query_id, article=2)
    scene.settle(scene.claim()[0])
    scene.subscribe(chat, "kosovo", every=True)
    (claim,) = scene.claim(MORNING)
    assert [delivery.owed.article_id for delivery in claim.deliveries] == [2]


def test_lines_of_a_digest_turned_instant_stay_in_another_digest_that_matched(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo", MORNING), scene.subscribe(chat, "drina", EVENING)
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.reschedule(kosovo, None)
    scene.open_digest(chat, EVENING)
    (claim,) = scene.claim(EVENING)
    assert (claim.kind, [delivery.owed.subscription_id for delivery in claim.deliveries]) == (Kind.DIGEST, [drina.id])


def test_changing_an_instant_subscription_keeps_its_waiting_alerts_its_own(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.subscribe(chat, "kosovo", urgent=True)
    (claim,) = scene.claim()
    assert [delivery.owed.subscription_id for delivery in claim.deliveries] == [kosovo.id]


def test_a_digest_in_flight_whose_subscription_turned_instant_rings_if_it_failed(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING)
    (held,) = scene.claim(MORNING)
    scene.subscribe(chat, "kosovo", now=MORNING)
    scene.postpone(held, MORNING + MINUTE)
    (claim,) = scene.claim(MORNING + LEASE)
    assert (claim.kind, stories(claim)) == (Kind.ALERT, [1])
    scene.settle(claim)
    assert scene.claim(MORNING + DAY) == []
