"""What a query's words brought, and phrases that narrow it: found in the articles, never in all of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.model import Archived, Article
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.text import analyse
from bot.matching.yields import Read, narrower, read, yields

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def reads(query: str, *texts: str, language: str = "en") -> list[Read]:
    """Articles with these texts that match, read."""
    found = []
    for number, text in enumerate(texts):
        article = Article(str(number), "", text, "Wire", language=language)
        found.append((Archived(number, article, NOW, NOW, language, number), analyse(article)))
    return read(parse(query), [pair for pair in found if matches(parse(query), pair[1])], {})


def test_forms_are_told_with_their_term_most_first() -> None:
    found = yields(reads("migrant OR kosovo", "Migrants wait. The migrants go.", "migrants in Kosovo", "one migrant"))
    assert [(entry.form, entry.term, entry.articles) for entry in found] == [
        ("Migrants", "migrant", 2),
        ("Kosovo", "kosovo", 1),
        ("migrant", "migrant", 1),
    ]


TEXTS = (
    "The border force said so today. Rain fell over the hills.",
    "A border force ship left today. Fishermen waved.",
    "The border opened today, and lorries rolled.",
    "At the border queues grew today. Drivers waited.",
    "Trade across the border fell today. Shops closed.",
    "Police at the border patrol post slept today.",
)


def test_a_phrase_around_the_word_narrows_it() -> None:
    assert [str(node) for node in narrower(parse("border"), reads("border", *TEXTS))] == ['"border force"']


def test_beside_another_condition_the_phrase_is_asked_for_as_well() -> None:
    found = narrower(parse("border today"), reads("border today", *TEXTS))
    assert [str(node) for node in found] == ['border today "border force"']


def test_what_every_article_has_narrows_nothing() -> None:
    always = tuple(f"The border force {verb} today." for verb in ("sank", "left", "won", "lost"))
    assert narrower(parse("border"), reads("border", *always)) == []


@pytest.mark.parametrize("between", [". ", ", ", "; ", " – ", "\n\n", ' "'])
def test_a_phrase_ends_where_a_sentence_or_a_clause_does(between: str) -> None:
    texts = (f"border{between}force one", f"border{between}force two", "border x", "border y", "border z", "border q")
    assert narrower(parse("border"), reads("border", *texts)) == []


def test_whatever_narrows_finds_some_of_the_articles_and_not_most() -> None:
    found = reads("border", *TEXTS)
    for node in narrower(parse("border"), found):
        assert 0 < sum(matches(node, entry.document) for entry in found) <= len(found) / 2
