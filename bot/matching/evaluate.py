"""What a query means: the reference, which the archive and every percolator must equal on every document."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TypeVar

from bot.matching.document import Document, Tokens
from bot.matching.evidence import Row, Weighed
from bot.matching.language import UNKNOWN
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
    Word,
)
from bot.matching.text import folded_words, languages_of, word_forms
from bot.matching.weighing import Account, weigh

Span = tuple[int, int]
"""Token positions from, up to but not including."""
Forms = tuple[str, ...]
"""Folded forms in a row."""
Known = TypeVar("Known", str, int)
"""What a word is known by: its folded form, or a number."""


@lru_cache(maxsize=8_192)
def folded(words: tuple[str, ...]) -> Forms:
    """The folded forms of a phrase's words, of which one typed with inner marks has several."""
    return tuple(form for word in words for form in folded_words(word))


def matches(query: Node, document: Document) -> bool:
    """Whether `document` is what `query` asks for; ValueError for since: and before:, which no document answers."""
    return Reader(document).matches(query)


class Part:
    """The headline or the text of an article, with where each of its words stands."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Positions of each folded form."""
        return _positions(self.tokens.folded)

    @cached_property
    def _roots(self) -> dict[str, list[int]]:
        """Positions of each stem."""
        return _positions(self.tokens.stems)

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._places)

    def at(self, form: str) -> Sequence[int]:
        """Positions of a folded form, ascending."""
        return self._places.get(form, ())

    def spans(self, node: Node) -> list[Span]:
        """Where a Word, Prefix, Phrase, Row, Proximity or Near, or an Or of these, stands; ascending, maybe nowhere."""
        match node:
            case Word(text):
                return self._word(text)
            case Prefix(text):
                return self._row(folded((text,)), prefix=True)
            case Phrase(words, prefix):
                return self._row(folded(words), prefix=prefix)
            case Row(parts):
                return self._chain(parts)
            case Proximity(words, slop):
                return self._together(folded(words), slop)
            case Near(left, right, distance):
                return sorted({span for side in near(self.spans(left), self.spans(right), distance) for span in side})
            case Or(children):
                return sorted({span for child in children for span in self.spans(child)})
        raise ValueError(f"{node} has no place in a text")

    def _word(self, text: str) -> list[Span]:
        """Its parts in a row by folded form, the last one also by stem."""
        forms = word_forms(text)
        if not forms:
            return []
        ends = set(self.at(forms[-1].folded))
        if not forms[-1].stems.isdisjoint(self._roots):
            ends.update(end for stem in forms[-1].stems for end in self._roots.get(stem, ()))
        return self._ending(tuple(form.folded for form in forms[:-1]), ends)

    def _chain(self, parts: Sequence[Node]) -> list[Span]:
        """Each of the parts right after the one before."""
        reached = {(start, end) for start, end in self.spans(parts[0])}
        for part in parts[1:]:
            if not reached:
                return []
            ends: dict[int, list[int]] = {}
            for start, end in self.spans(part):
                ends.setdefault(start, []).append(end)
            reached = {(first, end) for first, last in reached for end in ends.get(last, ())}
        return sorted(reached)

    def _row(self, words: Forms, *, prefix: bool) -> list[Span]:
        if not words:
            return []
        lasts = self._beginning(words[-1]) if prefix else (words[-1],)
        return self._ending(words[:-1], (position for last in lasts for position in self.at(last)))

    def _beginning(self, letters: str) -> Iterator[str]:
        """The folded forms of the part that begin with `letters`."""
        for index in range(bisect_left(self._vocabulary, letters), len(self._vocabulary)):
            if not self._vocabulary[index].startswith(letters):
                return
            yield self._vocabulary[index]

    def _ending(self, words: Forms, ends: Iterable[int]) -> list[Span]:
        """Spans of `words` in a row followed by a token at one of `ends`."""
        size = len(words)
        if not size:
            return [(end, end + 1) for end in sorted(ends)]
        forms = self.tokens.folded
        return sorted((end - size, end + 1) for end in ends if end >= size and forms[end - size : end] == words)

    def _together(self, words: Forms, slop: int) -> list[Span]:
        places = sorted((position, word) for word in {*words} for position in self.at(word))
        return together(places, words, slop)


def _positions(forms: Sequence[str]) -> dict[str, list[int]]:
    """Where each form stands, ascending; not where there is none."""
    places: dict[str, list[int]] = {}
    for position, form in enumerate(forms):
        if form:
            places.setdefault(form, []).append(position)
    return places


def together(places: Sequence[tuple[int, Known]], words: Sequence[Known], slop: int) -> list[Span]:
    """Spans from one of `words` to another that hold them all, as often as typed, and at most `slop` others.

    `places` has every position of each of the words, ascending.
    """
    wanted = Counter(words)
    held: Counter[Known] = Counter()
    lacking = len(words)
    found: list[Span] = []
    first = 0
    for position, word in places:
        held[word] += 1
        lacking -= held[word] <= wanted[word]
        while lacking == 0 and held[places[first][1]] > wanted[places[first][1]]:
            held[places[first][1]] -= 1
            first += 1
        if lacking == 0 and words and position + 1 - places[first][0] - len(words) <= slop:
            found.append((places[first][0], position + 1))
    return found


def near(left: list[Span], right: list[Span], distance: int) -> tuple[list[Span], list[Span]]:
    """The spans of each side that have one of the other with at most `distance` words between, in either order.

    Counted as SQLite's FTS5 counts NEAR: from the end of the span that begins first to the begin of the other; spans
    may overlap.
    """
    return _beside(left, right, distance), _beside(right, left, distance)


def _beside(spans: list[Span], others: list[Span], distance: int) -> list[Span]:
    """The spans that some other begins no more than `distance` after, or ends no more than `distance` before."""
    starts = [start for start, _ in others]
    reached = list(accumulate((end for _, end in others), max))
    kept = []
    for start, end in spans:
        after, upto = bisect_left(starts, start), bisect_right(starts, start)
        follows = after < len(starts) and starts[after] - end <= distance
        if follows or (upto and start - reached[upto - 1] <= distance):
            kept.append((start, end))
    return kept


class Reader:
    """A document ready to be asked many queries."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title = Part(document.title)
        self.body = Part(document.body)

    def matches(self, query: Node, *, headline: bool = False) -> bool:
        """Whether the document, or with `headline` its title alone, is what `query` asks for."""
        match query:
            case And(children):
                return all(self.matches(child, headline=headline) for child in children)
            case Or(children):
                return any(self.matches(child, headline=headline) for child in children)
            case Not(child):
                return not self.matches(child, headline=headline)
            case Title(child):
                return self.matches(child, headline=True)
            case SourceIs(text):
                return self._from(text)
            case LanguageIs(code):
                return (self.document.language or UNKNOWN) in languages_of(code)
            case TopicIs(name):
                return name in self.document.topics
            case Weighed():
                return self.account(query).enough
        return bool(self.title.spans(query)) or (not headline and bool(self.body.spans(query)))

    def account(self, query: Weighed) -> Account:
        """What the evidence that `query` weighs comes to in the document."""
        return weigh(query, self.document, self.title, self.body)

    def _from(self, text: str) -> bool:
        """Whether the outlet's name holds these words in a row, or its host is `text` or lies below it."""
        host = text.lower().removeprefix("www.")
        if self.document.host and ("." + self.document.host).endswith("." + host) and "." in host:
            return True
        words, name = folded((text,)), self.document.source
        return bool(words) and any(name[i : i + len(words)] == words for i in range(len(name) - len(words) + 1))
