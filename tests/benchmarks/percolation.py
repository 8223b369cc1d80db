"""Percolation: articles a CPU-second against standing queries, alone and in batches, and what standing them costs."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from multiprocessing import get_context

import numpy as np

from bot.core.collector import collector_resting
from bot.core.model import Article
from bot.matching.percolator import BATCH, Percolator
from bot.matching.query import parse
from tests.benchmarks.workload import INCOMING, Vocabulary, articles, queries

FULL = (10_000, 100_000, 1_000_000)
QUICK = (10_000,)
LANGUAGES = ("en", "de", "fr")
"""Of the articles that queries of inflected words are made of and asked of."""
LUCENE = {100_000: 229, 1_000_000: 31}
"""Articles a CPU-second of Lucene Monitor 8, tuned, on this workload and such a machine."""
_SEED = 7
_SAMPLE = 4_000
_CHUNK = 10_000
_PASSES = 3
"""Times as many passes as runs: one takes a quarter of a second, and what else the machine does takes longer."""
_ALONE = 500
"""Articles matched one at a time."""
_CHANGES = 1_000
_PATIENCE = 300.0
"""Seconds after which a process that has not done its part has failed."""
_CHURN = 5
"""Times as many queries as stand that come and go."""


def measure(runs: int, sizes: Sequence[int] = FULL) -> dict[str, float]:
    """Medians of `runs` passes over the incoming articles, for exact and for inflected words.

    Of one size what is never compared is left out: what two processes do, and what coming and going leaves behind.
    """
    figures: dict[str, float] = {}
    whole = len(sizes) > 1
    for exact in (True, False):
        found = articles(1, () if exact else LANGUAGES)
        vocabulary = Vocabulary.of(found[INCOMING:][:_SAMPLE])
        for size in sizes:
            texts = queries(vocabulary, size, 2, exact=exact)
            measured = _Engine(found[:INCOMING], found[INCOMING:]).measure(texts, size, runs, changes=exact, two=whole)
            kind = "exact" if exact else "inflected"
            figures |= {f"{size:,} {kind} queries, {name}": figure for name, figure in measured.items()}
    return figures | _churn(sizes[0]) if whole else figures


class _Engine:
    """A percolator and the articles it is asked about."""

    def __init__(self, incoming: Sequence[Article], others: Sequence[Article]) -> None:
        self._percolator = Percolator(_SEED)
        self._incoming = incoming
        self._others = others

    def measure(self, texts: Iterator[str], size: int, runs: int, *, changes: bool, two: bool) -> dict[str, float]:
        """Everything there is to measure of a number of queries."""
        with collector_resting():
            figures = self._register(texts, size)
        gc.collect()
        gc.freeze()
        cold, matches = self._pass(self._incoming)
        figures["matches an article"] = matches / len(self._incoming)
        figures["batches of 64, words never seen, articles a CPU-second"] = cold
        self._percolator.merge()
        passes = [self._pass(self._incoming)[0] for _ in range(_PASSES * runs)]
        figures["batches of 64, articles a CPU-second"] = statistics.median(passes)
        if size in LUCENE:
            figures["times Lucene Monitor"] = statistics.median(passes) / LUCENE[size]
        alone = sorted(chain_of(self._alone, runs))
        figures["one article, median, ms"] = statistics.median(alone)
        figures["one article, p99, ms"] = alone[int(0.99 * len(alone))]
        figures["one at a time, articles a CPU-second"] = 1e3 * len(alone) / sum(alone)
        if two:
            figures["two processes, times one"] = statistics.median(self._two() for _ in range(runs))
        if changes:
            figures |= self._changes(size)
        gc.unfreeze()
        return figures

    def _register(self, texts: Iterator[str], size: int) -> dict[str, float]:
        """Stands the queries, in chunks, so that neither texts nor trees are kept."""
        parsing = standing = 0.0
        first = 0
        while chunk := list(islice(texts, _CHUNK)):
            start = time.process_time()
            trees = [parse(text) for text in chunk]
            parsed = time.process_time()
            for number, tree in enumerate(trees):
                self._percolator.add(first + number, tree)
            parsing, standing = parsing + parsed - start, standing + time.process_time() - parsed
            first += len(chunk)
        start = time.process_time()
        self._percolator.merge()
        standing += time.process_time() - start
        return {
            "registered a CPU-second, from trees": size / standing,
            "registered a CPU-second, from texts": size / (parsing + standing),
            "index bytes a query": self._percolator.nbytes / size,
        }

    def _pass(self, incoming: Sequence[Article], batch: int = BATCH) -> tuple[float, int]:
        """Articles a CPU-second, and how many matches they had."""
        matches = 0
        start = time.process_time()
        for first in range(0, len(incoming), batch):
            _, sets = self._percolator.match_articles(incoming[first : first + batch])
            matches += int(np.bitwise_count(sets).sum())
        return len(incoming) / (time.process_time() - start), matches

    def _alone(self) -> list[float]:
        """CPU-milliseconds of each of some articles, asked about alone."""
        found = []
        for article in self._incoming[:_ALONE]:
            start = time.process_time_ns()
            self._percolator.match_articles([article])
            found.append((time.process_time_ns() - start) / 1e6)
        return found

    def _two(self) -> float:
        """How many times as fast two processes are as one: each is handed half of the articles."""
        half = len(self._incoming) // 2
        one = _seconds([partial(self._pass, self._incoming)])
        return one / _seconds([partial(self._pass, part) for part in (self._incoming[:half], self._incoming[half:])])

    def _changes(self, size: int) -> dict[str, float]:
        """Microseconds of adding and removing one more query, and what the next article then waits."""
        new = [
            parse(f'"{word} {number}" OR {word}')
            for number, word in enumerate(("frontex", "returns") * (_CHANGES // 2))
        ]
        add = self._percolator.add
        adding = _microseconds([partial(add, size + number, tree) for number, tree in enumerate(new)])
        removing = _microseconds([partial(self._percolator.remove, size + number) for number in range(_CHANGES)])
        waits = []
        for number, article in enumerate(self._others[:200]):
            self._percolator.match_articles([article])
            self._percolator.add(size + number, new[number])
            start = time.process_time_ns()
            self._percolator.match_articles([article])
            waits.append((time.process_time_ns() - start) / 1e6)
        return {
            "adding one, p99, µs": adding,
            "removing one, p99, µs": removing,
            "one article after a change, median, ms": statistics.median(waits),
        }


def chain_of(measured: Callable[[], list[float]], runs: int) -> list[float]:
    """The figures of all runs together."""
    return [figure for _ in range(runs) for figure in measured()]


def _microseconds(works: Sequence[Callable[[], object]]) -> float:
    """The p99 of what each takes."""
    found = []
    for work in works:
        start = time.perf_counter_ns()
        work()
        found.append((time.perf_counter_ns() - start) / 1e3)
    return sorted(found)[int(0.99 * len(found))]


def _seconds(works: Sequence[Callable[[], object]]) -> float:
    """Seconds until all is done, a process each, that begin together; each has done it once before.

    A process that was forked has the kernel copy every page that it writes to for the first time, which takes as long
    for half of the articles as for all of them, and no process that goes on for longer notices; nor does the end of a
    process count.
    """
    context = get_context("fork")
    together = context.Barrier(len(works) + 1, timeout=_PATIENCE)

    def child(work: Callable[[], object]) -> None:
        work()
        together.wait()
        work()
        together.wait()
        os._exit(0)

    processes = [context.Process(target=child, args=(work,)) for work in works]
    for process in processes:
        process.start()
    together.wait()
    start = time.perf_counter()
    together.wait()
    seconds = time.perf_counter() - start
    for process in processes:
        process.join()
    return seconds


def _churn(size: int) -> dict[str, float]:
    """How much larger the index is after many times its queries came and went, none of them like another."""
    percolator = Percolator(_SEED)
    percolator.define("t", parse("none"))

    def fill(round_: int) -> int:
        for number in range(size):
            percolator.add(number, parse(f'word{round_}x{number} "row{round_} of{number}" OR pre{round_}x{number}*'))
        percolator.merge()
        percolator.match_articles([Article("", "none", "none of them", "x")])
        return percolator.nbytes

    first = fill(0)
    last = [fill(round_) for round_ in range(1, _CHURN + 1)][-1]
    return {f"index after {size:,} queries were replaced {_CHURN} times, times its size before": last / first}
