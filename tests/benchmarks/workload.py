"""The percolation workload: articles, and standing queries of a fixed mix over their words.

40 % one to three words, 20 % phrases, 20 % OR of two to six, 10 % (OR)(OR)-NOT, 10 % prefixes; the mean query hits
0.19 % of the articles. Words are quoted (exact) or not (inflected).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bot.core.model import Article
from bot.matching.text import folded_words
from tests.benchmarks.corpus import wire

INCOMING = 3_008


def articles(seed: int, languages: Sequence[str] = ()) -> list[Article]:
    """Real articles in random order where the corpus is there, else generated ones with words as unequal as real."""
    random = Random(seed)
    known = wire() or list(_generated(random))
    found = [article for article in known if not languages or article.language in languages]
    random.shuffle(found)
    return found


def _generated(random: Random) -> Iterator[Article]:
    """Words of two to ten letters, the n-th about as frequent as 1/n."""
    letters = "etaoinshrdlucmfwypvbgkéčžüñ"
    words = ["".join(random.choices(letters, k=random.randint(2, 10))) for _ in range(60_000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    for number in range(11_000):
        drawn = random.choices(words, weights, k=random.randint(150, 700))
        for place in range(0, len(drawn), 13):
            drawn[place] = drawn[place].capitalize()
            drawn[place - 1] += random.choice((".", ",", "’s", ":"))
        yield Article(
            str(number), " ".join(drawn[:8]), " ".join(drawn), "generated", language=random.choice(("en", "de", "fr"))
        )


@dataclass
class Vocabulary:
    """Words as they stand in a sample of articles, and in how many of the articles each is."""

    texts: list[list[str]]
    frequency: Counter[str]

    @classmethod
    def of(cls, sample: Sequence[Article]) -> Vocabulary:
        """The words of articles that are letters alone."""
        texts = [[word for word in folded_words(f"{entry.title}\n{entry.text}") if word.isalpha()] for entry in sample]
        texts = [text for text in texts if len(text) > 20]
        return cls(texts, Counter(word for text in texts for word in set(text)))


def queries(vocabulary: Vocabulary, count: int, seed: int, *, exact: bool = True) -> Iterator[str]:
    """Query texts; every query has an article that it was made from."""
    random = Random(seed)
    quote = '"{}"'.format if exact else "{}".format
    size = len(vocabulary.texts)

    def word(text: list[str], most: float) -> str:
        for _ in range(40):
            drawn = random.choice(text)
            if len(drawn) > 2 and vocabulary.frequency[drawn] <= most * size:
                return drawn
        return min(random.choices(text, k=60), key=lambda drawn: (len(drawn) < 3, vocabulary.frequency[drawn]))

    def places(text: list[str]) -> Iterator[int]:
        return (random.randrange(1, len(text) - 3) for _ in range(40))

    def any_of(text: list[str], most: float, least: int, upto: int) -> str:
        others = [word(random.choice(vocabulary.texts), most) for _ in range(random.randint(least, upto) - 1)]
        return " OR ".join(map(quote, [word(text, most), *others]))

    for _ in range(count):
        text = random.choice(vocabulary.texts)
        kind = random.random()
        if kind < 0.4:
            number = random.randint(1, 3)
            yield " ".join(quote(word(text, (0.0055, 0.08, 0.3)[number - 1])) for _ in range(number))
        elif kind < 0.6:
            start = next((at for at in places(text) if vocabulary.frequency[text[at]] <= 0.15 * size), 1)
            start -= random.randint(0, 1)
            yield f'"{" ".join(text[start : start + random.randint(2, 3)])}"'
        elif kind < 0.8:
            yield any_of(text, 0.0008, 2, 6)
        elif kind < 0.9:
            excluded = quote(word(random.choice(vocabulary.texts), 0.1))
            yield f"({any_of(text, 0.04, 2, 4)}) ({any_of(text, 0.04, 2, 4)}) -{excluded}"
        else:
            drawn = word(text, 0.0005)
            yield drawn[: max(5, len(drawn) - 1)] + "*"
