"""The percolator: every standing query over up to 64 articles at once, a bit an article."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock, RLock

import numpy as np

from bot.core.model import Article
from bot.matching.arrays import Flags, Floats, Int64, UInt64, flagged
from bot.matching.document import Document, Tokens
from bot.matching.percolator.batch import Batch
from bot.matching.percolator.carried import Carried
from bot.matching.percolator.features import Features, Nearness
from bot.matching.percolator.formulas import Formula, Program, compile_query, formula_of
from bot.matching.percolator.letters import Letters
from bot.matching.percolator.lexicon import Lexicon
from bot.matching.percolator.marks import Marks
from bot.matching.percolator.nearness import mark_near
from bot.matching.percolator.rows import Rows
from bot.matching.percolator.standing import Standing, joined
from bot.matching.percolator.stream import Reader, Stream
from bot.matching.percolator.weighings import Weighings
from bot.matching.stemming import tag_of
from bot.matching.syntax import LanguageIs, Node, SourceIs, TopicIs
from bot.matching.text import folded_words, host_of, language_of

BATCH = 64
"""Articles looked at together: the bits of a number."""

_ARENA = 31 << 20
"""Bytes that, given back once, have glibc keep what is given back later (mallopt(3), M_MMAP_THRESHOLD), up to this
much: else each batch's arrays are new pages from the kernel, which costs as much as matching."""

_LETTERS = 4_000_000
"""Letters of articles looked at together: reading takes some 60 bytes for each."""
_NO_TOKENS = Tokens((), (), (), ())
_WASTE = 1 << 10
"""Queries, and a quarter of those that stand, after whose removal it is looked into which features are in use."""
_LEARNED = 4
"""How many times as many articles as before have to be seen for queries to be hung anew on what is rare."""


