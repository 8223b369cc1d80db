"""Why things came as they did, as any store must keep it: holds, matches, and the languages that were read then."""

from __future__ import annotations

from bot.core.reasons import CEILING, PAUSE, QUIET, STALE, Hold
from tests.contract.scene import DAY, EVENING, HOUR, MINUTE, MORNING, NOW, Scene


def holds(scene: Scene, chat_id: int, story: int) -> list[Hold]:
    """What held the chat's deliveries of a story back."""
    found = scene.store.read(lambda session: session.reasons.holds(chat_id, story))
    return [hold for entries in found.values() for hold in entries]


def test_quiet_hours_are_recorded_of_the_alerts_they_hold_and_of_no_others(scene: Scene) -> None:
    ana, bojan = scene.chat("ana"), scene.chat("bojan")
    for chat in (ana, bojan):
        kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    scene.store.write(lambda session: session.reasons.hold_quiet([ana.id, bojan.id], 1, NOW, MORNING))
    assert holds(scene, ana.id, 1) == []
    scene.store.write(lambda session: session.outbox.replan(ana.id, NOW, EVENING))
    assert holds(scene, ana.id, 1) == [Hold(QUIET, NOW, EVENING)]
    assert holds(scene, bojan.id, 1) == []
    assert holds(scene, ana.id, 2) == []


def test_a_pause_a_ceiling_and_age_are_recorded_where_they_hold(scene: Scene) -> None:
    chat = scene.chat()
    calm = scene.subscribe(chat, "kosovo")
    scene.subscribe(chat, "drina", MORNING)
    scene.match(1, calm.query_id)
    scene.change(chat, paused_at=NOW)
    assert scene.claim() == []
    assert holds(scene, chat.id, 1) == [Hold(PAUSE, NOW)]
    scene.change(chat, paused_at=None, max_per_hour=1)
    (claim,) = scene.claim()
    scene.settle(claim)
    scene.store.write(lambda session: session.outbox.sent([(claim, "m")], NOW))
    scene.match(2, calm.query_id, now=NOW + MINUTE)
    assert scene.claim(NOW + MINUTE) == []
    assert holds(scene, chat.id, 2) == [Hold(CEILING, NOW + MINUTE, NOW + HOUR / 2)]
    assert scene.claim(NOW + 7 * HOUR) == []
    assert [hold.why for hold in holds(scene, chat.id, 2)] == [CEILING, STALE]


def test_matches_are_those_of_the_chats_own_live_subscriptions(scene: Scene) -> None:
    ana, bojan = scene.chat("ana"), scene.chat("bojan")
    mine, others = scene.subscribe(ana, "kosovo"), scene.subscribe(bojan, "drina")
    first = scene.match(1, mine.query_id, others.query_id)
    second = scene.match(1, mine.query_id, now=NOW + HOUR, fresh=False)
    late = scene.subscribe(ana, "drina", now=NOW + HOUR)
    found = scene.store.read(lambda session: session.reasons.matched(ana.id, 1))
    assert [(m.subscription_number, m.article_id, m.raised_at, m.fresh) for m in found] == [
        (mine.number, first, NOW, True),
        (mine.number, second, NOW + HOUR, False),
    ]
    scene.end(mine)
    scene.end(late)
    assert scene.store.read(lambda session: session.reasons.matched(ana.id, 1)) == []


def test_languages_are_those_read_when_the_alert_was_raised(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    alerts = []
    for story, reads in enumerate(((), ("de",), ("de",), ("sr", "en"), ()), start=1):
        scene.change(chat, reads=reads)
        scene.match(story, kosovo.query_id)
        (match,) = scene.store.read(lambda session, story=story: session.reasons.matched(chat.id, story))  # type: ignore[misc]
        alerts.append(match.alert_id)
    for reads in (("fr",), ("it",)):
        scene.change(chat, reads=reads)
    read = [scene.store.read(lambda session, at=at: session.reasons.read_then(chat.id, at)) for at in alerts]  # type: ignore[misc]
    assert read == [(), ("de",), ("de",), ("sr", "en"), ()]
    assert scene.store.read(lambda session: session.reasons.read_then(chat.id, alerts[-1] + 1)) == ("it",)


def test_what_held_things_back_is_forgotten_in_time_and_with_its_chat(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    for story in (1, 2):
        scene.match(story, kosovo.query_id, now=NOW + story * DAY)
        scene.store.write(
            lambda session, story=story: session.outbox.replan(chat.id, NOW + story * DAY, EVENING + story * DAY)  # type: ignore[misc]
        )
    assert scene.store.write(lambda session: session.reasons.prune(NOW + 2 * DAY)) == 1
    assert holds(scene, chat.id, 2)
    scene.store.write(lambda session: session.chats.forget(chat.id))
    assert holds(scene, chat.id, 2) == []


def test_an_outlet_is_suggested_once(scene: Scene) -> None:
    assert scene.store.write(lambda session: session.sources.suggest("example.org", NOW))
    assert not scene.store.write(lambda session: session.sources.suggest("example.org", NOW + DAY))
    assert scene.store.write(lambda session: session.sources.suggest("example.com", NOW + HOUR))
    assert scene.store.read(lambda session: session.sources.suggested(NOW)) == 2
    assert scene.store.read(lambda session: session.sources.suggested(NOW + MINUTE)) == 1
