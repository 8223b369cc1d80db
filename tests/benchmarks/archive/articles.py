"""The articles of the archive's benchmarks: new ones in the words of real ones, and what the analyser makes of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice

from bot.core.model import Article
from bot.matching.document import Document, Tokens
from bot.matching.text import folded_words, host_of, tokens
from tests.benchmarks.corpus import wire

FULL, QUICK = 1_000_000, 50_000
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

_YEAR = 31_536_000
_CHANGED = 0.4
"""Share of an article's sentences that stand in another one: new articles in the words of real ones."""

_LATE = 30
"""One article in so many comes in much later than it was published."""


@lru_cache(maxsize=1)
def texts() -> Sequence[Article]:
    """Real articles where the corpus is at hand, else generated ones; always in the same order."""
    found = wire()
    if not found:
        return list(islice(_generated(random.Random(4)), 2_000))
    random.Random(4).shuffle(found)
    return found


def articles(size: int, models: int | None = None) -> Iterator[Article]:
    """`size` articles of one year as they come in: by time, but one in thirty much later than it was published.

    They are made of all texts, or of so many.
    """
    chance = random.Random(1)
    known = [(article, sentences(article.text)) for article in texts()[:models]]
    pools: dict[str | None, list[str]] = {}
    for article, parts in known:
        pools.setdefault(article.language, []).extend(parts)
    start = NOW - timedelta(seconds=_YEAR)
    for number in range(size):
        model, parts = known[number % len(known)]
        pool = pools[model.language]
        text = ". ".join([chance.choice(pool) if chance.random() < _CHANGED else part for part in parts])
        at = _YEAR * (number + chance.random()) / size
        if not number % _LATE:
            at *= chance.random()
        address = f"https://www.{model.source.split()[0].lower()}.example/{number}"
        when = start + timedelta(seconds=int(at))
        yield Article(str(number), model.title, text, model.source, address, when, model.language)


def analysed(article: Article) -> Document:
    """What `analyse` makes of an article whose language is known, but for the offsets of its words."""
    body = [sentence(part, article.language) for part in sentences(article.text)]
    joined = Tokens(
        tuple(chain.from_iterable(part.folded for part in body)),
        tuple(chain.from_iterable(part.stems for part in body)),
        (),
        (),
    )
    title = sentence(article.title, article.language)
    return Document(title, joined, article.language, folded_words(article.source), host_of(article))


@lru_cache(maxsize=400_000)
def sentence(text: str, language: str | None) -> Tokens:
    """The tokens of a sentence, remembered."""
    return tokens(text, language)


def sentences(text: str) -> list[str]:
    """What stands between full stops."""
    return [part for part in text.replace("\n", ". ").split(". ") if part]


def _generated(chance: random.Random) -> Iterator[Article]:
    """Articles of made-up words that are as unevenly common as those of a language."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(60_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    while True:
        text = iter(chance.choices(words, weights, k=400))
        parts = [" ".join(islice(text, 16)) for _ in range(25)]
        yield Article("", parts[0], ". ".join(parts), "bbc", language=chance.choice(("en", "en", "de", "fr")))
