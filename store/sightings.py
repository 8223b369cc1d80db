"""What was found of a query as it is counted: each article's story, or of very many only when they were published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.tally import Sighting, Sightings
from store.fulltext import published_about
from store.times import moment

LOOKED_UP = 15_000
"""Articles whose stories are looked up at most: 0.1 s, or twice that where none of them is in memory."""

SECONDS = 0.3
"""What finding them, and looking them up, may take: the commonest words of a month of a million take half of it."""

_AT_ONCE = 500

_SELECT = """
    SELECT id, story_id, effective_at FROM articles
    WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position DESC
"""


def looked_up(
    connection: sqlite3.Connection, positions: Sequence[int], now: datetime, over: Callable[[], bool], *, whole: bool
) -> Sightings:
    """The articles at these positions, newest first, published up to `now`; of those that are too many only when.

    At least one step's are looked up; no more once it is `over`.
    """
    entries: list[Sighting] = []
    start = 0
    while start < min(len(positions), LOOKED_UP) and not (start and over()):
        chosen = json.dumps(positions[start : start + _AT_ONCE])
        for article_id, story_id, effective_at in connection.execute(_SELECT, (chosen,)):
            entries.append(Sighting(article_id, story_id, moment(effective_at)))
        start += _AT_ONCE
    known = tuple(entry for entry in entries if entry.published_at <= now)
    return Sightings(known, tuple(map(published_about, positions[start:])), whole)
