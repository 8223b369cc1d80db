"""The catalogue: every phrase whole in both languages and both scripts."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from bot.core import words as catalogue
from bot.core.typed import loose
from bot.core.words import Words, keys, language_of

MIXED = re.compile(r"[a-zA-Z][\u0400-\u04ff]|[\u0400-\u04ff][a-zA-Z]")
PHRASES = catalogue._phrases()


def details(phrase: str) -> list[set[str]]:
    """The names a phrase fills in, for each of its plural forms."""
    return [{name for _, name, _, _ in Formatter().parse(form) if name is not None} for form in phrase.split("|")]


@pytest.mark.parametrize("key", keys())
def test_a_phrase_is_whole_in_both_languages(key: str) -> None:
    english, serbian = PHRASES[key]
    assert (english, serbian) == (english.strip(), serbian.strip())
    assert bool(english) == bool(serbian)
    assert not MIXED.search(re.sub(r"\{\w+\}", " ", serbian)), "a word in letters of two scripts"
    forms = (english.count("|") + 1, serbian.count("|") + 1)
    assert forms in ((1, 1), (2, 3)), f"plural forms {forms}: English has two, Serbian three"
    assert set().union(*details(english)) == set().union(*details(serbian))


@pytest.mark.parametrize("key", keys())
def test_a_room_holds_its_own_keys(key: str) -> None:
    assert re.fullmatch(r"[a-z]+\.\w+", key)


def test_serbian_latin_is_derived_from_the_cyrillic() -> None:
    assert Words("sr-Latn").say("times.and", first="/list", last="џак") == "/list i џак"
    assert catalogue.latin("Љубав, Џорџ, ђак и његов чај") == "Ljubav, Džordž, đak i njegov čaj"


@pytest.mark.parametrize(
    ("number", "english", "serbian"),
    [
        (0, "0 new stories", "0 нових вести"),
        (1, "1 new story", "1 нова вест"),
        (2, "2 new stories", "2 нове вести"),
        (5, "5 new stories", "5 нових вести"),
        (11, "11 new stories", "11 нових вести"),
        (12, "12 new stories", "12 нових вести"),
        (21, "21 new stories", "21 нова вест"),
        (104, "104 new stories", "104 нове вести"),
        (1112, "1,112 new stories", "1,112 нових вести"),
    ],
)
def test_plurals(number: int, english: str, serbian: str) -> None:
    assert Words("en").count("cards.new_stories", number) == english
    assert Words("sr-Cyrl").count("cards.new_stories", number) == serbian


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("sr", "sr-Latn"),
        ("SR-Cyrl", "sr-Cyrl"),
        ("sr_Latn", "sr-Latn"),
        ("hr", "sr-Latn"),
        ("српски", "sr-Cyrl"),
        ("english", "en"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
    ],
)
def test_languages_people_ask_for(typed: str, language: str | None) -> None:
    assert language_of(typed) == language


def test_a_language_without_words_falls_back_to_english() -> None:
    assert Words("fr").say("times.today") == "today"


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Priština", "pristina"),
        ("ПРИШТИНА", "pristina"),
        ("Đakovica", "djakovica"),
        (" Nový\u00a0 Sad ", "novy sad"),
        ("８ ＰＭ", "8 pm"),
    ],
)
def test_what_people_type_is_compared_loosely(typed: str, same: str) -> None:
    assert loose(typed) == same
    assert loose(same) == same
