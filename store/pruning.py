"""What is old leaves, a few rows at a time: articles with all that hangs on them, and alerts nobody asks for."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from store.alerts import FINISHED
from store.articles import Articles
from store.fulltext import Fulltext
from store.holding import AWAITED
from store.times import micros

NEXT = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?"
"""Articles are numbered as they come in, so the oldest come first; those that stay are walked over once a round."""

LEAVING = f"""
    SELECT id, story_id FROM articles a WHERE id IN (SELECT value FROM json_each(:ids))
        AND first_seen_at < :before AND NOT sample
        AND NOT EXISTS (SELECT 1 FROM saved WHERE article_id = a.id)
        AND NOT EXISTS (SELECT 1 FROM irrelevant WHERE article_id = a.id)
        AND NOT EXISTS (
            SELECT 1 FROM deliveries d WHERE d.story_id = a.story_id
            AND ({AWAITED} OR d.settled_at >= :told)
        )
"""  # noqa: S608

LEFT = """
    SELECT value FROM json_each(:stories) WHERE NOT EXISTS (SELECT 1 FROM articles WHERE story_id = value)
"""
"""Stories that have no article any more."""

ENDED = (
    f"DELETE FROM deliveries WHERE story_id IN ({LEFT})",  # noqa: S608
    f"DELETE FROM alerts WHERE story_id IN ({LEFT})",  # noqa: S608
    f"DELETE FROM growths WHERE story_id IN ({LEFT})",  # noqa: S608
    f"DELETE FROM twins WHERE story_id IN ({LEFT}) OR other_id IN ({LEFT})",  # noqa: S608
    f"DELETE FROM follows WHERE story_id IN ({LEFT})",  # noqa: S608
    f"DELETE FROM stories WHERE id IN ({LEFT}) AND NOT EXISTS (SELECT 1 FROM signatures WHERE story_id = stories.id)",  # noqa: S608
)

OLD_ALERTS = f"""
    DELETE FROM alerts WHERE id IN (
        SELECT id FROM alerts a WHERE {FINISHED} AND raised_at < :before AND NOT EXISTS (
            SELECT 1 FROM deliveries d WHERE d.story_id = a.story_id AND {AWAITED}
        ) ORDER BY id LIMIT :limit
    )
"""  # noqa: S608


def prune_articles(
    connection: sqlite3.Connection, after: int, limit: int, before: datetime, told_since: datetime
) -> tuple[int, int | None]:
    """Looks at the next `limit` articles, by id from `after`; (how many left, the id reached or None at the end).

    Those leave that were first seen before then, but for samples, what somebody saved or marked, and stories of which
    something waits or was told since `told_since`. A story goes with its last article.
    """
    ids = [article_id for (article_id,) in connection.execute(NEXT, (after, limit))]
    values = {"ids": json.dumps(ids), "before": micros(before), "told": micros(told_since)}
    leaving = connection.execute(LEAVING, values).fetchall()
    fulltext = Fulltext(connection)
    for archived in Articles(connection).many([article_id for article_id, _ in leaving]):
        fulltext.take_out(archived)
        connection.execute("DELETE FROM articles WHERE id = ?", (archived.id,))
    stories = json.dumps(sorted({story_id for _, story_id in leaving}))
    for statement in ENDED if leaving else ():
        connection.execute(statement, {"stories": stories})
    (newest,) = connection.execute(
        "SELECT max(first_seen_at) FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    ).fetchone()
    ended = len(ids) < limit or (newest is not None and newest >= micros(before) and not leaving)
    return len(leaving), None if ended else ids[-1]


def prune_alerts(connection: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Drops the oldest alerts raised before then, unless they wait to be expanded, or something of their story waits.

    They say which queries a story matched: `/why` tells it until then, and a later article of the story needs it only
    while it can still join.
    """
    return connection.execute(OLD_ALERTS, {"before": micros(before), "limit": limit}).rowcount
