"""One story, one alert: what it costs to find out of what event an article tells, when 100,000 came in three days.

The window holds real articles, signed as they are, and variants of them: the rarer words of each are others, so that
every variant is an event of its own, and all speak of what all speak of.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.core.model import Article
from bot.jobs.intake import BATCH
from bot.matching.analysis import analysed
from bot.matching.gists import dated, gists, keyed, words_of
from bot.matching.leads import leads
from bot.matching.neighbours import Neighbours
from bot.matching.openings import RAREST, Openings
from bot.matching.stories import EXACT_BYTES, MINIMA_AT, PERMUTATIONS, WINDOW, Signature, choose
from bot.matching.text import analyse
from store.connections import open_writer
from store.database import open_store
from store.stories import Stories
from store.times import micros
from tests.benchmarks.workload import articles

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
ARTICLES = 100_000
INCOMING = 1_536
MODELS = 2_000

_COMMON = 20
"""Models of which a variant shares a word that so many have."""

_HEAD, _COUNT_AT = 14, 12
"""Bytes of a gist before its words, and where it says how many those are."""


@dataclass
class Spent:
    """CPU-seconds by what they were spent on."""

    on: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Counts what is done inside."""
        start = time.process_time()
        yield
        self.on[name] = self.on.get(name, 0.0) + time.process_time() - start


def measure(runs: int, size: int = ARTICLES) -> dict[str, float]:
    """What an article costs against a window of this size, what the window takes to be read again, and its memory."""
    texts = articles(seed=4)[: MODELS + INCOMING]
    signed = _signed(texts)
    making = statistics.median(_making(texts[:INCOMING]) for _ in range(runs))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "n.db"
        open_store(path, now=NOW).close()
        with closing(open_writer(path)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            _fill(connection, signed[:MODELS], size)
            neighbours, openings = Neighbours(), Openings()
            start = time.perf_counter()
            Stories(connection, neighbours, openings).expect([])
            rebuilt = time.perf_counter() - start
            spent = _assign(connection, signed[MODELS:], neighbours, openings, size)
    count = len(signed) - MODELS
    name = f"{size:,}"
    finding, deciding = (spent.on[name] / count * 1e6 for name in ("find", "decide"))
    return {
        "story: make a gist, beside the signature, µs": making,
        f"story: find the likeliest of {name}, µs": finding,
        "story: decide among them, µs": deciding,
        f"story: gist, find and decide among {name}, µs": making + finding + deciding,
        "story: learn what was committed, µs": spent.on["learn"] / count * 1e6,
        f"story: near copies among {name}, µs": spent.on["copies"] / count * 1e6,
        f"story: a window of {name} read from the store, s": rebuilt,
        f"story: memory of a window of {name}, bytes an article": (neighbours.nbytes + openings.nbytes) / size,
    }


def _signed(texts: Sequence[Article]) -> list[tuple[bytes, bytes]]:
    """Signature and gist of each article, which came in just now."""
    hour = int(NOW.timestamp() // 3600)
    return [(signed.values, dated(signed.gist, hour)) for _, signed in analysed(texts)]


def _making(texts: Sequence[Article]) -> float:
    """CPU-microseconds of a gist, of articles whose leads are read already: signatures need them too."""
    documents = [analyse(text) for text in texts]
    read = list(leads(documents))
    start = time.process_time()
    for at in range(0, len(texts), BATCH):
        gists(documents[at : at + BATCH], texts[at : at + BATCH], read[at : at + BATCH])
    return (time.process_time() - start) / len(texts) * 1e6


def _fill(connection: sqlite3.Connection, models: Sequence[tuple[bytes, bytes]], size: int) -> None:
    """Signs a window of articles that opened a story each, evenly over it, oldest first."""
    step, hour = WINDOW / size, int((NOW - WINDOW).timestamp() // 3600)
    insert = "INSERT INTO signatures (article_id, story_id, added_at, signature, gist) VALUES (?, ?, ?, ?, ?)"
    rows = (
        (number, number, micros(NOW - WINDOW + number * step), values, dated_again(gist, hour + number * 72 // size))
        for number, (values, gist) in enumerate(variants(models, size), 1)
    )
    with connection:
        connection.execute("BEGIN")
        connection.executemany(insert, rows)


def dated_again(gist: bytes, hour: int) -> bytes:
    """A gist as of an article that was published then."""
    return int(hour).to_bytes(4, "little", signed=True) + gist[4:] if gist else gist


def variants(models: Sequence[tuple[bytes, bytes]], size: int) -> Iterator[tuple[bytes, bytes]]:
    """Signatures and gists of so many events."""
    words, kinds = words_of([gist for _, gist in models])
    there = words[kinds > 0]
    known, counts = np.unique(there, return_counts=True)
    rare = counts[np.minimum(known.searchsorted(words), len(known) - 1)] < _COMMON
    keys = np.argsort(
        np.where(kinds > 0, counts[np.minimum(known.searchsorted(words), len(known) - 1)], 1 << 20), axis=1
    )
    chance = np.random.default_rng(4)
    for number in range(size):
        row = number % len(models)
        values, gist = models[row]
        turn = np.uint32(number // len(models) * 2654435761 & 0xFFFFFFFF)
        others = np.where(rare[row], words[row] ^ turn, words[row]).astype("<u4")
        if len(values) > EXACT_BYTES:
            minima = chance.bytes(2 * PERMUTATIONS)
            values = (
                chance.bytes(EXACT_BYTES)
                + values[EXACT_BYTES:MINIMA_AT]
                + minima
                + values[MINIMA_AT + 2 * PERMUTATIONS :]
            )
        if gist:
            count = gist[_COUNT_AT]
            changed = gist[:_HEAD] + others[:count].tobytes() + gist[_HEAD + 4 * count :]
            gist = keyed(changed, keys[row, : min(RAREST, count)].tolist())
        yield values, gist


def _assign(
    connection: sqlite3.Connection,
    signed: Sequence[tuple[bytes, bytes]],
    neighbours: Neighbours,
    openings: Openings,
    size: int,
) -> Spent:
    """Assigns articles to stories as they are taken in, in batches of one transaction each."""
    spent, number = Spent(), size
    for start in range(0, len(signed), BATCH):
        batch = signed[start : start + BATCH]
        stories = Stories(connection, neighbours, openings)
        connection.execute("BEGIN IMMEDIATE")
        with spent.timed("learn"):
            stories.expect([])
        with spent.timed("copies"):
            stories.expect([values for values, _ in batch])
        with spent.timed("find"):
            stories.expect([], [gist for _, gist in batch])
        for values, gist in batch:
            number += 1
            _take(stories, number, values, gist, spent)
        connection.execute("COMMIT")
    return spent


def _take(stories: Stories, number: int, values: bytes, gist: bytes, spent: Spent) -> None:
    """Assigns one article."""
    with spent.timed("copies"):
        story = choose(Signature(values), stories.candidates(values, NOW - WINDOW))
    if story is None:
        with spent.timed("decide"):
            story = stories.of_event(gist, NOW - WINDOW)
    stories.add(number, story or number, values, NOW, gist=b"" if story else gist)
