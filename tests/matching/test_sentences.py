"""The shipped topics, sentence by sentence: what each story has, in every language the topics speak.

`sentences/LANGUAGE.txt` has a sentence a line, after the topics it has: m migration, b balkans, f border-funding, -
none. It is a story as agencies send it in short: the headline, and a text that begins by saying it again.
Every sentence is one for every topic, of those that have it or of those that have not.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.core.model import Article
from bot.matching.percolator import Percolator
from bot.matching.tagging import Tagger
from bot.matching.text import analyse
from bot.matching.topics import Topics
from bot.setting_paths import seeds

FILES = sorted((Path(__file__).parent / "sentences").glob("*.txt"))
LETTERS = {"m": "migration", "b": "balkans", "f": "border-funding"}
LANGUAGES = {*"en de fr it es ro hu sl el tr bg mk sq bs cnr hr sr-Cyrl sr-Latn".split()}  # noqa: SIM905
LEAST = 30


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(Topics.load(seeds() / "topics").definitions, Percolator(20_261_126))


def sentences(file: Path) -> list[tuple[str, set[str]]]:
    """Each sentence with the topics it has."""
    lines = (line.partition(" | ") for line in file.read_text("utf-8").splitlines())
    return [(text, {LETTERS[letter] for letter in letters if letter != "-"}) for letters, _, text in lines]


def test_every_language_has_enough_of_them() -> None:
    assert {file.stem for file in FILES} == LANGUAGES
    for file in FILES:
        having = Counter(topic for _, topics in sentences(file) for topic in topics)
        assert len({text for text, _ in sentences(file)}) == len(sentences(file)) >= LEAST
        assert min(having[topic] for topic in LETTERS.values()) >= 5
        assert sum(not topics for _, topics in sentences(file)) >= 8


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_stories_have_the_topics_they_are_about(file: Path, tagger: Tagger) -> None:
    told = sentences(file)
    language = file.stem.partition("-")[0]
    found = tagger([analyse(Article("", text, f"{text}.", "x", language=language)) for text, _ in told])
    wrong = {
        text: (sorted(wanted), list(topics))
        for (text, wanted), topics in zip(told, found, strict=True)
        if wanted != {*topics}
    }
    assert not wrong, "\n".join(f"{text}: {both}" for text, both in wrong.items())
