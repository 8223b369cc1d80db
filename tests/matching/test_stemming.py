"""Stems: families that must meet, in full spelling and without diacritics, and words that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.folding import fold
from bot.matching.stemming import stem, tags_for
from bot.matching.text import tokens, word_forms
from tests.matching.families import APART, FAMILIES

TAGS = sorted({*tags_for("migrant"), *tags_for("συνορα")})
LINES = [(language, line.strip()) for language, block in FAMILIES.items() for line in block.strip().splitlines()]
PAIRS = [(language, pair) for language, pairs in APART.items() for pair in pairs.split()]


def root(word: str, language: str) -> tuple[str, ...]:
    return tokens(word, language.partition("-")[0]).stems


@pytest.mark.parametrize(("language", "line"), LINES)
def test_a_family_has_one_stem_however_it_is_typed(language: str, line: str) -> None:
    spellings = [spelling for word in line.split() for spelling in (word, fold(word), word.upper())]
    found = {spelling: root(spelling, language) for spelling in spellings}
    assert len(set(found.values())) == 1, found
    assert all("_" in stem for stems in found.values() for stem in stems)


@pytest.mark.parametrize(("language", "pair"), PAIRS)
def test_unrelated_words_stay_apart(language: str, pair: str) -> None:
    first, second = pair.split("/")
    assert root(first, language) != root(second, language)


def test_every_language_of_the_product_has_families() -> None:
    wanted = "en de fr it es pt ro el tr hu sr-Latn sr-Cyrl hr bs sl mk bg sq"
    assert all(len(FAMILIES[language].strip().splitlines()) >= 8 and APART[language] for language in wanted.split())


@pytest.mark.parametrize(("language", "line"), LINES)
def test_a_typed_word_finds_every_form(language: str, line: str) -> None:
    """The person's word carries the stem of every language; one of them is the article's."""
    words = line.split()
    forms = word_forms(words[0])
    for word in words:
        article = tokens(word, language.partition("-")[0])
        assert all(
            form.folded == folded or root in form.stems
            for form, folded, root in zip(forms, article.folded, article.stems, strict=True)
        ), word


def test_both_scripts_of_serbian_share_stems() -> None:
    assert tokens("миграције државама Ђинђића", "sr").stems == tokens("migracije državama Đinđića", "sr").stems


@pytest.mark.parametrize(
    "pair",
    [
        "izbjeglica/izbeglice",
        "rijeka/reka",
        "mjesto/mesta",
        "prijedlog/predlogom",
        "djeca/decu",
        "njemački/nemačkog",
        "Evropa/Европе",
    ],
)
def test_ijekavian_and_ekavian_meet(pair: str) -> None:
    first, second = pair.split("/")
    assert root(first, "hr") == root(second, "sr")


def test_past_tenses_meet_in_serbian() -> None:
    assert len({root(word, "sr") for word in ("uhapsio", "uhapsila", "uhapsili", "uhapsilo")}) == 1


@pytest.mark.parametrize("language", ["sr", "hr", "bs", "cnr"])
def test_one_stemmer_serves_the_four_languages(language: str) -> None:
    assert tokens("granicama", language).stems == ("sh_granic",)


def test_stems_of_different_languages_never_meet() -> None:
    assert not set(tokens("migrant", "en").stems) & set(tokens("migrant", "de").stems)


@pytest.mark.parametrize("language", [None, "ja", "xx", ""])
def test_no_stems_without_a_stemmer(language: str | None) -> None:
    assert tokens("migrants arrived", language).stems == ("", "")


def test_numbers_have_no_stem() -> None:
    assert tokens("2024 150m 1,000", "en").stems == ("", "", "")


def test_greek_words_are_asked_in_greek_only() -> None:
    assert {stem.partition("_")[0] for stem in word_forms("σύνορα")[0].stems} == {"el"}
    assert "el" not in {stem.partition("_")[0] for stem in word_forms("migrant")[0].stems}
    assert word_forms("移")[0].stems == frozenset()


@given(st.sampled_from(TAGS), st.text("abcdefghijklmnoprstuvzαβγεικλνορστυω", min_size=1, max_size=70))
def test_a_stem_is_folded_and_never_empty(tag: str, word: str) -> None:
    folded = fold(word)
    found = stem(folded, tag)
    assert found
    assert fold(found) == found
