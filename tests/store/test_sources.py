"""Sources: one a place, with what its last fetch left behind."""

from __future__ import annotations

from bot.core.model import Outlook, SourceKind
from tests.store.archive import DAY, HOUR, NOW, Archive, article


def test_a_place_is_one_source_whatever_it_is_called(archive: Archive) -> None:
    again = archive.sources.ensure(SourceKind.FOLDER, "/inbox", "another name")
    assert again == archive.source
    assert archive.sources.ensure(SourceKind.INGEST, "/inbox", "x") != archive.source
    assert [source.kind for source in archive.sources.all()] == [SourceKind.FOLDER, SourceKind.INGEST]


def test_a_failure_keeps_what_the_last_success_left(archive: Archive) -> None:
    archive.sources.failed(archive.source.id, NOW, "not there")
    (source,) = archive.sources.all()
    assert (source.fetched_at, source.problem) == (None, "not there"), "a first fetch that failed is still to come"

    archive.sources.fetched(archive.source.id, NOW, Outlook("state"))
    archive.sources.failed(archive.source.id, NOW + HOUR, "gone")
    (source,) = archive.sources.all()
    assert (source.fetched_at, source.state, source.problem) == (NOW, "state", "gone")

    archive.sources.fetched(archive.source.id, NOW + DAY, Outlook())
    (source,) = archive.sources.all()
    assert (source.fetched_at, source.state, source.problem) == (NOW + DAY, "", None)


def test_totals_count_articles_and_tell_the_newest_arrival(archive: Archive) -> None:
    empty = archive.sources.ensure(SourceKind.SEEDS, "", "seeds")
    archive.take(article("a", published_at=NOW - DAY), now=NOW + HOUR)
    archive.take(article("b"), now=NOW)
    assert archive.sources.totals() == [(archive.source, 2, NOW + HOUR), (empty, 0, None)]
