"""Standing formulas under their ids: a log of what was added and removed, and segments made of it.

Adding and removing write the log alone. Before the next batch what is new in it becomes a small segment, remade as long
as it stays small, so that every query is in arrays when asked. Segments of like size are joined, as in a log-structured
merge tree, but never while a batch waits: `to_join` chooses, `joined` makes one of them beside everything else, and
`replace` puts it in their place.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import Flags, Floats, Int32, Int64, UInt64, ascending, flagged
from bot.matching.percolator.formulas import Formula, Program, Shape, renumbered
from bot.matching.percolator.segment import Group, Segment

_SMALL = 2_048
"""Entries of a log short enough to be read anew for every batch that follows a change."""
_REMOVED = 0
"""The shape of a removal in the log."""


class Log:
    """What was added and removed, in order; of each id the latest entry counts."""

    def __init__(self) -> None:
        self._shapes: dict[Shape, int] = {}
        self._ids = array("q")
        self._kinds = array("i")
        """Numbers of shapes, or -1 - the number of a program."""
        self._features = array("i")
        self._programs: list[Program] = []

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        """Bytes its arrays take."""
        return sum(len(part) * part.itemsize for part in (self._ids, self._kinds, self._features))

    def add(self, query_id: int, formula: Formula | Program) -> None:
        """Notes a formula."""
        self._ids.append(query_id)
        if isinstance(formula, Program):
            self._programs.append(formula)
            self._kinds.append(-len(self._programs))
        else:
            shape, features = formula
            self._features.extend(features)
            self._kinds.append(self._shapes.get(shape) or self._shapes.setdefault(shape, len(self._shapes) + 1))

    def remove(self, query_id: int) -> None:
        """Notes that a query is gone."""
        self._ids.append(query_id)
        self._kinds.append(_REMOVED)

    def ids(self, start: int) -> Int64:
        """The ids of entries from `start` on."""
        return np.array(self._ids[start:], np.int64)

    def segment(self, cost: Floats) -> Segment:
        """The queries that stand at its end."""
        ids, kinds = np.array(self._ids, np.int64), np.array(self._kinds, np.int32)
        features = np.array(self._features, np.int32)
        widths = np.array([0, *(sum(map(sum, shape)) for shape in self._shapes)])
        ends = np.cumsum(widths[np.maximum(kinds, 0)])
        order = np.argsort(ids, kind="stable")  # which is quick where ids ascend, as they do when a bot starts
        ordered = ids[order]
        latest = order[flagged(np.append(ordered[1:] != ordered[:-1], True))]
        groups: dict[Shape, Group] = {}
        for shape, kind in self._shapes.items():
            entries = latest[kinds[latest] == kind]
            if len(entries):
                columns = ends[entries, None] - widths[kind] + np.arange(widths[kind])
                groups[shape] = Group(ids[entries], np.ascontiguousarray(features[columns].T))
        programs = [(int(ids[at]), self._programs[-1 - kinds[at]]) for at in latest[kinds[latest] < 0].tolist()]
        return Segment(groups, programs, cost)


class Standing:
    """Formulas under ids, and which of them a batch matches."""

    def __init__(self) -> None:
        self._log = Log()
        self._read = 0
        """Entries of the log that segments know of."""
        self._segments: list[Segment] = []
        self._recent: Segment | None = None
        self.gone = 0
        """How many formulas were removed or replaced since somebody set this to 0."""

    def __len__(self) -> int:
        """How many stand, as far as segments know."""
        return sum(len(segment) - segment.dead for segment in self.segments)

    @property
    def nbytes(self) -> int:
        """Bytes of segments and log."""
        return self._log.nbytes + sum(segment.nbytes for segment in self.segments)

    @property
    def segments(self) -> list[Segment]:
        """All segments, the recent one last."""
        return [*self._segments, *([self._recent] if self._recent else [])]

    def add(self, query_id: int, formula: Formula | Program) -> None:
        """Stands a formula, in place of the one with its id if there is one."""
        self._log.add(query_id, formula)

    def remove(self, query_id: int) -> None:
        """Forgets the formula of an id, if there is one."""
        self._log.remove(query_id)

    def settle(self, cost: Callable[[], Floats]) -> None:
        """Brings the segments up to date with the log; `cost` gives how common every feature is.

        Nothing is joined here: a batch waits for it.
        """
        if self._read == len(self._log):
            return
        if self._segments:
            changed = ascending(self._log.ids(self._read))
            self.gone += sum(segment.remove(changed) for segment in self._segments)
        self._recent = self._log.segment(cost())
        self._read = len(self._log)
        if self._read > _SMALL:
            self.freeze()

    def freeze(self) -> None:
        """Puts the recent segment among the others, where it is not made anew, and ends the log, all of it read."""
        self.gone += len(self._log) - (len(self._recent) if self._recent else 0)
        self._segments = [segment for segment in self.segments if len(segment)]
        self._recent = None
        self._log = Log()
        self._read = 0

    def match(self, bits: UInt64, present: Int64) -> tuple[Int64, UInt64]:
        """Ids and articles of what matches, in no order; `present` are the features that `bits` has articles of."""
        found = [segment.match(bits, present) for segment in self.segments]
        ids, articles = zip(*found, strict=True) if found else ([np.zeros(0, np.int64)], [np.zeros(0, np.uint64)])
        return np.concatenate(ids), np.concatenate(articles)

    def to_join(self, *, anew: bool) -> list[Segment]:
        """Segments that should be one: the last ones as far as each is not much larger than those after it.

        All of them when they should be made `anew`, or when half of what they hold is gone.
        """
        held = self._segments
        if anew or 2 * sum(segment.dead for segment in held) > sum(map(len, held)):
            return list(held)
        chosen: list[Segment] = []
        for segment in reversed(held):
            if chosen and len(segment) > 2 * sum(map(len, chosen)):
                break
            chosen.append(segment)
        return chosen if len(chosen) > 1 else []

    def replace(self, joined: Joined) -> None:
        """Puts a joined segment in the place of those it was made of, without what was removed meanwhile."""
        for segment, alive in joined.parts:
            joined.segment.remove(segment.removed_since(alive))
        gone = {id(segment) for segment, _ in joined.parts}
        self._segments = [segment for segment in self._segments if id(segment) not in gone]
        self._segments.append(joined.segment)
        self._segments.sort(key=len, reverse=True)

    def renumber(self, numbers: Int32, cost: Floats, *, ids: bool) -> None:
        """Gives features, and ids where they are features, new numbers; nothing may be in the log."""
        parts = [(segment, segment.alive()) for segment in self._segments]
        self._segments = [joined(parts, cost, Numbers(numbers, ids=ids)).segment] if parts else []

    def drop(self, ids: Int64) -> None:
        """Removes those of the ids that stand; nothing may be in the log."""
        for segment in self._segments:
            segment.remove(ids)

    def features(self) -> Iterator[Int32]:
        """The features of everything that stands, some of them several times; the log must be frozen."""
        for segment in self._segments:
            yield from segment.features()


class Joined(NamedTuple):
    """One segment of what stood in several, none of it twice, and these with what was alive of each."""

    segment: Segment
    parts: Sequence[tuple[Segment, Flags]]


def joined(parts: Sequence[tuple[Segment, Flags]], cost: Floats, numbers: Numbers | None = None) -> Joined:
    """Joins what is alive of segments, renumbered if asked; reads nothing that changes."""
    groups: dict[Shape, list[Group]] = {}
    programs: list[tuple[int, Program]] = []
    for segment, alive in parts:
        for shape, group in segment.groups(alive):
            groups.setdefault(shape, []).append(numbers.group(group) if numbers else group)
        for entry in segment.programs(alive):
            programs.append(numbers.program(*entry) if numbers else entry)
    whole = {shape: _together(same) for shape, same in groups.items()}
    return Joined(Segment(whole, programs, cost), parts)


class Numbers:
    """New numbers of features, and with `ids` of the ids that are features."""

    def __init__(self, numbers: Int32, *, ids: bool) -> None:
        self._numbers = numbers
        self._ids = ids

    def group(self, group: Group) -> Group:
        """A group with the new numbers."""
        ids = self._numbers[group.ids].astype(np.int64) if self._ids else group.ids
        return Group(ids, self._numbers.take(group.features))

    def program(self, query_id: int, program: Program) -> tuple[int, Program]:
        """A program with the new numbers, and its id."""
        return int(self._numbers[query_id]) if self._ids else query_id, renumbered(program, self._numbers)


def _together(groups: Sequence[Group]) -> Group:
    return Group(np.concatenate([part.ids for part in groups]), np.hstack([part.features for part in groups]))
