"""Accounts of one event: whether two gists tell of the same, by what they have in common and what speaks against it.

Words in common and names in common, each counting by how few stories of the window have it, and how much of either
headline the other text speaks of, are averaged to a share of 0 to 1. From that go points for every day between the
articles; where both are one outlet's, or nobody knows when one was published: what comes next is told alike; and where
their figures differ as well: the next day's report. Nothing counts where too little is in common, or where one headline
finds nothing in the other text (pages of an outlet share their boilerplate). And what one outlet publishes under the
same headline with another text, or with other figures, is a series: market reports, transcripts.
All of it is the same from either side, and an article is compared with what opened a story, not with what joined it:
so a saga does not drift from event to event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.gists import HOURS, IN_TITLE, NAME, TIMES, Figures, Gists, between
from bot.matching.leads import MANY, SKETCH_BYTES, Hashes, bits_of
from bot.matching.rarity import Rarity

Shares: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Places: TypeAlias = npt.NDArray[np.int64]

ACCOUNT = 0.34
"""Points, from 0 to 1, from which two articles are accounts of one event."""

WEIGHTS = {"words": 4, "names": 1, "headlines": 2}
"""What counts how much of what speaks for it; as all numbers here by logistic regression on pairs that were judged."""

SIGNALS = (*WEIGHTS, "time", "outlets", "figures")
"""What the points are made of, by name: what is averaged, and what points are taken for."""

_LEAST_WORDS, _LEAST_COMMON, _LEAST_HEADLINE = 0.2, 25.0, 0.15
"""Shares without which, and what the words in common have to say, in nats, without which nothing counts."""

_DAILY, _OWN, _UNKNOWN, _FIGURES = 0.11, 0.27, 0.22, 0.15
"""Points that a day between the articles costs; being one outlet's; nobody knowing when; and other figures."""

_LATER = 16
"""Hours after which a report with other figures is the next day's; sooner it is a later version."""

_FEW = 3
"""Figures from which they have to agree, a third of them."""

_SAID = 1 + np.log(np.maximum(np.arange(TIMES + 1), 1))
"""How much a word counts that is said so often."""

_EMPHASIS = 1.5
"""How much more a word of the headline counts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why pairs of articles do, or do not, tell of one event, a pair a place; equal from either side.

    `words`, `names` and `headlines` are shares of 0 to 1, the last of that headline of which less is found; `common` is
    in nats; `hours` are negative when nobody knows; `is_own` where both are one outlet's, `is_form` where that has them
    under one headline, `differ` where their figures do not agree.
    """

    words: Shares
    names: Shares
    headlines: Shares
    common: Shares
    hours: Places
    is_own: Flags
    is_form: Flags
    differ: Flags

    @property
    def points(self) -> Shares:
        """0 to 1; ACCOUNT or more is the same event."""
        return self.points_without("")

    def points_without(self, signal: str) -> Shares:
        """What the points would be if nobody looked at one of the SIGNALS."""
        shares = {"words": self.words, "names": self.names, "headlines": self.headlines}
        weights = {name: weight for name, weight in WEIGHTS.items() if name != signal}
        for_it = sum((shares[name] * weight for name, weight in weights.items()), np.zeros(len(self.words)))
        points = for_it / sum(weights.values()) - self._against(signal)
        return np.where(self._counts(signal), np.maximum(points, 0.0), 0.0)

    def _counts(self, signal: str) -> Flags:
        """Whether there is enough in common for anything to count, near enough in time, and no series."""
        counts = np.ones(len(self.words), np.bool_)
        if signal != "words":
            counts &= (self.words >= _LEAST_WORDS) & (self.common >= _LEAST_COMMON)
        if signal != "headlines":
            counts &= self.headlines >= _LEAST_HEADLINE
        if signal != "time":
            counts &= self.hours <= HOURS
        if signal != "outlets":
            counts &= ~self.is_form
        if "figures" != signal != "outlets":
            counts &= ~(self.is_own & self.differ & (self.hours >= 0))
        return counts

    def _against(self, signal: str) -> Shares:
        """Points that are taken."""
        against = np.zeros(len(self.words))
        unknown = self.hours < 0
        if signal != "time":
            against += _DAILY / 24 * np.maximum(self.hours, 0) + _UNKNOWN * unknown
        if signal != "outlets":
            against += _OWN * (self.is_own & ~unknown)
        if signal != "figures":
            against += _FIGURES * (self.differ & (unknown | (self.hours >= _LATER)))
        return against


