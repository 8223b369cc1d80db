"""The full text index: what goes in comes out again, to the last token, whatever happened in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Archived, Article
from bot.matching import text
from bot.matching.analysis import analysed_whole
from bot.matching.document import Document, Tokens
from bot.matching.encoding import encode, encode_all, tagged
from bot.matching.text import analyse_as, document_of
from store import fulltext
from store.beginnings import beginnings_of
from store.fulltext import imprint_of, insert_statement, position_at, row_of
from store.schema_archive import fulltext_table
from tests.store.archive import DAY, HOUR, NOW, Archive, archive_in_memory, article

token = st.text(min_size=1, max_size=6)


def index_of(*rows: tuple[int, tuple[str, ...]]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(fulltext_table("fulltext"))
    connection.executemany(insert_statement("fulltext"), [(position, *row) for position, row in rows])
    return connection


@settings(max_examples=150)
@given(st.lists(token, max_size=12))
def test_no_token_is_split_changed_or_moved(tokens: list[str]) -> None:
    words = Tokens(tuple(tokens), tuple(f"en_{word}" for word in tokens), (0,) * len(tokens), (0,) * len(tokens))
    with closing(index_of((1, row_of(Document(words, words, "en"))))) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5vocab(fulltext, instance)")
        for column in ("body", "title"):
            select = "SELECT term FROM words WHERE col = ? ORDER BY offset"
            assert [row[0] for row in connection.execute(select, (column,))] == [
                f"{encode(word)}_en" for word in tokens
            ]


@settings(max_examples=150)
@given(st.lists(token, max_size=12))
def test_many_tokens_are_encoded_as_each_of_them_is(tokens: list[str]) -> None:
    assert [*encode_all(tokens)] == [encode(one) for one in tokens]


@settings(max_examples=300)
@given(token, token)
def test_encoding_tells_tokens_apart_and_keeps_beginnings(one: str, other: str) -> None:
    assert (encode(one) == encode(other)) == (one == other)
    assert encode(one).startswith(encode(other)) == one.startswith(other)
    assert encode(one).encode()


@settings(max_examples=300)
@given(token, token, st.sampled_from(["", "en", "uk", "de"]), st.sampled_from(["", "en", "uk", "de"]))
def test_tokens_of_different_languages_differ_and_begin_as_their_words_do(
    one: str, other: str, tag: str, other_tag: str
) -> None:
    tokens = tagged(encode(one), tag), tagged(encode(other), other_tag)
    assert (tokens[0] == tokens[1]) == ((one, tag) == (other, other_tag))
    assert tokens[0].startswith(encode(other)) == one.startswith(other)


def test_a_word_without_a_stem_stands_as_it_is() -> None:
    words = Tokens(("a", "b", "c"), ("en_a", "", "en_c"), (0, 2, 4), (1, 3, 5))
    assert row_of(Document(words, words, "en"))[0] == "a_en b c_en"


def test_positions_are_times() -> None:
    times = [datetime(1, 1, 1, tzinfo=UTC), datetime(1890, 5, 1, tzinfo=UTC), NOW, NOW + timedelta(seconds=1)]
    positions = [position_at(at) for at in (*times, datetime.max.replace(tzinfo=UTC))]
    assert positions == sorted(set(positions))
    assert positions[0] == 0
    assert positions[-1] < 2**63
    assert position_at(NOW + timedelta(milliseconds=999)) == position_at(NOW)


def test_of_an_article_indexed_twice_together_the_last_counts(archive: Archive) -> None:
    first = archive.add(article("1", "migrants at the border"))
    second = archive.articles.update(first, replace(first.article, text="asylum"), language="en", topics=())
    archive.index(first, archive.take(article("2", "asylum")), second)
    assert archive.titles("asylum") == ["2", "1"]
    assert archive.titles("border") == []
    assert archive.connection.execute("SELECT count(*) FROM fulltext_dead").fetchone() == (0,)


def test_a_changed_article_is_found_by_its_new_words_only(archive: Archive) -> None:
    archived = archive.take(article("old headline", "old words"))
    archive.change(archived, title="new headline", text="other words")
    assert archive.titles("old") == []
    assert archive.titles("other headline") == ["new headline"]
    assert archive.page("words").total == 1


def test_what_was_made_for_the_index_beforehand_is_what_is_made_here(archive: Archive) -> None:
    """In a worker, say: so it is found by the same words, and can be taken out again by those made here."""
    said = [
        article("Đinđić, 移民 at sea", "Migrants' boats; the boats of 150 migrants, e-mail & U.S. names."),
        article("Ljudi na granici", "Migranti i izbeglice, migrantima", language="sr"),
        article("移民", "", language="zh"),
    ]
    stored = [archive.add(new) for new in said]
    archive.index(*stored)
    words = "SELECT word, tag, stem FROM fulltext_words ORDER BY 1, 2"
    here = [archive.vocabulary(name) for name in ("fulltext", "fulltext_beginnings")]
    known = archive.connection.execute(words).fetchall()
    with archive_in_memory() as other:
        other_stored = [other.add(new) for new in said]
        whole = [document for document, _ in analysed_whole(said)]
        assert all(part.indexed for document in whole for part in (document.title, document.body))
        other.search.index(zip(other_stored, whole, strict=True))
        assert [other.vocabulary(name) for name in ("fulltext", "fulltext_beginnings")] == here
        assert other.connection.execute(words).fetchall() == known
        for archived in other_stored:
            other.change(archived, title="changed", text="")
        assert other.titles("boats OR migranti OR 移民") == []
        assert other.connection.execute("SELECT count(*) FROM fulltext_dead").fetchone() == (0,)


def test_an_article_taken_out_is_not_found_until_it_is_indexed_again(archive: Archive) -> None:
    archived = archive.take(article("headline"), topics=["migration"])
    archive.articles.retag(archived.id, ["balkans"])
    assert archive.titles("headline") == []
    assert archive.vocabulary() == []
    archive.index(replace(archived, topics=("balkans",)))
    assert archive.titles("topic:balkans") == ["headline"]
    assert archive.titles("topic:migration") == []


def test_indexing_twice_is_indexing_once(archive: Archive) -> None:
    archived = archive.take(article("headline", "text"))
    before = archive.vocabulary()
    archive.index(archived)
    assert [row[:1] + row[2:] for row in archive.vocabulary()] == [row[:1] + row[2:] for row in before]
    assert archive.page("headline").total == 1


def test_a_corrected_date_moves_the_article(archive: Archive) -> None:
    archive.take(article("newer", "word"))
    older = archive.take(article("older", "word", published_at=NOW - DAY))
    newest = archive.take(article("newest", "word"), now=NOW + HOUR)
    assert archive.titles("word") == ["newest", "newer", "older"]
    archive.change(newest, published_at=NOW - 2 * DAY)
    assert archive.titles("word") == ["newer", "older", "newest"]
    archive.change(older, published_at=NOW - 3 * DAY)
    assert archive.titles("word") == ["newer", "newest", "older"]


def test_a_row_whose_tokens_are_not_known_any_more_is_left_for_dead(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stemmer that changed under our feet must not corrupt the index: 'delete' with wrong tokens would."""
    archived = archive.take(article("migrants"))
    other = archive.take(article("another", "migrants"))
    with monkeypatch.context() as patch:
        patch.setattr(text, "analyse_as", changed_analyser)
        changed = archive.change(archived, title="borders")
    assert archive.titles("migrants") == ["another"]
    assert archive.page("migrants").total == 1
    assert archive.titles("title:zborders") == ["borders"]
    (position,) = archive.connection.execute("SELECT position FROM fulltext_dead").fetchone()
    archive.index(other)
    archive.take(article("third"))
    used = [row[0] for row in archive.connection.execute("SELECT position FROM articles")]
    assert position not in used, "what a dead row says would be found for whoever stood there"
    assert changed.id == archived.id


