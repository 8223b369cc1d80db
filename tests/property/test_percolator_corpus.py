"""The percolator over arrays finds what FTS5 finds, in pairs of a query and a real article by the 100,000."""

from __future__ import annotations

from collections import Counter

from bot.matching.percolator import Percolator
from bot.matching.tagging import Tagger
from bot.matching.topics import Topics
from store.oracle import Oracle
from tests.property.corpus import ROOT, Queries, entries
from tests.property.worlds import document, found_in_articles, new_percolator

PAIRS = 200_000
ARTICLES = 200
SEED = 3


def test_percolator_and_fts5_agree_on_real_articles() -> None:
    given = entries(ARTICLES)
    documents = [document(*entry) for entry in given]
    asked = Queries(given, SEED).some(PAIRS // len(given) + 1)
    oracle, percolator = Oracle(), new_percolator(SEED)
    for query_id, (_, query) in enumerate(asked):
        oracle.add(query_id, query)
        percolator.add(query_id, query)
    wanted = oracle.percolate(documents)
    for found in (percolator.percolate(documents), found_in_articles(percolator, given)):
        assert [(asked[query][1], given[index][0]) for query, index in {*found} ^ {*wanted}] == []
        assert found == wanted
    matched = Counter(asked[query][0] for query, _ in wanted)
    assert len(documents) * len(asked) >= PAIRS
    assert {*matched} == {kind for kind, _ in asked}, "every kind of query matches something"
    assert PAIRS // 50 < len(wanted) < PAIRS // 4, "neither no pair nor every pair matches"


def test_real_articles_are_tagged_as_the_reference_says() -> None:
    topics = Topics.load(ROOT / "seeds" / "topics")
    tag = Tagger(topics.definitions, Percolator(SEED))
    documents = [document(article, frozenset()) for article, _ in entries(ARTICLES)]
    tagged = tag(documents)
    assert tagged == [topics.tags(entry) for entry in documents]
    assert sum(map(bool, tagged)) > 10
