"""Why a query matched an article, or did not: the words that took part, a passage that shows them, what is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.core.message import Mark, Span, Spans, Text
from bot.matching.canonical import write
from bot.matching.document import Document
from bot.matching.evaluate import Part, Reader, folded, near
from bot.matching.evidence import Weighed
from bot.matching.passage import Place, choose
from bot.matching.syntax import (
    And,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Proximity,
    SourceIs,
    Title,
    TopicIs,
)
from bot.matching.weighing import Mention

_NO_DEFINITIONS: Mapping[str, Node] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in an article that a term of the query stands at: offsets in the title or the text as they are.

    `term` is the canonical text of the word, prefix, phrase or proximity that matched there.
    """

    term: str
    part: Literal["title", "body"]
    start: int
    end: int


def hits(query: Node, document: Document, definitions: Mapping[str, Node] = _NO_DEFINITIONS) -> list[Hit]:
    """What of the article took part in the match, headline first, in reading order; [] when it does not match.

    Only terms that are asked for count, in a NEAR only where both sides meet, in an OR only the branches that match; a
    topic stands for its definition. ValueError for since: and before:.
    """
    found = _Finder(Reader(document), definitions).found(query)
    return sorted(set(found or ()), key=lambda hit: (hit.part != "title", hit.start, hit.end, hit.term))


class _Finder:
    def __init__(self, reader: Reader, definitions: Mapping[str, Node]) -> None:
        self.reader = reader
        self.definitions = definitions
        self.within: set[str] = set()

    def found(self, node: Node, *, headline: bool = False) -> list[Hit] | None:
        """The hits of a node, or None where it does not match."""
        match node:
            case And(children):
                parts = [self.found(child, headline=headline) for child in children]
                return None if None in parts else [hit for part in parts for hit in part or ()]
            case Or(children):
                return _any([self.found(child, headline=headline) for child in children])
            case Title(child):
                return self.found(child, headline=True)
            case TopicIs(name):
                return self._topic(node, name)
            case Weighed():
                return self._weighed(node)
            case Not() | SourceIs() | LanguageIs():
                return [] if self.reader.matches(node, headline=headline) else None
        parts = [_placed(node, self.reader.title, "title")]
        if not headline:
            parts.append(_placed(node, self.reader.body, "body"))
        return _any([part or None for part in parts])

    def _weighed(self, node: Weighed) -> list[Hit] | None:
        """The mentions that speak for it."""
        account = self.reader.account(node)
        mentions = [mention for entry in account.entries if entry.points > 0 for mention in entry.mentions]
        return [hit for mention in mentions for hit in self._said(mention)] if account.enough else None

    def _said(self, mention: Mention) -> Iterator[Hit]:
        """A hit for each term that stands there."""
        for term, span in mention.terms:
            if mention.place == "headline":
                yield from _hits(term, self.reader.title, "title", [span])
            else:
                yield from _hits(term, self.reader.body, "body", [span])

    def _topic(self, node: Node, name: str) -> list[Hit] | None:
        """The hits of its definition, by which an article not tagged yet has the topic too."""
        tagged: list[Hit] | None = [] if self.reader.matches(node) else None
        if name in self.within or name not in self.definitions:
            return tagged
        self.within.add(name)
        found = self.found(self.definitions[name])
        self.within.discard(name)
        return _any([tagged, found])


def _any(parts: Iterable[list[Hit] | None]) -> list[Hit] | None:
    matching = [part for part in parts if part is not None]
    return [hit for part in matching for hit in part] if matching else None


def _placed(node: Node, part: Part, name: Literal["title", "body"]) -> list[Hit]:
    """The hits of a term or a NEAR in one part."""
    if isinstance(node, Near):
        sides = near(part.spans(node.left), part.spans(node.right), node.distance)
        return [
            hit
            for operand, kept in zip((node.left, node.right), sides, strict=True)
            for leaf in (operand.children if isinstance(operand, Or) else (operand,))
            for hit in _hits(leaf, part, name, set(kept).intersection(part.spans(leaf)))
        ]
    spans = part.spans(node)
    if isinstance(node, Proximity):
        wanted = set(folded(node.words))
        places = {place for start, end in spans for place in range(start, end) if part.tokens.folded[place] in wanted}
        return _hits(node, part, name, [(place, place + 1) for place in places])
    return _hits(node, part, name, spans)


