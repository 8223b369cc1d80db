"""The Queries port: each text once, live while somebody subscribes, changes told by version."""

from __future__ import annotations

from tests.contract.scene import Scene


def changes(scene: Scene, version: int = 0) -> tuple[int, list[tuple[int, str | None]]]:
    return scene.store.read(lambda session: session.queries.changed_since(version))


def test_nothing_has_changed_in_an_empty_store(scene: Scene) -> None:
    assert changes(scene) == (0, [])


def test_two_chats_share_one_standing_query(scene: Scene) -> None:
    first = scene.subscribe(scene.chat("ana"), "kosovo")
    version, _ = changes(scene)
    second = scene.subscribe(scene.chat("bojan"), "kosovo")
    assert first.query_id == second.query_id
    assert changes(scene) == (version, [(first.query_id, "kosovo")])


def test_changes_are_told_once_each(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    version, _ = changes(scene)
    frontex = scene.subscribe(chat, "frontex")
    version, new = changes(scene, version)
    assert new == [(frontex.query_id, "frontex")]
    scene.end(kosovo)
    version, new = changes(scene, version)
    assert new == [(kosovo.query_id, None)]
    assert changes(scene, version) == (version, [])


def test_a_query_stands_until_its_last_subscriber_leaves(scene: Scene) -> None:
    ana, bojan = (scene.subscribe(scene.chat(name), "kosovo") for name in ("ana", "bojan"))
    version, _ = changes(scene)
    scene.end(ana)
    assert changes(scene, version) == (version, [])
    scene.end(bojan)
    version, new = changes(scene, version)
    assert new == [(ana.query_id, None)]
    scene.revive(ana)
    assert changes(scene, version)[1] == [(ana.query_id, "kosovo")]


def test_texts_are_known_while_anybody_may_come_back(scene: Scene) -> None:
    kosovo = scene.subscribe(scene.chat(), "kosovo")
    scene.end(kosovo)
    known = scene.store.read(lambda session: session.queries.texts([kosovo.query_id, kosovo.query_id, 99]))
    assert known == {kosovo.query_id: "kosovo"}


def test_a_query_is_told_as_gone_also_when_its_chat_is_forgotten(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    version, _ = changes(scene)
    scene.store.write(lambda session: session.chats.forget(chat.id))
    later, new = changes(scene, version)
    assert later > version
    assert new == [(kosovo.query_id, None)]
    assert scene.store.read(lambda session: session.queries.texts([kosovo.query_id])) == {}
    assert scene.subscribe(scene.chat(), "kosovo").query_id != kosovo.query_id
