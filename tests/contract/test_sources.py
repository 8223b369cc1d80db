"""The Sources port: when sources are due, how they stand, how they move, and that removing loses no article."""

from __future__ import annotations

from datetime import timedelta

from bot.core.model import POLLED, Outlook, Source, SourceKind
from bot.core.poll import Standing
from bot.core.polling import LONGEST_FOR
from tests.contract.scene import NOW, Scene

FEED = SourceKind.FEED
MINUTE = timedelta(minutes=1)


def ensure(scene: Scene, location: str, kind: SourceKind = FEED) -> Source:
    return scene.store.write(lambda session: session.sources.ensure(kind, location, f"The {location}"))


def keep(scene: Scene, source: Source, **values: object) -> None:
    outlook = Outlook(**values)  # type: ignore[arg-type]
    scene.store.write(lambda session: session.sources.fetched(source.id, NOW, outlook))


def due(scene: Scene, after: timedelta = timedelta(0)) -> list[str]:
    found = scene.store.read(lambda session: session.sources.due(NOW + after, POLLED))
    return [source.location for source in found]


def all_of(scene: Scene) -> list[Source]:
    return scene.store.read(lambda session: session.sources.all())


def test_a_source_is_due_at_once_then_at_its_time_and_the_longest_overdue_comes_first(scene: Scene) -> None:
    first, second, _ = ensure(scene, "a"), ensure(scene, "b"), ensure(scene, "/folder", SourceKind.FOLDER)
    assert due(scene) == ["a", "b"]
    keep(scene, first, next_at=NOW + 2 * MINUTE)
    keep(scene, second, next_at=NOW + MINUTE)
    assert due(scene, MINUTE - timedelta(microseconds=1)) == []
    assert due(scene, MINUTE) == ["b"]
    assert due(scene, 2 * MINUTE) == ["b", "a"]


def test_a_time_further_off_than_any_is_damage_and_due(scene: Scene) -> None:
    keep(scene, ensure(scene, "a"), next_at=NOW + LONGEST_FOR + MINUTE)
    assert due(scene) == ["a"]


def test_how_it_stands_is_kept_with_what_failed(scene: Scene) -> None:
    source = ensure(scene, "a")
    keep(scene, source, state="well")
    outlook = Outlook("worse", NOW + MINUTE, Standing.DEGRADED, NOW)
    scene.store.write(lambda session: session.sources.failed(source.id, NOW, "no answer", outlook))
    (found,) = all_of(scene)
    assert (found.state, found.next_at, found.standing, found.since_at, found.problem, found.fetched_at) == (
        "worse",
        NOW + MINUTE,
        Standing.DEGRADED,
        NOW,
        "no answer",
        NOW,
    )


def test_a_source_moves_unless_another_is_there(scene: Scene) -> None:
    first, second = ensure(scene, "a"), ensure(scene, "b")
    keep(scene, first, state="1", location="c")
    keep(scene, second, state="2", location="c")
    assert [(source.location, source.state) for source in all_of(scene)] == [("c", "1"), ("b", "2")]


def test_a_removed_source_is_gone_and_begins_anew_when_it_is_added_again(scene: Scene) -> None:
    source = ensure(scene, "a")
    keep(scene, source, state="known", next_at=NOW + MINUTE)
    scene.store.write(lambda session: session.sources.remove(source.id, NOW))
    assert all_of(scene) == []
    assert due(scene, LONGEST_FOR) == []
    assert scene.store.read(lambda session: session.sources.totals()) == []
    again = ensure(scene, "a")
    assert (again.id, again.state, again.fetched_at, again.next_at) == (source.id, "", None, None)


def test_a_listed_source_that_is_not_enabled_is_never_due(scene: Scene) -> None:
    source = ensure(scene, "a")
    scene.store.write(lambda session: session.sources.enable(source.id, False))
    scene.store.write(lambda session: session.sources.list_as(source.id, "[]"))
    assert due(scene) == []
    (found,) = all_of(scene)
    assert (found.enabled, found.listing) == (False, "[]")


def test_sources_are_named_by_name_in_any_case_or_by_location(scene: Scene) -> None:
    ensure(scene, "a")
    ensure(scene, "b")
    for name in ("THE A", "a"):
        found = scene.store.read(lambda session, name=name: session.sources.named(name))  # type: ignore[misc]
        assert [source.location for source in found] == ["a"]
