"""The reader of streams sees exactly the analyser's words, whatever the text, and knows them by the same numbers."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.folding import fold
from bot.matching.percolator import Percolator, pairs, pieces
from bot.matching.percolator.letters import Letters
from bot.matching.percolator.stream import Reader, Stream
from bot.matching.syntax import Prefix
from bot.matching.text import analyse, folded_words

LETTERS = Letters(20_261_125)
SIZES = np.array([1, 2, 3, 4, 5, 7, 31, 40, 63], np.int64)

SEVERAL = """
dj Dj DJ ađ aj adj дј й ѓ 10 000 100 q' U.S. e-mail l' 's 'nin 1.000 3,5 لا 👩‍👩 dj' 1'000 e-
qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq ææææææææææææææææææææææææææææææææææææææææ
"""
PIECES = (
    *"aeEisoldDjJđĐђЂејдюяљйьъжщѓ12٣５²½①Ⅷ〇éßẞæŒﬁﬀİıŉŀǆĸſςσΐᾳΩʹʾـ",
    *".,'’ʼʻ´`′＇-‐‑–_ \n\u00a0\u202f\u2009\u3000\u2028\x85",
    *"\u1112\u1161\u0301\u0308\u0345\u064b\u093f\u094d\u0e31\u3099\uff9e\u20dd\ufe0f",
    *"\u00ad\u200b\u200c\u200d\u2060\ufeff\u202e\x00\ud800\udfff\uffff",
    *"移民国かがカｶー한하ไทຂ\u0e83⺀ကខاﷺשकத🙂𝐀𐐀𠀀\U000e0100",
    *SEVERAL.split(),
)
HOSTILE = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.characters()), max_size=8).map("".join),
    st.text(max_size=30),
)


def read(*texts: str) -> Stream:
    return Reader(LETTERS).texts(texts)


def words_of(stream: Stream) -> list[list[str]]:
    """The folded forms of each text of a stream."""
    found = stream.words(np.arange(len(stream.numbers)))
    starts = [0, *(stream.ends + 1).tolist()]
    return [found[start:end] for start, end in zip(starts, stream.ends.tolist(), strict=False)]


def assert_read_as_analysed(texts: Sequence[str]) -> None:
    """Same words, numbers, ends and beginnings as the analyser's words have."""
    stream = read(*texts)
    analysed = [folded_words(text) for text in texts]
    assert words_of(stream) == [list(words) for words in analysed]
    row = [word for words in analysed for word in (*words, "")]
    assert stream.numbers.tolist() == LETTERS.hashed(row).tolist()
    assert not stream.numbers[stream.ends].any()
    begun = stream.beginnings(np.arange(len(row)), SIZES)
    for numbers, size in zip(begun, SIZES.tolist(), strict=True):
        assert numbers.tolist() == LETTERS.hashed([word[:size] for word in row]).tolist()


@settings(max_examples=1_000, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=3))
@example(["ß\u0301"])
@example(["l'æ x", ""])
@example(["1.000.000,5 1'000 1,00 1.2.3 7.11.2024 10:53 1\u00a0000"])
@example(["U.S. N.A.T.O. a.b.cd J.D. Vance e-mail l'e-mail xe-mail 1e-mail .e-mail e-ma"])
@example(["dj DJ dji Djindjic adjutant xdj d\u200dj dʹj дј ǆj", "ʹ ʹʹ aʹ ʹa"])
@example(["q" * 64, "q" * 65, "æ" * 32, "æ" * 33 + "x", "a" * 200 + "'" + "b" * 200])
def test_any_text_is_read_as_the_analyser_reads_it(texts: list[str]) -> None:
    assert_read_as_analysed(texts)


