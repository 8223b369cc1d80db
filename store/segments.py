"""The segments that an FTS5 index consists of: every query opens each of its words in each of them.

What is written makes a small segment, and FTS5 merges segments of a level two by two into one of the next
(`eager_merging`), lagging a little behind: about ten are left in an archive of a million. Merging all into one makes
the newest ten up to four times as fast, costs some 30 µs for every article there is, and puts that one a level above
all others, where FTS5 lets it be. So it is done when enough has come in since the last time.
"""

from __future__ import annotations

import sqlite3

SHARE = 8
"""A merge is due when what is not in the largest segment has come to an eighth of it: 0.3 ms an article, all in all."""

FEW = 3
"""Segments that are left alone, however much is in which: there is little to win."""

MOST = 16
"""Segments from which on a merge is due in any case: FTS5's own merging keeps to fewer."""

PAGES = 16
"""Pages (of 4 kB) a step merges: a few milliseconds."""


class Segments:
    """The segments of one index, an FTS5 table."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self._connection = connection
        self._table = table

    def sizes(self) -> list[int]:
        """Pages of each segment, nearly."""
        sizes, segment = [], 0
        following = f"SELECT min(segid) FROM {self._table}_idx WHERE segid > ?"  # noqa: S608
        last = f"SELECT pgno / 2 FROM {self._table}_idx WHERE segid = ? ORDER BY term DESC LIMIT 1"  # noqa: S608
        while (segment := self._connection.execute(following, (segment,)).fetchone()[0]) is not None:
            sizes.append(int(self._connection.execute(last, (segment,)).fetchone()[0]))
        return sizes

    def scattered(self) -> bool:
        """Whether merging all of them is due, or begun and not done."""
        sizes = self.sizes()
        largest = max(sizes, default=0)
        return len(sizes) > MOST or (len(sizes) > FEW and (sum(sizes) - largest) * SHARE >= largest)

    def merge(self, pages: int | None = None) -> bool:
        """Takes a step (of PAGES unless given) towards one segment; False when there is one, or nothing to merge."""
        pages = pages or PAGES
        return self._merged(pages) or self._merged(-pages)

    def _merged(self, pages: int) -> bool:
        """Goes on with a merge under way, or begins one of everything (pages below 0); whether that did anything."""
        before = self._connection.total_changes
        self._connection.execute(f"INSERT INTO {self._table} ({self._table}, rank) VALUES ('merge', ?)", (pages,))  # noqa: S608
        return self._connection.total_changes - before > 1
