"""The words of the full text: what is known of each, and what a newer analyser makes of them."""

from __future__ import annotations

import pytest

from bot.matching.document import Document, Tokens
from bot.matching.query import parse
from store import fts
from store.vocabulary import SPAN, Vocabulary
from tests.store.archive import Archive, article

OLD, NEW = 7 * SPAN, 9 * SPAN + 5


def met(*words: tuple[str, str]) -> Document:
    """A document of these folded forms and stems."""
    nowhere = (0,) * len(words)
    folded, stems = zip(*words, strict=True)
    return Document(Tokens(folded, stems, nowhere, nowhere), Tokens((), (), (), ()), "en")


@pytest.fixture
def vocabulary(archive: Archive) -> Vocabulary:
    known = Vocabulary(archive.connection)
    known.add([(met(("border", "en_border"), ("borders", "en_border"), ("1000", "")), OLD)])
    known.add([(met(("border", "fr_bord"), ("bord", "fr_bord"), ("border", "")), NEW)])
    return known


def test_a_word_is_known_by_the_languages_it_was_met_in(vocabulary: Vocabulary) -> None:
    assert vocabulary.tags("border") == {"en", "fr", ""}
    assert vocabulary.tags("1000") == {""}
    assert vocabulary.tags("nowhere") == set()


def test_a_stem_has_its_forms_in_its_own_language(vocabulary: Vocabulary) -> None:
    found = vocabulary.forms(["en_border", "fr_bord", "de_border"])
    assert {tag: sorted(words) for tag, words in found.items()} == {
        "en": ["border", "borders"],
        "fr": ["bord", "border"],
    }
    assert vocabulary.forms([]) == {}
    assert vocabulary.forms([""]) == {}


def test_a_beginning_is_every_word_that_begins_so(vocabulary: Vocabulary) -> None:
    tokens = ["bord_fr", "border", "border_en", "border_fr", "borders_en"]
    assert sorted(vocabulary.beginning("bord", 9)) == tokens
    assert len(vocabulary.beginning("bord", 2)) == 2
    assert vocabulary.beginning("borders_", 9) == []


def test_words_that_were_not_met_lately_can_be_left_out(archive: Archive, vocabulary: Vocabulary) -> None:
    lately = Vocabulary(archive.connection, since=NEW)
    assert lately.tags("border") == {"fr", ""}
    assert lately.tags("1000") == set()
    assert {tag: sorted(words) for tag, words in lately.forms(["en_border", "fr_bord"]).items()} == {
        "fr": ["bord", "border"]
    }
    assert sorted(lately.beginning("bord", 9)) == ["bord_fr", "border", "border_fr"]
    Vocabulary(archive.connection).add([(met(("border", "en_border")), NEW)])
    vocabulary.add([(met(("border", "en_border")), OLD)])
    assert lately.tags("border") == {"en", "fr", ""}, "a late arrival takes nothing back"


def test_the_newest_analyser_has_the_last_word(archive: Archive, vocabulary: Vocabulary) -> None:
    Vocabulary(archive.connection).add([(met(("borders", "en_borders")), NEW)])
    assert vocabulary.forms(["en_border"]) == {"en": ["border"]}
    assert vocabulary.forms(["en_borders"]) == {"en": ["borders"]}


@pytest.mark.parametrize("written_out", [0, 2, 100])
def test_a_beginning_finds_the_same_written_out_or_not(
    archive: Archive, written_out: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts, "MAX_WRITTEN_OUT", written_out)
    for number, text in enumerate(("migrant", "migration", "migrants", "mig", "immigrant", "МИГРАНТ")):
        archive.take(article(str(number), text))
    assert sorted(archive.titles("migra*")) == ["0", "1", "2", "5"]
    assert sorted(archive.titles("migra* -migrants")) == ["1"]
    assert fts.compile_query(parse("migra*"), Vocabulary(archive.connection)).exact
