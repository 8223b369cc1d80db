"""The queries most people type, terms side by side or alternatives, read at a glance; the grammar reads all others.

It gives the grammar's own trees, or none: standing queries are read by the hundred thousand when a bot starts.
"""

from __future__ import annotations

import re

from bot.matching.lexer import AND, NEAR, NOT, OR
from bot.matching.syntax import And, Node, Phrase, Prefix, Word
from bot.matching.syntax import Or as Either

_WORD = "[A-Za-z0-9]++"
_TERM = rf'"{_WORD}(?: {_WORD})*+"|[A-Za-z0-9]{{5,}}+\*|{_WORD}(?!\*)'
_TERMS = re.compile(_TERM)
_BESIDE = re.compile(rf"(?:{_TERM})(?: (?:{_TERM}))*+")
_EITHER = re.compile(rf"(?:{_TERM})(?: OR (?:{_TERM}))++")
_OPERATORS = frozenset((AND, OR, NOT, NEAR))


def read(text: str, max_terms: int) -> Node | None:
    """The tree of words, prefixes of five characters or more and phrases of plain ASCII, joined by spaces or by OR."""
    either = " OR " in text and _EITHER.fullmatch(text)
    if not (either or _BESIDE.fullmatch(text)):
        return None
    terms = _TERMS.findall(text)
    if either:
        del terms[1::2]
    if len(terms) > max_terms or not _OPERATORS.isdisjoint(terms):
        return None
    leaves = tuple([_leaf(term) for term in terms])
    return leaves[0] if len(leaves) == 1 else Either(leaves) if either else And(leaves)


def _leaf(term: str) -> Node:
    if term[0] == '"':
        return Phrase(tuple(term[1:-1].split()))
    return Prefix(term[:-1]) if term[-1] == "*" else Word(term)
