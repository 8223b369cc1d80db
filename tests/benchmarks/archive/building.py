"""The archives that are measured: built once, and kept outside the repository."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from zlib import crc32

from filelock import FileLock

from bot.core.model import Article, Source, SourceKind
from bot.core.ports import Session
from bot.matching.document import Document, Tokens
from bot.matching.encoding import LETTERS, encode, indexed
from bot.matching.text import ANALYSER_VERSION, folded_words, host_of
from store.connections import open_writer
from store.database import SqliteSession, SqliteStore, open_store
from store.fulltext import BEGINNINGS, LIVE, SLOTS, imprint_of, insert_statement, position_at, row_of
from store.schema_archive import TABLES
from store.segments import MOST, PAGES, SHARE, Segments
from store.vocabulary import SPAN, Vocabulary
from tests.benchmarks.archive.articles import NOW, analysed, articles, sentence, sentences

TAIL = 16
"""The share of the articles, one in so many, that comes in as it does to a running bot: what has come in since the last
merge of everything is between none and `store.segments.SHARE` of the archive, and this is about the middle."""

_BATCH = 10_000
_LEVELS = 16
_SCAN = 64
_INDEXES = (LIVE, BEGINNINGS.format(LIVE))
_NOTHING = Tokens((), (), (), ())


def database(size: int) -> Path:
    """The database of `size` articles, built when there is none that this code would build alike."""
    return kept(f"archive-{size}-{_layout()}.db", partial(_build, size=size))


def kept(name: str, build: Callable[[Path], None]) -> Path:
    """What is kept under this name, built when it is not there, by one at a time; what is half built is begun again."""
    path = folder() / name
    with FileLock(path.with_name(f"{name}.lock")):
        if not path.exists():
            building = path.with_suffix(".building")
            _clear(building)
            build(building)
            building.rename(path)
            _clear(building)
    return path


def folder() -> Path:
    """Where built databases and indexes are kept."""
    caches = os.environ.get("XDG_CACHE_HOME")
    found = Path(caches or tempfile.gettempdir()) / "newsbell-bench"
    found.mkdir(parents=True, exist_ok=True)
    return found


def index_bytes(path: Path) -> float:
    """Bytes of the full text index and what belongs to it, pages counted whole."""
    with closing(sqlite3.connect(path)) as connection:
        select = "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'fulltext*'"
        return float(connection.execute(select).fetchone()[0])


def progress(name: str, size: int, done: int) -> None:
    """Draws how much of `size` is done."""
    bar = "#" * (40 * done // size)
    print(f"\rbuilding {name}: [{bar:<40}] {done:,}", end="\n" if done >= size else "", file=sys.stderr, flush=True)


def take_all(batch: Sequence[Article], source: Source, session: Session) -> None:
    """A scan's articles, archived and indexed as a scan does it."""
    take(session, [(article, analysed(article)) for article in batch], source)


def take(session: Session, entries: Iterable[tuple[Article, Document]], source: Source) -> None:
    """Articles, archived and indexed."""
    session.search.index(
        (
            session.articles.add(
                article,
                source_id=source.id,
                now=NOW,
                language=document.language,
                story_id=session.stories.new(NOW),
                topics=(),
            ),
            document,
        )
        for article, document in entries
    )


def _clear(building: Path) -> None:
    """Removes what an earlier build left of a database and what stands beside it."""
    for rest in building.parent.glob(f"{building.name}*"):
        rest.unlink() if rest.is_file() else shutil.rmtree(rest)


def _layout() -> str:
    """Tells databases apart that another version of newsbell would build otherwise."""
    parts = (TABLES, ANALYSER_VERSION, SLOTS, LETTERS, SHARE, MOST, PAGES, SPAN, TAIL)
    return f"{crc32(repr(parts).encode()):08x}"


def _build(path: Path, size: int) -> None:
    """An archive as one that has run for a year: nearly all of it merged, and then what came in since."""
    coming = articles(size)
    bulk = size - size // TAIL
    with closing(open_store(path, now=NOW)) as store:
        source = store.write(lambda session: session.sources.ensure(SourceKind.INGEST, "/bench", "bench"))
    with closing(open_writer(path)) as connection:
        _Bulk(connection, source).take(islice(coming, bulk), partial(progress, path.name, size))
    with closing(open_store(path, now=NOW)) as store:
        _run(store, source, coming, bulk, partial(progress, path.name, size))


def _run(
    store: SqliteStore, source: Source, coming: Iterator[Article], done: int, report: Callable[[int], None]
) -> None:
    """Takes articles as scans do, merging as the bot does."""
    while batch := list(islice(coming, _SCAN)):
        store.write(partial(take_all, batch, source))
        while store.read(lambda session: session.search.scattered()):
            store.write(lambda session: session.search.merge())
        done += len(batch)
        report(done)


