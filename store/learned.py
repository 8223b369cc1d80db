"""What a process remembers of a database from one operation that writes to the next, to ask it less."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bot.matching.neighbours import Neighbours
    from bot.matching.openings import Openings

Written: TypeAlias = tuple[str, str]
"""A word as its folded form and its tagged stem, or "" where it has none."""

_WORDS = 40_000
"""Words of a generation: those that were not met again while so many others came are forgotten; some 15 MB in all."""


class Learned:
    """Only what is committed and never taken back: the vocabulary's words, and the signatures of stories."""

    def __init__(self) -> None:
        self._words: dict[Written, int] = {}
        self._before: dict[Written, int] = {}
        """The generation before this one: who is met again belongs to both."""
        self._met: dict[Written, int] = {}

    @cached_property
    def neighbours(self) -> Neighbours:
        """The signatures of articles by their keys, as far as they were read."""
        from bot.matching.neighbours import Neighbours

        return Neighbours()

    @cached_property
    def openings(self) -> Openings:
        """What opened the stories of the window, as far as it was read."""
        from bot.matching.openings import Openings

        return Openings()

    def new(self, words: set[Written], seen: int) -> set[Written]:
        """Those of the words that the vocabulary does not have yet as seen then or later: once more said is no harm."""
        met = set()
        for word in words:
            known = self._words.get(word, -1)
            if known < 0 and (known := self._before.get(word, -1)) >= 0:
                self._words[word] = known
            if max(known, self._met.get(word, -1)) < seen:
                met.add(word)
        self._met |= dict.fromkeys(met, seen)
        return met

    def committed(self) -> None:
        """The operation is committed: what it added stays."""
        self._words |= self._met
        self._met.clear()
        if len(self._words) > _WORDS:
            self._before, self._words = self._words, {}

    def undone(self) -> None:
        """The operation is rolled back, or committed already: whatever else it added was never there."""
        self._met.clear()
