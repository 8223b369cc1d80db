"""Accounts of one event: whether two gists tell of the same, by three shares from 0 to 1 that are averaged.

Words in common and names in common, each counting by how few stories of the window have it, and how much of either
headline the other text speaks of; less for every day between them. Nothing counts where too little is in common, or
where one headline finds nothing in the other text (pages of an outlet share their boilerplate). And what one outlet
publishes under the same headline with another text, or with other figures, is a series: market reports, transcripts.
All of it is the same from either side, and an article is compared with what opened a story, not with what joined it:
so a saga does not drift from event to event.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from bot.matching.gists import HOURS, IN_TITLE, NAME, TIMES, Gist, between, unpacked
from bot.matching.rarity import Rarity

ACCOUNT = 0.42
"""Points, from 0 to 1, from which two articles are accounts of one event."""

SIGNALS = ("words", "names", "headlines", "time")
"""What the points are made of, by name."""

_LEAST_WORDS, _LEAST_COMMON, _LEAST_HEADLINE = 0.25, 55.0, 0.3
"""Shares without which, and what the words in common have to say, in nats, without which nothing counts."""

_DAILY, _DAILY_OWN, _UNKNOWN = 0.12, 0.25, 0.75
"""Part of the points that a day between the articles costs, and between two of one outlet, where it is what came next;
part left when nobody knows when one was published."""

_FEW = 3
"""Figures from which those of a series have to agree, a third of them."""

_SAID = 1 + np.log(np.maximum(np.arange(TIMES + 1), 1))
"""How much a word counts that is said so often."""

_EMPHASIS = 1.5
"""How much more a word of the headline counts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two articles do, or do not, tell of one event: shares of 0 to 1, equal from either side.

    `lesser` is how much of the headline is found that is found less of; `common` is in nats; `hours` are None when
    nobody knows; `is_own` where both are one outlet's, `is_series` where that filled in a form twice.
    """

    words: float
    names: float
    headlines: float
    lesser: float
    common: float
    hours: int | None
    is_own: bool
    is_series: bool

    @property
    def points(self) -> float:
        """0 to 1; ACCOUNT or more is the same event."""
        return self.points_without("")

    def points_without(self, signal: str) -> float:
        """What the points would be if nobody looked at one of the SIGNALS."""
        if self.is_series or (signal != "words" and (self.words < _LEAST_WORDS or self.common < _LEAST_COMMON)):
            return 0.0
        if signal != "headlines" and self.lesser < _LEAST_HEADLINE:
            return 0.0
        shares = {"words": self.words, "names": self.names, "headlines": (self.headlines + self.lesser) / 2}
        shares.pop(signal, None)
        return sum(shares.values()) / len(shares) * (1.0 if signal == "time" else self._timeliness)

    @property
    def _timeliness(self) -> float:
        if self.hours is None:
            return _UNKNOWN
        daily = _DAILY_OWN if self.is_own else _DAILY
        return max(1 - daily * self.hours / 24, 0.0) if self.hours <= HOURS else 0.0


def choose_event(packed: bytes, openings: Sequence[tuple[int, bytes]], rarity: Rarity) -> int | None:
    """The story of the opening (story id, gist) that tells of the same event, the likeliest one, the oldest of equals.

    None when none does.
    """
    if not packed or not openings:
        return None
    mine = Weighed.of(packed, rarity)
    ranked = [(mine.evidence(Weighed.of(other, rarity)).points, -story_id) for story_id, other in openings]
    points, story = max(ranked)
    return -story if points >= ACCOUNT else None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A gist with what each of its words says in the window: those of the headline by themselves, and how often said.

    `names` are those that are names; the lengths are those of the two as vectors.
    """

    gist: Gist
    words: dict[int, float]
    names: frozenset[int]
    title: list[float]
    length: float
    names_length: float

    @classmethod
    def of(cls, packed: bytes, rarity: Rarity) -> Weighed:
        """Weighs a gist that is not empty."""
        gist = unpacked(packed)
        plain = rarity.weights(np.array(gist.words, np.uint32))
        kinds = np.frombuffer(gist.kinds, np.uint8)
        said = plain * _SAID[kinds & TIMES] * np.where(kinds & IN_TITLE, _EMPHASIS, 1.0)
        names = (kinds & NAME) > 0
        return cls(
            gist,
            dict(zip(gist.words, said.tolist(), strict=True)),
            frozenset(compress(gist.words, names.tolist())),
            plain[: gist.titled].tolist(),
            math.sqrt(said @ said),
            math.sqrt(said[names] @ said[names]),
        )

    def evidence(self, other: Weighed) -> Evidence:
        """What speaks for both telling of the same event."""
        both = [(word, self.words[word] * other.words[word]) for word in self.words.keys() & other.words.keys()]
        named = self.names & other.names
        words = _share(sum(weight for _, weight in both), self.length * other.length)
        nameless = not (self.names_length and other.names_length)
        names = _share(sum(weight for word, weight in both if word in named), self.names_length * other.names_length)
        mine, theirs = self._spoken_of(other), other._spoken_of(self)
        if self.gist.heading == other.gist.heading:
            mine = theirs = min(words, names)  # a rubric: it says no more of the event than what stands under it
        return Evidence(
            words=words,
            names=words if nameless else names,
            headlines=(mine + theirs) / 2,
            lesser=min(mine, theirs),
            common=sum(math.sqrt(weight) for _, weight in both),
            hours=between(self.gist.hour, other.gist.hour),
            is_own=self.gist.outlet == other.gist.outlet,
            is_series=self._is_series(other),
        )

    def _spoken_of(self, other: Weighed) -> float:
        """How much of this headline stands in the other's headline or lead."""
        whole, holds = sum(self.title), other.gist.holds
        found = sum(weight for word, weight in zip(self.gist.words, self.title, strict=False) if holds(word))
        return found / whole if whole else 0.0

    def _is_series(self, other: Weighed) -> bool:
        if self.gist.outlet != other.gist.outlet:
            return False
        fewest = min(len(self.gist.figures), len(other.gist.figures))
        differ = fewest >= _FEW and 3 * len(self.gist.figures & other.gist.figures) < fewest
        return differ or self.gist.heading == other.gist.heading


def _share(common: float, whole: float) -> float:
    """What is in common, as a cosine."""
    return min(common / whole, 1.0) if whole else 0.0
