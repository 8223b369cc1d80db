"""The Reports port: owed once, gathered, leased, settled, overtaken by what is newer."""

from __future__ import annotations

from bot.core.model import Chat, State
from bot.core.reports import Report, ReportClaim
from tests.contract.scene import HOUR, LEASE, MINUTE, NOW, Scene

LATER = NOW + HOUR


def owe(scene: Scene, chat: Chat, about: str, key: str = "degraded", due_at: object = LATER) -> None:
    report = Report(about, key, {"source": about})
    scene.store.write(lambda session: session.reports.owe(chat.id, report, NOW, due_at))  # type: ignore[arg-type]


def claim(scene: Scene, now: object = LATER, limit: int = 10) -> list[ReportClaim]:
    return scene.store.write(
        lambda session: session.reports.claim(now, now + LEASE, lambda address: address.chat != "no", limit)  # type: ignore[arg-type,operator]
    )


def settle(scene: Scene, taken: ReportClaim, state: State = State.SENT) -> None:
    scene.store.write(lambda session: session.reports.settle(taken, state, LATER, message_ref="m1"))


def counts(scene: Scene) -> dict[State, int]:
    return scene.store.read(lambda session: session.reports.counts())


def test_all_that_is_due_of_a_chat_is_one_claim_and_nothing_before_its_time(scene: Scene) -> None:
    chat = scene.chat()
    owe(scene, chat, "a")
    owe(scene, chat, "b")
    owe(scene, chat, "c", due_at=LATER + MINUTE)
    assert claim(scene, LATER - MINUTE) == []
    (taken,) = claim(scene)
    assert [report.about for report in taken.reports] == ["a", "b"]
    assert claim(scene) == [], "it is leased"
    settle(scene, taken)
    assert counts(scene) == {State.SENT: 2, State.WAITING: 1}


def test_a_chat_that_is_paused_or_not_taken_waits_and_holds_up_nobody(scene: Scene) -> None:
    paused, other, ours = scene.change(scene.chat("p"), paused_at=NOW), scene.chat("no"), scene.chat("us")
    for chat in (paused, other, ours):
        owe(scene, chat, "a")
    assert [taken.chat.id for taken in claim(scene, limit=1)] == [ours.id]
    assert counts(scene) == {State.WAITING: 2, State.LEASED: 1}


def test_a_lease_that_runs_out_is_taken_again_one_try_older_and_the_first_holder_settles_nothing(scene: Scene) -> None:
    owe(scene, scene.chat(), "a")
    (first,) = claim(scene)
    assert claim(scene, LATER + LEASE - MINUTE) == []
    (second,) = claim(scene, LATER + LEASE)
    assert (first.attempts, second.attempts) == (0, 1)
    settle(scene, first)
    assert counts(scene) == {State.LEASED: 1}
    settle(scene, second)
    assert counts(scene) == {State.SENT: 1}


def test_what_is_newer_overtakes_what_waits_of_the_same_thing(scene: Scene) -> None:
    chat, other = scene.chat(), scene.chat("other")
    for each in (chat, other):
        owe(scene, each, "a")
    owe(scene, chat, "a", "back")
    assert {taken.chat.id: [report.key for report in taken.reports] for taken in claim(scene)} == {
        chat.id: ["back"],
        other.id: ["degraded"],
    }
    assert counts(scene)[State.CANCELLED] == 1


def test_what_was_given_back_comes_again_unless_it_was_overtaken_meanwhile(scene: Scene) -> None:
    chat = scene.chat()
    owe(scene, chat, "a")
    owe(scene, chat, "b")
    (taken,) = claim(scene)
    owe(scene, chat, "a", "back", due_at=NOW)
    scene.store.write(lambda session: session.reports.postpone(taken, LATER + MINUTE, "busy"))
    (again,) = claim(scene, LATER + MINUTE)
    assert sorted((report.about, report.key) for report in again.reports) == [("a", "back"), ("b", "degraded")]
    assert again.attempts == 1


def test_it_is_known_what_is_being_gathered_and_when_a_chat_was_told_last(scene: Scene) -> None:
    chat = scene.chat()

    def facts() -> tuple[object, object]:
        return scene.store.read(
            lambda session: (session.reports.gathering_until(chat.id, NOW), session.reports.last_sent_at(chat.id))
        )

    assert facts() == (None, None)
    owe(scene, chat, "a")
    assert facts() == (LATER, None)
    (taken,) = claim(scene)
    settle(scene, taken)
    assert facts() == (None, LATER)


def test_reports_go_with_their_chat_and_are_pruned_once_settled(scene: Scene) -> None:
    chat, target = scene.chat("old"), scene.chat("new")
    owe(scene, chat, "a")
    scene.store.write(lambda session: session.chats.move(chat.id, target.address))
    (taken,) = claim(scene)
    assert taken.chat.address == target.address
    settle(scene, taken)
    owe(scene, taken.chat, "b")
    assert scene.store.write(lambda session: session.reports.prune(LATER + MINUTE)) == 1
    assert scene.store.read(lambda session: session.chats.holdings(taken.chat.id))["deliveries"] == 1
    scene.store.write(lambda session: session.chats.forget(taken.chat.id))
    assert counts(scene) == {}


def test_of_two_chats_that_become_one_each_thing_is_told_once(scene: Scene) -> None:
    chat, target = scene.chat("old"), scene.chat("new")
    owe(scene, chat, "a")
    owe(scene, target, "a")
    owe(scene, target, "b")
    scene.store.write(lambda session: session.chats.move(chat.id, target.address))
    (taken,) = claim(scene)
    assert sorted(report.about for report in taken.reports) == ["a", "b"]
