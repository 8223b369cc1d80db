"""Phrases with their details filled in: one sentence, however the details end."""

from __future__ import annotations

import pytest

from bot.core.message import Link, Strong, filled, plain

PHRASE = "You follow {story}. More of it rings."


@pytest.mark.parametrize(
    ("headline", "said"),
    [
        ("Rain in Europe", "You follow Rain in Europe. More of it rings."),
        ("Rain in Europe.", "You follow Rain in Europe. More of it rings."),
        ("Will it rain?", "You follow Will it rain? More of it rings."),
        ("Rain, rain…", "You follow Rain, rain… More of it rings."),
    ],
)
def test_a_headline_that_ends_as_sentences_do_ends_the_phrase_s_sentence(headline: str, said: str) -> None:
    assert plain(filled(PHRASE, story=Strong(headline))) == said
    assert plain(filled(PHRASE, story=Link(headline, "https://a.example/"))) == said
    assert plain(filled(PHRASE, story=headline)) == said


def test_what_does_not_end_a_sentence_keeps_its_own_end() -> None:
    assert plain(filled("Undone: {story} again.", story="Rain.")) == "Undone: Rain. again."
    assert plain(filled("{story}.", story=())) == "."
