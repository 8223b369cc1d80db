"""Two ways to lay out the index, side by side: one stream of tokens and a vocabulary, or two streams of tokens.

With two streams a word stands in the index twice, as its folded form and as its stem: what is quoted is looked for in
one, what is inflected in the other, and what mixes both has to be found wider and verified. Both answer here from the
syntax tree to the positions of the newest ten.
"""

from __future__ import annotations

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

from bot.core.model import Article
from bot.matching.document import Document, Tokens
from bot.matching.query import parse
from bot.matching.syntax import And, Near, Node, Not, Or, Phrase, Prefix, Word
from bot.matching.text import analyse, word_forms
from store.encoding import encode
from store.fts import compile_query
from store.fulltext import LIVE, insert_statement, position_at, row_of
from store.vocabulary import Vocabulary
from tests.benchmarks.archive.articles import QUICK, articles, sentence, sentences
from tests.benchmarks.archive.building import database, index_bytes, kept, progress
from tests.benchmarks.archive.queries import latencies, percentiles

Expression = Callable[[Node, sqlite3.Connection], str]

_SIZE = QUICK
_BATCH = 10_000
_INGESTED = 1_000
_COLUMNS = ("body", "title", "labels", "source", "body_stems", "title_stems")
_APART = ("filter", "since window", "prefix")
"""Kinds of query in which the two do not differ: what has no stem stands alike in both."""


def measure(asked: Mapping[str, Sequence[str]], runs: int) -> dict[str, float]:
    """Index bytes, ingest and the newest ten of both layouts of the same articles."""
    figures: dict[str, float] = {}
    layouts = {
        "one stream": (database(_SIZE), _tagged, _one),
        "two streams": (kept(f"two-streams-{_SIZE}", _build), _stemmed, _two),
    }
    for name, (path, expression, insert) in layouts.items():
        figures[f"{name}, index bytes an article"] = index_bytes(path, f"{LIVE}_[cdi]*", f"{LIVE}_words*") / _SIZE
        rate = statistics.median(_ingest(path, insert) for _ in range(runs))
        figures[f"{name}, analysed and indexed, articles a CPU-second"] = rate
        with closing(sqlite3.connect(path)) as connection:
            ask = _asking(connection, expression)
            for kind in (kind for kind in asked if kind not in _APART):
                runs_of = [latencies(ask, asked[kind]) for _ in range(runs)]
                figures |= percentiles(f"{name}, newest ten, {kind}", runs_of)
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


def _build(path: Path) -> None:
    """Two streams of the articles of the benchmark's smaller archive, merged whole."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA synchronous = OFF")
        columns = ", ".join(_COLUMNS)
        connection.execute(
            f"CREATE VIRTUAL TABLE {LIVE} USING fts5({columns}, content='', tokenize=\"ascii tokenchars '_'\")"
        )
        for rows in _batches(path.name):
            connection.execute("BEGIN")
            connection.executemany(_INSERT, rows)
            connection.execute("COMMIT")
        connection.execute(f"INSERT INTO {LIVE} ({LIVE}) VALUES ('optimize')")


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


_INSERT = f"INSERT INTO {LIVE} (rowid, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)})"


def _batches(name: str) -> Iterator[list[tuple[object, ...]]]:
    coming, taken, done = articles(_SIZE), dict[int, int](), 0
    streams = lru_cache(maxsize=None)(lambda text, language: _streams(sentence(text, language)))

    def row(article: Article) -> tuple[object, ...]:
        assert article.published_at is not None
        second = position_at(article.published_at)
        taken[second] = taken.get(second, -1) + 1
        parts = [streams(part, article.language) for part in sentences(article.text)]
        words, stems = (" ".join(part[side] for part in parts) for side in (0, 1))
        title = streams(article.title, article.language)
        bare = row_of(Document(sentence("", None), sentence("", None), article.language, (), ""))
        return second + taken[second], words, title[0], bare[2], bare[3], stems, title[1]

    while batch := sorted(map(row, islice(coming, _BATCH))):
        yield batch
        done += len(batch)
        progress(name, _SIZE, done)


def _ingest(path: Path, insert: Callable[[sqlite3.Connection, int, Document], None]) -> float:
    """Articles a CPU-second, analysed and indexed in the layout; nothing of it is kept."""
    new = list(islice(articles(_SIZE), _INGESTED))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        first = connection.execute(f"SELECT max(rowid) + 1 FROM {LIVE}").fetchone()[0]
        start = time.process_time()
        for number, article in enumerate(new):
            insert(connection, first + number, analyse(article))
        seconds = time.process_time() - start
        connection.rollback()
    return len(new) / seconds


def _one(connection: sqlite3.Connection, position: int, document: Document) -> None:
    Vocabulary(connection).add(document)
    connection.execute(insert_statement(LIVE), (position, *row_of(document)))


def _two(connection: sqlite3.Connection, position: int, document: Document) -> None:
    bare = row_of(Document(sentence("", None), sentence("", None), document.language, document.source, document.host))
    (body, body_stems), (title, title_stems) = _streams(document.body), _streams(document.title)
    connection.execute(_INSERT, (position, body, title, *bare[2:], body_stems, title_stems))
