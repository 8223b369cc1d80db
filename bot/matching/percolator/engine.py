"""The percolator: every standing query over up to 64 articles at once, a bit an article."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from threading import RLock

import numpy as np

from bot.core.model import Article
from bot.matching.document import Document, Tokens
from bot.matching.evaluate import matches
from bot.matching.percolator.arrays import Floats, Int64, UInt32, UInt64, grown
from bot.matching.percolator.batch import BITS, Batch, articles_of
from bot.matching.percolator.features import ALWAYS, Features, Nearness
from bot.matching.percolator.formulas import Formula, Program, compile_query, formula_of
from bot.matching.percolator.letters import Letters
from bot.matching.percolator.lexicon import Lexicon
from bot.matching.percolator.nearness import Places
from bot.matching.percolator.rows import Rows
from bot.matching.percolator.standing import Standing
from bot.matching.percolator.stream import Reader, Stream
from bot.matching.stemming import tag_of
from bot.matching.syntax import LanguageIs, Node, SourceIs, TopicIs
from bot.matching.text import folded_words, host_of, language_of

BATCH = 64
"""Articles looked at together: the bits of a number."""

_ARENA = 31 << 20
"""Bytes that, given back once, have glibc keep what is given back later (mallopt(3), M_MMAP_THRESHOLD), up to this
much: else each batch's arrays are new pages from the kernel, which costs as much as matching."""

_NO_TOKENS = Tokens((), (), (), ())


