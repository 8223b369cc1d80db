"""Real articles in many languages, and queries of every kind made of their words, so that many of them match."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from random import Random

from bot.core.model import Article
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
    Word,
)
from bot.matching.words import words
from bot.sources import files
from tests.property.worlds import TOPICS, Entry, tagged

ROOT = Path(__file__).parents[2]
NEWS = ROOT.parent / "shared" / "corpus" / "news.jsonl.gz"
SAMPLES = ROOT / "seeds" / "articles"
LINES, EACH, LONGEST = 12_000, 16, 1_600
"""Lines of the corpus looked at, articles of a language among them, and characters of an article."""
_LANGUAGE = re.compile(rb'"language": "(\w+)"')


def entries(count: int) -> list[Entry]:
    """Up to `count` articles with their topics, all languages in turn, some that do not say which."""
    return [*map(tagged, islice(_corpus() if NEWS.exists() else _samples(), count))]


def _corpus() -> Iterator[Article]:
    by_language: defaultdict[bytes, list[bytes]] = defaultdict(list)
    with gzip.open(NEWS) as lines:
        for line in islice(lines, LINES):
            language = _LANGUAGE.search(line)
            if language and len(by_language[language[1]]) < EACH:
                by_language[language[1]].append(line)
    for index, line in enumerate(filter(None, chain.from_iterable(zip_longest(*by_language.values())))):
        given = json.loads(line)
        language = None if index % 9 == 8 else given["language"]
        title, text = given["title"] or "", (given["text"] or "")[:LONGEST]
        yield Article(given["id"], title, text, given["source"] or "", given["url"], language=language)


def _samples() -> Iterator[Article]:
    for path in files.expand([SAMPLES]):
        yield from (found for found in files.read(path) if isinstance(found, Article))


class Queries:
    """Queries made of the words of articles, as they are written there or in another case."""

    def __init__(self, entries: Sequence[Entry], seed: int) -> None:
        self._random = Random(seed)
        self._articles = [article for article, _ in entries if article.text]
        self.kinds: dict[str, Callable[[], Node]] = {
            "word": self._word,
            "prefix": self._prefix,
            "phrase": self._phrase,
            "phrase ending in a prefix": self._phrase_prefix,
            "any": lambda: Or(self._several(self._term)),
            "all": self._all,
            "exclusion": lambda: And((self._frequent(), Not(self._frequent()))),
            "near": self._near,
            "near groups": self._near_groups,
            "together": self._together,
            "title": lambda: Title(self._in_title()),
            "title nested": lambda: Title(And((self._in_title(), Not(self._frequent())))),
            "source": self._source,
            "language": lambda: And((self._frequent(), LanguageIs(self._language()))),
            "topic": lambda: And((self._frequent(), TopicIs(self._random.choice(TOPICS)))),
            "nested": lambda: self._nested(3),
            "exclusion alone": lambda: Not(self._nested(2)),
        }

    def some(self, count: int) -> list[tuple[str, Node]]:
        """Queries with the names of their kinds, as many of each kind."""
        kinds = list(self.kinds.items())
        return [(name, make()) for name, make in islice((kind for _ in range(count) for kind in kinds), count)]

    def _article(self) -> Article:
        return self._random.choice(self._articles)

    def _row(self, size: int, text: str | None = None) -> list[str]:
        """Words in a row of some text, sometimes in capitals."""
        written = [word for word, _ in words(text or self._article().text)] or ["x"]
        start = self._random.randrange(max(len(written) - size, 0) + 1)
        row = written[start : start + size]
        return [word.upper() for word in row] if self._rarely() else row

    def _rarely(self) -> bool:
        return self._random.random() < 0.15

    def _several(self, make: Callable[[], Node]) -> tuple[Node, ...]:
        return tuple(make() for _ in range(self._random.randint(2, 5)))

    def _word(self) -> Node:
        return Word(self._row(1)[0])

    def _prefix(self) -> Node:
        word = self._row(1)[0]
        return Prefix(word[: self._random.randint(1, max(len(word), 2))])

    def _phrase(self) -> Node:
        return Phrase(tuple(self._row(self._random.randint(1, 4))))

    def _phrase_prefix(self) -> Node:
        *before, last = self._row(self._random.randint(1, 3))
        return Phrase((*before, last[: self._random.randint(1, 4)]), prefix=True)

    def _term(self) -> Node:
        return self._random.choice((self._word, self._word, self._phrase, self._prefix, self._phrase_prefix))()

    def _frequent(self) -> Node:
        """What many articles of a language have: a short word, or a short beginning."""
        short = [word for word in self._row(30) if len(word) <= 3] or ["a"]
        word = self._random.choice(short)
        return Prefix(word[:1]) if self._rarely() else Word(word)

    def _all(self) -> Node:
        text = self._article().text
        return And(tuple(Word(self._row(1, text)[0]) for _ in range(self._random.randint(2, 3))))

    def _near(self) -> Node:
        row = self._row(self._random.randint(2, 6))
        ends = [Word(row[0]), Prefix(row[-1][:4])]
        self._random.shuffle(ends)
        return Near(ends[0], ends[1], self._random.randint(0, 5))

    def _near_groups(self) -> Node:
        row = self._row(self._random.randint(4, 8))
        return Near(
            Or((self._term(), Phrase(tuple(row[:2])))),
            Or((Word(row[-1]), self._frequent())),
            self._random.randint(0, 5),
        )

    def _together(self) -> Node:
        row = self._row(self._random.randint(2, 8))
        picked = self._random.sample(row, min(len(row), self._random.randint(2, 4)))
        if self._rarely():
            picked.append(picked[0])
        return Proximity(tuple(picked), self._random.randint(0, 6))

    def _in_title(self) -> Node:
        title = self._article().title or "x"
        row = self._row(self._random.randint(1, 3), title)
        return self._random.choice((Word(row[0]), Prefix(row[0][:3]), Phrase(tuple(row)), Proximity(tuple(row), 2)))

    def _source(self) -> Node:
        article = self._article()
        host = re.sub("^https?://(?:[^/]*@)?([^/:]*).*$", r"\1", article.url or "", flags=re.DOTALL)
        return SourceIs(host if host and self._rarely() else " ".join(self._row(2, article.source)))

    def _language(self) -> str:
        return "bcms" if self._rarely() else self._article().language or "und"

    def _nested(self, depth: int) -> Node:
        if not depth:
            return self._random.choice([*self.kinds.values()][:14])()
        inner = self._several(lambda: self._nested(self._random.randint(0, depth - 1)))
        return self._random.choice((And(inner[:2]), Or(inner), Or(inner), And((inner[0], Not(inner[1])))))