@settings(max_examples=300, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=3))
@example(["x'𐐀y x'𐐁y", "x'𐐁y x'𐐀y x'\uffffy"])
@example(["移" * 40 + " " + "移" * 41, "移" * 41 + " 移"])
def test_pieces_that_are_known_by_numbers_are_read_alike(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_MANY", 0)
        assert_read_as_analysed([*texts, *texts])
        reader = Reader(LETTERS)
        first, second = reader.texts(texts), reader.texts(texts[::-1])
    assert words_of(first) == words_of(second)[::-1]
    assert sorted(first.numbers.tolist()) == sorted(second.numbers.tolist())


@settings(max_examples=200, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_raw_articles_and_analysed_ones_are_the_same_stream(texts: list[str]) -> None:
    articles = [Article("", text, text[::-1], "x", language="en") for text in texts]
    raw = read(*(part for article in articles for part in (article.title, article.text)))
    analysed = Reader(LETTERS).documents([analyse(article) for article in articles])
    assert raw.numbers.tolist() == analysed.numbers.tolist()
    assert raw.ends.tolist() == analysed.ends.tolist()
    assert words_of(raw) == words_of(analysed)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(HOSTILE, min_size=1, max_size=4), st.lists(st.tuples(HOSTILE, st.integers(1, 4)), max_size=4), st.data()
)
def test_a_prefix_finds_the_words_that_start_with_it(
    texts: list[str], others: list[tuple[str, int]], data: st.DataObject
) -> None:
    words = sorted({word for text in texts for word in folded_words(text)}) or ["x"]
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(words), st.integers(1, 6)), max_size=4))
    begun = [letters[:size] for letters, size in [*drawn, *others]]
    percolator = Percolator(5)
    percolator.match_articles([Article("", "", text, "x") for text in texts])
    for query_id, letters in enumerate(begun):
        percolator.add(query_id, Prefix(letters))
    articles = [Article("", "", text, "x") for text in texts]
    found = zip(*(column.tolist() for column in pairs(*percolator.match_articles(articles))), strict=True)
    assert sorted(found) == [
        (query_id, index)
        for query_id, letters in enumerate(begun)
        for index, text in enumerate(texts)
        if _stands(folded_words(letters), folded_words(text))
    ]


def _stands(begun: tuple[str, ...], text: tuple[str, ...]) -> bool:
    """Whether the words stand in a row in the text, the last one as the beginning of one."""
    size = len(begun)
    return size > 0 and any(
        text[at : at + size - 1] == begun[:-1] and text[at + size - 1].startswith(begun[-1])
        for at in range(len(text) - size + 1)
    )


CONTEXTS = ("{0}", "a{0}b", "{0}{0}", "1{0}000", "d{0}j", "{0}ja", "e{0}mail", "x.{0}.y'{0}s", "d\u0301{0}", "ĸ{0}移")


def test_every_code_point_of_the_basic_plane_is_read_as_the_analyser_reads_it() -> None:
    """In several places of a word; of the scripts that have a code point for a syllable or an idea, in two."""
    for start in range(0, 0x10000, 0x1000):
        codes = range(start, start + 0x1000)
        assert_read_as_analysed([" ".join(_in_contexts(chr(code))) for code in codes])


def _in_contexts(letter: str) -> list[str]:
    uniform = "\u3400" <= letter <= "\ua000" or "\uac00" <= letter <= "\ud7a3" or "\ud800" <= letter <= "\uf8ff"
    return [context.format(letter) for context in (CONTEXTS[:2] if uniform else CONTEXTS)]


def test_code_points_beyond_the_basic_plane_are_read_as_the_analyser_reads_them() -> None:
    assigned = [chr(code) for code in range(0x10000, sys.maxunicode, 7) if unicodedata.category(chr(code))[0] != "C"]
    assert len(assigned) > 5_000
    assert_read_as_analysed([f"{letter} a{letter}b 1{letter}" for letter in assigned])


@pytest.mark.parametrize("texts", [(), ("",), ("", ""), ("\n",), ("...",), ("a",), ("", "a", "")])
def test_texts_without_words_have_their_ends(texts: tuple[str, ...]) -> None:
    assert_read_as_analysed(texts)
    assert len(read(*texts).ends) == len(texts)


def test_a_word_is_known_across_spellings_that_fold_alike() -> None:
    spellings = "Đinđić Ђинђић Djindjic DINDIC Ｄｉｎｄｉｃ di\u00adndic Dinđic\u0301"
    numbers = read(spellings).numbers[:-1].tolist()
    assert numbers == LETTERS.hashed([fold("Đinđić")]).tolist() * 7
