"""Beginnings looked up apart: which are, and that they find what the words themselves would."""

from __future__ import annotations

import pytest

from bot.matching.query import parse
from bot.matching.text import analyse
from store import beginnings
from store.beginnings import BROAD, beginnings_of, split_beginnings
from store.vocabulary import Vocabulary
from tests.store.archive import DAY, NOW, Archive, article

MANY = 10**9

SPLIT = [
    # query, what is left of it, beginnings
    ("mig*", None, ("mig",)),
    ("mig* bor*", None, ("mig", "bor")),
    ("mig* mig*", None, ("mig",)),
    ("mig* border", "border", ("mig",)),
    ("МИГ* border -boat", "border -boat", ("mig",)),
    ("mig* -border", "NOT border", ("mig",)),
    ("migr* bor*", "migr*", ("bor",)),
    ("mig* OR bor*", "mig* OR bor*", ()),
    ("border -mig*", "border -mig*", ()),
    ("title:mig*", "title:mig*", ()),
    ("mig* NEAR/2 border", "mig* NEAR/2 border", ()),
    ("xyz*", "xyz*", ()),
]


def broad(monkeypatch: pytest.MonkeyPatch, fewest: int) -> None:
    """More words than this make a beginning one that is looked up apart."""
    monkeypatch.setattr(beginnings, "BROAD", fewest)
    monkeypatch.setattr(beginnings, "BROAD_BESIDE", fewest)


@pytest.fixture
def crowd(archive: Archive) -> Archive:
    """Words that begin alike, in articles a day apart, newest first in the order of their numbers."""
    texts = ("migrant border", "migration boat", "migrate", "mig border", "bordering migrants", "MIGRACIJA lang", "x")
    for number, text in enumerate(texts):
        title = f"{number} migrants" if number == 2 else str(number)
        archive.take(article(title, text, published_at=NOW - number * DAY, language="en" if number % 2 else "de"))
    return archive


@pytest.mark.parametrize(("typed", "left", "found"), SPLIT, ids=[case[0] for case in SPLIT])
def test_what_is_looked_up_apart(
    crowd: Archive, typed: str, left: str | None, found: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    broad(monkeypatch, 0)
    rest, apart = split_beginnings(parse(typed), Vocabulary(crowd.connection))
    assert (None if rest is None else str(rest), apart) == (left if left is None else str(rest), found)
    if left is not None and "NOT" not in left:
        assert rest == parse(left)


def test_a_beginning_of_few_words_is_written_out(archive: Archive) -> None:
    archive.take(article("few", " ".join(f"bor{number}" for number in range(BROAD // 2))))
    archive.take(article("many", " ".join(f"mig{number}" for number in range(BROAD + 1))))
    vocabulary = Vocabulary(archive.connection)
    assert split_beginnings(parse("bor*"), vocabulary)[1] == ()
    assert split_beginnings(parse("mig*"), vocabulary)[1] == ("mig",)
    assert split_beginnings(parse("mig* border"), vocabulary)[1] == ()


def test_a_documents_beginnings_are_those_of_its_folded_words() -> None:
    document = analyse(article("Đinđić a", "Мигранти migrants, 150m in 移民 U.S.", language="sr"))
    assert set(beginnings_of(document).split()) >= {"mig", "150"}
    assert all(len(word) >= 3 for word in beginnings_of(document).split())


ASKED = (
    "mig*", "mig* border", "border mig*", "mig* -border", "mig* bor*", "mig* -bor*", "mig* lang:en", "mig* since:3d",
    "mig* before:2026-02-27", "title:mig*", "mig* OR x", "mig* (boat OR border)", 'mig* "border"',
)  # fmt: skip


@pytest.mark.parametrize("typed", ASKED)
@pytest.mark.parametrize("sort", ["newest", "relevance"])
def test_it_finds_what_the_words_written_out_find(
    crowd: Archive, typed: str, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for fewest in (MANY, 0):
        broad(monkeypatch, fewest)
        page = crowd.page(typed, sort=sort)
        titles = [hit.article.title for hit in page.hits]
        found.append((titles if sort == "newest" else sorted(titles), page.total, page.more, page.partial))
        assert crowd.titles(typed, limit=2, offset=1, sort="newest") == crowd.titles(typed)[1:3]
    assert found[0] == found[1]


def test_a_headline_that_has_it_comes_first_by_relevance(crowd: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    broad(monkeypatch, 0)
    assert crowd.titles("mig*", sort="relevance") == ["2 migrants", "0", "1", "3", "4", "5"]


def test_an_article_that_changes_takes_its_beginnings_with_it(crowd: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    broad(monkeypatch, 0)
    archived = crowd.take(article("changing", "migrants"))
    assert "changing" in crowd.titles("mig*")
    archived = crowd.change(archived, text="borders")
    assert "changing" not in crowd.titles("mig*")
    assert "changing" in crowd.titles("bor*")
    crowd.retag(archived, "migration")
    assert crowd.titles("bor* topic:migration") == ["changing"]
    crowd.articles.retag(archived.id, [])
    assert "changing" not in crowd.titles("bor*")
