"""Where the terms of a query stand in an article, and in which forms."""

from __future__ import annotations

from bot.core.model import Article
from bot.matching.evidence import LEAD_WORDS
from bot.matching.explain import hits
from bot.matching.found import found
from bot.matching.query import parse
from bot.matching.text import analyse

LEAD = "Служба на граници ради ноћу. " + "реч " * (LEAD_WORDS - 5)
ARTICLE = Article("1", "Границе се затварају", f"{LEAD}Тек овде граница и границе опет.", "Гласник", language="sr")
DOCUMENT = analyse(ARTICLE)


def told(query: str) -> list[tuple[str, list[tuple[str, dict[str, int]]]]]:
    entries = found(ARTICLE, DOCUMENT, hits(parse(query), DOCUMENT))
    return [(entry.term, [(form.text, dict(form.places)) for form in entry.forms]) for entry in entries]


def test_each_form_with_where_it_stands_and_how_often() -> None:
    assert told("granica") == [
        (
            "granica",
            [("Границе", {"headline": 1, "text": 1}), ("граници", {"lead": 1}), ("граница", {"text": 1})],
        )
    ]


def test_terms_come_as_they_appear() -> None:
    assert [term for term, _ in told("nocu OR granica")] == ["granica", "nocu"]


def test_a_term_that_stands_there_as_it_was_typed_is_not_inflected() -> None:
    query, document = parse("zatvaraju OR granica"), DOCUMENT
    by_term = {entry.term: entry for entry in found(ARTICLE, document, hits(query, document))}
    assert by_term["granica"].inflected
    same = Article("2", "Border closed", "", "W", language="en")
    [entry] = found(same, analyse(same), hits(parse('"border"'), analyse(same)))
    assert not entry.inflected


def test_all_of_a_short_text_is_its_lead() -> None:
    short = Article("2", "", "One border.", "W", language="en")
    [entry] = found(short, analyse(short), hits(parse("border"), analyse(short)))
    assert entry.forms[0].places == (("lead", 1),)
