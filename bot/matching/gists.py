"""Gists: what is kept of an article to tell whether another one, in other words, tells of the same event.

Its headline's words, the names and the words it says most, the figures, and a sketch (a Bloom filter) of headline and
lead. Words are five letters of their folded form, so neither inflection nor script counts. How much a word says depends
on how many stories of the window have it, and so is no part of a gist.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from zlib import crc32

import numpy as np

from bot.core.model import Article
from bot.matching.document import Document

HOURS = 72
"""How far apart two accounts of one event may be published."""

UNDATED = -(2**31)
"""Stands for the hour of publication of an article without one."""

_LEAD = 300
_SHORT = 8
"""In words: what is read of a text; texts that are too short to tell of an event."""

_STEM = 5
"""Letters of a word that count, which inflection leaves alone in most words."""

_TITLE, _SAID, _FIGURES = 24, 40, 24
"""Words of a headline, other words, and figures that are kept, the most frequent."""

IN_TITLE, NAME, TIMES = 64, 128, 63
"""In one byte as bits that a word is the headline's, and is never written small, and how often it is said."""

_HEAD = struct.Struct("<iIIBB")
_SKETCH_BITS = 2_048
_SKETCH_BYTES = _SKETCH_BITS // 8


@dataclass(frozen=True, slots=True)
class Gist:
    """An article's gist: parallel `words` (hashed) and `kinds`, hashed `figures`, `sketch`.

    `hour` is when it was published, in hours since 1970, or UNDATED; `outlet` and `heading` are hashes of the outlet
    and of the whole headline.
    """

    hour: int
    outlet: int
    heading: int
    words: tuple[int, ...]
    kinds: bytes
    figures: frozenset[int]
    sketch: bytes

    @property
    def titled(self) -> int:
        """How many of the words are the headline's: they come first."""
        return sum(bool(kind & IN_TITLE) for kind in self.kinds[:_TITLE])

    def holds(self, word: int) -> bool:
        """Whether headline or lead have the hashed word, or, one time in thirty, seem to."""
        one, other = word % _SKETCH_BITS, (word >> 16) % _SKETCH_BITS
        return bool(self.sketch[one >> 3] >> (one & 7) & 1 and self.sketch[other >> 3] >> (other & 7) & 1)


def gist(document: Document, article: Article) -> bytes:
    """The gist of an article and its analysis, packed; empty for a text that is too short to tell of an event."""
    title, lead = document.title.folded, document.body.folded[:_LEAD]
    if len(title) + len(lead) < _SHORT:
        return b""
    heading = dict.fromkeys(word[:_STEM] for word in title if _telling(word))
    words, kinds = _words(list(islice(heading, _TITLE)), _said(document, article))
    figures = list(islice(dict.fromkeys(_hash(word) for word in (*title, *lead) if word[0].isdecimal()), _FIGURES))
    published = article.published_at
    head = _HEAD.pack(
        UNDATED if published is None else int(published.timestamp() // 3600),
        _hash(article.source),
        _hash(" ".join(title)),
        len(words),
        len(figures),
    )
    hashes = struct.pack(f"<{len(words) + len(figures)}I", *words, *figures)
    return head + hashes + kinds + _sketch({word[:_STEM] for word in (*title, *lead)})


def dated(packed: bytes, hour: int) -> bytes:
    """The gist of an article that came in at this hour, as published then where nobody said when."""
    if not packed or _HEAD.unpack_from(packed)[0] != UNDATED:
        return packed
    return struct.pack("<i", hour) + packed[4:]


def hour_of(packed: bytes) -> int:
    """When the article of a gist that is not empty was published: see Gist."""
    hour: int = _HEAD.unpack_from(packed)[0]
    return hour


def between(hour: int, other: int) -> int | None:
    """Hours between two; None when nobody knows."""
    return None if UNDATED in (hour, other) else abs(hour - other)


def is_near(hour: int, other: int) -> bool:
    """Whether articles published then may tell of one event; nobody knowing is no hindrance."""
    return UNDATED in (hour, other) or abs(hour - other) <= HOURS


def unpacked(packed: bytes) -> Gist:
    """A gist that is not empty, to be compared."""
    hour, outlet, heading, count, figures = _HEAD.unpack_from(packed)
    hashes = struct.unpack_from(f"<{count + figures}I", packed, _HEAD.size)
    kinds_at = _HEAD.size + 4 * (count + figures)
    kinds = packed[kinds_at : kinds_at + count]
    return Gist(hour, outlet, heading, hashes[:count], kinds, frozenset(hashes[count:]), packed[kinds_at + count :])


def words_of(packed: bytes) -> bytes:
    """The hashed words of a gist, 32 bits each; none of an empty one."""
    return packed[_HEAD.size : _HEAD.size + 4 * packed[_HEAD.size - 2]] if packed else b""


def _said(document: Document, article: Article) -> Sequence[tuple[str, bool]]:
    """The lead's words, each with whether it begins with a capital."""
    text, starts = article.text, document.body.starts
    return [
        (word[:_STEM], text[at].isupper())
        for word, at in zip(document.body.folded[:_LEAD], starts, strict=False)
        if _telling(word)
    ]


def _words(title: Sequence[str], said: Sequence[tuple[str, bool]]) -> tuple[list[int], bytes]:
    """The words to keep, hashed, and what each is."""
    times = Counter([word for word, _ in said])
    plain = {word for word, is_large in said if not is_large}
    names = {word for word, is_large in said if is_large and word not in plain} if plain else set[str]()
    most = Counter({word: count * (1 + (word in names or word[0].isdecimal())) for word, count in times.items()})
    kept = dict.fromkeys(title, IN_TITLE)
    for word, _ in most.most_common(_SAID):
        kept.setdefault(word, 0)
    kinds = bytes(
        kind | (NAME if word in names else 0) | min(times[word] + (kind == IN_TITLE), TIMES)
        for word, kind in kept.items()
    )
    return list(map(_hash, kept)), kinds


def _telling(word: str) -> bool:
    """Whether a folded word says something by itself, going by its length; scripts other than Latin write shorter."""
    return len(word) > 3 or word[0].isdecimal() or not word.isascii()


def _sketch(words: Iterable[str]) -> bytes:
    hashed = np.fromiter(map(_hash, words), np.uint32)
    bits = np.zeros(_SKETCH_BITS, np.uint8)
    bits[hashed % _SKETCH_BITS] = 1
    bits[(hashed >> np.uint32(16)) % _SKETCH_BITS] = 1
    return np.packbits(bits, bitorder="little").tobytes()


@lru_cache(maxsize=65_536)
def _hash(word: str) -> int:
    return crc32(word.encode(errors="surrogatepass"))
