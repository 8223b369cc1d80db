"""Stories: signatures are found by a shared key, for as long as the window is."""

from __future__ import annotations

from store.stories import MAX_CANDIDATES
from tests.store.archive import DAY, HOUR, NOW, Archive, article

LARGE = 2**63 - 1


def test_every_story_is_new(archive: Archive) -> None:
    assert len({archive.stories.new(NOW) for _ in range(3)}) == 3


def test_a_shared_key_finds_the_story_once(archive: Archive) -> None:
    one, other = archive.take(article("one")), archive.take(article("other"))
    archive.stories.add(one.id, one.story_id, [1, -LARGE - 1, 3], b"one", NOW)
    archive.stories.add(other.id, other.story_id, [LARGE, 3], b"other", NOW + HOUR)
    found = archive.stories.candidates
    assert found([1, -LARGE - 1], NOW) == [(one.story_id, b"one")]
    assert found([3], NOW) == [(other.story_id, b"other"), (one.story_id, b"one")]
    assert found([3], NOW + HOUR) == [(other.story_id, b"other")]
    assert found([LARGE, 3], NOW + HOUR + HOUR) == []
    assert found([99], NOW) == []
    assert found([], NOW) == []


def test_signing_an_article_again_replaces_its_signature(archive: Archive) -> None:
    archived = archive.take(article("one"))
    archive.stories.add(archived.id, archived.story_id, [1], b"old", NOW)
    archive.stories.add(archived.id, archived.story_id, [1], b"new", NOW)
    assert archive.stories.candidates([1], NOW) == [(archived.story_id, b"new")]


def test_a_key_that_everything_shares_brings_the_newest_only(archive: Archive) -> None:
    archived = [archive.take(article(str(number))) for number in range(MAX_CANDIDATES + 20)]
    for number, entry in enumerate(archived):
        archive.stories.add(entry.id, entry.story_id, [7], b"x", NOW + number * HOUR)
    found = archive.stories.candidates([7], NOW)
    assert [story_id for story_id, _ in found] == [entry.story_id for entry in reversed(archived[20:])]


def test_pruning_drops_what_is_older_and_nothing_else(archive: Archive) -> None:
    old, new = archive.take(article("old")), archive.take(article("new"))
    archive.stories.add(old.id, old.story_id, [1, 2], b"old", NOW - DAY)
    archive.stories.add(new.id, new.story_id, [1, 2], b"new", NOW)
    assert archive.stories.prune(NOW) == 1
    assert archive.stories.prune(NOW) == 0
    assert archive.stories.candidates([1], NOW - 2 * DAY) == [(new.story_id, b"new")]
    assert archive.connection.execute("SELECT count(*) FROM signature_keys").fetchone() == (2,)
