"""The syntax tree of the query language: immutable nodes, meaning defined by `bot.matching.evaluate`.

Text inside a node is normalised (typography undone) but neither folded nor stemmed: folding is the analyser's.
`str(node)` of any tree is its canonical text, written by `bot.matching.query`; `parse(str(tree)) == tree`.
"""

from __future__ import annotations

from dataclasses import dataclass


class Node:
    """Any part of a query."""

    __slots__ = ()

    def __str__(self) -> str:
        from bot.matching.canonical import write

        return write(self)


@dataclass(frozen=True, slots=True)
class Word(Node):
    """One word, in any of its inflected forms; typed with inner marks (`cross-border`) it is its parts in a row."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix(Node):
    """Every word that begins with `text` (three letters or more), folded forms only."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase(Node):
    """Exactly these words in a row, folded forms only; with `prefix` the last one is a prefix."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Proximity(Node):
    """All these words, exact, in any order, with at most `slop` other words inside the span: `"a b c"~8`."""

    words: tuple[str, ...]
    slop: int


@dataclass(frozen=True, slots=True)
class Near(Node):
    """`left NEAR/distance right`: at most `distance` words between, either order.

    Operands are Word, Prefix or Phrase, or an Or of these.
    """

    left: Node
    right: Node
    distance: int


@dataclass(frozen=True, slots=True)
class Title(Node):
    """`child` in the headline: a Word, Prefix, Phrase, Proximity or Near, or And/Or/Not of these."""

    child: Node


@dataclass(frozen=True, slots=True)
class SourceIs(Node):
    """`text` is a word sequence of the outlet's name, or its host."""

    text: str


@dataclass(frozen=True, slots=True)
class LanguageIs(Node):
    """The article's language: ISO 639-1, or `bcms` for sr, hr, bs and cnr."""

    code: str


@dataclass(frozen=True, slots=True)
class TopicIs(Node):
    """The article carries the topic `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Since(Node):
    """Published at or after `value`: a date, a time or an age (`7d`, `24h`); search only, top level only."""

    value: str


@dataclass(frozen=True, slots=True)
class Before(Node):
    """Published before `value`; search only, top level only."""

    value: str


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Articles `child` does not match; only ever inside an And that has something positive."""

    child: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """All children match (two or more, no child is an And)."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any child matches (two or more, no child is an Or)."""

    children: tuple[Node, ...]
