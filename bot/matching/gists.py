"""Gists: what is kept of an article to tell whether another one, in other words, tells of the same event.

Its headline's words, the names and the words it says most, the figures, and a sketch of headline and lead
(`bot.matching.leads`). How much a word says depends on how many stories of the window have it, and so is no part of it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.core.model import Article
from bot.matching.document import Document
from bot.matching.leads import LEAD, MANY, SKETCH_BYTES, Hashes, Lead, hashed, leads

Kinds: TypeAlias = npt.NDArray[np.uint8]
Hours: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Figures: TypeAlias = Sequence[frozenset[int]]

HOURS = 72
"""How far apart two accounts of one event may be published."""

UNDATED = -(2**31)
"""Stands for the hour of publication of an article without one."""

_SHORT = 8
"""Words of a text that is too short to tell of an event."""

_SAID = 40
"""Words kept beside the headline's: those said most, names and figures twice as much as others."""

WORDS = MANY + _SAID
"""The most words of a gist."""

IN_TITLE, NAME, KEY, TIMES = 64, 128, 32, 31
"""In one byte as bits that a word is the headline's, is never written small, and is one by which the article is found
(`bot.matching.openings`), and how often it is said."""

_NONE, _NOBODY = np.zeros(0, np.bool_), np.zeros(0, np.uint32)

_HEAD = struct.Struct("<iIIBB")
_HEADS = np.dtype([("hour", "<i4"), ("outlet", "<u4"), ("heading", "<u4"), ("sizes", "u1", 2)])


def gists(documents: Sequence[Document], articles: Sequence[Article], read: Sequence[Lead]) -> list[bytes]:
    """The gist of each article and its analysis, packed; empty for a text that is too short to tell of an event."""
    kept = _kept(read, _capitals(documents, articles, read))
    return [
        _packed(document, article, lead, words, kinds) if _tells(document) else b""
        for document, article, lead, (words, kinds) in zip(documents, articles, read, kept, strict=True)
    ]


def gist(document: Document, article: Article) -> bytes:
    """The gist of one article: see `gists`."""
    return gists([document], [article], list(leads([document])))[0]


def dated(packed: bytes, hour: int) -> bytes:
    """The gist of an article that came in at this hour, as published then where nobody said when."""
    if not packed or _HEAD.unpack_from(packed)[0] != UNDATED:
        return packed
    return struct.pack("<i", hour) + packed[4:]


def keyed(packed: bytes, places: Iterable[int]) -> bytes:
    """A gist that is not empty, whose words at these places are its KEYs."""
    marked = bytearray(packed)
    start = _HEAD.size + 4 * packed[_HEAD.size - 2]
    for place in places:
        marked[start + place] |= KEY
    return bytes(marked)


def hour_of(packed: bytes) -> int:
    """When the article of a gist that is not empty was published, in hours since 1970; UNDATED when nobody knows."""
    hour: int = _HEAD.unpack_from(packed)[0]
    return hour


def is_near(hour: int, other: int) -> bool:
    """Whether articles published then may be of one story; nobody knowing is no hindrance."""
    return UNDATED in (hour, other) or abs(hour - other) <= HOURS


def between(hours: Hours, others: Hours) -> Hours:
    """Hours between each two; negative when nobody knows."""
    return np.where((hours == UNDATED) | (others == UNDATED), -1, np.abs(hours - others))


def _figures(packed: bytes) -> frozenset[int]:
    count, figures = packed[_HEAD.size - 2], packed[_HEAD.size - 1]
    return frozenset(struct.unpack_from(f"<{figures}I", packed, _HEAD.size + 5 * count))


@dataclass(frozen=True, slots=True)
class Gists:
    """Gists as columns, one a row; none of them empty.

    `words` and `kinds` have a row of WORDS places each, 0 where there are fewer; the headline's words come first.
    `outlet` and `heading` are hashes of the outlet and of the headline without figures.
    """

    words: Hashes
    kinds: Kinds
    sketches: Kinds
    figures: Figures
    hour: Hours
    outlet: Hashes
    heading: Hashes

    @classmethod
    def of(cls, packed: Sequence[bytes]) -> Self:
        """Some gists to be compared."""
        heads = np.frombuffer(b"".join([each[: _HEAD.size] for each in packed]), _HEADS)
        words, kinds = words_of(packed)
        sketches = np.frombuffer(b"".join([each[-SKETCH_BYTES:] for each in packed]), np.uint8)
        return cls(
            words,
            kinds,
            sketches.reshape(-1, SKETCH_BYTES),
            [_figures(each) for each in packed],
            heads["hour"].astype(np.int64),
            heads["outlet"],
            heads["heading"],
        )


