"""Archive search: newest ten, relevance and deep pages of every kind of query, ingest and bytes an article."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.core.errors import UserError
from bot.core.model import Article, Source, SourceKind
from bot.core.ports import Session
from bot.matching.document import Document, Tokens
from bot.matching.language import normalise
from bot.matching.query import parse
from bot.matching.text import ANALYSER_VERSION, analyse, folded_words, tokens
from store.connections import open_writer
from store.database import SqliteSession, SqliteStore, open_store
from store.fulltext import SLOTS
from store.schema_archive import POLLING, TABLES
from store.search import DEADLINE_SECONDS, Search

FULL, QUICK = 1_000_000, 50_000
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CORPUS = Path(__file__).parents[3] / "shared/corpus/wire.jsonl.gz"
QUERIES = 60
"""Queries of a kind."""
_YEAR = 31_536_000
_BATCH = 2_000
_CHANGED = 0.4
"""Share of an article's sentences that stand in another one: new articles in the words of real ones."""


def measure(runs: int, size: int = FULL) -> dict[str, float]:
    """Medians over `runs` of milliseconds a query (p50 and p99), bytes an article and articles a CPU-second."""
    path = database(size)
    store = open_store(path, now=NOW)
    try:
        asked = questions(random.Random(2))
        figures = {"index bytes an article": index_bytes(path) / size}
        for kind, queries in asked.items():
            for what, deadline in (("newest ten", 0.0), ("with a count", DEADLINE_SECONDS)):
                latencies = [_latencies(store, queries, deadline) for _ in range(runs)]
                figures |= _percentiles(f"{what}, {kind}", latencies)
        every = list(islice(chain.from_iterable(zip(*asked.values(), strict=True)), 3 * QUERIES))
        figures |= _percentiles("by relevance", [_latencies(store, every, sort="relevance") for _ in range(runs)])
        figures |= _percentiles("page 50", [_latencies(store, every, 0.0, offset=490) for _ in range(runs)])
    finally:
        store.close()
    figures["ingest, articles a CPU-second"] = statistics.median(_ingest(path) for _ in range(runs))
    return {f"archive of {size:,}, {name}": figure for name, figure in figures.items()}


def database(size: int) -> Path:
    """The database of `size` articles, built when there is none that this code would build alike."""
    caches = os.environ.get("XDG_CACHE_HOME")
    folder = Path(caches or tempfile.gettempdir()) / "newsbell-bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"archive-{size}-{_layout()}.db"
    if not path.exists():
        building = path.with_suffix(".building")
        _clear(building)
        _build(building, size)
        building.rename(path)
        _clear(building)
    return path


def _clear(building: Path) -> None:
    """Removes what an earlier build left of a database and what stands beside it."""
    for rest in building.parent.glob(f"{building.name}*"):
        rest.unlink() if rest.is_file() else shutil.rmtree(rest)


def index_bytes(path: Path) -> int:
    """Bytes of the full text index and what belongs to it, pages counted whole."""
    with closing(sqlite3.connect(path)) as connection:
        names = "name GLOB 'fulltext*'"
        try:
            total = connection.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {names}").fetchone()[0]
        except sqlite3.OperationalError:  # built without dbstat: the blocks, which are nearly all of it
            total = connection.execute("SELECT sum(length(block)) FROM fulltext_data").fetchone()[0]
    return int(total)


def texts() -> list[Article]:
    """Real articles where the corpus is at hand, else generated ones; always in the same order."""
    if not CORPUS.exists():
        return list(islice(_generated(random.Random(4)), 2_000))
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    found = [
        Article(str(row["id"]), row["title"], row["body"], row["src"], language=normalise(row["lang"])) for row in rows
    ]
    random.Random(4).shuffle(found)
    return found


def articles(size: int) -> Iterator[Article]:
    """`size` articles of one year as they come in: by time, but one in thirty much later than it was published."""
    chance = random.Random(1)
    known = texts()
    sentences: dict[str | None, list[str]] = {}
    for article in known:
        sentences.setdefault(article.language, []).extend(_sentences(article.text))
    start = NOW - timedelta(seconds=_YEAR)
    for number in range(size):
        model = known[number % len(known)]
        pool = sentences[model.language]
        parts = [chance.choice(pool) if chance.random() < _CHANGED else part for part in _sentences(model.text)]
        at = _YEAR * (number + chance.random()) / size
        if not number % 30:
            at *= chance.random()
        address = f"https://www.{model.source.split()[0].lower()}.example/{number}"
        when = start + timedelta(seconds=int(at))
        yield Article(str(number), model.title, " ".join(parts), model.source, address, when, model.language)


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


