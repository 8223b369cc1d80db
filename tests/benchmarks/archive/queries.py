"""Queries of every kind, and how long each takes."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from bot.core.errors import UserError
from bot.matching.query import parse
from bot.matching.text import folded_words
from tests.benchmarks.archive.articles import texts

QUERIES = 100
"""Queries of a kind."""


def questions(chance: random.Random) -> dict[str, list[str]]:
    """Queries of every kind in the words of the articles."""
    sample = [article for article in texts() if article.language in ("en", "de", "fr")][:1_500]
    rows = [[word for word in folded_words(article.text) if word.isalpha()] for article in sample]
    counts = Counter(chain.from_iterable(set(row) for row in rows))
    long = sorted(word for word in counts if len(word) > 3)
    common = sorted(long, key=lambda word: -counts[word])[:150]
    middle = [word for word in long if 10 <= counts[word] <= 60]
    rare = [word for word in long if counts[word] <= 2]
    near = [(row[i], row[i + 2]) for row in rows for i in range(0, len(row) - 2, 50)]
    pairs = [(row[i], row[i + 1]) for row in rows for i in range(0, len(row) - 1, 50)]
    kinds: dict[str, Callable[[], str]] = {
        "common word": lambda: f'"{chance.choice(common)}"',
        "rare word": lambda: f'"{chance.choice(rare)}"',
        "two words": lambda: f'"{chance.choice(common)}" "{chance.choice(middle)}"',
        "phrase": lambda: '"{} {}"'.format(*chance.choice(pairs)),
        "OR of five": lambda: " OR ".join(f'"{word}"' for word in chance.sample(middle, 5)),
        "prefix": lambda: f"{chance.choice(middle)[: chance.choice((3, 4, 5, 6))]}*",
        "NOT": lambda: f'"{chance.choice(middle)}" -"{chance.choice(common)}"',
        "NEAR": lambda: '"{}" NEAR/5 "{}"'.format(*chance.choice(near)),
        "inflected NEAR": lambda: f"{chance.choice(middle)} NEAR/8 {chance.choice(middle)}",
        "inflected word": lambda: chance.choice(middle + common),
        "filter": lambda: chance.choice(("title:{}", "{} lang:en", "{} source:bbc")).format(chance.choice(middle)),
        "since window": lambda: f"{chance.choice(middle)} since:{chance.choice((2, 7, 30))}d",
    }
    return {kind: list(islice(_parsing(make), QUERIES)) for kind, make in kinds.items()}


def mixed(asked: Mapping[str, Sequence[str]], most: int) -> list[str]:
    """`most` of the queries, as many of each kind."""
    return list(islice(chain.from_iterable(zip(*asked.values(), strict=True)), most))


def latencies(ask: Callable[[str], object], queries: Iterable[str]) -> list[float]:
    """Milliseconds of each query."""
    found = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        found.append((time.perf_counter() - start) * 1e3)
    return found


def percentiles(name: str, runs: Sequence[Sequence[float]]) -> dict[str, float]:
    """p50 and p99 of the queries; each takes the median of its runs, as what else the machine does is no query's."""
    ordered = sorted(statistics.median(each) for each in zip(*runs, strict=True))
    return {
        f"{name}, {label}, ms": ordered[int(share * (len(ordered) - 1))]
        for label, share in (("p50", 0.5), ("p99", 0.99))
    }


def _parsing(make: Callable[[], str]) -> Iterator[str]:
    """What `make` makes, but for words that the query language keeps for itself."""
    while True:
        query = make()
        try:
            parse(query, dates=True)
        except UserError:
            continue
        yield query