class Percolator:
    """The Percolator port over arrays; any thread may call it.

    `seed` should be drawn anew in each process: it makes the numbers that words are known by, so that nobody can write
    two words that are taken for each other.
    """

    def __init__(self, seed: int) -> None:
        np.ones(_ARENA, np.uint8)
        letters = Letters(seed)
        self._reader = Reader(letters)
        self._features = Features()
        self._lexicon = Lexicon(self._features, letters)
        self._rows = Rows()
        self._queries = Standing()
        self._nearnesses = Standing()
        self._filtered: dict[tuple[str | None, tuple[str, ...], str], list[int]] = {}
        self._filters = 0
        self._bits: UInt64 = np.zeros(0, np.uint64)
        self._title_bits: UInt64 = np.zeros(0, np.uint64)
        self._seen: UInt32 = np.zeros(0, np.uint32)
        """In how many articles each feature was seen."""
        self._articles = 0
        self._lock = RLock()

    def add(self, query_id: int, query: Node) -> None:
        """Stands the query under its id; it is matched from the next batch on."""
        with self._lock:
            self._queries.add(query_id, compile_query(query, self._features))

    def remove(self, query_id: int) -> None:
        """Forgets the query; an unknown id is no error."""
        with self._lock:
            self._queries.remove(query_id)

    def percolate(self, batch: Sequence[Document]) -> list[tuple[int, int]]:
        """(query id, index in the batch) of every match, sorted."""
        found: list[tuple[int, int]] = []
        for start in range(0, len(batch), BATCH):
            ids, bits = self.match(batch[start : start + BATCH])
            queries, articles = pairs(ids, bits)
            found += zip(queries.tolist(), (articles + start).tolist(), strict=True)
        return sorted(found)

    def match(self, documents: Sequence[Document]) -> tuple[Int64, UInt64]:
        """Ids of the queries that match any of up to 64 documents, in no order, and for each the set of documents.

        A set is a number whose bit i says whether document i is in it.
        """
        with self._lock:
            self._refresh()
            return self._match(self._reader.documents(documents), documents)

    def match_articles(
        self, articles: Sequence[Article], topics: Callable[[Article], Collection[str]]
    ) -> tuple[Int64, UInt64]:
        """As `match`, of articles that have not been analysed; `topics` is asked only when a query needs to know."""
        with self._lock:
            self._refresh()
            texts = [text for article in articles for text in (article.title, article.text)]
            return self._match(self._reader.texts(texts), [self._facts(article, topics) for article in articles])

    def _facts(self, article: Article, topics: Callable[[Article], Collection[str]]) -> Document:
        """Of the document without its words as much as any query asks for."""
        asked = {type(node) for node in self._features.filters}
        language = language_of(article) if self._features.inflected or LanguageIs in asked else None
        source, host = (folded_words(article.source), host_of(article)) if SourceIs in asked else ((), "")
        carried = frozenset(topics(article) if TopicIs in asked else ())
        return Document(_NO_TOKENS, _NO_TOKENS, language, source, host, carried)

    def _refresh(self) -> None:
        """Takes notice of the features of queries added since the last batch."""
        features, size = self._features, self._features.size
        self._lexicon.refresh()
        self._rows.add(((row, features.rows[row]) for row in features.new_rows), size)
        for nearness in features.new_nearnesses:
            self._nearnesses.add(features.nearnesses[nearness], _presence(nearness))
        features.new_rows, features.new_nearnesses = [], []
        self._bits, self._title_bits = grown(self._bits, size), grown(self._title_bits, size)
        self._seen = grown(self._seen, size)
        if len(features.filters) != self._filters:
            self._filters = len(features.filters)
            self._filtered.clear()

    def _match(self, stream: Stream, documents: Sequence[Document]) -> tuple[Int64, UInt64]:
        tags = [tag_of(document.language) if self._features.inflected else "" for document in documents for _ in "tb"]
        batch = Batch.read(stream, tags, self._lexicon, self._rows)
        present = self._mark(batch, documents)
        self._seen[present] += np.bitwise_count(self._bits[present])
        self._articles += len(documents)
        self._queries.settle(self._cost)
        found = self._queries.match(self._bits)
        self._bits[present] = 0
        return found

    def _mark(self, batch: Batch, documents: Sequence[Document]) -> Int64:
        """Sets the bits of all features; returns those that some article has."""
        bits = self._bits
        bits[ALWAYS] = np.bitwise_or.reduce(BITS[: len(documents)])
        batch.mark(bits)
        for bit, document in zip(BITS, documents, strict=False):
            bits[self._carried(document)] |= bit
        titled = self._features.titled
        if titled:
            self._title_bits[:] = 0
            batch.mark_titles(self._title_bits)
        if self._features.nearnesses:
            self._mark_near(batch)
        if titled:
            bits[[*titled.values()]] = self._title_bits[[*titled]]
        return np.flatnonzero(bits != 0)

    def _mark_near(self, batch: Batch) -> None:
        """Sets the bits of nearnesses, looked for where all their words are."""
        self._nearnesses.settle(self._cost)
        named = {feature: nearness for nearness, feature in self._features.nearnesses.items()}
        places = Places(batch.features, batch.places, batch.sizes)
        for feature, articles in zip(*self._nearnesses.match(self._bits), strict=True):
            for article in articles_of(int(articles)):
                title, body = batch.parts(article)
                if places.has(named[feature], *title):
                    self._title_bits[feature] |= BITS[article]
                elif not places.has(named[feature], *body):
                    continue
                self._bits[feature] |= BITS[article]

    def _carried(self, document: Document) -> list[int]:
        """The filters that a document passes."""
        filters = self._features.filters
        if not filters:
            return []
        key = document.language, document.source, document.host
        known = self._filtered.get(key)
        if known is None:
            known = [
                feature
                for node, feature in filters.items()
                if not isinstance(node, TopicIs) and matches(node, document)
            ]
            self._filtered[key] = known
        return known + [filters[node] for name in document.topics if (node := TopicIs(name)) in filters]

    def _cost(self) -> Floats:
        """How common each feature is, as far as is known."""
        return self._seen[: self._features.size].astype(np.float32)


def _presence(nearness: Nearness) -> Formula | Program:
    """The formula of articles in which it may be."""
    sides = [(word,) for word in nearness.left] if nearness.together else [nearness.left, nearness.right]
    return formula_of(sides) or Program(True, (), tuple(Program(False, side, ()) for side in sides))


def pairs(ids: Int64, bits: UInt64) -> tuple[Int64, Int64]:
    """Sets of articles as pairs of an id and an article, in no order."""
    queries, articles = [], []
    while len(ids):
        rest = bits & (bits - np.uint64(1))
        queries.append(ids)
        articles.append(np.bitwise_count((bits ^ rest) - np.uint64(1)).astype(np.int64))
        left = np.flatnonzero(rest)
        ids, bits = ids[left], rest[left]
    nothing = np.zeros(0, np.int64)
    return np.concatenate(queries or [nothing]), np.concatenate(articles or [nothing])
