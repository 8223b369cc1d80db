"""Words meant: slips, other scripts and spellings; not for words that are fine, nor for rare ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.archive import Archive, archive_in_memory, article

TEXTS = {
    "en": ("Frontex patrols the border of Serbia, where migration is discussed.", 12),
    "sr": ("Влада у Београду разматра границе и миграције, каже Вучић.", 12),
    "de": ("Das Asylrecht, sagt Fronteks, gilt.", 1),
}


@pytest.fixture(scope="module")
def words() -> Iterator[Archive]:
    with archive_in_memory() as archive:
        for language, (text, times) in TEXTS.items():
            for number in range(times):
                archive.take(article(f"{language} {number}", text, language=language))
        yield archive


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("frontexx", "frontex"),
        ("fronetx", "frontex"),
        ("frntx", None),
        ("фронтекс", "frontex"),
        ("Frontiex", "frontex"),
        ("migartion", "migration"),
        ("beograt", "beogradu"),
        ("asylrehct", "asylrecht"),
        ("VUCICC", "vucic"),
        ("ser", None),
        ("zzzzzz", None),
        ("cross-border", None),
        ("12345", None),
        ("", None),
    ],
)
def test_what_may_have_been_meant(words: Archive, typed: str, meant: str | None) -> None:
    found = words.search.resembling(typed)
    assert (found[0] if found else None) == meant


@pytest.mark.parametrize("typed", ["frontex", "FRONTEX", "migrations", "granica", "Београду", "serbia"])
def test_a_word_that_is_there_in_any_form_is_left_alone(words: Archive, typed: str) -> None:
    assert words.search.resembling(typed) == []


def test_hardly_anybodys_spelling_gives_way_to_one_that_many_use(words: Archive) -> None:
    assert words.search.resembling("fronteks") == ["frontex"]


def test_as_many_as_are_asked_for(words: Archive) -> None:
    assert len(words.search.resembling("migrazion", most=1)) == 1
