"""What a process remembers of a database from one operation that writes to the next, to ask it less."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.matching.neighbours import Neighbours
    from bot.matching.openings import Openings

_WORDS = 1 << 17
"""Words of a generation: those that were not met again while so many others came are forgotten; some 20 MB in all.

Of a word only its hash is kept, Python's of 64 bits, keyed anew for each process: one new word in 10^14 is taken for
one of these. That hash tells bytes apart and not letters, and is one for `of` and for 景: but every word here is
written with a space, where letters take two bytes the second of it is 0, and no letter is.
"""


class Learned:
    """Only what is committed and never taken back: words and outlets of the vocabulary, and signatures of stories."""

    def __init__(self) -> None:
        self._words: dict[int, set[int]] = {}
        self._before: dict[int, set[int]] = {}
        """The generation before this one: who is met again belongs to both."""
        self._met: dict[int, set[int]] = {}

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

    def new(self, words: set[str], seen: int) -> set[str]:
        """Those of the words that the vocabulary does not have yet as seen then: once more said is no harm.

        A word is its encoded form, a space, and its tagged stem, or nothing where it has none.
        """
        known, lately = self._words.setdefault(seen, set()), self._met.setdefault(seen, set())
        marks = dict(zip(map(hash, words), words, strict=True))
        met = marks.keys() - known
        if before := self._before.get(seen):
            known |= met & before
            met -= before
        met -= lately
        lately |= met
        return {marks[mark] for mark in met}

    def committed(self) -> None:
        """The operation is committed: what it added stays."""
        for seen, met in self._met.items():
            self._words.setdefault(seen, set()).update(met)
        self._met.clear()
        if sum(map(len, self._words.values())) > _WORDS:
            self._before, self._words = self._words, {}

    def undone(self) -> None:
        """The operation is rolled back, or committed already: whatever else it added was never there."""
        self._met.clear()
