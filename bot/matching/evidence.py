"""Weighed evidence: what a topic is made of when one word is not enough; meaning defined by `bot.matching.weighing`.

A signal is something an article may say, in the words of each language. Each place that says it is a mention; a mention
in the headline counts as three, one in the lead as two. A signal gives its points for each, up to so many: several
signals bring more than one that is repeated. What stands further down brings at most as many points as headline and
lead, which say what an article is about, or as many as it has in 100 words on average, if that is more; what counts
`anywhere` is as good there. Supporting signals count at most as much as what they support, and signals with negative
points count against. The article is what is looked for when all of it reaches the threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.matching.language import LANGUAGE_GROUPS, languages_of
from bot.matching.syntax import Node

HEADLINE, LEAD, TEXT = 3, 2, 1
"""What a mention counts as, by where it stands."""

LEAD_WORDS = 60
"""Words at the beginning of a text that are its lead."""

STRETCH = 100
"""Words of a text over which what stands further down than the lead is averaged."""

FURTHEST = 99
"""Words that may lie between what is said and what it has to be near, at most."""

_GROUPS = {code: codes for codes in LANGUAGE_GROUPS.values() for code in codes if len(codes) > 1}


@dataclass(frozen=True, slots=True)
class Row(Node):
    """Words, prefixes and exact words one after the other; each word in any of its inflected forms."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Terms (Word, Prefix, Phrase or Row) looked for in articles of one language; "" is for every article."""

    language: str
    terms: tuple[Node, ...]

    def speaks(self, language: str | None) -> bool:
        """Whether it is looked for in articles of a language; where that is unknown, it is."""
        return not self.language or language is None or language in spoken(self.language)


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing an article may say: `words`, of these only mentions that are `near` others, and none `unless` others.

    A mention of `words` is where any of its terms stand, overlapping ones as one. It does not count where it overlaps a
    term of `unless`, nor, if there are terms in `near`, where none of these is within so many words.
    """

    name: str
    points: int
    words: tuple[Wording, ...]
    most: int
    """What all mentions count as together, at most."""
    supports: bool = False
    anywhere: bool = False
    near: tuple[Wording, ...] = ()
    within: int = 0
    unless: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed(Node):
    """Articles whose evidence comes to `threshold` points, one or more."""

    threshold: int
    signals: tuple[Signal, ...]

    def leading(self) -> Iterator[Node]:
        """Terms of which an article that matches has one."""
        for signal in self.signals:
            if signal.points > 0 and not signal.supports:
                for wording in signal.words:
                    yield from wording.terms


@lru_cache(maxsize=256)
def spoken(heading: str) -> tuple[str, ...]:
    """The languages of articles that terms under a heading are for: one of sr, hr, bs, cnr stands for all."""
    known = languages_of(heading)
    return _GROUPS.get(known[0], known) if known else ()
