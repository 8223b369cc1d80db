"""What evidence comes to: the reference, which the percolator's arrays must equal, and the account that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.matching.document import Document
from bot.matching.evidence import HEADLINE, LEAD, LEAD_WORDS, STRETCH, TEXT, Signal, Weighed, Wording
from bot.matching.syntax import Node

Span = tuple[int, int]
"""Token positions from, up to but not including."""
Place = Literal["headline", "lead", "text"]
_WORTH: dict[Place, int] = {"headline": HEADLINE, "lead": LEAD, "text": TEXT}


class Part(Protocol):
    """The headline or the text of an article."""

    def spans(self, node: Node) -> list[Span]:
        """Where a term stands."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that says what a signal is about, and the terms that stand there with where they do."""

    place: Place
    span: Span
    terms: tuple[tuple[Node, Span], ...]

    @property
    def worth(self) -> int:
        """What it counts as."""
        return _WORTH[self.place]


@dataclass(frozen=True, slots=True)
class Entry:
    """A signal, and where an article says it."""

    signal: Signal
    mentions: tuple[Mention, ...]

    @property
    def opening(self) -> int:
        """What its mentions in headline and lead count as, and those further down that are as good."""
        places: tuple[Place, ...] = ("headline", "lead", "text") if self.signal.anywhere else ("headline", "lead")
        return min(self.signal.most, self._worth(*places))

    @property
    def further(self) -> int:
        """What the others further down count as."""
        return 0 if self.signal.anywhere else min(self.signal.most - self.opening, self._worth("text"))

    def _worth(self, *places: Place) -> int:
        return sum(mention.worth for mention in self.mentions if mention.place in places)

    @property
    def points(self) -> int:
        """What it brings, before it is held against the rest."""
        return (self.opening + self.further) * self.signal.points


@dataclass(frozen=True, slots=True)
class Account:
    """All evidence of an article, signal by signal; those it says nothing of are left out."""

    threshold: int
    entries: tuple[Entry, ...]
    words: int
    """Of the text."""

    @property
    def opening(self) -> int:
        """Points that speak for it by themselves, of headline and lead mostly."""
        return sum(entry.opening * entry.signal.points for entry in self.leading())

    @property
    def further(self) -> int:
        """Those of what stands further down: at most as many, or what a stretch of the text has on average."""
        found = sum(entry.further * entry.signal.points for entry in self.leading())
        return min(found, max(self.opening, found * STRETCH // max(self.words, STRETCH)))

    @property
    def main(self) -> int:
        """Points of what speaks for it by itself."""
        return self.opening + self.further

    def leading(self) -> Iterator[Entry]:
        """What speaks for it by itself."""
        return (entry for entry in self.entries if entry.signal.points > 0 and not entry.signal.supports)

    @property
    def support(self) -> int:
        """Points of what supports that: at most as many."""
        return min(self.main, sum(entry.points for entry in self.entries if entry.points > 0 and entry.signal.supports))

    @property
    def against(self) -> int:
        """Points of what speaks against it, 0 or less."""
        return sum(entry.points for entry in self.entries if entry.points < 0)

    @property
    def total(self) -> int:
        """What it all comes to."""
        return self.main + self.support + self.against

    @property
    def enough(self) -> bool:
        """Whether that is what is asked for."""
        return self.total >= self.threshold


def weigh(query: Weighed, document: Document, title: Part, body: Part) -> Account:
    """The account of a document, whose two parts are given."""
    entries = (
        Entry(signal, (*mentions(signal, title, document, headline=True), *mentions(signal, body, document)))
        for signal in query.signals
    )
    return Account(query.threshold, tuple(entry for entry in entries if entry.mentions), len(document.body))


def mentions(signal: Signal, part: Part, document: Document, *, headline: bool = False) -> Iterator[Mention]:
    """Where a part says what a signal is about, as far as it counts."""
    found = _found(signal.words, part, document)
    if not found:
        return
    unless = [span for _, span in _found(signal.unless, part, document)]
    kept = [(term, span) for term, span in found if not any(_overlap(span, other) for other in unless)]
    others = [span for _, span in _found(signal.near, part, document)]
    for start, end in _merged(span for _, span in kept):
        if signal.near and not any(_apart((start, end), other) <= signal.within for other in others):
            continue
        place: Place = "headline" if headline else "lead" if start < LEAD_WORDS else "text"
        terms = tuple(dict.fromkeys((term, span) for term, span in kept if _overlap(span, (start, end))))
        yield Mention(place, (start, end), terms)


def _found(wordings: Sequence[Wording], part: Part, document: Document) -> list[tuple[Node, Span]]:
    return [
        (term, span)
        for wording in wordings
        if wording.speaks(document.language)
        for term in wording.terms
        for span in part.spans(term)
    ]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _apart(one: Span, other: Span) -> int:
    """Words between two spans; less than 0 where they overlap."""
    return max(one[0] - other[1], other[0] - one[1])


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap as one, ascending."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
