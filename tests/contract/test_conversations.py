"""What conversations leave behind."""

from __future__ import annotations

from datetime import timedelta

from bot.core.conversations import ACTED_FOR
from tests.contract.scene import NOW, Scene


def test_an_answer_is_owed_until_it_is_given(scene: Scene) -> None:
    with_text, without = {"read": "{}"}, {"changed": ""}
    scene.store.write(lambda session: session.conversations.keep_unanswered(without | with_text, NOW))
    scene.store.write(lambda session: session.conversations.acted("changed", NOW))
    assert scene.store.read(lambda session: session.conversations.unanswered()) == with_text
    assert scene.store.read(lambda session: session.conversations.owes_answer("changed"))
    for event in ("changed", "read"):
        scene.store.write(lambda session, event=event: session.conversations.answered(event, NOW))  # type: ignore[misc]
        assert scene.store.read(lambda session, event=event: session.conversations.has_acted(event))  # type: ignore[misc]
        assert not scene.store.read(lambda session, event=event: session.conversations.owes_answer(event))  # type: ignore[misc]
    assert scene.store.read(lambda session: session.conversations.unanswered()) == {}


def test_what_nobody_came_to_answer_is_forgotten(scene: Scene) -> None:
    scene.store.write(lambda session: session.conversations.keep_unanswered({"read": "{}"}, NOW))
    scene.store.write(lambda session: session.conversations.prune(NOW + ACTED_FOR + timedelta(seconds=1)))
    assert not scene.store.read(lambda session: session.conversations.owes_answer("read"))
