"""Two ways to lay out the index, side by side: one stream of tokens and a vocabulary, or two streams of tokens.

With two streams a word stands in the index twice, as its folded form and as its stem: what is quoted is looked for in
one, what is inflected in the other, and what mixes both has to be found wider and verified. Both answer here from the
syntax tree to the positions of the newest ten.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice, product
from pathlib import Path
from zlib import crc32

from bot.core.model import Article
from bot.matching.document import Document, Tokens
from bot.matching.encoding import encode, written_out
from bot.matching.query import parse
from bot.matching.syntax import And, Near, Node, Not, Or, Phrase, Prefix, Word
from bot.matching.text import ANALYSER_VERSION, analyse, word_forms
from store.fts import compile_query
from store.fulltext import LIVE, position_at, row_of
from store.schema_archive import COLUMNS, WORDS
from store.vocabulary import Vocabulary
from tests.benchmarks.archive.articles import QUICK, analysed, articles
from tests.benchmarks.archive.building import index_bytes, kept, progress
from tests.benchmarks.archive.queries import latencies, percentiles

Row = tuple[str, ...]
Expression = Callable[[Node, sqlite3.Connection], str]

_SIZE = QUICK
_BATCH = 10_000
_INGESTED = 1_000
_TOKENS = "tokenize=\"ascii tokenchars '_'\""
_NOTHING = Tokens((), (), (), ())
_APART = ("filter", "since window", "prefix")
"""Kinds of query in which the two do not differ: what has no stem stands alike in both."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to index: the columns, how a query is asked of them, and what stands in them of a document."""

    name: str
    columns: tuple[str, ...]
    expression: Expression
    row: Callable[[Document, Vocabulary, int], Row]

    @property
    def insert(self) -> str:
        """The statement that adds a row: its position, then one text a column."""
        return f"INSERT INTO {LIVE} (rowid, {', '.join(self.columns)}) VALUES (?{', ?' * len(self.columns)})"


def measure(asked: Mapping[str, Sequence[str]], runs: int) -> dict[str, float]:
    """Index bytes, ingest and the newest ten of both layouts of the same articles, each merged whole."""
    figures: dict[str, float] = {}
    for layout in LAYOUTS:
        path = kept(f"{layout.name.replace(' ', '-')}-{_SIZE}-{_made()}", partial(_build, layout=layout))
        figures[f"{layout.name}, index bytes an article"] = index_bytes(path) / _SIZE
        rate = statistics.median(_ingest(path, layout) for _ in range(runs))
        figures[f"{layout.name}, analysed and indexed, articles a CPU-second"] = rate
        with closing(sqlite3.connect(path)) as connection:
            ask = _asking(connection, layout.expression)
            for kind in (kind for kind in asked if kind not in _APART):
                runs_of = [latencies(ask, asked[kind]) for _ in range(runs)]
                figures |= percentiles(f"{layout.name}, newest ten, {kind}", runs_of)
    return {f"layouts at {_SIZE:,}, {name}": figure for name, figure in figures.items()}


def _asking(connection: sqlite3.Connection, expression: Expression) -> Callable[[str], object]:
    select = f"SELECT rowid FROM {LIVE} WHERE {LIVE} MATCH ? ORDER BY rowid DESC LIMIT 10"
    return lambda query: connection.execute(select, (expression(parse(query), connection),)).fetchall()


def _tagged(node: Node, connection: sqlite3.Connection) -> str:
    return compile_query(node, Vocabulary(connection)).match


def _stemmed(node: Node, connection: sqlite3.Connection) -> str:
    """A query of two streams, as far as it needs no verification."""
    match node:
        case Word():
            return _in_columns("{body_stems title_stems}", _phrases(node))
        case Phrase() | Prefix():
            return _in_columns("{body title}", _phrases(node))
        case Near(left, right, distance):
            columns = "{body_stems title_stems}" if isinstance(left, Word) else "{body title}"
            pairs = product(_phrases(left), _phrases(right))
            return _in_columns(columns, [f"NEAR({one} {other}, {distance})" for one, other in pairs])
        case Or(children):
            return f"({' OR '.join(_stemmed(child, connection) for child in children)})"
        case And(children):
            wanted = " AND ".join(_stemmed(child, connection) for child in children if not isinstance(child, Not))
            unwanted = [_stemmed(child.child, connection) for child in children if isinstance(child, Not)]
            return f"({wanted}{''.join(f' NOT {other}' for other in unwanted)})"
    raise ValueError(f"{node!r} is not compared")


