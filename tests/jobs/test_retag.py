"""Retag: a changed topic definition re-tags the archive in the background and rings nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.matching.document import Document
from bot.matching.text import analyse
from tests.jobs.conftest import NOW, Newsbell, article


def changed(bell: Newsbell, word: str) -> App:
    """The same newsbell with a topic `migration` that is every article with this word in its headline."""

    def tag(documents: Sequence[Document]) -> list[tuple[str, ...]]:
        return [("migration",) if word in document.title.folded else () for document in documents]

    app = App(bell.app.settings, bell.app.store, bell.app.topics)
    object.__setattr__(app, "retag", replace(bell.app.retag, versions={"migration": word}, tag=tag))
    return app


def tagged(app: App) -> list[str]:
    """The headlines that a search for the topic finds."""
    query = app.topics.read("topic:migration")
    page = app.store.read(lambda session: session.search.newest(query, NOW, limit=1000))
    return sorted(archived.article.title for archived in page.hits)


def finish(app: App) -> None:
    """Every step there is."""
    while app.retag.step():
        pass


def test_search_finds_what_todays_definition_finds_and_nothing_rings(bell: Newsbell) -> None:
    bell.subscribe("topic:migration")
    bell.take(article("Geese over the lake", guid="1"), article("Lorries wait", guid="2"))
    finish(bell.app)
    for word, title in (("geese", "Geese over the lake"), ("lorries", "Lorries wait")):
        app = changed(bell, word)
        assert app.retag.pending()
        finish(app)
        assert tagged(app) == [title]
        assert not app.retag.pending()
    assert bell.deliver().sent == 0


def test_a_walk_that_was_interrupted_goes_on_where_it_was(bell: Newsbell) -> None:
    bell.take(*(article(f"Note {number} on geese", guid=str(number)) for number in range(120)))
    app = changed(bell, "geese")
    assert app.retag.step()
    assert len(tagged(app)) == 50
    again = changed(bell, "geese")
    finish(again)
    assert len(tagged(again)) == 120


def test_articles_keep_their_words_in_the_index(bell: Newsbell) -> None:
    bell.take(article("Geese over the lake", guid="1"))
    finish(changed(bell, "geese"))
    finish(changed(bell, "swans"))
    query = bell.app.topics.read("geese")
    page = bell.app.store.read(lambda session: session.search.newest(query, NOW))
    assert [archived.topics for archived in page.hits] == [()]
    assert analyse(page.hits[0].article).title.folded[0] == "geese"


def test_an_archive_indexed_by_an_older_analyser_is_indexed_anew(
    bell: Newsbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell.take(*(article(f"Note {number} on geese", guid=str(number)) for number in range(120)))
    monkeypatch.setattr("store.fulltext.ANALYSER_VERSION", 999)
    assert bell.app.store.read(lambda session: session.search.outdated())
    finish(bell.app)
    assert not bell.app.store.read(lambda session: session.search.outdated())
    query = bell.app.topics.read("geese")
    page = bell.app.store.read(lambda session: session.search.newest(query, NOW, limit=1000))
    assert len(page.hits) == 120


def test_tags_come_from_the_topic_files(bell: Newsbell, tmp_path: Path) -> None:
    finish(bell.app)
    bell.take(article("Migrants cross", text="Asylum seekers and migrants crossed the border."))
    assert tagged(bell.app) == ["Migrants cross"]