def test_a_full_second_overflows_into_the_next_and_windows_still_hold(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "SLOTS", 4)
    for number in range(11):
        archive.take(article(f"{number:02}", "word", published_at=NOW - DAY))
    later = archive.take(article("later", "word", published_at=NOW - DAY + timedelta(seconds=1)))
    everything = [later.article.title, *(f"{number:02}" for number in reversed(range(11)))]
    assert sorted(archive.titles("word", limit=20)) == sorted(everything)
    assert set(archive.titles("word before:2026-03-01T12:00:01Z", limit=20)) == set(everything[1:])
    assert archive.titles("word since:2026-03-01T12:00:01Z", limit=20) == ["later"]
    positions = [row[0] for row in archive.connection.execute("SELECT position FROM articles ORDER BY id")]
    assert len(set(positions)) == 12


def test_many_articles_of_one_second_stand_in_the_order_they_came(archive: Archive) -> None:
    for number in range(5):
        archive.take(article(str(number), "word"))
    assert archive.titles("word") == ["4", "3", "2", "1", "0"]


words = st.lists(st.sampled_from(["migrant", "migrants", "граница", "U.S.", "移民", "border", "£150m"]), max_size=5)
steps = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "text", "date", "retag", "index", "rebuild"]),
        st.integers(0, 5),
        words.map(" ".join),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_after_any_history_the_index_is_what_it_would_be_if_built_anew(history: list[tuple[str, int, str]]) -> None:
    with archive_in_memory() as archive:
        known: list[Archived] = []
        for number, (what, which, text) in enumerate(history):
            at = NOW - which * DAY
            if what == "take" or not known:
                known.append(archive.take(article(text, text, guid=str(number), published_at=at, source=text)))
                continue
            which %= len(known)
            known[which] = play(archive, what, known[which], text, at)
        assert_whole(archive)


