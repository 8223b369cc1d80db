"""The same articles and queries in others' hands: plain FTS5 as anybody would set it up, and tantivy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from bot.core.model import Article
from bot.matching.query import parse
from bot.matching.syntax import And, Near, Node, Not, Or, Phrase, Prefix, Word
from store.fulltext import position_at
from tests.benchmarks.archive.articles import articles
from tests.benchmarks.archive.building import kept, progress
from tests.benchmarks.archive.queries import latencies, mixed, percentiles

APART = ("filter", "since window")
"""Kinds of query they are not asked: how their filters would be stored is not their matter."""

_BATCH = 10_000
_INGESTED = 3_000
Ask = Callable[[str], object]


class Rival(Protocol):
    """An index of titles and texts that gives the newest ten, or the most relevant."""

    name: str

    def available(self) -> bool: ...

    def build(self, path: Path, size: int) -> None:
        """Makes the index of `size` articles."""

    def asking(self, path: Path, *, ranked: bool = False) -> Ask:
        """What answers a query of our language from the index."""


class PlainFts5:
    """FTS5 with its own tokenizer and stemmer, text not kept, merged whole."""

    name = "plain FTS5"

    def available(self) -> bool:
        return True

    def build(self, path: Path, size: int) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(
                "CREATE VIRTUAL TABLE plain USING fts5(title, body, content='', tokenize='porter unicode61')"
            )
            for batch in _batches(path.name, size):
                connection.execute("BEGIN")
                connection.executemany("INSERT INTO plain (rowid, title, body) VALUES (?, ?, ?)", batch)
                connection.execute("COMMIT")
            connection.execute("INSERT INTO plain (plain) VALUES ('optimize')")

    def asking(self, path: Path, *, ranked: bool = False) -> Ask:
        connection = sqlite3.connect(path)
        order = "rank" if ranked else "rowid DESC"
        select = f"SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY {order} LIMIT 10"
        return lambda query: connection.execute(select, (_fts5(parse(query)),)).fetchall()


class Tantivy:
    """tantivy with its English stemmer; the newest ten are those with the largest value of a fast field."""

    name = "tantivy"

    def available(self) -> bool:
        return find_spec("tantivy") is not None

    def build(self, path: Path, size: int) -> None:
        import tantivy

        fields = tantivy.SchemaBuilder()
        for name in ("title", "body"):
            fields.add_text_field(name, tokenizer_name="en_stem", index_option="position")
        fields.add_integer_field("position", fast=True)
        path.mkdir()
        writer = tantivy.Index(fields.build(), path=str(path)).writer(heap_size=500_000_000, num_threads=1)
        for batch in _batches(path.name, size):
            for position, title, body in batch:
                writer.add_document(tantivy.Document(title=title, body=body, position=position))
        writer.commit()
        writer.wait_merging_threads()

    def asking(self, path: Path, *, ranked: bool = False) -> Ask:
        import tantivy

        index = tantivy.Index.open(str(path))
        index.reload()
        searcher = index.searcher()
        order: dict[str, Any] = {} if ranked else {"order_by_field": "position"}
        return lambda query: searcher.search(_tantivy(index, parse(query)), 10, count=False, **order)


RIVALS: tuple[Rival, ...] = (PlainFts5(), Tantivy())


def measure(asked: Mapping[str, Sequence[str]], size: int, runs: int) -> dict[str, float]:
    """Each rival's newest ten, relevance, bytes and ingest; one that is not installed is said to be so and left out."""
    figures: dict[str, float] = {}
    for rival in RIVALS:
        if not rival.available():
            print(f"{rival.name}: not installed")
            continue
        path = kept(f"{rival.name.replace(' ', '-')}-{size}", partial(rival.build, size=size))
        figures[f"{rival.name}, index bytes an article"] = _bytes(path) / size
        ask, rank = rival.asking(path), rival.asking(path, ranked=True)
        ours = {kind: queries for kind, queries in asked.items() if kind not in APART}
        for kind, queries in ours.items():
            runs_of = [latencies(ask, queries) for _ in range(runs)]
            figures |= percentiles(f"{rival.name}, newest ten, {kind}", runs_of)
        figures |= percentiles(f"{rival.name}, by relevance", [latencies(rank, mixed(ours, 30)) for _ in range(runs)])
        rate = statistics.median(_ingest(rival) for _ in range(runs))
        figures[f"{rival.name}, ingest, articles a CPU-second"] = rate
    return figures


def _batches(name: str, size: int) -> Iterator[list[tuple[int, str, str]]]:
    """Position, title and text of the articles, in the order of their positions within each batch."""
    coming, taken = articles(size), dict[int, int]()

    def placed(article: Article) -> tuple[int, str, str]:
        assert article.published_at is not None
        second = position_at(article.published_at)
        taken[second] = taken.get(second, -1) + 1
        return second + taken[second], article.title, article.text

    done = 0
    while batch := sorted(map(placed, islice(coming, _BATCH))):
        yield batch
        done += len(batch)
        if size > _INGESTED:
            progress(name, size, done)


def _ingest(rival: Rival) -> float:
    """Articles a CPU-second into an empty index."""
    folder = Path(tempfile.mkdtemp())
    try:
        start = time.process_time()
        rival.build(folder / "new", _INGESTED)
        return _INGESTED / (time.process_time() - start)
    finally:
        shutil.rmtree(folder)


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(os.path.getsize(file) for file in path.iterdir())
    with closing(sqlite3.connect(path)) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


def _fts5(node: Node) -> str:
    """A query as FTS5 has it; every word is taken in all its forms."""
    match node:
        case Word(text):
            return f'"{text}"'
        case Prefix(text):
            return f'"{text}" *'
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Near(left, right, distance):
            return f"NEAR({_fts5(left)} {_fts5(right)}, {distance})"
        case Or(children):
            return f"({' OR '.join(map(_fts5, children))})"
        case And(children):
            wanted = " AND ".join(_fts5(child) for child in children if not isinstance(child, Not))
            return f"({wanted}{''.join(f' NOT {_fts5(child.child)}' for child in children if isinstance(child, Not))})"
    raise ValueError(f"{node!r} is not asked of others")


def _tantivy(index: Any, node: Node) -> Any:
    """A query as tantivy has it; words within a span come in either order, as far as its slop goes."""
    import tantivy

    if isinstance(node, Prefix):
        fields = ("title", "body")
        begin = [tantivy.Query.regex_query(index.schema, field, f"{node.text}.*") for field in fields]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in begin])
    return index.parse_query(_text(node), ["title", "body"], conjunction_by_default=True)


def _text(node: Node) -> str:
    match node:
        case Word(text) | Phrase((text,)):
            return text
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Near(left, right, distance):
            return f'"{_text(left)} {_text(right)}"~{distance}'
        case Or(children):
            return " OR ".join(map(_text, children))
        case And(children):
            return " ".join(f"-{_text(child.child)}" if isinstance(child, Not) else _text(child) for child in children)
    raise ValueError(f"{node!r} is not asked of others")
