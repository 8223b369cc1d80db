"""The percolator over arrays finds what FTS5 finds, in pairs of a query and a real article by the 100,000."""

from __future__ import annotations

from collections import Counter

from store.oracle import Oracle
from tests.property.corpus import Queries, entries
from tests.property.worlds import document, found_in_articles, new_percolator

PAIRS = 250_000
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