def play(archive: Archive, what: str, archived: Archived, text: str, at: datetime) -> Archived:
    match what:
        case "text":
            return archive.change(archived, text=text)
        case "date":
            return archive.change(archived, published_at=at)
        case "retag":
            return archive.retag(archived, *text.split()[:2])
        case "index":
            archive.index(archived)
        case "rebuild":
            while archive.search.rebuild(2):
                pass
    return archived


def assert_whole(archive: Archive) -> None:
    """Each article is in the index once, with exactly its tokens, and nothing else is."""
    stored = archive.articles.after(0, 1_000)
    places = dict(archive.connection.execute("SELECT id, position FROM articles"))
    rows = [(places[archived.id], row_of(document_of(archived))) for archived in stored]
    with closing(index_of(*rows)) as fresh:
        fresh.execute("CREATE VIRTUAL TABLE words USING fts5vocab(fulltext, instance)")
        expected = fresh.execute("SELECT term, doc, col, offset FROM words ORDER BY 1, 2, 3, 4").fetchall()
    assert archive.vocabulary() == expected
    beginnings = {
        (letters, places[archived.id])
        for archived in stored
        for letters in beginnings_of(document_of(archived)).split()
    }
    assert sorted(row[:2] for row in archive.vocabulary("fulltext_beginnings")) == sorted(beginnings)
    imprints = dict(archive.connection.execute("SELECT id, imprint FROM articles"))
    assert imprints == {archived.id: imprint_of(row) for archived, (_, row) in zip(stored, rows, strict=True)}


def changed_analyser(given: Article, language: str | None) -> Document:
    """An analyser of another version: every word begins with z, and stems are gone."""
    document = analyse_as(given, language)
    return replace(document, title=with_z(document.title), body=with_z(document.body))


def with_z(tokens: Tokens) -> Tokens:
    return replace(tokens, folded=tuple(f"z{word}" for word in tokens.folded), stems=("",) * len(tokens))


