"""Queries as formulas over features: an AND of a few ORs where that will do, a nested program where it will not.

A literal is a feature's number, or its complement `~feature` where the article must not have it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.percolator.features import ALWAYS, NESTED, NEVER, Features
from bot.matching.syntax import And, Node, Not, Or, Title

Clause: TypeAlias = tuple[int, ...]
"""Literals of which one has to hold."""
Shape: TypeAlias = tuple[tuple[int, int], ...]
"""For each clause how many features are wanted and how many unwanted: queries of a shape are evaluated together."""

_SIZES = (0, 1, 2, 4, 8, 16)
"""Sizes that clauses are filled up to, so that few shapes serve many queries."""
_FILLED = [
    (size, (NEVER,) * (size - wanted)) for wanted in range(17) for size in (_SIZES[bisect_left(_SIZES, wanted)],)
]
_CLAUSES = 8
"""Clauses a formula may have; a query that takes more, or longer ones, becomes a program."""

Formula: TypeAlias = tuple[Shape, tuple[int, ...]]
"""A small formula: its shape, and the features of its clauses, of each the wanted before the unwanted."""
Part: TypeAlias = tuple[tuple[int, int], tuple[int, ...]]
"""A clause of a formula: how many features it wants and does not want, and these, filled up."""


class Program(NamedTuple):
    """Any formula: the AND of its parts, or else the OR, some of them literals and some programs."""

    all: bool
    literals: tuple[int, ...]
    programs: tuple[Program, ...]


_WANTED, _UNWANTED = (1, 0), (0, 1)
ONE: Shape = (_WANTED,)
"""The shape of a query that is one feature."""
_WORDS: list[Shape] = [ONE * number for number in range(_CLAUSES + 1)]
_FAILS, _HOLDS = (_WANTED, (NEVER,)), (_WANTED, (ALWAYS,))
"""The clauses no article meets, and every article."""


def compile_query(query: Node, features: Features) -> Formula | Program:
    """The formula of a query; ValueError for since: and before:, which no article answers."""
    if type(query) not in NESTED:
        return ONE, (features.of(query),)
    return (
        _at_a_glance(query, features)
        or formula_of(_clauses(query, features, title=False, negated=False))
        or _program(query, features, title=False, negated=False)
    )


def _at_a_glance(query: Node, features: Features) -> Formula | None:
    """The formula of leaves, their exclusions and ORs of leaves beside each other; None for anything else.

    Most queries are one of these, and standing them costs little more than looking up their leaves.
    """
    if type(query) is And:
        leaves = features.of_all(query.children)
        if leaves:
            return _every(leaves)
        parts = [_part(child, features) for child in query.children]
        return None if None in parts else _joined(parts)
    part = _part(query, features)
    return part and ((part[0],), part[1])


def _part(node: Node, features: Features) -> Part | None:
    """The clause of a leaf, its exclusion or an OR of leaves; None for anything else."""
    if type(node) is Or:
        leaves = features.of_all(node.children)
        return None if leaves is None else _clause(leaves)
    if type(node) is Not:
        if type(node.child) in NESTED:
            return None
        feature = features.of(node.child)
        return (_UNWANTED, (feature,)) if feature else _HOLDS
    return None if type(node) in NESTED else (_WANTED, (features.of(node),))


def _clauses(node: Node, features: Features, *, title: bool, negated: bool) -> list[Clause] | None:
    """The node, or its complement, as clauses; None where that takes too many."""
    match node:
        case Not(child):
            return _clauses(child, features, title=title, negated=not negated)
        case Title(child):
            return _clauses(child, features, title=True, negated=negated)
        case And(children) | Or(children):
            parts = []
            for child in children:
                part = _clauses(child, features, title=title, negated=negated)
                if part is None:
                    return None
                parts.append(part)
            if isinstance(node, And) is not negated:
                return [clause for part in parts for clause in part]
            if prod(map(len, parts)) > _CLAUSES:
                return None
            return [tuple(literal for clause in picked for literal in clause) for picked in product(*parts)]
    feature = features.of(node, title=title)
    return [(~feature if negated else feature,)]


def formula_of(clauses: Iterable[Clause] | None) -> Formula | None:
    """The same formula whatever order its clauses are in; None where it is too large, and of None."""
    return None if clauses is None else _joined([_clause(clause) for clause in clauses])


def _joined(parts: Iterable[Part | None]) -> Formula | None:
    """The formula of clauses, None where one of them is None or they are too many."""
    kept = {*parts}
    kept.discard(_HOLDS)
    if _FAILS in kept or not kept:
        part = _FAILS if kept else _HOLDS
        return (part[0],), part[1]
    clauses = sorted([part for part in kept if part], reverse=True)
    if not len(clauses) == len(kept) <= _CLAUSES:
        return None
    sizes, features = zip(*clauses, strict=True)
    return sizes, sum(features, ())


def _every(wanted: Iterable[int]) -> Formula | None:
    """What `_joined` makes of a clause for each of these features."""
    kept = {*wanted}
    if NEVER in kept:
        return ONE, (NEVER,)
    return (_WORDS[len(kept)], tuple(sorted(kept, reverse=True))) if len(kept) <= _CLAUSES else None


def _clause(literals: Iterable[int]) -> Part | None:
    """The clause of these literals, None where they are too many."""
    kept = {*literals}
    kept.discard(NEVER)
    ordered = sorted(kept)
    if not ordered:
        return _FAILS
    unwanted = bisect_left(ordered, 0) if ordered[0] < 0 else 0
    if unwanted and (~NEVER in kept or any(~literal in kept for literal in ordered[:unwanted])):
        return _HOLDS
    if len(ordered) > _SIZES[-1]:
        return None
    size, filling = _FILLED[len(ordered) - unwanted]
    if not unwanted:
        return (size, 0), (*ordered, *filling)
    return (size, unwanted), (*ordered[unwanted:], *filling, *[~literal for literal in ordered[:unwanted]])


def _program(node: Node, features: Features, *, title: bool, negated: bool) -> Program:
    match node:
        case Not(child):
            return _program(child, features, title=title, negated=not negated)
        case Title(child):
            return _program(child, features, title=True, negated=negated)
        case And(children) | Or(children):
            every = isinstance(node, And) is not negated
            parts = [_program(child, features, title=title, negated=negated) for child in children]
            return _flattened(every, parts)
    feature = features.of(node, title=title)
    return Program(True, (~feature if negated else feature,), ())


def _flattened(every: bool, parts: Iterable[Program]) -> Program:
    """Parts that are one literal, or of the same kind, become part of the whole."""
    literals: set[int] = set()
    programs: set[Program] = set()
    for part in parts:
        if part.all is every or (len(part.literals) == 1 and not part.programs):
            literals.update(part.literals)
            programs.update(part.programs)
        else:
            programs.add(part)
    return Program(every, tuple(sorted(literals)), tuple(sorted(programs, key=repr)))


def features_of(program: Program) -> Iterator[int]:
    """The features a program asks for or excludes."""
    for literal in program.literals:
        yield literal if literal >= 0 else ~literal
    for part in program.programs:
        yield from features_of(part)


def renumbered(program: Program, numbers: npt.NDArray[np.int32]) -> Program:
    """The program with other numbers of its features."""
    literals = (int(numbers[literal]) if literal >= 0 else ~int(numbers[~literal]) for literal in program.literals)
    return Program(program.all, tuple(literals), tuple(renumbered(part, numbers) for part in program.programs))
