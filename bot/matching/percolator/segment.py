"""Standing queries as arrays that never change: those of a shape side by side, found through their anchors.

Every query hangs on the clause that the fewest articles meet, as far as is known: an article that has none of the
clause's features cannot match. All queries that hang on what a batch has are evaluated at once, a bit an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from math import inf
from operator import and_, or_
from sys import getsizeof
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Flags, Floats, Int32, Int64, UInt64, distinct, flagged, ranges
from bot.matching.percolator.anchors import Anchors
from bot.matching.percolator.features import ALWAYS, NEVER
from bot.matching.percolator.formulas import ONE, Program, Shape, features_of

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio."""
_MANY = 256
"""Formulas so many that it is worth finding those which a clause has ruled out already."""
_NOWHERE = np.zeros(0, np.int32), np.zeros(0, np.int32)
"""The anchors of nothing."""


class Group(NamedTuple):
    """Queries of one shape: their ids, and for each place of the shape the features there."""

    ids: Int64
    features: Int32


class Block(NamedTuple):
    """Formulas of one shape, each once: for each place of the shape the features there, from slot `start` on."""

    shape: Shape
    start: int
    features: Int32


class Segment:
    """Queries that came together; `cost` says of each feature how common it is."""

    def __init__(self, groups: dict[Shape, Group], programs: Iterable[tuple[int, Program]], cost: Floats) -> None:
        self._blocks: list[Block] = []
        self._slots = 0
        ids: list[Int64] = []
        sizes: list[Int64] = []
        anchors: list[tuple[Int32, Int32]] = []
        alone = _NOWHERE
        for shape, group in groups.items():
            hung = self._add(shape, group, cost, ids, sizes)
            if shape == ONE:
                alone = hung
            else:
                anchors.append(hung)
        anchors.append(self._add_programs(programs, cost, ids, sizes))
        self._ids: Int64 = np.concatenate(ids)
        """By slot, as many a slot as queries are the same: from `_starts[slot]` up to the next."""
        self._starts: Int32 = np.concatenate((np.zeros(1, np.int32), np.cumsum(np.concatenate(sizes), dtype=np.int32)))
        self._alive: Flags = np.ones(len(self._ids), np.bool_)
        self._dead = 0
        self._order: Int32 = np.argsort(self._ids).astype(np.int32)
        self._flags: Flags = np.zeros(self._slots, np.bool_)
        self._alone = Anchors(*alone, len(cost))
        """Queries that are one feature: whatever hangs here matches."""
        features, slots = (np.concatenate(column) for column in zip(*anchors, strict=True))
        self._hung = Anchors(features, slots, len(cost))

    def __len__(self) -> int:
        return len(self._ids)

    def _add(
        self, shape: Shape, group: Group, cost: Floats, ids: list[Int64], sizes: list[Int64]
    ) -> tuple[Int32, Int32]:
        """Adds a block with each formula once, side by side with those of its anchor; returns its anchors."""
        anchored = _cheapest(shape, group.features, cost)
        order, starts = _alike(shape, group.features, anchored)
        features = np.ascontiguousarray(group.features[:, order[starts]])
        anchors = _anchors(shape, features, anchored[order[starts]], self._slots)
        self._blocks.append(Block(shape, self._slots, features))
        self._slots += len(starts)
        ids.append(group.ids[order])
        sizes.append(np.diff(starts, append=len(order)))
        return anchors

    def _add_programs(
        self, programs: Iterable[tuple[int, Program]], cost: Floats, ids: list[Int64], sizes: list[Int64]
    ) -> tuple[Int32, Int32]:
        self._first_program = self._slots
        by_program: dict[Program, list[int]] = {}
        for query_id, program in programs:
            by_program.setdefault(program, []).append(query_id)
        self._programs = list(by_program)
        hung = [_program_anchors(program, cost)[1] for program in self._programs]
        slots = np.repeat(np.arange(self._slots, self._slots + len(hung), dtype=np.int32), [*map(len, hung)])
        self._slots += len(by_program)
        ids.append(np.array([query_id for same in by_program.values() for query_id in same], np.int64))
        sizes.append(np.array([*map(len, by_program.values())], np.int64))
        return np.array([feature for features in hung for feature in features], np.int32), slots

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take, and about what its programs do."""
        arrays = [self._ids, self._alive, self._order, self._starts, self._flags]
        arrays += [block.features for block in self._blocks]
        anchors = self._alone.nbytes + self._hung.nbytes
        return sum(array.nbytes for array in arrays) + anchors + sum(map(_nbytes, self._programs))

    def remove(self, ids: Int64) -> int:
        """Removes those of the queries that stand here, and returns how many that were."""
        if not len(self._ids):
            return 0
        at = np.searchsorted(self._ids, ids, sorter=self._order)
        entries = self._order[np.minimum(at, len(self._ids) - 1)]
        entries = entries[(self._ids[entries] == ids) & self._alive[entries]]
        self._alive[entries] = False
        self._dead += len(entries)
        return len(entries)

    @property
    def dead(self) -> int:
        """How many of its queries were removed."""
        return self._dead

    def alive(self) -> Flags:
        """Which of its queries stand now."""
        return self._alive.copy()

    def removed_since(self, alive: Flags) -> Int64:
        """Ids of the queries that were removed since `alive` gave this."""
        return self._ids[alive & ~self._alive]

    def match(self, bits: UInt64, present: Int64) -> tuple[Int64, UInt64]:
        """Ids and articles of what matches: `bits` has the articles of each feature, `present` those that some have."""
        alone = self._alone.hung(present)
        slots = distinct(self._hung.hung(present).slots, self._flags)
        cuts = np.searchsorted(slots, [block.start for block in self._blocks] + [self._first_program]).tolist()
        met: list[Int32 | Int64] = [alone.slots]
        found = [np.repeat(bits.take(alone.features), alone.counts)]
        for block, start, stop in zip(self._blocks, cuts, cuts[1:], strict=False):
            if start < stop:
                formulas, articles = _evaluated(block, slots[start:stop] - block.start, bits)
                met.append(formulas + block.start)
                found.append(articles)
        met.append(slots[cuts[-1] :])
        programs = (met[-1] - self._first_program).tolist()
        found.append(np.array([_run(self._programs[slot], bits) for slot in programs], np.uint64))
        return self._answered(np.concatenate(met), np.concatenate(found) & bits[ALWAYS])

    def _answered(self, slots: Int64, found: UInt64) -> tuple[Int64, UInt64]:
        """The ids of slots, with the articles found for each."""
        some = flagged(found != 0)
        entries, found = slots.take(some), found.take(some)
        if len(self._ids) != self._slots:
            starts = self._starts.take(entries)
            counts = self._starts.take(entries + 1) - starts
            several = flagged(counts != 1)
            more = counts.take(several) - 1
            entries = np.concatenate((starts, ranges(starts.take(several) + 1, more)))
            found = np.concatenate((found, np.repeat(found.take(several), more)))
        if self._dead:
            alive = flagged(self._alive.take(entries))
            entries, found = entries.take(alive), found.take(alive)
        return self._ids.take(entries), found

    def features(self) -> Iterator[Int32]:
        """The features of all queries that stand, some of them several times."""
        for _, group in self.groups(self._alive):
            yield group.features
        for _, program in self.programs(self._alive):
            yield np.array([*features_of(program)], np.int32)

    def groups(self, alive: Flags) -> Iterator[tuple[Shape, Group]]:
        """The formulas of those queries that are alive."""
        for block in self._blocks:
            entries, slots = self._standing(block.start, block.start + block.features.shape[1], alive)
            if len(entries):
                yield block.shape, Group(self._ids[entries], block.features[:, slots - block.start])

    def programs(self, alive: Flags) -> Iterator[tuple[int, Program]]:
        """The programs of those queries that are alive."""
        entries, slots = self._standing(self._first_program, self._slots, alive)
        for query_id, slot in zip(self._ids[entries].tolist(), slots.tolist(), strict=True):
            yield query_id, self._programs[slot - self._first_program]

    def _standing(self, start: int, stop: int, alive: Flags) -> tuple[Int64, Int64]:
        """Where the queries of these slots stand that are alive, and the slot of each."""
        starts = self._starts[start : stop + 1]
        slots = np.repeat(np.arange(start, stop), np.diff(starts))
        kept = flagged(alive[starts[0] : starts[-1]])
        return kept + starts[0], slots[kept]


def _columns(shape: Shape) -> Iterator[tuple[int, int, int]]:
    """Of each clause the first place, that of the first unwanted feature, and where it ends."""
    start = 0
    for wanted, unwanted in shape:
        yield start, start + wanted, start + wanted + unwanted
        start += wanted + unwanted


def _cheapest(shape: Shape, features: Int32, cost: Floats) -> Int64:
    """Of each formula the number of the clause that the fewest articles meet, -1 where none has to be met by any."""
    costs = [
        cost[features[start:middle]].sum(axis=0) if middle == stop else np.full(features.shape[1], np.inf, np.float32)
        for start, middle, stop in _columns(shape)
    ]
    chosen: Int64 = np.argmin(costs, axis=0)
    chosen[np.min(costs, axis=0) == np.inf] = -1
    return chosen


def _anchors(shape: Shape, features: Int32, chosen: Int64, first_slot: int) -> tuple[Int32, Int32]:
    """(feature, slot) of the clause of each formula that it hangs on."""
    anchors = [np.full(np.count_nonzero(chosen < 0), ALWAYS, np.int32)]
    owners = [flagged(chosen < 0)]
    for clause, (start, middle, _) in enumerate(_columns(shape)):
        those = flagged(chosen == clause)
        for place in range(start, middle):
            real = those[features[place, those] != NEVER]
            anchors.append(features[place, real])
            owners.append(real)
    return np.concatenate(anchors), (np.concatenate(owners) + first_slot).astype(np.int32)


def _alike(shape: Shape, features: Int32, chosen: Int64) -> tuple[Int64, Int64]:
    """The order that puts formulas of an anchor, and of these equal ones, side by side; where different ones start."""
    places = np.array([start for start, _, _ in _columns(shape)])[chosen]
    anchor = features[places, np.arange(features.shape[1])].astype(np.uint64)
    mixed = np.zeros(features.shape[1], np.uint64)
    for row in features:
        mixed = (mixed ^ row.astype(np.uint64)) * _SPREAD
    order = np.argsort((anchor << np.uint64(32)) | (mixed >> np.uint64(32)))
    first = np.zeros(len(order), np.bool_)
    first[:1] = True
    for row in features:
        ordered = row[order]
        first[1:] |= ordered[1:] != ordered[:-1]
    return order, flagged(first)


def _evaluated(block: Block, formulas: Int64, bits: UInt64) -> tuple[Int64, UInt64]:
    """The articles of formulas, and which; bits beyond the batch may be set where features are unwanted."""
    result: UInt64 | None = None
    for start, middle, stop in _columns(block.shape):
        if result is not None and len(result) > _MANY:
            left = flagged(result != 0)
            formulas, result = formulas.take(left), result.take(left)
        had = bits.take(block.features[start:stop].take(formulas, axis=1))
        unwanted = had[middle - start :]
        np.invert(unwanted, out=unwanted)
        clause: UInt64 = had[0] if len(had) == 1 else np.bitwise_or.reduce(had)
        result = clause if result is None else np.bitwise_and(result, clause, out=result)
    assert result is not None
    return formulas, result


def _run(program: Program, bits: UInt64) -> int:
    """The articles of a program."""
    literals = np.array(program.literals, np.int64)
    wanted, unwanted = bits[literals[literals >= 0]], bits[~literals[literals < 0]]
    whole = int(bits[ALWAYS])
    parts = [_run(part, bits) for part in program.programs]
    if program.all:
        parts += [int(np.bitwise_and.reduce(wanted)), whole & ~int(np.bitwise_or.reduce(unwanted))]
        return reduce(and_, parts, whole)
    parts += [int(np.bitwise_or.reduce(wanted)), whole & ~int(np.bitwise_and.reduce(unwanted))]
    return reduce(or_, parts, 0)


def _program_anchors(program: Program, cost: Floats) -> tuple[float, tuple[int, ...]]:
    """What a program's anchors cost, and the anchors: features of which any article that matches has one."""
    parts = [_program_anchors(part, cost) for part in program.programs]
    for literal in program.literals:
        parts.append((float(cost[literal]), (literal,)) if literal >= 0 else (inf, (ALWAYS,)))
    if program.all:
        return min(parts, default=(inf, (ALWAYS,)))
    return sum(price for price, _ in parts), tuple({feature for _, features in parts for feature in features})


def _nbytes(program: Program) -> int:
    numbers = getsizeof(program) + getsizeof(program.literals) + 32 * len(program.literals)
    return numbers + getsizeof(program.programs) + sum(map(_nbytes, program.programs))
