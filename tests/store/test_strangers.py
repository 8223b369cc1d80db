"""Articles expected: `find` says the same of them as without, whatever the operation adds and changes meanwhile."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Archived, Article
from store.articles import Articles
from tests.store.archive import NOW, Archive, archive_in_memory, article

given_articles = st.builds(
    lambda guid, url, text, outlet: article(text, f"{text} " * 50, guid=guid, url=url, source=outlet),
    st.sampled_from("abc"),
    st.sampled_from([None, "https://a.example/1", "http://www.a.example/1?utm_source=x", "https://a.example/2"]),
    st.sampled_from(["boats at sea", "a fence", "a vote on funds"]),
    st.sampled_from(["One", "Two"]),
)
steps = st.lists(st.tuples(given_articles, st.integers(1, 2), st.sampled_from(["add", "change", "look"])), max_size=12)


@given(st.lists(st.tuples(given_articles, st.integers(1, 2)), max_size=4), steps)
def test_who_is_expected_is_found_as_who_is_not(
    before: list[tuple[Article, int]], coming: list[tuple[Article, int, str]]
) -> None:
    with archive_in_memory() as archive:
        archive.sources.ensure(archive.source.kind, "/other", "other")
        stored = [_add(archive, archive.articles, *each) for each in before]
        session = Articles(archive.connection)
        session.expect([(new, source_id) for new, source_id, _ in coming])
        for new, source_id, what in coming:
            assert session.find(new, source_id) == Articles(archive.connection).find(new, source_id)
            if what == "add":
                stored.append(_add(archive, session, new, source_id))
            elif what == "change" and stored:
                known = stored.pop(0)
                changed = replace(known.article, text=new.text, title=new.title, url=new.url)
                stored.append(session.update(known, changed, language="en", topics=()))


def test_very_many_are_expected_at_once(archive: Archive) -> None:
    known = [archive.add(article(f"{number}")) for number in range(0, 1_000, 3)]
    asked = [article(f"{number}") for number in range(1_000)]
    archive.articles.expect([(new, archive.source.id) for new in asked])
    found = [archive.articles.find(new, archive.source.id) for new in asked]
    assert [*filter(None, found)] == known
    assert all(found[number] for number in range(0, 1_000, 3))


def test_one_source_may_give_very_many_articles_one_guid(archive: Archive) -> None:
    for number in range(30):
        archive.add(article(f"headline {number}", f"text {number}", guid="0"))
    asked = article("another thing entirely", "that nobody has", guid="0")
    archive.articles.expect([(asked, archive.source.id)])
    assert archive.articles.find(asked, archive.source.id) is None
    again = article("headline 29", "text 29", guid="0")
    archive.articles.expect([(again, archive.source.id)])
    assert archive.articles.find(again, archive.source.id) == next(islice(archive.articles.after(29, 1), 1))


def _add(archive: Archive, articles: Articles, new: Article, source_id: int) -> Archived:
    return articles.add(new, source_id=source_id, now=NOW, language="en", story_id=archive.stories.new(NOW), topics=())
