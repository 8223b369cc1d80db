"""Articles: stored once, found again whatever address or file they come back from, changed in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Article, SourceKind
from tests.store.archive import DAY, HOUR, NOW, Archive, archive_in_memory, article

LONG = " ".join(f"word{number}" for number in range(60))


def test_an_article_comes_back_as_it_was_given(archive: Archive) -> None:
    new = Article(
        "g1",
        "Headline",
        "Text\nin lines \x00",
        "Outlet",
        "https://a.example/1",
        datetime(2026, 3, 1, 8, 0, 0, 123_457, tzinfo=UTC),
        "sr",
        "Ana",
        sample=True,
    )
    archived = archive.take(new, topics=("b", "a"), now=NOW)
    assert archived.article == new
    assert archived.published_at == new.published_at
    assert archived.first_seen_at == NOW
    assert archived.topics == ("a", "b")
    assert archive.articles.get(archived.id) == archived


def test_what_was_detected_is_kept_beside_what_the_source_said(archive: Archive) -> None:
    story = archive.stories.new(NOW)
    silent = archive.articles.add(
        article("x", language=None), source_id=1, now=NOW, language="de", story_id=story, topics=()
    )
    spoken = archive.articles.add(
        article("y", language="sr-Latn"), source_id=1, now=NOW, language="sr", story_id=story, topics=()
    )
    assert (silent.language, silent.article.language) == ("de", "de")
    assert (spoken.language, spoken.article.language) == ("sr", "sr-Latn")


@pytest.mark.parametrize(
    ("published", "effective"),
    [(None, NOW), (NOW - DAY, NOW - DAY), (NOW, NOW), (NOW + HOUR, NOW), (NOW + 3000 * DAY, NOW)],
)
def test_no_article_is_newer_than_its_arrival(
    archive: Archive, published: datetime | None, effective: datetime
) -> None:
    archived = archive.take(article("x", published_at=published))
    assert archived.published_at == effective
    assert archived.article.published_at == published


def test_found_by_guid_in_its_own_source_only(archive: Archive) -> None:
    archived = archive.take(article("Headline", "text", guid="7"))
    other = archive.sources.ensure(SourceKind.FOLDER, "/other", "other")
    again = article("Another headline", "another text", guid="7")
    assert archive.articles.find(again, archive.source.id) == archived
    assert archive.articles.find(again, other.id) is None


def test_found_by_address_in_whatever_form(archive: Archive) -> None:
    archived = archive.take(article("a", url="https://www.a.example/x?utm_source=rss"))
    again = article("b", guid="other", url="http://a.example/x/#top")
    assert archive.articles.find(again, archive.source.id) == archived
    assert archive.articles.by_url("https://amp.a.example/x") == archived
    assert archive.articles.by_url("https://a.example/y") is None


def test_found_as_the_outlets_own_copy(archive: Archive) -> None:
    archived = archive.take(article("Headline", LONG, url="https://a.example/1"))
    copy = article("Headline ", LONG.replace(" ", "\n"), guid="other", url="https://a.example/2")
    assert archive.articles.find(copy, archive.source.id) == archived


def test_another_outlets_copy_is_an_article_of_its_own(archive: Archive) -> None:
    archive.take(article("Headline", LONG))
    copy = article("Headline", LONG, guid="other", source="Another Outlet")
    assert archive.articles.find(copy, archive.source.id) is None


def test_what_repeats_every_day_is_told_apart_by_its_date(archive: Archive) -> None:
    today = article("Weather", "The forecast.", published_at=NOW)
    archived = archive.take(today)
    again = replace(today, guid="other")
    tomorrow = replace(again, published_at=NOW + DAY)
    assert archive.articles.find(again, archive.source.id) == archived
    assert archive.articles.find(tomorrow, archive.source.id) is None
    assert archive.articles.find(replace(again, published_at=None), archive.source.id) is None


def test_an_update_changes_the_text_and_keeps_the_identity(archive: Archive) -> None:
    first = archive.take(
        article("First headline", "old", guid="1", published_at=NOW - DAY, url="https://a.example/1", author="Ana")
    )
    changed = archive.change(
        first, title="Second headline", text="new", guid="2", published_at=None, url=None, author=None
    )
    assert (changed.id, changed.story_id, changed.first_seen_at) == (first.id, first.story_id, first.first_seen_at)
    assert (changed.article.title, changed.article.text, changed.article.guid) == ("Second headline", "new", "1")
    assert changed.article.published_at == NOW - DAY, "what an update leaves out stays"
    assert changed.article.url == "https://a.example/1"
    assert changed.article.author == "Ana"
    assert changed.first_title == "First headline"


def test_a_corrected_date_is_taken_but_never_later_than_arrival(archive: Archive) -> None:
    archived = archive.take(article("x", published_at=NOW - DAY))
    assert archive.change(archived, published_at=NOW - 3 * DAY).published_at == NOW - 3 * DAY
    assert archive.change(archived, published_at=NOW + DAY).published_at == NOW


def test_topics_are_replaced_as_a_whole(archive: Archive) -> None:
    archived = archive.take(article("x"), topics=("migration", "balkans"))
    archive.articles.retag(archived.id, ["border-funding", "balkans", "balkans"])
    retagged = archive.articles.get(archived.id)
    assert retagged is not None
    assert retagged.topics == ("balkans", "border-funding")


def test_many_keeps_the_order_asked_for_and_leaves_out_what_is_not_there(archive: Archive) -> None:
    ids = [archive.take(article(str(number))).id for number in range(4)]
    asked = [ids[2], 999, ids[0], ids[2]]
    assert [archived.id for archived in archive.articles.many(asked)] == [ids[2], ids[0], ids[2]]
    assert archive.articles.many([]) == []


def test_background_work_walks_the_archive_by_id(archive: Archive) -> None:
    ids = [archive.take(article(str(number), published_at=NOW - number * DAY)).id for number in range(5)]
    seen: list[int] = []
    while batch := archive.articles.after(seen[-1] if seen else 0, 2):
        seen += [archived.id for archived in batch]
    assert seen == ids
    assert archive.articles.count() == 5


def test_a_storys_articles_come_in_the_order_they_were_seen(archive: Archive) -> None:
    story = archive.stories.new(NOW)
    late = archive.take(article("late", published_at=NOW - DAY), story_id=story, now=NOW + HOUR)
    early = archive.take(article("early"), story_id=story, now=NOW)
    archive.take(article("another story"))
    assert archive.articles.of_story(story) == [early, late]
    assert archive.articles.of_story(999) == []


def test_ids_are_never_used_again(archive: Archive) -> None:
    first = archive.take(article("x"))
    archive.connection.execute("DELETE FROM articles")
    assert archive.take(article("y")).id > first.id


def test_microseconds_survive(archive: Archive) -> None:
    for microsecond in (1, 999_999):
        at = NOW - timedelta(days=20_000, microseconds=microsecond)
        assert archive.take(article(str(microsecond), published_at=at)).published_at == at


@given(
    language=st.sampled_from([None, "en", "sr-Latn", "xx"]),
    found=st.sampled_from([None, "en", "sr"]),
    published=st.sampled_from([None, NOW, NOW - 400 * DAY, (NOW + DAY).astimezone(timezone(timedelta(hours=2)))]),
    topics=st.lists(st.sampled_from(["b", "a", "c-d"]), max_size=4),
    sample=st.booleans(),
)
def test_what_is_added_comes_back_as_it_is_found_later(
    language: str | None, found: str | None, published: datetime | None, topics: list[str], sample: bool
) -> None:
    with archive_in_memory() as archive:
        new = article("1", "the border\0 Косово", language=language, published_at=published, sample=sample)
        added = archive.articles.add(
            new, source_id=archive.source.id, now=NOW, language=found, story_id=archive.stories.new(NOW), topics=topics
        )
        assert added == archive.articles.get(added.id)
