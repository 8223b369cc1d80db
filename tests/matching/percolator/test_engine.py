"""The percolator's own ways: sets of articles as bits, articles not analysed before, what it forgets and learns."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.percolator import BATCH, Percolator, engine, pairs
from bot.matching.query import parse
from bot.matching.syntax import And, Since, Word
from bot.matching.text import analyse


def articles(*texts: str, language: str | None = "en") -> list[Article]:
    return [Article("", "", text, "BBC News", "https://www.bbc.co.uk/1", language=language) for text in texts]


def standing(*typed: str) -> Percolator:
    """A percolator with these queries under the ids 1, 2, ..."""
    percolator = Percolator(11)
    for query_id, text in enumerate(typed, 1):
        percolator.add(query_id, parse(text))
    return percolator


def asked(percolator: Percolator, *given: Article) -> list[tuple[int, int]]:
    queries, places = pairs(*percolator.match_articles(given))
    return sorted(zip(queries.tolist(), places.tolist(), strict=True))


def test_matches_are_ids_with_a_bit_an_article() -> None:
    percolator = standing("border", "migrant", "nowhere")
    given = articles("border", "migrant", *["x"] * (BATCH - 3), "a migrant at the border")
    for ids, bits in (
        percolator.match([analyse(article) for article in given]),
        percolator.match_articles(given),
    ):
        assert dict(zip(ids.tolist(), bits.tolist(), strict=True)) == {1: 1 | 1 << 63, 2: 2 | 1 << 63}


@pytest.mark.parametrize("size", [0, 1, 63])
def test_no_bit_is_set_beyond_the_batch(size: int) -> None:
    percolator = standing("lang:en -border", "lang:en", "-border lang:en OR (lang:en -(a OR b c d OR e f))")
    ids, bits = percolator.match_articles(articles(*["x"] * size))
    assert sorted(ids.tolist()) == ([1, 2, 3] if size else [])
    assert set(bits.tolist()) <= {(1 << size) - 1}


@given(st.dictionaries(st.integers(-(2**40), 2**40), st.integers(1, 2**64 - 1), max_size=20))
@settings(max_examples=60, deadline=None)
def test_pairs_name_every_bit_once(sets: dict[int, int]) -> None:
    queries, places = pairs(np.array([*sets], np.int64), np.array([*sets.values()], np.uint64))
    found = sorted(zip(queries.tolist(), places.tolist(), strict=True))
    assert found == sorted((query, bit) for query, bits in sets.items() for bit in range(64) if bits >> bit & 1)


def test_articles_carry_the_topics_that_are_defined() -> None:
    percolator = standing("topic:migration", "-topic:migration border", "topic:unheard", "topic:late")
    percolator.define("migration", parse("migrants OR title:border"))
    percolator.define("other", parse("border"))
    given = articles("a migrant", "a border")
    assert asked(percolator, *given) == [(1, 0), (2, 1)]
    percolator.define("migration", parse("border -title:border"))
    percolator.define("late", parse("migrant NEAR/2 a"))
    assert asked(percolator, *given) == [(1, 1), (4, 0)]
    percolator.merge()
    assert asked(percolator, *given) == [(1, 1), (4, 0)]


def test_documents_carry_their_own_topics_whatever_is_defined() -> None:
    percolator = standing("topic:migration", "topic:other")
    percolator.define("migration", parse("border"))
    document = analyse(*articles("a border"))
    assert percolator.percolate([document, replace(document, topics=frozenset({"other"}))]) == [(2, 1)]


def test_filters_that_come_one_at_a_time_are_each_looked_at() -> None:
    percolator = standing("x")
    given = articles("a", language=None) + articles("a", language="sr")
    for query_id, typed in enumerate(("source:bbc", "lang:sr", "source:bbc.co.uk", "source:news", "lang:bcms"), 2):
        assert query_id not in {query for query, _ in asked(percolator, *given)}
        percolator.add(query_id, parse(typed))
    assert asked(percolator, *given) == [(2, 0), (2, 1), (3, 1), (4, 0), (4, 1), (5, 0), (5, 1), (6, 1)]


def test_the_language_is_detected_where_a_query_needs_it() -> None:
    text = "Влада је саопштила да ће се избеглице вратити у своје домове, рекао је министар Ђорђевић."
    given = articles(text, language=None)
    assert asked(standing("lang:sr", "избеглица", "миграната"), *given) == [(1, 0), (2, 0)]


@pytest.mark.parametrize("most", ["lexicon._MOST", "pieces._MOST"])
def test_what_was_learned_may_be_forgotten_at_any_time(most: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"bot.matching.percolator.{most}", 3)
    percolator = standing("borders", '"o\'brien"', "l'asile", '"the bor*"', "cro*", '"on the border"')
    given = articles("o'brien on the border", "crossing l'asile x'y z'w", "the bored o'brien", "a b c d e f")
    for _ in range(3):
        expected = [(1, 0), (2, 0), (2, 2), (3, 1), (4, 0), (4, 2), (5, 1), (6, 0)]
        assert asked(percolator, *given) == expected
        assert percolator.percolate([analyse(article) for article in given]) == expected
        assert asked(percolator, given[0]) == [(1, 0), (2, 0), (4, 0), (6, 0)]


@pytest.mark.parametrize("many", [0, 1 << 12])
def test_few_new_queries_and_many_reach_words_met_before(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.matching.percolator.lexicon._MANY", many)
    percolator = standing("x")
    given = articles("the borders of Crossland", "границе", language="sr")
    for query_id, typed in enumerate(("border*", "crossland", "granica", '"the borders"', "bor*", '"gran*"'), 2):
        asked(percolator, *given)
        percolator.add(query_id, parse(typed))
    assert asked(percolator, *given) == [(2, 0), (3, 0), (4, 1), (5, 0), (6, 0), (7, 1)]


def test_queries_that_come_after_a_batch_reach_words_in_whatever_table_they_are() -> None:
    percolator = standing('"xdj"')
    given = articles("xdj", "xdjj", "border", "borders")
    assert asked(percolator, *given) == [(1, 0)]
    for query_id, text in enumerate(('"xdjj"', "bord*", "border", '"border"'), 2):
        percolator.add(query_id, parse(text))
        percolator.match_articles(given)
    assert asked(percolator, *given) == [(1, 0), (2, 1), (3, 2), (3, 3), (4, 2), (4, 3), (5, 2)]


def test_a_refused_query_leaves_everything_as_it_was() -> None:
    percolator = standing("border")
    with pytest.raises(ValueError, match="since:7d"):
        percolator.add(1, And((Word("migrant"), Since("7d"))))
    assert asked(percolator, *articles("border", "migrant")) == [(1, 0)]


def test_a_query_that_matches_every_article_and_thousands_more_are_all_told() -> None:
    percolator = Percolator(11)
    for query_id in range(40_000):
        percolator.add(query_id, parse("border" if query_id % 2 else f'"border" OR w{query_id}'))
    ids, bits = percolator.match_articles(articles("border", "x", "border"))
    assert sorted(ids.tolist()) == list(range(40_000))
    assert set(bits.tolist()) == {0b101}


def test_enormous_articles_are_looked_at_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = articles(*("fence " * (number % 3) + f"wall{number}" for number in range(64)))
    percolator = standing("fence", "wall*", "-fence wall*", "wall0", "wall63", "moat", '"fence fence"')
    whole = asked(percolator, *crowd)
    monkeypatch.setattr(engine, "_LETTERS", 100)
    assert asked(percolator, *crowd) == whole
    ids, _ = percolator.match_articles(crowd)
    assert sorted(ids.tolist()) == [1, 2, 3, 4, 5, 7], "each once"


def test_any_thread_may_ask() -> None:
    percolator = standing("border")
    found: list[list[tuple[int, int]]] = []

    def ask(first: int) -> None:
        for query_id in range(first, first + 50):
            percolator.add(query_id, parse("border"))
            found.append(asked(percolator, *articles("x", "border")))

    threads = [Thread(target=ask, args=(100 * number,)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 150
    assert all({place for _, place in matched} == {1} for matched in found)
    assert len(asked(percolator, *articles("border"))) == 151