def _hits(leaf: Node, part: Part, name: Literal["title", "body"], spans: Collection[tuple[int, int]]) -> list[Hit]:
    if not spans:
        return []
    term = write(leaf)
    return [Hit(term, name, part.tokens.starts[start], part.tokens.ends[end - 1]) for start, end in spans]


def excerpt(text: str, hits: Sequence[Hit], width: int = 240) -> Spans:
    """A passage of at most `width` characters that shows the most different terms, whole sentences where they fit.

    Matched words are marked in their original form; … stands where a sentence is cut. Without hits it is the opening.
    """
    body = _places(hits, "body")
    shown = choose(text, body, width)
    if shown.cut_before or shown.cut_after:
        shown = choose(text, body, max(width - len("……"), 1))
    spans = _marked(text, shown.start, shown.end, body)
    before = (Text("…"),) if shown.cut_before and spans else ()
    return (*before, *spans, *((Text("…"),) if shown.cut_after and spans else ()))


def headline(title: str, hits: Sequence[Hit]) -> Spans:
    """The whole title with its matched words marked."""
    return _marked(title, 0, len(title), _places(hits, "title"))


def _places(hits: Iterable[Hit], part: str) -> list[Place]:
    """Where the hits of a part are, each place once: a topic has many terms for one word, which count as one."""
    terms: dict[tuple[int, int], str] = {}
    for hit in hits:
        if hit.part == part:
            place = (hit.start, hit.end)
            terms[place] = min(hit.term, terms.get(place, hit.term))
    return [(start, end, term) for (start, end), term in terms.items()]


def _marked(text: str, start: int, end: int, places: Iterable[Place]) -> Spans:
    """`text` from `start` to `end`, its white space single, the places in it marked; touching ones as one."""
    spans: list[Span] = []
    done = start
    for first, last in _joined(places):
        first, last = max(first, done), min(last, end)
        if first < last:
            spans += Text(_spaced(text[done:first])), Mark(_spaced(text[first:last]))
            done = last
    spans.append(Text(_spaced(text[done:end])))
    return tuple(span for span in spans if span.text)


def _joined(places: Iterable[Place]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end, _ in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def terms(text: str, title: str, hits: Iterable[Hit]) -> tuple[tuple[str, str], ...]:
    """Each term with each form it has in the article, in order of appearance; forms that differ in case are one."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for hit in hits:
        form = _spaced((title if hit.part == "title" else text)[hit.start : hit.end])
        found.setdefault((hit.term, form.casefold()), (hit.term, form))
    return tuple(found.values())


def missing(query: Node, document: Document) -> str | None:
    """The canonical text of the first condition the document fails, as small as it can be said; None when it matches.

    ValueError for since: and before:.
    """
    node = blamed(query, Reader(document))
    return None if node is None else write(node)


def blamed(query: Node, reader: Reader) -> Node | None:
    """The first condition that fails, as small as it can be; None where none does."""
    return None if reader.matches(query) else _failing(query, reader, headline=False)


def _failing(node: Node, reader: Reader, *, headline: bool) -> Node:
    """The smallest part of a node that does not match to blame for it."""
    match node:
        case And(children):
            child = next(child for child in children if not reader.matches(child, headline=headline))
            return _failing(child, reader, headline=headline)
        case Near(left, right):
            return next((side for side in (left, right) if not reader.matches(side, headline=headline)), node)
        case Title(child):
            blamed = _failing(child, reader, headline=True)
            return Not(Title(blamed.child)) if isinstance(blamed, Not) else Title(blamed)
    return node
