"""Queries as formulas over features: an AND of a few ORs where that will do, a nested program where it will not.

A literal is a feature's number, or its complement `~feature` where the article must not have it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.matching.percolator.features import ALWAYS, NEVER, Features
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


class Formula(NamedTuple):
    """A small formula: its shape, and the features of its clauses, of each the wanted before the unwanted."""

    shape: Shape
    features: tuple[int, ...]


class Program(NamedTuple):
    """Any formula: the AND of its parts, or else the OR, some of them literals and some programs."""

    all: bool
    literals: tuple[int, ...]
    programs: tuple[Program, ...]


ONE: Shape = ((1, 0),)
"""The shape of a query that is one feature."""
_WORDS: list[Shape] = [ONE * number for number in range(_CLAUSES + 1)]
_NEVER = {NEVER}
_NESTED = frozenset((And, Or, Not, Title))


def compile_query(query: Node, features: Features) -> Formula | Program:
    """The formula of a query; ValueError for since: and before:, which no article answers."""
    if type(query) not in _NESTED:
        return Formula(ONE, (features.of(query),))
    clauses = _flat(query, features)
    if clauses is None:
        clauses = _clauses(query, features, title=False, negated=False)
    formula = None if clauses is None else formula_of(clauses)
    return formula or _program(query, features, title=False, negated=False)


def _flat(query: Node, features: Features) -> list[Clause] | None:
    """The clauses of leaves, their exclusions and ORs of leaves beside each other; None for anything else."""
    of = features.of
    clauses: list[Clause] = []
    for part in query.children if type(query) is And else (query,):
        if type(part) not in _NESTED:
            clauses.append((of(part),))
        elif type(part) is Or and _NESTED.isdisjoint(map(type, part.children)):
            clauses.append(tuple(map(of, part.children)))
        elif type(part) is Not and type(part.child) not in _NESTED:
            clauses.append((~of(part.child),))
        else:
            return None
    return clauses


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


def formula_of(clauses: Collection[Clause]) -> Formula | None:
    """The same formula whatever order its clauses are in; None where it is too large."""
    wanted = {literal for clause in clauses if len(clause) == 1 and (literal := clause[0]) > NEVER}
    if wanted and len(wanted) == len(clauses) <= _CLAUSES:  # most queries: some words, all of them there
        return Formula(_WORDS[len(wanted)], tuple(sorted(wanted, reverse=True)))
    kept: set[Clause] = set()
    for clause in clauses:
        if len(clause) > 1:
            clause = tuple(sorted({*clause} - _NEVER))
        if not clause or clause[0] == NEVER:
            return Formula(ONE, (NEVER,))
        if clause[0] > NEVER or not _holds_always(clause):
            kept.add(clause)
    if not kept:
        return Formula(ONE, (ALWAYS,))
    if len(kept) > _CLAUSES or max(map(len, kept)) > _SIZES[-1]:
        return None
    parts = sorted(map(_arranged, kept), reverse=True)
    if len(parts) == 1:
        return Formula(parts[0][:1], parts[0][1])
    return Formula(tuple([size for size, _ in parts]), tuple([feature for _, group in parts for feature in group]))


def _holds_always(clause: Clause) -> bool:
    return ~NEVER in clause or any(~literal in clause for literal in clause)


def _arranged(clause: Clause) -> tuple[tuple[int, int], tuple[int, ...]]:
    """How many features a clause of ascending literals wants and does not want, and these features."""
    unwanted = bisect_left(clause, 0)
    size, filling = _FILLED[len(clause) - unwanted]
    if not unwanted:
        return (size, 0), clause + filling
    return (size, unwanted), clause[unwanted:] + filling + tuple([~literal for literal in clause[:unwanted]])


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
