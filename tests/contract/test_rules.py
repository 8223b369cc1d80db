"""The Rules port: who made a subscription of a shared chat, and whether the chat is locked."""

from __future__ import annotations

from bot.core.model import Address
from bot.core.ports import Session
from tests.contract.scene import NOW, Scene

HERE, ANA, BOB = Address("slack", "C1"), Address("slack", "U1"), Address("slack", "U2")


def test_who_made_a_subscription_is_known_until_they_are_forgotten(scene: Scene) -> None:
    chat = scene.chat()
    ids = [scene.subscribe(chat, query).id for query in ("a", "b")]

    def work(session: Session) -> None:
        rules = session.rules
        rules.made_by(ids[0], ANA)
        rules.made_by(ids[1], ANA)
        rules.made_by(ids[1], BOB)
        assert [rules.maker(entry) for entry in (*ids, 99)] == [ANA, BOB, None]
        rules.forget(ANA)
        assert [rules.maker(entry) for entry in ids] == [None, BOB]
        session.chats.forget(chat.id)
        assert rules.maker(ids[1]) is None

    scene.store.write(work)


def test_a_chat_is_locked_until_it_is_not(scene: Scene) -> None:
    def work(session: Session) -> None:
        chat = session.chats.ensure(HERE, NOW)
        rules = session.rules
        assert not rules.is_locked(chat.id)
        rules.lock(chat.id, NOW)
        rules.lock(chat.id, NOW)
        assert rules.is_locked(chat.id)
        rules.unlock(chat.id)
        assert not rules.is_locked(chat.id)

    scene.store.write(work)