def words_of(packed: Sequence[bytes]) -> tuple[Hashes, Kinds]:
    """The hashed words and what they are: a row of WORDS places each, 0 where there are fewer; none of empty gists."""
    counts = [each[_HEAD.size - 2] if each else 0 for each in packed]
    words, kinds = [], []
    for each, count in zip(packed, counts, strict=True):
        end = _HEAD.size + 4 * count
        words.append(each[_HEAD.size : end].ljust(4 * WORDS, b"\0"))
        kinds.append(each[end : end + count].ljust(WORDS, b"\0"))
    return (
        np.frombuffer(b"".join(words), "<u4").reshape(-1, WORDS),
        np.frombuffer(b"".join(kinds), np.uint8).reshape(-1, WORDS),
    )


def _tells(document: Document) -> bool:
    return len(document.title) + min(len(document.body), LEAD) >= _SHORT


def _packed(document: Document, article: Article, lead: Lead, words: bytes, kinds: bytes) -> bytes:
    published = article.published_at
    head = _HEAD.pack(
        UNDATED if published is None else int(published.timestamp() // 3600),
        hashed(article.source),
        hashed(" ".join([word for word in document.title.folded if not word[0].isdecimal()])),
        len(kinds),
        len(lead.figures),
    )
    return b"".join((head, words, kinds, struct.pack(f"<{len(lead.figures)}I", *lead.figures), lead.sketch))


def _capitals(documents: Sequence[Document], articles: Sequence[Article], read: Sequence[Lead]) -> Flags:
    """Of each of the leads' telling words whether it begins with a capital."""
    found = [_NONE]
    for document, article, lead in zip(documents, articles, read, strict=True):
        starts = document.body.starts[:LEAD]
        are = np.fromiter(map(str.isupper, map(article.text.__getitem__, starts)), np.bool_, len(starts))
        found.append(are[lead.places])
    return np.concatenate(found)


def _kept(read: Sequence[Lead], are_large: Flags) -> Iterator[tuple[bytes, bytes]]:
    """Of each lead the words to keep, and what each is: the headline's in order, then those said most, then first."""
    rows = np.repeat(np.arange(len(read)), [len(lead.words) for lead in read])
    said = _Said.of(rows, np.concatenate([_NOBODY, *(lead.words for lead in read)]), are_large, len(read))
    titled = np.repeat(np.arange(len(read)), [len(lead.title) for lead in read])
    title = np.array([word for lead in read for word in lead.title], np.uint32)
    at, known = said.places(titled, title)
    title_kinds = np.full(len(title), IN_TITLE + 1, np.uint8)
    title_kinds[known] += said.kinds[at[known]]
    said = said.most(np.delete(np.arange(len(said.codes)), at[known]))
    words, kinds, title = said.words.astype("<u4"), said.kinds, title.astype("<u4")
    every = np.arange(len(read) + 1)
    heads, tails = titled.searchsorted(every).tolist(), said.rows.searchsorted(every).tolist()
    for row in range(len(read)):
        head, tail = slice(heads[row], heads[row + 1]), slice(tails[row], min(tails[row + 1], tails[row] + _SAID))
        yield title[head].tobytes() + words[tail].tobytes(), title_kinds[head].tobytes() + kinds[tail].tobytes()


@dataclass(frozen=True, slots=True)
class _Said:
    """The distinct words of some rows, with what each is and the rank it has: how often it is said, and how early."""

    codes: Hours
    kinds: Kinds
    ranks: Hours

    @classmethod
    def of(cls, rows: Hours, words: Hashes, are_large: Flags, count: int) -> Self:
        """Rows in ascending order, each with a word."""
        codes = np.append(rows << 32 | words, -1)
        order = np.argsort(codes[:-1], kind="stable")
        ordered = codes[order]
        starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(order)])
        times = np.diff(starts, append=len(order))
        small = np.add.reduceat(~are_large[order], starts, dtype=np.int64) > 0 if len(starts) else _NONE
        row = ordered[starts] >> 32
        names = ~small & (np.bincount(row, small, count) > 0)[row]
        kinds = (np.minimum(times, TIMES - 1) | NAME * names).astype(np.uint8)
        return cls(ordered[starts], kinds, order[starts] - (len(order) + 1) * times * (1 + names))

    @property
    def rows(self) -> Hours:
        """The row of each word."""
        return self.codes >> 32

    @property
    def words(self) -> Hashes:
        """The words themselves."""
        return (self.codes & 0xFFFFFFFF).astype(np.uint32)

    def places(self, rows: Hours, words: Hashes) -> tuple[Hours, Flags]:
        """Where these words of these rows are, and whether they are there at all."""
        if not len(self.codes):
            return np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
        codes = rows << 32 | words
        at = np.minimum(self.codes.searchsorted(codes), len(self.codes) - 1)
        return at, self.codes[at] == codes

    def most(self, some: Hours) -> _Said:
        """Some of them, a row's together, by rank."""
        some = some[np.lexsort((self.ranks[some], self.rows[some]))]
        return _Said(self.codes[some], self.kinds[some], self.ranks[some])
