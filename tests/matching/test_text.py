"""The analyser: what is a word, where it stands, and that queries see words as articles do."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.folding import fold
from bot.matching.text import analyse, folded_words, tokens, word_forms
from tests.growth import costs_at_most
from tests.matching.families import CYRILLIC, in_latin

WORDS = [
    # text, folded forms, the parts of the text they stand for ("" where they are the forms' own spelling)
    ("cross-border and/or", "cross border and or", "cross border and or"),
    ("e-mail E-Mails e‑visa l'e-mail", "email emails evisa email", "e-mail E-Mails e‑visa e-mail"),
    ("s-au e-a e- a-b", "s au e a e a b", "s au e a e a b"),
    ("Britain's Britain’s 1990's the EU's", "britain britain 1990 the eu", "Britain Britain 1990 the EU"),
    ("migrants' 'quoted' ‘word’", "migrants quoted word", "migrants quoted word"),
    ("don't we've I'm can’t", "don we i can", "don we I can"),
    ("l'asile d’asile L’Aquila qu'il jusqu'à", "asile asile aquila il a", "asile asile Aquila il à"),
    ("dell'immigrazione un'altra all’Aia", "immigrazione altra aia", "immigrazione altra Aia"),
    ("Türkiye'nin Ankara'da AB'nin BM’ye Suriye'deki", "turkiye ankara ab bm suriye", "Türkiye Ankara AB BM Suriye"),
    ("İstanbul'dakilerin Balkanlar'dan 2024'te", "istanbul balkanlar 2024", "İstanbul Balkanlar 2024"),
    ("Qur'an O'Brien Shi'ite Ba'ath", "quran obrien shiite baath", "Qur'an O'Brien Shi'ite Ba'ath"),
    ("об'єднання п’ять здоров'я", "obednannja pjat zdorovja", "об'єднання п’ять здоров'я"),
    ("rock'n'roll aujourd'hui", "rocknroll aujourdhui", "rock'n'roll aujourd'hui"),
    ("U.S. N.A.T.O. U.S.-led J.D. Vance", "us nato us led jd vance", "U.S N.A.T.O U.S led J.D Vance"),
    ("J.K.Rowling e.g. С.А.Д.", "jk rowling eg sad", "J.K Rowling e.g С.А.Д"),
    ("the end.A new", "the end a new", "the end A new"),
    ("£150m 150m €180 180€ $1.5bn £2,300.50", "150m 150m 180 180 1.5bn 2300.50", "150m 150m 180 180 1.5bn 2,300.50"),
    ("1,000 1.000 1'000 1\u202f000 1,000,000", "1000 1000 1000 1000 1000000", "1,000|1.000|1'000|1\u202f000|1,000,000"),
    ("3.5 3,5 0.123 12345.678", "3.5 3.5 0.123 12345.678", "3.5 3,5 0.123 12345.678"),
    ("7.11.2024 10:53 2-1 1.2.3.4", "7 11 2024 10 53 2 1 1 2 3 4", "7 11 2024 10 53 2 1 1 2 3 4"),
    ("COVID-19 G7 F-16 90s", "covid 19 g7 f 16 90s", "COVID 19 G7 F 16 90s"),
    ("移民政策 ガザ 난민", "移 民 政 策 ガ サ\u3099 난 민", "移 民 政 策 ガ ザ 난 민"),
    ("ผู้อพยพ", "ผู้ อ พ ย พ", "ผู้ อ พ ย พ"),
    ("शरणार्थी हिन्दी", "शरणार्थी हिन्दी", "शरणार्थी हिन्दी"),
    ("snake_case #hashtag @handle", "snake case hashtag handle", "snake case hashtag handle"),
    ("Ni\u030cs so\u00adft", "nis soft", "Ni\u030cs so\u00adft"),
    ("https://www.bbc.co.uk/news", "https www bbc co uk news", "https www bbc co uk news"),
    ("— … !? £ ' \0 \ud800", "", ""),
]


@pytest.mark.parametrize(("text", "folded", "parts"), WORDS)
def test_words_are_read_as_documented(text: str, folded: str, parts: str) -> None:
    read = tokens(text, None)
    spans = [text[start:end] for start, end in zip(read.starts, read.ends, strict=True)]
    assert [fold(word) for word in folded.split()] == list(read.folded)
    assert spans == (parts.split("|") if "|" in parts else parts.split())
    assert folded_words(text) == read.folded
    assert tuple(form.folded for form in word_forms(text)) == read.folded


def test_a_long_word_is_cut_and_keeps_its_place() -> None:
    read = tokens("x" * 1000 + " end", "en")
    assert read.folded == ("x" * 64, "end")
    assert (read.starts, read.ends) == ((0, 1001), (1000, 1004))
    assert word_forms("x" * 1000)[0].folded == "x" * 64


MARKS = "'’-.,:/£€_ \n0123456789aeiouxEU.éđжѓтіў移ガ각ผู้हि\u0301\u00ad\u200d\u0e48ʼ\ud800\0"
ANY = st.text(st.characters() | st.sampled_from(MARKS), max_size=60)


@given(ANY)
@settings(max_examples=400)
def test_a_token_read_alone_is_the_same_token(text: str) -> None:
    read = tokens(text, "en")
    for folded, start, end in zip(read.folded, read.starts, read.ends, strict=True):
        assert tokens(text[start:end], "en").folded == (folded,)


@given(ANY)
def test_tokens_stand_in_order_without_overlap(text: str) -> None:
    read = tokens(text, "sr")
    bounds = [place for pair in zip(read.starts, read.ends, strict=True) for place in pair]
    assert bounds == sorted(bounds)
    assert all(start < end <= len(text) for start, end in zip(read.starts, read.ends, strict=True))
    assert all(read.folded)


@given(ANY, ANY)
def test_lines_are_read_apart(first: str, second: str) -> None:
    whole = tokens(f"{first}\n{second}", "de")
    assert whole.folded == tokens(first, "de").folded + tokens(second, "de").folded


@given(ANY, st.sampled_from(["en", "sr", "el", "tr", "bg"]))
def test_a_query_sees_what_an_article_holds(text: str, language: str) -> None:
    read = tokens(text, language)
    forms = word_forms(text)
    assert tuple(form.folded for form in forms) == read.folded
    assert all(not root or root in form.stems for form, root in zip(forms, read.stems, strict=True))


@given(st.lists(st.text(CYRILLIC, min_size=1, max_size=12), max_size=8))
def test_serbian_is_one_language_in_two_scripts(words: list[str]) -> None:
    cyrillic, latin = tokens(" ".join(words), "sr"), tokens(in_latin(" ".join(words)), "sr")
    assert (cyrillic.folded, cyrillic.stems) == (latin.folded, latin.stems)


def article(**changes: str | None) -> Article:
    values = {"guid": "1", "title": "Frontex at the border", "text": "Migrants crossed.", "source": "The Daily's News"}
    return Article(**{**values, **changes}, published_at=datetime(2026, 1, 1, tzinfo=UTC))  # type: ignore[arg-type]


def test_an_article_is_analysed_in_its_language() -> None:
    document = analyse(article(language="en-GB", url="https://www.BBC.co.uk:443/news/1"))
    assert (document.language, document.host, document.source) == ("en", "bbc.co.uk", ("the", "daily", "news"))
    assert document.title.folded == ("frontex", "at", "the", "border")
    assert document.body.stems == ("en_migrant", "en_cross")
    assert document.topics == frozenset()


def test_a_language_is_detected_where_none_is_given() -> None:
    text = "Die Regierung teilte am Donnerstag mit, dass dreihundert Menschen die Grenze überquert haben."
    assert analyse(article(title="", text=text, language="und")).language == "de"
    assert analyse(article(title="", text="")).language is None


@pytest.mark.parametrize("url", [None, "", "not a url", "http://[broken", "file:///tmp/x"])
def test_an_address_without_a_host_is_no_error(url: str | None) -> None:
    assert analyse(article(url=url)).host == ""


HOSTILE = {
    "initials": "a." * 100_000,
    "marks": "a" + "\u0301\u0327" * 100_000,
    "apostrophes": "a'" * 100_000,
    "suffixes": "a'" + "lar" * 100_000,
    "numbers": "1." * 100_000,
    "thousands": "1,000" * 60_000,
    "hyphens": "e-" * 100_000,
    "one word": "ж" * 300_000,
    "signs": "ก" + "\u0e48\u0e4d" * 100_000,
    "nothing": "\ud800\0" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear_in_hostile_text(name: str) -> None:
    costs_at_most(200, lambda text: tokens(text, "sr"), HOSTILE[name])
