"""Same-story detection, first layer: exact and near copies, by what two texts have in common word for word.

A text is signed by MinHash (Broder, 1997) over its runs of three folded words, so script, case and diacritics do not
count and two signatures tell how much of the wording is shared. Shared wording alone is not enough: pages of one
outlet share their boilerplate, market reports their phrases. So the headlines have to speak of each other's text, and
where a text is full of figures they have to agree.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from itertools import islice
from operator import eq
from typing import Self

from bot.matching.document import Document
from bot.matching.leads import LONGEST, SKETCH_BYTES, Lead, leads

WINDOW = timedelta(hours=72)
"""How long after an article was added another one can join its story."""

SIMILAR = 0.35
"""Share of common word runs from which two texts are one story."""

SIMILAR_BRIEF = 0.6
"""The same for texts of fewer than 25 words, where the next event's headline differs in a word or two."""

CONTAINED = 0.6
"""Share of the shorter text's word runs found in the other from which it is a cut copy, if it opens the same."""

SURE, SAME = 0.75, 0.95
"""Shares of common word runs from which figures may differ (a later version of the report), and headlines too."""

AGREEING = 0.35
"""Share of two headlines' telling words that stand in the other's headline or lead, from which they agree."""

_SEED = 7
"""Fixed, as signatures are kept in the database."""

PERMUTATIONS, BANDS, BAND = 128, 42, 3
"""42 bands of three values: of two texts that share 35 % of their word runs 84 in 100 share a band, at 45 % 98."""

_RUN = 3
_SHORT, _BRIEF = 8, 25
_OPENING = 40
"""In words: a run; texts too short to compare, or to compare loosely; an opening."""

_FEW = 3
"""Figures from which they have to agree."""

EXACT_BYTES, MINIMA_AT = 8, 12
"""Bytes of the signature of a text too short to compare, and of an opening; where in any other the minima begin."""
_MINIMA_END = MINIMA_AT + 2 * PERMUTATIONS


@dataclass(frozen=True, slots=True)
class Signature:
    """An article's signature: its `values`, the `keys` in them, of which a near copy shares one, and its `gist`."""

    values: bytes
    gist: bytes = b""
    """What it tells of (`bot.matching.gists`); empty where that is not known."""

    @property
    def keys(self) -> tuple[int, ...]:
        """64 bits each, and like no other band's."""
        opening = int.from_bytes(self.values[:EXACT_BYTES], "little", signed=True)
        if len(self.values) == EXACT_BYTES:
            return (opening,)
        return (opening, *_bands(struct.unpack_from(f"<{PERMUTATIONS}H", self.values, MINIMA_AT)))


def signature(document: Document, lead: Lead | None = None) -> Signature:
    """The document's signature, its lead given where that is known; fewer than eight words are like a copy only."""
    title, body = document.title.folded[:LONGEST], document.body.folded[:LONGEST]
    words = title + body
    if len(words) < _SHORT:
        return Signature(_digest(" ".join(title), " ".join(body)))
    opening = _digest(" ".join(body[:_OPENING] if len(body) >= _OPENING else words))
    if lead is None:
        [lead] = leads([document])
    return Signature(_packed(opening, len(words), _minhash(words), lead))


def similarity(a: bytes, b: bytes) -> float:
    """The estimated share of common word runs, 0 to 1, of two signatures' values; 0 for texts of different stories."""
    if EXACT_BYTES in (len(a), len(b)):
        return float(a == b)
    return _Signed.unpacked(a).similarity(_Signed.unpacked(b))


def choose(signature: Signature, candidates: Sequence[tuple[int, bytes]]) -> int | None:
    """The story of the candidate (story id, values) most alike, the oldest of equals; None when none is alike."""
    likely = candidates if len(candidates) <= _FEW else _likely(signature.values, candidates)
    ranked = [(similarity(signature.values, values), -story_id) for story_id, values in likely]
    best, story = max(ranked, default=(0.0, 0))
    return -story if best else None