def _in_columns(columns: str, phrases: Sequence[str]) -> str:
    return f"{columns} : ({' OR '.join(phrases)})"


def _phrases(node: Node) -> list[str]:
    """What a word or a row of words is any of."""
    if isinstance(node, Word):
        (form,) = word_forms(node.text)
        return [f'"{_stem(stem)}"' for stem in sorted(form.stems)] + [f'"{encode(form.folded)}"']
    words = node.words if isinstance(node, Phrase) else (node.text,) if isinstance(node, Prefix) else ()
    return ['"' + " ".join(encode(form.folded) for word in words for form in word_forms(word)) + '"']


def _build(path: Path, layout: Layout) -> None:
    """The articles of the benchmark's smaller archive in a layout, merged whole."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA synchronous = OFF")
        table = f"CREATE VIRTUAL TABLE {LIVE} USING fts5({', '.join(layout.columns)}, content='', {_TOKENS})"
        for statement in (table, *WORDS):
            connection.execute(statement)
        vocabulary, coming, taken, done = Vocabulary(connection), articles(_SIZE), dict[int, int](), 0
        while batch := list(islice(coming, _BATCH)):
            connection.execute("BEGIN")
            placed = [(_place(article, taken), article) for article in batch]
            rows = sorted((place, *layout.row(analysed(article), vocabulary, place)) for place, article in placed)
            connection.executemany(layout.insert, rows)
            connection.execute("COMMIT")
            done += len(batch)
            progress(path.name, _SIZE, done)
        connection.execute(f"INSERT INTO {LIVE} ({LIVE}) VALUES ('optimize')")


def _place(article: Article, taken: dict[int, int]) -> int:
    assert article.published_at is not None
    second = position_at(article.published_at)
    taken[second] = taken.get(second, -1) + 1
    return second + taken[second]


@lru_cache(maxsize=200_000)
def _stem(stem: str) -> str:
    """A tagged stem as a token: the tag and `_` are no code of `encode`, so it is like no folded form."""
    tag, _, word = stem.partition("_")
    return f"{encode(word)}_{tag}"


def _streams(words: Tokens) -> tuple[str, str]:
    """The folded forms, and beside them the stems, or the folded form of what has none."""
    folded = list(map(encode, words.folded))
    stems = [_stem(stem) if stem else word for stem, word in zip(words.stems, folded, strict=True)]
    return " ".join(folded), " ".join(stems)


def _ingest(path: Path, layout: Layout) -> float:
    """Articles a CPU-second, analysed and indexed in the layout; nothing of it is kept."""
    new = list(islice(articles(_SIZE), _INGESTED))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        first = connection.execute(f"SELECT max(rowid) + 1 FROM {LIVE}").fetchone()[0]
        vocabulary = Vocabulary(connection)
        start = time.process_time()
        for place, article in enumerate(new, first):
            connection.execute(layout.insert, (place, *layout.row(analyse(article), vocabulary, place)))
        seconds = time.process_time() - start
        connection.rollback()
    return len(new) / seconds


def _one(document: Document, vocabulary: Vocabulary, position: int) -> Row:
    document = written_out(document)
    vocabulary.add([(document, position)])
    return row_of(document)


def _two(document: Document, _vocabulary: Vocabulary, _position: int) -> Row:
    (body, body_stems), (title, title_stems) = _streams(document.body), _streams(document.title)
    bare = row_of(replace(document, body=_NOTHING, title=_NOTHING))
    return body, title, *bare[2:], body_stems, title_stems


LAYOUTS = (
    Layout("one stream", COLUMNS, _tagged, _one),
    Layout("two streams", (*COLUMNS, "body_stems", "title_stems"), _stemmed, _two),
)


def _made() -> str:
    """Tells layouts apart that another version of newsbell would build otherwise."""
    return f"{crc32(repr((WORDS, ANALYSER_VERSION)).encode()):08x}"