@dataclass(frozen=True, slots=True)
class Weighed:
    """Gists with what each of their words says in the window: by itself, and as often as it is said and where.

    `lengths` and `names_lengths` are those of all words, and of names, as vectors; `titles` the sum of a headline.
    """

    gists: Gists
    plain: Shares
    said: Shares
    named: Shares
    lengths: Shares
    names_lengths: Shares
    titles: Shares

    @classmethod
    def of(cls, packed: Sequence[bytes], rarity: Rarity) -> Self:
        """Weighs gists that are not empty."""
        gists = Gists.of(packed)
        kinds = gists.kinds
        plain = rarity.weights(gists.words) * (kinds > 0)
        in_title = (kinds & IN_TITLE) > 0
        said = plain * _SAID[kinds & TIMES] * np.where(in_title, _EMPHASIS, 1.0)
        named = said * ((kinds & NAME) > 0)
        titles = (plain * in_title).sum(axis=1)
        return cls(gists, plain, said, named, _length(said), _length(named), titles)

    def evidence(self, other: Weighed, mine: Places, theirs: Places) -> Evidence:
        """What speaks for and against pairs of one of these and one of the other, which are given by their rows."""
        pair, here, there = _met(self.gists.words, other.gists.words, mine, theirs)
        left, right = mine[pair], theirs[pair]
        words = _cosine(
            pair, self.said[left, here] * other.said[right, there], self.lengths[mine] * other.lengths[theirs]
        )
        either = self.names_lengths[mine] * other.names_lengths[theirs]
        named = _cosine(pair, self.named[left, here] * other.named[right, there], either)
        names = np.where(either > 0, named, words)
        one, two = self.gists, other.gists
        headlines = np.minimum(self._spoken_of(other, mine, theirs), other._spoken_of(self, theirs, mine))
        is_own = one.outlet[mine] == two.outlet[theirs]
        is_rubric = one.heading[mine] == two.heading[theirs]
        return Evidence(
            words=words,
            names=names,
            headlines=np.where(is_rubric, np.minimum(words, names), headlines),
            common=np.bincount(pair, self.plain[left, here], len(mine)).astype(np.float64),
            hours=between(one.hour[mine], two.hour[theirs]),
            is_own=is_own,
            is_form=is_own & is_rubric,
            differ=_differ(one.figures, two.figures, mine, theirs),
        )

    def _spoken_of(self, other: Weighed, mine: Places, theirs: Places) -> Shares:
        """How much of a headline of these stands in headline or lead of the other."""
        words = self.gists.words[mine, :MANY]
        found = np.ones(words.shape, np.bool_)
        for bits in bits_of(words):
            held = other.gists.sketches.ravel()[theirs[:, None] * SKETCH_BYTES + (bits >> np.uint32(3))]
            found &= (held >> (bits & np.uint32(7)).astype(np.uint8) & 1) > 0
        in_title = (self.gists.kinds[mine, :MANY] & IN_TITLE) > 0
        spoken = (self.plain[mine, :MANY] * (found & in_title)).sum(axis=1)
        whole = self.titles[mine]
        share: Shares = np.divide(spoken, whole, out=np.zeros(len(mine)), where=whole > 0)
        return share


def _met(words: Hashes, others: Hashes, mine: Places, theirs: Places) -> tuple[Places, Places, Places]:
    """Of pairs of rows the words in common: the pair, and the word's place in either row."""
    rows = np.arange(len(words), dtype=np.int64)[:, None] << 32
    keys = (rows | words).ravel()
    order = np.argsort(keys)
    keys = keys[order]
    asked = (mine[:, None] << 32 | others[theirs]).ravel()
    at = np.minimum(keys.searchsorted(asked), len(keys) - 1)
    met = np.flatnonzero(keys[at] == asked)
    width = words.shape[1]
    return met // width, order[at[met]] % width, met % width


def _length(weights: Shares) -> Shares:
    """Of each row its length as a vector."""
    lengths: Shares = np.sqrt((weights * weights).sum(axis=1))
    return lengths


def _cosine(pair: Places, products: Shares, lengths: Shares) -> Shares:
    """Of each pair the cosine, from the products of what they have in common."""
    common = np.bincount(pair, products, len(lengths))
    return np.minimum(np.divide(common, lengths, out=np.zeros(len(lengths)), where=lengths > 0), 1.0)


def _differ(figures: Figures, others: Figures, mine: Places, theirs: Places) -> Flags:
    """Whether each pair has figures, and hardly any in common."""
    found = np.zeros(len(mine), np.bool_)
    for pair, (row, other) in enumerate(zip(mine.tolist(), theirs.tolist(), strict=True)):
        one, two = figures[row], others[other]
        fewest = min(len(one), len(two))
        found[pair] = fewest >= _FEW and 3 * len(one & two) < fewest
    return found
