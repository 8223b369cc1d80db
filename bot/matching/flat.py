"""The queries most people type, read at a glance: terms side by side, excluded or in groups, or alternatives.

The grammar reads all others.

It gives the grammar's own trees, or none: standing queries are read by the hundred thousand when a bot starts.
"""

from __future__ import annotations

import re

from bot.matching.lexer import AND, NEAR, NOT, OR
from bot.matching.syntax import And, Node, Not, Phrase, Prefix, Word
from bot.matching.syntax import Or as Either

_WORD = "[A-Za-z0-9]++"
_TERM = rf'"{_WORD}(?: {_WORD})*+"|[A-Za-z0-9]{{5,}}+\*|{_WORD}(?!\*)'
_TERMS = re.compile(_TERM)
_PART = rf"-?+(?:{_TERM})|\((?:{_TERM})(?: OR (?:{_TERM}))++\)"
_PARTS = re.compile(_PART)
_BESIDE = re.compile(rf"(?:{_PART})(?: (?:{_PART}))*+")
_EITHER = re.compile(rf"(?:{_TERM})(?: OR (?:{_TERM}))++")
_OPERATORS = frozenset((AND, OR, NOT, NEAR))


def read(text: str, max_terms: int) -> Node | None:
    """The tree of words, prefixes of five characters or more and phrases of plain ASCII: see the module."""
    if " OR " in text and _EITHER.fullmatch(text):
        nodes = _all([_group(text)])
    elif _BESIDE.fullmatch(text):
        nodes = _all([_part(part) for part in _PARTS.findall(text)])
    else:
        return None
    if not nodes or _terms(nodes) > max_terms or {type(node) for node in nodes} == {Not}:
        return None
    return nodes[0] if len(nodes) == 1 else And(nodes)


def _part(part: str) -> Node | None:
    if part[0] == "(":
        return _group(part)
    leaf = _leaf(part.removeprefix("-"))
    return Not(leaf) if leaf and part[0] == "-" else leaf


def _group(part: str) -> Node | None:
    leaves = _all([_leaf(term) for term in _TERMS.findall(part)[::2]])
    return Either(leaves) if leaves else None


def _leaf(term: str) -> Node | None:
    if term[0] == '"':
        return Phrase(tuple(term[1:-1].split()))
    if term in _OPERATORS:
        return None
    return Prefix(term[:-1]) if term[-1] == "*" else Word(term)


def _all(nodes: list[Node | None]) -> tuple[Node, ...]:
    """All of them, or nothing where one is none."""
    found = tuple([node for node in nodes if node])
    return found if len(found) == len(nodes) else ()


def _terms(nodes: tuple[Node, ...]) -> int:
    return sum([len(node.children) if isinstance(node, Either) else 1 for node in nodes])