class _Bulk:
    """The articles of an archive at once: what a sentence makes in the index is made once, and merging comes last."""

    def __init__(self, connection: sqlite3.Connection, source: Source) -> None:
        self._connection = connection
        self._source = source
        self._session = SqliteSession(connection)
        self._vocabulary = Vocabulary(connection)
        self._taken: dict[int, int] = {}
        self._last: dict[tuple[str, str | None], int] = {}
        self._rows = lru_cache(maxsize=None)(self._row)

    def take(self, coming: Iterator[Article], report: Callable[[int], None]) -> None:
        """Archives and indexes them, and merges the index into one segment."""
        for pragma in ("synchronous = OFF", "secure_delete = OFF", "cache_size = -400000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._configure(automerge=0, hashsize=1 << 27)
        done = self._begin(coming)
        while batch := list(islice(coming, _BATCH)):
            self._connection.execute("BEGIN IMMEDIATE")
            self._add(batch)
            self._connection.execute("COMMIT")
            done += len(batch)
            report(done)
        self._learn()
        self._merge()
        self._configure(automerge=2, hashsize=1 << 20)

    def _learn(self) -> None:
        """Takes up the words of every sentence, once, at the last position that any of its articles has."""
        self._connection.execute("BEGIN IMMEDIATE")
        for (text, language), position in sorted(self._last.items(), key=lambda entry: -entry[1]):
            self._vocabulary.add([(Document(_NOTHING, sentence(text, language), language), position)])
        self._connection.execute("COMMIT")

    def _begin(self, coming: Iterator[Article]) -> int:
        """Takes the first articles one by one, merging after each, and says how many.

        A merge of everything makes a level above all others; after a year of them it is well above those of new ones.
        """
        for _ in range(_LEVELS):
            self._add(list(islice(coming, 1)))
            self._merge()
        return _LEVELS

    def _configure(self, **options: int) -> None:
        for table in _INDEXES:
            for name, value in options.items():
                self._connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('{name}', {value})")

    def _merge(self) -> None:
        for table in _INDEXES:
            self._connection.execute("BEGIN IMMEDIATE")
            while Segments(self._connection, table).merge(4_096):
                self._connection.execute("COMMIT")
                self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("COMMIT")

    def _add(self, batch: list[Article]) -> None:
        """A batch in the order of its positions, so that FTS5 writes it as one segment."""
        state = "INSERT OR IGNORE INTO fulltext_state (id, analyser) VALUES (1, ?)"
        self._connection.execute(state, (ANALYSER_VERSION,))
        rows = sorted(self._indexed(article) for article in batch)
        self._connection.executemany(insert_statement(LIVE), (row[:5] for row in rows))
        beginnings = f"INSERT INTO {BEGINNINGS.format(LIVE)} (rowid, beginnings) VALUES (?, ?)"
        self._connection.executemany(beginnings, ((row[0], row[5]) for row in rows))

    def _indexed(self, article: Article) -> tuple[int, str, str, str, str, str]:
        """Archives an article; its position, its row, and its beginnings."""
        said = [(part, article.language) for part in (article.title, *sentences(article.text))]
        parts = [self._rows(*part) for part in said]
        host = host_of(article)
        bare = row_of(Document(_NOTHING, _NOTHING, article.language, folded_words(article.source), host))
        row = (" ".join([text for text, _ in parts[1:]]), parts[0][0], *bare[2:])
        archived = self._session.articles.add(
            article,
            source_id=self._source.id,
            now=NOW,
            language=article.language,
            story_id=self._session.stories.new(NOW),
            topics=(),
        )
        self._vocabulary.add_outlets([(folded_words(article.source), host, article.language)])
        position = self._place(position_at(archived.published_at))
        update = "UPDATE articles SET position = ?, imprint = ? WHERE id = ?"
        self._connection.execute(update, (position, imprint_of(row), archived.id))
        self._last |= {part: position for part in said if self._last.get(part, 0) < position}
        return position, row[0], row[1], row[2], row[3], " ".join(frozenset().union(*(found for _, found in parts)))

    def _place(self, second: int) -> int:
        taken = self._taken[second] = self._taken.get(second, -1) + 1
        return second + taken

    def _row(self, text: str, language: str | None) -> tuple[str, frozenset[str]]:
        """What a sentence is in the index, and its beginnings."""
        words = sentence(text, language)
        found = {word[:LETTERS] for word in words.folded if len(word) >= LETTERS}
        return indexed(words).row, frozenset(map(encode, found))
