"""Queries near one that finds nothing: with a word written otherwise, or asking for a little less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.matching.syntax import And, Near, Node, Not, Or, Phrase, Prefix, Proximity, Title, Word
from bot.matching.tree import conjunction, disjunction, positive

TRIED = 12
"""Wider queries there are at most."""


def words_of(node: Node) -> Iterator[str]:
    """The words that a query asks for, as typed, each once for each time it does; not those it excludes."""
    match node:
        case Word(text) | Prefix(text):
            yield text
        case Phrase(words) | Proximity(words):
            yield from words
        case Near(left, right):
            yield from words_of(left)
            yield from words_of(right)
        case And(children) | Or(children):
            for child in children:
                yield from words_of(child)
        case Title(child):
            yield from words_of(child)


def respelled(node: Node, old: str, new: str) -> Node:
    """The query with a word of it written as another."""
    match node:
        case Word(text):
            return Word(new) if text == old else node
        case Prefix(text):
            return Word(new) if text == old else node
        case Phrase(words) | Proximity(words):
            return replace(node, words=tuple(new if word == old else word for word in words))
        case Near(left, right):
            return replace(node, left=respelled(left, old, new), right=respelled(right, old, new))
        case And(children) | Or(children):
            return replace(node, children=tuple(respelled(child, old, new) for child in children))
        case Title(child):
            return Title(respelled(child, old, new))
    return node


def wider(query: Node) -> list[Node]:
    """Queries that everything the query matches matches too, those that ask for little less first; TRIED at most."""
    found: dict[Node, None] = {}
    waiting = [query]
    while waiting and len(found) < TRIED:
        node = waiting.pop(0)
        for looser in _looser(node):
            if looser != query and looser not in found and positive(looser):
                found[looser] = None
                waiting.append(looser)
    return [*found][:TRIED]


def _looser(node: Node) -> Iterator[Node]:
    """The query with one condition relaxed or, of several, left out."""
    match node:
        case Near(left, right):
            yield from _some(conjunction((left, right)))
        case Proximity(words):
            yield from _some(conjunction(map(Word, dict.fromkeys(words))))
        case Phrase(words, prefix):
            yield from _some(conjunction(dict.fromkeys(_loose(words, prefix))))
        case Title(child):
            yield child
        case Or(children):
            for place, child in enumerate(children):
                for looser in _looser(child):
                    yield from _some(disjunction((*children[:place], looser, *children[place + 1 :])))
        case And(children):
            yield from _less(children)


def _loose(words: tuple[str, ...], prefix: bool) -> Iterator[Node]:
    for word in words[: len(words) - prefix]:
        yield Word(word)
    if prefix:
        yield Prefix(words[-1])


def _less(children: tuple[Node, ...]) -> Iterator[Node]:
    for place, child in enumerate(children):
        for looser in _looser(child):
            yield from _some(conjunction((*children[:place], looser, *children[place + 1 :])))
    others = [child for child in children if not isinstance(child, Not)]
    if len(others) < len(children):
        yield from _some(conjunction(others))
    elif len(children) > 1:
        for place in range(len(children) - 1, -1, -1):
            yield from _some(conjunction((*children[:place], *children[place + 1 :])))


def _some(node: Node | None) -> Iterator[Node]:
    if node is not None:
        yield node
