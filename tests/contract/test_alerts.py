"""The Outbox port's first half: alerts raised by articles and expanded in steps."""

from __future__ import annotations

import pytest

from bot.core.errors import StoreError
from bot.core.model import Alert
from bot.core.ports import Session
from tests.contract.scene import HOUR, NOW, Scene


def unfinished(scene: Scene) -> tuple[Alert, int] | None:
    return scene.store.read(lambda session: session.outbox.next_alert())


def test_an_article_rings_a_query_once(scene: Scene) -> None:
    query = scene.subscribe(scene.chat(), "kosovo").query_id

    def raise_twice(session: Session) -> list[int]:
        matches = [(1, 1, query), (2, 1, query), (1, 1, query)]
        return [session.outbox.raise_alerts(matches, NOW), session.outbox.raise_alerts(matches, NOW + HOUR)]

    assert scene.store.write(raise_twice) == [2, 0]
    assert scene.store.write(lambda session: session.outbox.raise_alerts([], NOW)) == 0


def test_the_oldest_alert_comes_until_it_is_finished(scene: Scene) -> None:
    query = scene.subscribe(scene.chat(), "kosovo").query_id
    assert unfinished(scene) is None
    scene.store.write(lambda session: session.outbox.raise_alerts([(7, 3, query)], NOW))
    scene.store.write(lambda session: session.outbox.raise_alerts([(8, 3, query)], NOW + HOUR))
    first = Alert(1, 3, query, 7, NOW, NOW, leads=True)
    assert unfinished(scene) == (first, 0)
    scene.store.write(lambda session: session.outbox.expanded(first.id, 41))
    assert unfinished(scene) == (first, 41)
    scene.store.write(lambda session: session.outbox.expanded(first.id, None))
    second = Alert(2, 3, query, 8, NOW + HOUR, NOW, leads=False)
    assert unfinished(scene) == (second, 0)
    scene.store.write(lambda session: session.outbox.expanded(second.id, None))
    assert unfinished(scene) is None


def test_an_article_that_was_old_when_it_rang_does_not_ring_as_a_new_one(scene: Scene) -> None:
    kosovo, drina = (scene.subscribe(scene.chat(), query).query_id for query in ("kosovo", "drina"))

    def raise_by_turns(session: Session) -> list[int]:
        return [
            session.outbox.raise_alerts([(1, 1, kosovo)], NOW, fresh=False),
            session.outbox.raise_alerts([(1, 1, kosovo), (1, 1, drina)], NOW),
            session.outbox.raise_alerts([(1, 1, kosovo), (1, 1, drina)], NOW, fresh=False),
        ]

    assert scene.store.write(raise_by_turns) == [1, 1, 0]


def test_no_alert_is_passed_over(scene: Scene) -> None:
    query = scene.subscribe(scene.chat(), "kosovo").query_id
    scene.store.write(lambda session: session.outbox.raise_alerts([(1, 1, query), (2, 2, query)], NOW))
    for number, reached in ((2, None), (2, 1), (3, None)):
        with pytest.raises(StoreError, match=f"alert {number} "):
            scene.store.write(lambda session, its=(number, reached): session.outbox.expanded(*its))  # type: ignore[misc]
    scene.store.write(lambda session: session.outbox.expanded(1, None))
    with pytest.raises(StoreError, match="alert 1 "):
        scene.store.write(lambda session: session.outbox.expanded(1, 0))
    found = unfinished(scene)
    assert found is not None
    assert (found[0].id, found[1]) == (2, 0)


def test_an_alert_begins_at_its_first_subscriber_though_the_one_before_went_half_way(scene: Scene) -> None:
    kosovo, drina = scene.subscribe(scene.chat("ana"), "kosovo"), scene.subscribe(scene.chat("bojan"), "drina")
    matches = [(1, 1, kosovo.query_id), (1, 1, drina.query_id)]
    scene.store.write(lambda session: session.outbox.raise_alerts(matches, NOW))
    scene.store.write(lambda session: session.outbox.expanded(1, 41))
    scene.store.write(lambda session: session.chats.forget(kosovo.chat_id))
    assert unfinished(scene) == (Alert(2, 1, drina.query_id, 1, NOW, NOW, leads=True), 0)


@pytest.mark.parametrize(("reached", "to_come"), [(0, [1, 2]), (1, [1, 2]), (2, [2]), (3, [2]), (None, [2])])
def test_a_subscription_that_changes_its_query_is_told_what_has_not_come_to_it(
    scene: Scene, reached: int | None, to_come: list[int]
) -> None:
    """The second of three subscribers, when the first of two alerts has reached so many of them."""
    subscriptions = [scene.subscribe(scene.chat(f"c{number}"), "kosovo") for number in range(3)]
    query = subscriptions[0].query_id
    scene.store.write(lambda session: session.outbox.raise_alerts([(1, 1, query)], NOW))
    scene.store.write(lambda session: session.outbox.raise_alerts([(2, 2, query)], NOW, fresh=False))
    scene.store.write(lambda session: session.outbox.expanded(1, reached))
    found = scene.store.write(lambda session: session.subscriptions.rephrase(subscriptions[1].id, "drina"))
    assert found == [(number, number, number == 1) for number in to_come]


def test_each_query_and_each_story_has_its_own_lead(scene: Scene) -> None:
    chat = scene.chat()
    kosovo, drina = (scene.subscribe(chat, query).query_id for query in ("kosovo", "drina"))
    leads = []
    for match in ((1, 1, kosovo), (1, 1, drina), (2, 1, drina), (3, 2, drina)):
        scene.store.write(lambda session, match=match: session.outbox.raise_alerts([match], NOW))  # type: ignore[misc]
        found = unfinished(scene)
        assert found is not None
        leads.append(found[0].leads)
        scene.store.write(lambda session, found=found: session.outbox.expanded(found[0].id, None))  # type: ignore[misc]
    assert leads == [True, True, False, True]


def test_expansion_in_small_steps_owes_everybody_once(scene: Scene) -> None:
    chats = [scene.chat(f"c{number}") for number in range(7)]
    (query,) = {scene.subscribe(chat, "kosovo").query_id for chat in chats}
    scene.store.write(lambda session: session.outbox.raise_alerts([(1, 1, query)], NOW))
    scene.expand(chunk=3)
    assert [claim.chat.id for claim in scene.claim()] == [chat.id for chat in chats]
