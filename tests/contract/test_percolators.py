"""The Percolator port: queries come and go between batches, and every implementation answers alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest

from bot.core.model import Article
from bot.core.ports import Percolator as Port
from bot.matching.document import Document
from bot.matching.percolator import Percolator
from bot.matching.query import parse
from bot.matching.syntax import Node, Not, Or, Phrase
from bot.matching.text import analyse
from store.oracle import Oracle

Standing: TypeAlias = Port[Node, Document]


class Merging(Percolator):
    """The percolator over arrays, tidied before every batch."""

    def percolate(self, batch: Sequence[Document]) -> list[tuple[int, int]]:
        self.merge()
        return super().percolate(batch)


MAKERS: dict[str, Callable[[], Standing]] = {
    "oracle": Oracle,
    "arrays": lambda: Percolator(7),
    "arrays merged": lambda: Merging(7),
}


@pytest.fixture(params=list(MAKERS))
def percolator(request: pytest.FixtureRequest) -> Standing:
    return MAKERS[request.param]()


def english(*texts: str, title: str = "") -> list[Document]:
    return [analyse(Article("", title, text, "BBC News", "https://www.bbc.co.uk/1", language="en")) for text in texts]


def in_language(language: str | None, *texts: str) -> list[Document]:
    return [analyse(Article("", "", text, "x", language=language)) for text in texts]


def stand(percolator: Standing, *typed: str) -> None:
    """Stands queries under the ids 1, 2, ..."""
    for query_id, text in enumerate(typed, 1):
        percolator.add(query_id, parse(text))


def test_nothing_stands_at_first(percolator: Standing) -> None:
    assert percolator.percolate(english("a border")) == []


def test_an_empty_batch_matches_nothing(percolator: Standing) -> None:
    assert percolator.percolate([]) == []
    stand(percolator, "border")
    assert percolator.percolate([]) == []


def test_an_article_without_words_matches_only_what_asks_for_none(percolator: Standing) -> None:
    stand(percolator, "border", "lang:en", "lang:en -border")
    assert percolator.percolate(english("")) == [(2, 0), (3, 0)]


def test_matches_are_sorted_by_query_then_place_in_the_batch(percolator: Standing) -> None:
    for query_id, typed in ((9, "border"), (2, "migrants"), (5, "cross-border")):
        percolator.add(query_id, parse(typed))
    batch = english("migrant at the border", "nothing", "cross borders", "the cross-border migrants")
    assert percolator.percolate(batch) == [(2, 0), (2, 3), (5, 2), (5, 3), (9, 0), (9, 2), (9, 3)]


def test_a_query_is_matched_from_the_next_batch_on(percolator: Standing) -> None:
    batch = english("border funds")
    for query_id, typed in enumerate(("border", '"border funds"', "fun*", "border NEAR/1 fund"), 1):
        percolator.add(query_id, parse(typed))
        assert percolator.percolate(batch) == [(known, 0) for known in range(1, query_id + 1)]


def test_an_id_added_again_has_the_new_query_alone(percolator: Standing) -> None:
    batch = english("border", "migrant")
    stand(percolator, "border")
    assert percolator.percolate(batch) == [(1, 0)]
    percolator.add(1, parse("migrant"))
    assert percolator.percolate(batch) == [(1, 1)]
    percolator.add(1, parse("border"))
    percolator.add(1, parse("nowhere"))
    assert percolator.percolate(batch) == []


def test_the_same_query_again_changes_nothing(percolator: Standing) -> None:
    stand(percolator, "border", "border")
    stand(percolator, "border", "border")
    assert percolator.percolate(english("border")) == [(1, 0), (2, 0)]


def test_a_removed_query_is_gone_and_the_others_stay(percolator: Standing) -> None:
    stand(percolator, "border", "border", "migrant")
    batch = english("a border", "a migrant")
    assert percolator.percolate(batch) == [(1, 0), (2, 0), (3, 1)]
    percolator.remove(1)
    assert percolator.percolate(batch) == [(2, 0), (3, 1)]
    percolator.remove(2)
    percolator.remove(3)
    assert percolator.percolate(batch) == []
    stand(percolator, "migrant")
    assert percolator.percolate(batch) == [(1, 1)]


def test_removing_what_never_stood_is_no_error(percolator: Standing) -> None:
    percolator.remove(4)
    stand(percolator, "border")
    percolator.remove(4)
    assert percolator.percolate(english("border")) == [(1, 0)]
    percolator.remove(1)
    percolator.remove(1)
    assert percolator.percolate(english("border")) == []


def test_a_query_added_and_removed_between_batches_never_stood(percolator: Standing) -> None:
    stand(percolator, "border")
    percolator.remove(1)
    assert percolator.percolate(english("border")) == []


def test_ids_may_be_any_whole_numbers(percolator: Standing) -> None:
    for query_id in (0, -5, 2**62):
        percolator.add(query_id, parse("border"))
    assert percolator.percolate(english("border")) == [(-5, 0), (0, 0), (2**62, 0)]


def test_a_query_no_document_answers_is_refused_at_the_latest_when_asked(percolator: Standing) -> None:
    with pytest.raises(ValueError):  # noqa: PT012 - an implementation may refuse either at once or when asked
        percolator.add(1, parse("border since:7d", dates=True))
        percolator.percolate(english("border"))


@pytest.mark.parametrize(
    "typed", ['"border funds"', "border OR migrant", "(border OR a) -c", "border NEAR/2 funds", "bor*", "lang:en"]
)
def test_equal_queries_stand_under_as_many_ids_as_asked(percolator: Standing, typed: str) -> None:
    stand(percolator, typed, "unrelated", typed, typed)
    assert percolator.percolate(english("border funds")) == [(1, 0), (3, 0), (4, 0)]
    percolator.remove(3)
    assert percolator.percolate(english("border funds")) == [(1, 0), (4, 0)]


def test_more_than_64_documents_are_one_batch(percolator: Standing) -> None:
    stand(percolator, "border", "-migrant lang:en", "number3*")
    texts = [f"number{index} {'border' if index % 7 == 0 else 'migrant'}" for index in range(150)]
    expected = [(1, index) for index in range(0, 150, 7)]
    expected += [(2, index) for index in range(0, 150, 7)]
    expected += [(3, index) for index in range(150) if str(index).startswith("3")]
    assert percolator.percolate(english(*texts)) == expected


@pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 128, 129])
def test_a_batch_of_any_size_says_where_each_match_is(percolator: Standing, size: int) -> None:
    stand(percolator, "last", "first", "lang:en -first -last")
    texts = ["first", *["between"] * (size - 2), "last"][:size] if size > 1 else ["first last"]
    between = [(3, index) for index in range(1, size - 1)]
    assert percolator.percolate(english(*texts)) == [(1, size - 1), (2, 0), *between]


def test_topics_are_those_the_document_carries(percolator: Standing) -> None:
    stand(percolator, "topic:migration", "-topic:migration lang:en", "topic:migration topic:balkans", "topic:x")
    plain, tagged, both = english("a", "b", "c")
    tagged = replace(tagged, topics=frozenset({"migration"}))
    both = replace(both, topics=frozenset({"migration", "balkans", "unheard-of"}))
    assert percolator.percolate([plain, tagged, both]) == [(1, 1), (1, 2), (2, 0), (3, 2)]
    assert percolator.percolate([both, plain]) == [(1, 0), (2, 1), (3, 0)]


def test_a_source_is_a_name_or_a_host(percolator: Standing) -> None:
    stand(percolator, "source:bbc", 'source:"bbc news"', "source:bbc.co.uk", "source:co.uk", "source:news.bbc.co.uk")
    other = analyse(Article("", "", "a", "Danube Wire", "https://news.bbc.co.uk/2", language="en"))
    none = analyse(Article("", "", "bbc", "x", language="en"))
    assert percolator.percolate([*english("a"), other, none]) == [
        (1, 0),
        (2, 0),
        (3, 0),
        (3, 1),
        (4, 0),
        (4, 1),
        (5, 1),
    ]


def test_a_language_is_the_documents_own(percolator: Standing) -> None:
    stand(percolator, "lang:sr", "lang:bcms", "-lang:sr a")
    batch = [*in_language("sr", "a"), *in_language("hr", "a"), *in_language("de", "a"), *in_language(None, "a")]
    assert percolator.percolate(batch) == [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (3, 3)]


def test_a_headline_is_asked_apart_from_the_text(percolator: Standing) -> None:
    stand(percolator, "title:border", "border", "title:(border -migrant)", '"b c"', "b NEAR/5 c", "title:(b OR c)")
    batch = english("border", title="migrant") + english("migrant", title="border") + english("c", title="b")
    batch += english("x", title="border migrant")
    expected = [(1, 1), (1, 3), (2, 0), (2, 1), (2, 3), (3, 1), (6, 2)]
    assert percolator.percolate(batch) == expected


def test_words_meet_their_inflected_forms_in_the_documents_language(percolator: Standing) -> None:
    stand(percolator, "migrants", "granica", '"granica"', "izbjeglice")
    batch = [*english("a migrant", "granice"), *in_language("sr", "на граници", "migrant", "избеглица")]
    assert percolator.percolate(batch) == [(1, 0), (2, 2), (4, 4)]


def test_words_of_a_language_nobody_knows_meet_their_own_form(percolator: Standing) -> None:
    stand(percolator, "border", '"border"', "borders")
    unknown = in_language(None, "border", "borders")
    assert percolator.percolate(unknown) == [(1, 0), (2, 0), (3, 1)]
    assert percolator.percolate([*unknown, *english("borders")]) == [(1, 0), (1, 2), (2, 0), (3, 1), (3, 2)]
    assert percolator.percolate(unknown) == [(1, 0), (2, 0), (3, 1)]


@pytest.mark.parametrize(
    "typed",
    [
        *("border", '"border"', "borders", "bor*", "border* guard*", '"border guards"', '"border gua*"', "bordering"),
        *("border NEAR/3 fund", "bor* NEAR/3 (fund OR money)", '"funds border"~3', '"the border guards"'),
        *("title:border", 'title:"guards at"', "title:gua*", "title:(guard NEAR/2 border)", "-money guards"),
        *("source:bbc", "lang:en", "topic:migration", "topic:migration border -money", "money OR (border -money)"),
    ],
)
def test_a_query_that_comes_late_finds_words_met_before(percolator: Standing, typed: str) -> None:
    batch = english("the border guards were given funds", title="Guards at the border")
    batch = [replace(entry, topics=frozenset({"migration"})) for entry in batch]
    percolator.add(1, parse("unrelated"))
    assert percolator.percolate(batch) == []
    percolator.add(2, parse("money"))
    assert percolator.percolate(batch) == []
    percolator.add(3, parse(typed))
    assert percolator.percolate(batch) == [(3, 0)]


def test_a_word_that_comes_late_finds_forms_that_begin_otherwise(percolator: Standing) -> None:
    batch = in_language("sr", "rijeke", "на реци", "vijeće")
    stand(percolator, "unrelated")
    assert percolator.percolate(batch) == []
    percolator.add(2, parse("reka"))
    percolator.add(3, parse("веће NEAR/1 веће OR title:veće OR veću"))
    assert percolator.percolate(batch) == [(2, 0), (3, 2)]


def test_a_language_that_comes_late_is_understood(percolator: Standing) -> None:
    stand(percolator, "migrants", "migranata NEAR/1 granica")
    assert percolator.percolate(english("migrant granice")) == [(1, 0)]
    serbian = in_language("sr", "мигранти на граници", "migrants")
    assert percolator.percolate(serbian) == [(1, 1), (2, 0)]
    assert percolator.percolate([*serbian, *english("migrant")]) == [(1, 1), (1, 2), (2, 0)]


def test_words_of_two_languages_are_not_taken_for_each_other(percolator: Standing) -> None:
    stand(percolator, '"han"', '"has"', "haven", '"das"', '"dan"')
    batch = [*english("has"), *in_language("es", "han"), *in_language("de", "das"), *in_language("da", "dan", "des")]
    assert percolator.percolate(batch) == [(1, 1), (2, 0), (4, 2), (5, 3)]


def test_near_counts_words_between_from_the_end_of_a_phrase(percolator: Standing) -> None:
    stand(percolator, '"a b c" NEAR/0 d', 'd NEAR/1 "a b c"', "d NEAR/1 a")
    batch = english("a b c d", "d x a b c", "a b c x d")
    assert percolator.percolate(batch) == [(1, 0), (2, 0), (2, 1), (2, 2), (3, 1)]


def test_merging_changes_no_answer(percolator: Standing) -> None:
    percolator.merge()
    stand(percolator, "border", '"a border"', "migrant", "migr* NEAR/2 border")
    percolator.merge()
    percolator.remove(3)
    batch = english("a border", "migrants at a border")
    expected = [(1, 0), (1, 1), (2, 0), (2, 1), (4, 1)]
    for _ in range(2):
        assert percolator.percolate(batch) == expected
        percolator.merge()


def test_queries_that_share_parts_do_not_disturb_each_other(percolator: Standing) -> None:
    stand(percolator, '"a b"', '"a b c"', '"b c"', "a b", '"a bcd*"', "a NEAR/0 b")
    batch = english("a b", "a b c", "b c", "a x b", "a bcde")
    expected = [(1, 0), (1, 1), (2, 1), (3, 1), (3, 2), (4, 0), (4, 1), (4, 3), (5, 4), (6, 0), (6, 1)]
    assert percolator.percolate(batch) == expected
    percolator.remove(2)
    percolator.remove(4)
    assert percolator.percolate(batch) == [pair for pair in expected if pair[0] not in (2, 4)]


def test_a_phrase_may_be_longer_than_any_sentence(percolator: Standing) -> None:
    percolator.add(1, Phrase(("a",) * 300))
    percolator.add(2, Phrase(("a",) * 299 + ("b",)))
    assert percolator.percolate(english("a " * 299, "a " * 301, "a " * 299 + "b")) == [(1, 1), (2, 2)]


def test_a_query_of_thousands_of_terms_stands_as_topics_do(percolator: Standing) -> None:
    names = tuple(Phrase((f"name{index}",)) for index in range(3_000))
    percolator.add(1, Or(names))
    percolator.add(2, Or((Not(Or(names)), Phrase(("name7",)))))
    assert percolator.percolate(english("name2999", "nobody", "name7")) == [(1, 0), (1, 2), (2, 1), (2, 2)]
