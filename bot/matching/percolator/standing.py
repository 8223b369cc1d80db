"""Standing formulas under their ids: a log of what was added and removed, and segments made of it.

Adding and removing write the log alone. Before the next batch what is new in it becomes a small segment, remade as long
as it stays small, so that every query is in arrays when asked; segments of like size are joined, as in a log-structured
merge tree, and `joined` makes one of all.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

import numpy as np

from bot.matching.percolator.arrays import Floats, Int64, UInt64
from bot.matching.percolator.formulas import Formula, Program, Shape
from bot.matching.percolator.segment import Group, Segment

_SMALL = 2_048
"""Entries of a log short enough to be read anew for every batch that follows a change."""
_REMOVED = 0
"""The shape of a removal in the log."""


class Log:
    """What was added and removed, in order; of each id the latest entry counts."""

    def __init__(self) -> None:
        self._shapes: dict[Shape | None, int] = {None: _REMOVED}
        self.clear()

    def clear(self) -> None:
        """Starts anew."""
        self._ids = array("q")
        self._kinds = array("i")
        """Numbers of shapes, or -1 - the number of a program."""
        self._ends = array("q")
        self._features = array("i")
        self._programs: list[Program] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, query_id: int, formula: Formula | Program) -> None:
        """Notes a formula."""
        if isinstance(formula, Program):
            self._note(query_id, -1 - len(self._programs))
            self._programs.append(formula)
        else:
            shape, features = formula
            self._features.extend(features)
            self._note(query_id, self._shapes.get(shape) or self._shapes.setdefault(shape, len(self._shapes)))

    def remove(self, query_id: int) -> None:
        """Notes that a query is gone."""
        self._note(query_id, _REMOVED)

    def _note(self, query_id: int, kind: int) -> None:
        self._ids.append(query_id)
        self._kinds.append(kind)
        self._ends.append(len(self._features))

    def ids(self, start: int) -> Int64:
        """The ids of entries from `start` on."""
        return np.array(self._ids[start:], np.int64)

    def segment(self, cost: Floats) -> Segment:
        """The queries that stand at its end."""
        ids, kinds, ends = (
            np.array(self._ids, np.int64),
            np.array(self._kinds, np.int32),
            np.array(self._ends, np.int64),
        )
        features = np.array(self._features, np.int32)
        latest = len(ids) - 1 - np.unique(ids[::-1], return_index=True)[1]
        groups: dict[Shape, Group] = {}
        for shape, kind in self._shapes.items():
            entries = latest[kinds[latest] == kind] if shape is not None else latest[:0]
            if shape is not None and len(entries):
                width = sum(map(sum, shape))
                columns = ends[entries, None] - width + np.arange(width)
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

    def add(self, query_id: int, formula: Formula | Program) -> None:
        """Stands a formula, in place of the one with its id if there is one."""
        self._log.add(query_id, formula)

    def remove(self, query_id: int) -> None:
        """Forgets the formula of an id, if there is one."""
        self._log.remove(query_id)

    def settle(self, cost: Callable[[], Floats]) -> None:
        """Brings the segments up to date with the log; `cost` gives every feature's."""
        if self._read == len(self._log):
            return
        changed = np.unique(self._log.ids(self._read))
        for segment in self._segments:
            segment.remove(changed)
        self._recent = self._log.segment(cost())
        self._read = len(self._log)
        if self._read > _SMALL:
            self._freeze(cost)

    def _freeze(self, cost: Callable[[], Floats]) -> None:
        """Puts the recent segment among the others, joined with those that are not much larger, and ends its log."""
        frozen, self._recent = [self._recent] if self._recent else [], None
        while self._segments and len(self._segments[-1]) <= 2 * sum(map(len, frozen)):
            frozen.append(self._segments.pop())
        self._segments.append(joined(frozen, cost()))
        self._log.clear()
        self._read = 0

    def match(self, bits: UInt64) -> tuple[Int64, UInt64]:
        """Ids and articles of what matches, in no order."""
        found = [segment.match(bits) for segment in self.segments]
        ids, articles = zip(*found, strict=True) if found else ([np.zeros(0, np.int64)], [np.zeros(0, np.uint64)])
        return np.concatenate(ids), np.concatenate(articles)

    @property
    def segments(self) -> list[Segment]:
        """All segments, the recent one last."""
        return [*self._segments, *([self._recent] if self._recent else [])]


def joined(segments: Sequence[Segment], cost: Floats) -> Segment:
    """One segment of all that stands in several, none of it twice."""
    if len(segments) == 1:
        return segments[0]
    groups: dict[Shape, list[Group]] = {}
    for segment in segments:
        for shape, group in segment.groups():
            groups.setdefault(shape, []).append(group)
    whole = {shape: _together(parts) for shape, parts in groups.items()}
    return Segment(whole, (entry for segment in segments for entry in segment.programs()), cost)


def _together(groups: Sequence[Group]) -> Group:
    return Group(np.concatenate([part.ids for part in groups]), np.hstack([part.features for part in groups]))