def _likely(values: bytes, candidates: Sequence[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The candidates that share enough word runs, or the opening: what `similarity` looks at before anything else."""
    import numpy as np

    if len(values) == EXACT_BYTES:
        return [candidate for candidate in candidates if candidate[1] == values]
    long = [each for each in candidates if len(each[1]) > EXACT_BYTES]
    theirs = np.frombuffer(b"".join([other[MINIMA_AT:_MINIMA_END] for _, other in long]), "<u2")
    common = theirs.reshape(-1, PERMUTATIONS) == np.frombuffer(values[MINIMA_AT:_MINIMA_END], "<u2")
    enough = (common.sum(axis=1) >= SIMILAR * PERMUTATIONS).tolist()
    opening = values[:EXACT_BYTES]
    return [each for each, is_like in zip(long, enough, strict=True) if is_like or each[1].startswith(opening)]


@dataclass(frozen=True, slots=True)
class _Signed:
    """What is kept of a text: hashes of its opening, of its headline's telling words and its figures, and sketches.

    `sketch` is a Bloom filter of headline and lead; `minhash` the lower halves of 128 minima.
    """

    opening: bytes
    length: int
    minhash: tuple[int, ...]
    title: tuple[int, ...]
    figures: tuple[int, ...]
    sketch: int

    @classmethod
    def unpacked(cls, values: bytes) -> Self:
        length, titles, figures = struct.unpack_from("<HBB", values, EXACT_BYTES)
        start = MINIMA_AT
        minhash = struct.unpack_from(f"<{PERMUTATIONS}H", values, start)
        start += 2 * PERMUTATIONS
        sketch = int.from_bytes(values[start : start + SKETCH_BYTES], "little")
        hashes = struct.unpack_from(f"<{titles + figures}I", values, start + SKETCH_BYTES)
        return cls(values[:EXACT_BYTES], length, minhash, hashes[:titles], hashes[titles:], sketch)

    def similarity(self, other: Self) -> float:
        shortest = min(self.length, other.length)
        common: int = sum(map(eq, self.minhash, other.minhash))
        share = common / PERMUTATIONS
        if share < (SIMILAR if shortest >= _BRIEF else SIMILAR_BRIEF) and not self._is_cut(other, share):
            return 0.0
        agree = share >= SAME or (self._headlines_agree(other) and (share >= SURE or self._figures_agree(other)))
        return share if agree else 0.0

    def _is_cut(self, other: Self, share: float) -> bool:
        """Whether the shorter text is the beginning of the longer one, and hardly anything else."""
        common = share * (self.length + other.length) / (1 + share)
        return self.opening == other.opening and common >= CONTAINED * min(self.length, other.length)

    def _headlines_agree(self, other: Self) -> bool:
        """Whether what the headlines say stands in the other's text, on the whole; no headline says nothing against."""
        wanted = len(self.title) + len(other.title)
        found = other._holds(self.title) + self._holds(other.title)
        return not wanted or found >= AGREEING * wanted

    def _figures_agree(self, other: Self) -> bool:
        fewest = min(len(self.figures), len(other.figures))
        return fewest < _FEW or 2 * len(set(self.figures) & set(other.figures)) >= fewest

    def _holds(self, hashes: Iterable[int]) -> int:
        return sum((self.sketch & (bits := _bits(hashed))) == bits for hashed in hashes)


def _packed(opening: bytes, length: int, minhash: Sequence[int], lead: Lead) -> bytes:
    return b"".join(
        (
            opening,
            struct.pack("<HBB", length, len(lead.title), len(lead.figures)),
            struct.pack(f"<{PERMUTATIONS}H", *minhash),
            lead.sketch,
            struct.pack(f"<{len(lead.title) + len(lead.figures)}I", *lead.title, *lead.figures),
        )
    )


def _minhash(words: Sequence[str]) -> tuple[int, ...]:
    from rensa import RMinHash

    hashed = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    hashed.update([" ".join(run) for run in zip(*(islice(words, start, None) for start in range(_RUN)), strict=False)])
    return tuple(minimum & 0xFFFF for minimum in hashed.digest())


def _bands(minhash: Sequence[int]) -> Iterator[int]:
    for number in range(BANDS):
        values = minhash[number * BAND : (number + 1) * BAND]
        yield struct.unpack("<q", struct.pack("<4H", number, *values))[0]


def _bits(hashed: int) -> int:
    """Two bits of the sketch."""
    return 1 << hashed % (8 * SKETCH_BYTES) | 1 << (hashed >> 16) % (8 * SKETCH_BYTES)


def _digest(*parts: str) -> bytes:
    return blake2b("\n".join(parts).encode(errors="surrogatepass"), digest_size=EXACT_BYTES).digest()