def _parsing(make: Callable[[], str]) -> Iterator[str]:
    """What `make` makes, but for words that the query language keeps for itself."""
    while True:
        query = make()
        try:
            parse(query, dates=True)
        except UserError:
            continue
        yield query


def _latencies(
    store: SqliteStore, queries: list[str], deadline: float = DEADLINE_SECONDS, **options: Any
) -> list[float]:
    """Milliseconds of each query, from its text to its articles; after the deadline, in seconds, it counts no more."""
    found = []
    for query in queries:
        start = time.perf_counter()
        store.read(partial(_ask, query, deadline, options))
        found.append((time.perf_counter() - start) * 1e3)
    return found


def _ask(query: str, deadline: float, options: dict[str, Any], session: Session) -> None:
    assert isinstance(session, SqliteSession)
    Search(session.connection, deadline=deadline).newest(parse(query, dates=True), NOW, **options)


def _percentiles(name: str, runs: list[list[float]]) -> dict[str, float]:
    ordered = [sorted(run) for run in runs]
    at = {"p50": 0.5, "p99": 0.99}
    return {
        f"{name}, {label}, ms": statistics.median(run[int(share * (len(run) - 1))] for run in ordered)
        for label, share in at.items()
    }


def _ingest(path: Path) -> float:
    """Articles a CPU-second, analysed, archived and indexed in the archive as it is; nothing of it is kept."""
    new = list(islice(articles(FULL), 1_000))
    with closing(open_writer(path)) as connection:
        session = SqliteSession(connection)
        connection.execute("BEGIN")
        source = session.sources.ensure(SourceKind.INGEST, "/new", "new")
        start = time.process_time()
        for article in new:
            _take(session, article, analyse(article), source)
        seconds = time.process_time() - start
        connection.rollback()
    return len(new) / seconds


def _take_all(batch: list[Article], source: Source, session: Session) -> None:
    for article in batch:
        _take(session, article, _analysed(article), source)


def _take(session: Session, article: Article, document: Document, source: Source) -> None:
    story_id = session.stories.new(NOW)
    archived = session.articles.add(
        article, source_id=source.id, now=NOW, language=document.language, story_id=story_id, topics=()
    )
    session.search.index(archived, document)


def _build(path: Path, size: int) -> None:
    """An archive of `size` articles, in transactions of many; sentences met before are not analysed again."""
    with closing(open_store(path, now=NOW)) as store:
        source = store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/bench", "bench"))
        coming = articles(size)
        done = 0
        while batch := list(islice(coming, _BATCH)):
            store.write(partial(_take_all, batch, source))
            done += len(batch)
            bar = "#" * (40 * done // size)
            print(f"\rbuilding {path.name}: [{bar:<40}] {done:,}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)


def _analysed(article: Article) -> Document:
    """What `analyse` makes of an article whose language is known, but for the offsets of its words."""
    body = [_sentence(part, article.language) for part in _sentences(article.text)]
    joined = Tokens(
        tuple(chain.from_iterable(part.folded for part in body)),
        tuple(chain.from_iterable(part.stems for part in body)),
        (),
        (),
    )
    title = _sentence(article.title, article.language)
    host = (article.url or "").split("/")[2].removeprefix("www.")
    return Document(title, joined, article.language, folded_words(article.source), host)


@lru_cache(maxsize=400_000)
def _sentence(text: str, language: str | None) -> Tokens:
    return tokens(text, language)


def _sentences(text: str) -> list[str]:
    return [part for part in text.replace("\n", ". ").split(". ") if part]


def _generated(chance: random.Random) -> Iterator[Article]:
    """Articles of made-up words that are as unevenly common as those of a language."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(60_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    while True:
        text = iter(chance.choices(words, weights, k=400))
        sentences = [" ".join(islice(text, 16)) for _ in range(25)]
        yield Article("", sentences[0], ". ".join(sentences), "bbc", language=chance.choice(("en", "en", "de", "fr")))


def _layout() -> str:
    """Tells databases apart that another version of newsbell would build otherwise."""
    return f"{crc32(repr((TABLES, POLLING, ANALYSER_VERSION, SLOTS)).encode()):08x}"
