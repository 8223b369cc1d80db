"""Leads: what headline and beginning of a text say, a word a number, read once for its signature and its gist.

A word counts by the first five letters of its folded form, so neither inflection nor script does, and is hashed as
CRC-32 does it: by arrays over the bytes of many texts at once, which costs a tenth of a call a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.matching.document import Document

Hashes: TypeAlias = npt.NDArray[np.uint32]
Places: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

LEAD = 300
LONGEST = 5_000
"""In words: what headlines speak of; the most that is read of a headline."""

SKETCH_BYTES = 256
_SKETCH_BITS = 8 * SKETCH_BYTES
_HALF = np.uint32(16)

MANY = 24
"""Words of a headline, and figures, that are kept."""

_STEM = 5
_TELLING = 4
"""Letters of a word that count; letters from which a word says something by itself."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Hashes of the headline's telling words and of the figures, each once; all words in a sketch (a Bloom filter).

    `words` are the hashed telling words of the text's beginning, in order, and `places` which of its words they are.
    """

    title: tuple[int, ...]
    figures: tuple[int, ...]
    sketch: bytes
    words: Hashes
    places: Places


def leads(documents: Sequence[Document]) -> Iterator[Lead]:
    """Headline and lead of each of some documents."""
    titles = [len(document.title.folded[:LONGEST]) for document in documents]
    read = [(*document.title.folded[:LONGEST], *document.body.folded[:LEAD]) for document in documents]
    ends = np.cumsum([len(words) for words in read])
    coded = _Coded.of([word for words in read for word in words])
    sketches = _sketches(coded.hashes, np.repeat(np.arange(len(read)), [len(words) for words in read]), len(read))
    for words, title, end, sketch in zip(read, titles, ends.tolist(), sketches, strict=True):
        start = end - len(words)
        hashes, telling = coded.hashes[start:end], coded.telling[start:end]
        figures = [words[at] for at in np.flatnonzero(coded.figures[start:end]).tolist()]
        places = np.flatnonzero(telling[title:])
        head = hashes[:title][telling[:title]].tolist()
        yield Lead(_first(head), _first(map(hashed, figures)), sketch.tobytes(), hashes[title:][places], places)


def bits_of(words: Hashes) -> tuple[Hashes, Hashes]:
    """The two bits of a sketch that stand for each word."""
    return words % np.uint32(_SKETCH_BITS), (words >> _HALF) % np.uint32(_SKETCH_BITS)


def hashed(word: str) -> int:
    """32 bits of a word, always the same."""
    return crc32(word.encode(errors="surrogatepass"))


@dataclass(frozen=True, slots=True)
class _Coded:
    """Words as numbers: the hash of the beginning of each, whether it says something by itself, and is a figure.

    What says something is told by length; scripts other than Latin write shorter.
    """

    hashes: Hashes
    telling: Flags
    figures: Flags

    @classmethod
    def of(cls, words: Sequence[str]) -> _Coded:
        """Codes words, none of them empty or with a line break."""
        written = np.frombuffer("\n".join([*words, ""]).encode(errors="surrogatepass"), np.uint8)
        ends = np.flatnonzero(written == ord("\n"))
        starts = np.append(0, ends[:-1] + 1)[: len(ends)]
        # where letters begin: `letters[n]` is the byte of the n-th, line breaks among them
        letters = np.flatnonzero((written & 0xC0) != 0x80)
        first, last = letters.searchsorted(starts), letters.searchsorted(ends)
        beginnings = letters[np.minimum(first + _STEM, last)] if len(ends) else ends
        is_figure = (written[starts] >= ord("0")) & (written[starts] <= ord("9"))
        telling = is_figure | (last - first >= _TELLING) | (ends - starts > last - first)
        return cls(_crc32(written, starts, beginnings), telling, is_figure)


def _crc32(written: npt.NDArray[np.uint8], starts: Places, ends: Places) -> Hashes:
    """The CRC-32 (ISO 3309) of each stretch of bytes."""
    table, byte, eight = _crc_table(), np.uint32(0xFF), np.uint32(8)
    crc = np.full(len(starts), 0xFFFFFFFF, np.uint32)
    for at in range(int((ends - starts).max(initial=0))):
        some = np.flatnonzero(starts + at < ends)
        now = crc[some]
        crc[some] = table[(now ^ written[starts[some] + at]) & byte] ^ now >> eight
    return ~crc


@lru_cache(maxsize=1)
def _crc_table() -> Hashes:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & np.uint32(1), table >> np.uint32(1) ^ np.uint32(0xEDB88320), table >> np.uint32(1))
    return table


def _first(hashes: Iterable[int]) -> tuple[int, ...]:
    """The first distinct ones."""
    return tuple(islice(dict.fromkeys(hashes), MANY))


def _sketches(words: Hashes, rows: Places, count: int) -> npt.NDArray[np.uint8]:
    """A sketch a row of the words that are in it."""
    bits = np.zeros((count, _SKETCH_BITS), np.uint8)
    for places in bits_of(words):
        bits[rows, places] = 1
    return np.packbits(bits, axis=1, bitorder="little")
