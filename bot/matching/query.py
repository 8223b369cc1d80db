"""The query language: typed text to a syntax tree and back; the grammar itself is in `bot.matching.grammar`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.errors import QuerySyntaxError
from bot.matching import flat, typography
from bot.matching.canonical import write
from bot.matching.cursor import Fault
from bot.matching.grammar import Parser
from bot.matching.lexer import lexemes
from bot.matching.moments import moment
from bot.matching.syntax import Before, Node, Since
from bot.matching.tree import conjunction, conjuncts
from bot.matching.typography import normalise

__all__ = ["hint", "moment", "normalise", "parse", "split_dates", "write"]

_EXAMPLE = "migration"
_MENDINGS = 3
"""Mending one fault can show another, as when a prefix turns out to name a field."""
_WIDER = 8
"""Characters by which a term, with what joins it to the next, can be longer in canonical text than as typed."""


def parse(text: str, *, dates: bool = False, max_terms: int = 64, max_length: int = 4_096) -> Node:
    """The syntax tree of `text`; `since:` and `before:` are understood only with `dates`.

    QuerySyntaxError names the offset in `text` of the first fault and suggests the nearest valid query.
    """
    if len(text) + _WIDER * max_terms <= max_length and (node := flat.read(text, max_terms)):
        return node
    typed = typography.read(text)
    reading = _Reading(dates, max_terms, max_length)
    try:
        return reading.read(typed.text, len(text))
    except Fault as fault:
        position = typed.position(fault.position)
        suggestion = reading.nearest(typed.text)
        raise QuerySyntaxError(fault.key, position, suggestion=suggestion, **fault.details) from None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a query may hold."""

    dates: bool
    max_terms: int
    max_length: int

    def read(self, text: str, length: int) -> Node:
        """The tree of normalised `text`, typed with `length` characters; Fault."""
        if length > self.max_length:
            raise Fault("query.too_long", min(self.max_length, len(text)), limit=self.max_length)
        node = Parser(lexemes(text), self.dates, self.max_terms).query()
        if node is None:
            raise Fault("query.empty", 0)
        if length + _WIDER * self.max_terms > self.max_length and len(write(node)) > self.max_length:
            raise Fault("query.too_long", len(text), limit=self.max_length)
        return node

    def nearest(self, text: str) -> str:
        """The valid query nearest to a faulty one: every fault mended in place; an example where nothing is left."""
        if len(text) > self.max_length:
            text = text[: max(text.rfind(" ", 0, self.max_length), 0)]
        for _ in range(_MENDINGS):
            node = Parser(lexemes(text), self.dates, self.max_terms, mend=True).query()
            if node is None:
                break
            text = write(node)
            try:
                return write(self.read(text, len(text)))
            except Fault:
                continue
        return _EXAMPLE


def split_dates(node: Node) -> tuple[Node | None, tuple[Since | Before, ...]]:
    """A query without its `since:` and `before:`, and these; None where it holds nothing else."""
    dates = tuple(child for child in conjuncts(node) if isinstance(child, Since | Before))
    if not dates:
        return node, ()
    return conjunction(child for child in conjuncts(node) if not isinstance(child, Since | Before)), dates


_LIKELY = re.compile(r'"[^"]*"?|(?<=[\w"*)] )(?:(or|and|not|near/\d+)|\|\|?|&&?)(?= [\w"(-])', re.IGNORECASE)
_SYMBOLS = {"|": "OR", "||": "OR", "&": "AND", "&&": "AND"}


def hint(text: str) -> str | None:
    """The query with `or`, `and`, `not` or `near/5` between words as operators, if there is one and that is valid."""
    typed = " ".join(normalise(text).split())
    meant = _LIKELY.sub(lambda match: _SYMBOLS.get(match[0]) or (match[0].upper() if match[1] else match[0]), typed)
    if meant == typed:
        return None
    try:
        parse(meant, dates=True)
    except QuerySyntaxError:
        return None
    return meant