class Percolator:
    """The Percolator port over arrays; any thread may call it.

    `seed` should be drawn anew in each process: it makes the numbers that words are known by, so that nobody can write
    two words that are taken for each other.
    """

    def __init__(self, seed: int) -> None:
        np.ones(_ARENA, np.uint8)
        self._letters = Letters(seed)
        self._reader = Reader(self._letters)
        self._features = Features()
        self._lexicon = Lexicon(self._features, self._letters)
        self._rows = Rows()
        self._carried = Carried(self._features)
        self._marks = Marks()
        self._weighings = Weighings()
        self._queries = Standing()
        self._topics = Standing()
        """What carries each topic: the id is the feature of `topic:NAME`."""
        self._nearnesses = Standing()
        """What words a nearness needs: the id is its feature."""
        self._lock = RLock()
        self._merging = Lock()
        self._anchored = 0
        """Articles that had been seen when all queries were last hung on what is rare."""

    @property
    def nbytes(self) -> int:
        """Bytes of everything that grows with the queries; their texts are not kept."""
        with self._lock:
            held = (
                self._queries,
                self._topics,
                self._nearnesses,
                self._weighings,
                self._features,
                self._rows,
                self._marks,
            )
            return self._lexicon.nbytes + sum(part.nbytes for part in held)

    def add(self, query_id: int, query: Node) -> None:
        """Stands the query under its id, in place of the one it had; it is matched from the next batch on."""
        with self._lock:
            self._queries.add(query_id, compile_query(query, self._features))

    def remove(self, query_id: int) -> None:
        """Forgets the query; an unknown id is no error."""
        with self._lock:
            self._queries.remove(query_id)

    def define(self, topic: str, query: Node) -> None:
        """From the next batch on, articles given to `match_articles` carry the topic when they match the query.

        The query must not ask for a topic itself.
        """
        with self._lock:
            self._topics.add(self._features.of(TopicIs(topic)), compile_query(query, self._features))

    def topics(self) -> set[str]:
        """Names of the topics that queries have asked for."""
        with self._lock:
            return {node.name for node in self._features.filters if isinstance(node, TopicIs)}

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
            return self._match(self._reader.documents(documents), documents, defined=False)

    def match_articles(self, articles: Sequence[Article]) -> tuple[Int64, UInt64]:
        """As `match`, of articles that have not been analysed, which carry the topics defined here."""
        texts = [text for article in articles for text in (article.title, article.text)]
        if len(articles) > 1 and sum(map(len, texts)) > _LETTERS:
            half = len(articles) // 2
            return _both(self.match_articles(articles[:half]), self.match_articles(articles[half:]), half)
        with self._lock:
            self._refresh()
            return self._match(self._reader.texts(texts), self._facts(articles), defined=True)

    def merge(self) -> None:
        """Joins what was added since the last time, and gives back what removed queries took.

        Changes no match; to be called off the hot path, now and then and after many additions: batches go on meanwhile.
        """
        with self._merging:
            with self._lock:
                self._refresh()
                anew = self._marks.articles >= _LEARNED * max(self._anchored, BATCH)
                if anew:
                    self._anchored = self._marks.articles
                self._give_back()
            for standing in (self._queries, self._topics, self._nearnesses):
                self._join(standing, anew=anew)

    def _join(self, standing: Standing, *, anew: bool) -> None:
        with self._lock:
            standing.settle(self._cost)
            if anew:
                standing.freeze()
            parts = [(segment, segment.alive()) for segment in standing.to_join(anew=anew)]
            cost = self._cost()
        if parts:
            whole = joined(parts, cost)
            with self._lock:
                standing.replace(whole)

    def _give_back(self) -> None:
        """Gives the features in use new numbers, without gaps, when there are many that are in use no more."""
        held = (self._queries, self._topics, self._nearnesses)
        for standing in held:
            standing.settle(self._cost)
        if self._queries.gone <= max(_WASTE, len(self._queries) // 4):
            return
        for standing in held:
            standing.freeze()
        self._queries.gone = 0
        in_use = self._features.in_use(part for standing in held for part in standing.features())
        if 4 * np.count_nonzero(in_use) < 3 * self._features.size:
            self._renumber(in_use)

    def _renumber(self, in_use: Flags) -> None:
        gone = np.array([feature for feature in self._features.near if not in_use[feature]], np.int64)
        self._features, numbers = self._features.renumbered(in_use)
        size = self._features.size
        self._marks.renumber(numbers, size)
        self._lexicon = Lexicon(self._features, self._letters)
        self._rows = Rows()
        self._carried = Carried(self._features)
        self._weighings = Weighings()
        self._nearnesses.drop(gone)
        cost = self._cost()
        self._queries.renumber(numbers, cost, ids=False)
        self._topics.renumber(numbers, cost, ids=True)
        self._nearnesses.renumber(numbers, cost, ids=True)
        self._refresh()

    def _refresh(self) -> None:
        """Takes notice of the features of queries added since the last batch."""
        features = self._features
        self._lexicon.refresh()
        self._rows.add(features.new_rows.take(), features.size)
        for feature in features.new_nearnesses:
            self._nearnesses.add(feature, _presence(features.near[feature]))
        features.new_nearnesses = []
        if len(features.weighings) != len(self._weighings):
            self._weighings.load(features.weighings, features.size)
        self._marks.grow(features.size, titles=bool(features.titled))

    def _match(self, stream: Stream, documents: Sequence[Document], *, defined: bool) -> tuple[Int64, UInt64]:
        features, marks = self._features, self._marks
        inflected = bool(features.inflected)
        tags = [tag_of(document.language) for document in documents for _ in "tb"] if inflected else []
        batch = Batch.read(stream, tags, self._lexicon, self._rows)
        marks.begin(batch, len(documents))
        try:
            if features.filters:
                marks.carry(map(self._carried.by, documents))
            if features.near:
                self._nearnesses.settle(self._cost)
                mark_near(batch, marks, self._nearnesses, features)
            if features.weighings:
                marks.put(*self._weighings.weigh(batch, documents))
            if features.titled:
                bases, titled = features.headlines()
                marks.put(titled, marks.title_bits[bases])
            if defined:
                self._topics.settle(self._cost)
                marks.put(*self._topics.match(marks.bits, marks.present()))
            self._queries.settle(self._cost)
            return self._queries.match(marks.bits, marks.present())
        finally:
            marks.end()

    def _facts(self, articles: Sequence[Article]) -> list[Document]:
        """Of the documents without their words as much as any query asks for."""
        known = self._features.inflected or self._features.weighings or self._carried.asks(LanguageIs)
        languages = [*map(language_of, articles)] if known else [None] * len(articles)
        if not self._carried.asks(SourceIs):
            documents = {language: Document(_NO_TOKENS, _NO_TOKENS, language) for language in {*languages}}
            return [documents[language] for language in languages]
        return [
            Document(_NO_TOKENS, _NO_TOKENS, language, folded_words(article.source), host_of(article))
            for language, article in zip(languages, articles, strict=True)
        ]

    def _cost(self) -> Floats:
        return self._marks.cost(self._features.size)


def _presence(nearness: Nearness) -> Formula | Program:
    """The formula of articles in which it may be."""
    sides = [(word,) for word in nearness.left] if nearness.together else [nearness.left, nearness.right]
    return formula_of(sides) or Program(True, (), tuple(Program(False, side, ()) for side in sides))


def _both(first: tuple[Int64, UInt64], second: tuple[Int64, UInt64], size: int) -> tuple[Int64, UInt64]:
    """The matches of two batches as those of one, the first having so many articles."""
    ids = np.concatenate((first[0], second[0]))
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    sets = np.concatenate((first[1], second[1] << np.uint64(size)))[order]
    starts = flagged(np.append(True, ids[1:] != ids[:-1])[: len(ids)])
    return ids[starts], np.bitwise_or.reduceat(sets, starts) if len(starts) else sets


def pairs(ids: Int64, bits: UInt64) -> tuple[Int64, Int64]:
    """Sets of articles as pairs of an id and an article, in no order."""
    queries, articles = [], []
    while len(ids):
        rest = bits & (bits - np.uint64(1))
        queries.append(ids)
        articles.append(np.bitwise_count((bits ^ rest) - np.uint64(1)).astype(np.int64))
        left = flagged(rest)
        ids, bits = ids[left], rest[left]
    nothing = np.zeros(0, np.int64)
    return np.concatenate(queries or [nothing]), np.concatenate(articles or [nothing])
