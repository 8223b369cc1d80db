"""The condition of a query that an article fails, and by how much: words too far apart, in another place, or absent."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.matching.canonical import write
from bot.matching.document import Document
from bot.matching.evaluate import Part, Reader, Span, folded, together
from bot.matching.explain import blamed
from bot.matching.syntax import LanguageIs, Near, Node, Not, Phrase, Proximity, SourceIs, Title, Word


class How(StrEnum):
    """In which way a condition fails."""

    ABSENT = "absent"
    """It is not there at all."""
    APART = "apart"
    """Its words are there: `found` others stand between them, `allowed` may."""
    SPLIT = "split"
    """Its words are there, one part in the headline and another in the text only."""
    ROW = "row"
    """Its words are there, and nowhere in a row."""
    TEXT = "text"
    """It is in the text, and not in the headline."""
    PRESENT = "present"
    """It is there, and excluded."""
    OUTLET = "outlet"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Lack:
    """The first condition that fails, as small as it can be said (canonical text), how, and by how much."""

    condition: str
    how: How
    found: int = 0
    allowed: int = 0


def lacking(query: Node, document: Document) -> Lack | None:
    """What the document lacks to match; None when it matches. ValueError for since: and before:."""
    reader = Reader(document)
    node = blamed(query, reader)
    return None if node is None else _lack(node, reader)


def _lack(node: Node, reader: Reader) -> Lack:
    condition = write(node)
    match node:
        case Not():
            return Lack(condition, How.PRESENT)
        case SourceIs():
            return Lack(condition, How.OUTLET)
        case LanguageIs():
            return Lack(condition, How.LANGUAGE)
        case Title(child):
            return Lack(condition, How.TEXT if reader.matches(child) else How.ABSENT)
        case Near(left, right, distance):
            return _too_far(condition, _gaps(left, right, reader), distance)
        case Proximity(words, slop):
            return _scattered(condition, words, slop, reader)
        case Phrase(words) if len(words) > 1 and all(reader.matches(Word(word)) for word in words):
            return Lack(condition, How.ROW)
    return Lack(condition, How.ABSENT)


def _too_far(condition: str, gaps: Iterable[int], allowed: int) -> Lack:
    """How far apart two sides are at the nearest, which both are there."""
    nearest = min(gaps, default=None)
    return Lack(condition, How.SPLIT) if nearest is None else Lack(condition, How.APART, nearest, allowed)


def _gaps(left: Node, right: Node, reader: Reader) -> Iterator[int]:
    """Words between each place of the left and the nearest of the right, headline and text apart."""
    for part in (reader.title, reader.body):
        others = part.spans(right)
        starts = [start for start, _ in others]
        for span in part.spans(left) if others else ():
            near = bisect_left(starts, span[0])
            yield from (_between(span, other) for other in others[max(0, near - 1) : near + 1])


def _between(one: Span, other: Span) -> int:
    first, second = sorted((one, other))
    return max(second[0] - first[1], 0)


def _scattered(condition: str, words: tuple[str, ...], slop: int, reader: Reader) -> Lack:
    """By how many other words the smallest span that has them all is too long; which of them there are not."""
    absent = [word for word in words if not reader.matches(Phrase((word,)))]
    if absent:
        return Lack(write(Phrase((absent[0],))), How.ABSENT)
    extra = [found for part in (reader.title, reader.body) for found in _extra(part, words)]
    return _too_far(condition, extra, slop)


def _extra(part: Part, words: tuple[str, ...]) -> Iterator[int]:
    forms = folded(words)
    places = sorted((position, word) for word in {*forms} for position in part.at(word))
    for start, end in together(places, forms, len(part.tokens)):
        yield end - start - len(forms)
