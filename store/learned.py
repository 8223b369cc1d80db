"""What a process remembers of a database from one operation that writes to the next, to ask it less."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.matching.neighbours import Neighbours

_WORDS = 150_000
"""Words remembered; with more, all are forgotten and those in use soon met again: some 30 MB."""


class Learned:
    """Only what is committed and never taken back: the vocabulary's words, and the signatures of stories."""

    def __init__(self) -> None:
        self.words: dict[tuple[str, str], int] = {}
        """Words that the vocabulary has, each as its folded form and its tagged stem, and when they were last seen."""
        self.met: dict[tuple[str, str], int] = {}
        """The same of what the operation under way has added to it."""

    @cached_property
    def neighbours(self) -> Neighbours:
        """The signatures of articles by their keys, as far as they were read."""
        from bot.matching.neighbours import Neighbours

        return Neighbours()

    def committed(self) -> None:
        """The operation is committed: what it added stays."""
        if len(self.words) + len(self.met) > _WORDS:
            self.words.clear()
        self.words |= self.met
        self.met.clear()

    def undone(self) -> None:
        """The operation is rolled back, or committed already: whatever else it added was never there."""
        self.met.clear()
