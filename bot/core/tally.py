"""Counting what a query finds in the archive as a subscription would have rung for it: stories, a span at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

STORY_FOR = timedelta(days=3)
"""How long before a span a story that is met in it may have begun: it rang then, and not again."""

_BARS = "▁▂▃▄▅▆▇█"
_NONE = "·"


@dataclass(frozen=True, slots=True)
class Sighting:
    """An article that a query matches: no more of it than what it takes to count it."""

    article_id: int
    story_id: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Sightings:
    """Everything a query matches since some time, newest first.

    `entries` are the newest; of older ones than a bound allows to look up only when they were published is known
    (`further`), and of those that were not found in time nothing (`whole` False).
    """

    entries: tuple[Sighting, ...] = ()
    further: tuple[datetime, ...] = ()
    whole: bool = True

    @property
    def exact(self) -> bool:
        """Whether nothing is left out or estimated."""
        return self.whole and not self.further

    @property
    def reached_at(self) -> datetime | None:
        """When the oldest article that was found was published; None where none was."""
        oldest = self.further[-1:] or tuple(entry.published_at for entry in self.entries[-1:])
        return oldest[0] if oldest else None


def firsts(sightings: Sightings) -> list[Sighting]:
    """The first article of each story, which is what would have rung, newest first."""
    by_story = {entry.story_id: entry for entry in sightings.entries}  # the last one put in is the oldest
    return sorted(by_story.values(), key=lambda entry: (entry.published_at, entry.article_id), reverse=True)


def stories_in(sightings: Sightings, edges: Sequence[datetime]) -> list[int]:
    """How many stories began in each span between two edges (ascending; from, up to but not including).

    Of what is only known to be there, as many articles are taken to make a story as of what was looked up.
    """
    began = firsts(sightings)
    counts = _counted([entry.published_at for entry in began], edges)
    if not sightings.further:
        return counts
    share = len(began) / len(sightings.entries)
    further = _counted(sightings.further, edges)
    return [count + round(share * more) for count, more in zip(counts, further, strict=True)]


def _counted(moments: Sequence[datetime], edges: Sequence[datetime]) -> list[int]:
    counts = [0] * (len(edges) - 1)
    for at in moments:
        place = bisect_right(edges, at) - 1
        if 0 <= place < len(counts):
            counts[place] += 1
    return counts


def bars(counts: Sequence[int]) -> str:
    """The counts as a line of bars, a letter each: the highest stands for the most, `·` for none at all."""
    most = max(counts, default=0)
    return "".join(_BARS[-(-count * len(_BARS) // most) - 1] if count else _NONE for count in counts)
