"""The Meta port."""

from __future__ import annotations

from tests.contract.scene import HOUR, NOW, Scene


def test_a_fact_is_kept_and_replaced(scene: Scene) -> None:
    assert scene.store.read(lambda session: session.meta.get("analyser")) is None
    scene.store.write(lambda session: session.meta.set("analyser", "1"))
    scene.store.write(lambda session: session.meta.set("analyser", "2"))
    assert scene.store.read(lambda session: session.meta.get("analyser")) == "2"


def test_the_last_run_only_moves_forward(scene: Scene) -> None:
    assert scene.store.read(lambda session: session.meta.last_run_at()) is None
    for now in (NOW, NOW + HOUR, NOW - HOUR):
        scene.store.write(lambda session, now=now: session.meta.ran_at(now))  # type: ignore[misc]
    assert scene.store.read(lambda session: session.meta.last_run_at()) == NOW + HOUR