@pytest.fixture
def filled(archive: Archive) -> list[Archived]:
    return [
        archive.take(article(f"headline {number}", f"common word{number}", published_at=NOW - number * HOUR))
        for number in range(7)
    ]


def upgrade(monkeypatch: pytest.MonkeyPatch, version: int) -> None:
    monkeypatch.setattr(fulltext, "ANALYSER_VERSION", version)
    monkeypatch.setattr(text, "analyse_as", changed_analyser)


def test_an_index_of_todays_analyser_needs_no_rebuilding(archive: Archive, filled: Sequence[Archived]) -> None:
    assert not archive.search.outdated()
    assert not archive.search.rebuild(10)


def test_a_new_analyser_builds_a_second_index_and_swaps(
    archive: Archive, filled: Sequence[Archived], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(monkeypatch, 1_000)
    assert archive.search.outdated()
    while archive.search.rebuild(3):
        assert archive.page("common").total == 7, "the old index answers until the new one is whole"
        assert archive.page("title:zheadline").total == 0
    assert not archive.search.outdated()
    assert [row.article.title for row in archive.page("zcommon").hits] == [f"headline {n}" for n in range(7)]
    assert archive.page("common").total == 0
    assert_whole(archive)


@pytest.mark.parametrize("touched", [0, 3, 6])
def test_what_changes_during_a_rebuild_is_right_after_it(
    archive: Archive, filled: Sequence[Archived], touched: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(monkeypatch, 1_000)
    archive.search.rebuild(4)
    changed = archive.change(filled[touched], text="rewritten")
    archive.take(article("brand new", "common"))
    archive.search.rebuild(2)
    archive.retag(changed, "balkans")
    archive.change(filled[1], published_at=NOW - 9 * DAY)
    while archive.search.rebuild(2):
        pass
    assert_whole(archive)
    assert archive.page("zcommon").total == 7
    assert archive.titles("zrewritten topic:balkans") == [changed.article.title]


def test_a_rebuild_takes_in_what_was_left_out(
    archive: Archive, filled: Sequence[Archived], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.articles.retag(filled[2].id, ["balkans"])
    assert archive.page("common").total == 6
    upgrade(monkeypatch, 1_000)
    while archive.search.rebuild(3):
        pass
    assert archive.page("zcommon").total == 7
    assert_whole(archive)


def test_a_newer_analyser_in_the_middle_starts_again(
    archive: Archive, filled: Sequence[Archived], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(monkeypatch, 1_000)
    archive.search.rebuild(4)
    monkeypatch.setattr(fulltext, "ANALYSER_VERSION", 1_001)
    while archive.search.rebuild(4):
        pass
    assert not archive.search.outdated()
    assert_whole(archive)


def test_going_back_to_the_old_analyser_in_the_middle_finishes_what_was_begun(
    archive: Archive, filled: Sequence[Archived], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        upgrade(patch, 1_000)
        archive.search.rebuild(4)
        archive.change(filled[0], text="rewritten")
    assert archive.search.outdated()
    while archive.search.rebuild(4):
        pass
    assert archive.page("rewritten").total == 1
    assert archive.page("common").total == 6
    assert_whole(archive)


def test_a_step_that_fails_is_a_step_not_taken(archive: Archive, filled: Sequence[Archived]) -> None:
    archive.connection.execute("UPDATE fulltext_state SET analyser = 0")
    archive.connection.execute("BEGIN")
    archive.search.rebuild(3)
    archive.connection.rollback()
    archive.connection.execute("BEGIN")
    archive.search.rebuild(100)
    archive.connection.commit()
    archive.connection.execute("BEGIN")
    archive.search.rebuild(100)
    archive.connection.rollback()
    assert archive.search.outdated()
    assert not archive.search.rebuild(100)
    assert not archive.search.outdated()
    assert_whole(archive)
